"""The call list as agents work from it: whom to call, why, what to say, since when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from tideover.casework.access.scope import in_scope
from tideover.casework.cases.models import Account
from tideover.casework.console.forms import ListedCallForm
from tideover.casework.console.words import money, plain, zone_of
from tideover.casework.console.worklist import NEWEST_CASE
from tideover.casework.outreach.call_list import on_the_list
from tideover.casework.outreach.models import CallTask, Message

HEADER = ("waits since", "account", "in arrears", "number", "language", "what to say",
          "how it went")  # fmt: skip


@dataclass(frozen=True)
class Listed:
    """A call to make.

    Args:
        case: The number of its case; none before the due date.
        there: What time it is at the customer's place.
        form: Where the agent writes down how it went.
    """

    message: Message
    case: int | None
    owed: str
    number: str
    script: str
    since: datetime
    there: str
    about: str
    form: ListedCallForm

    @property
    def account(self) -> Account:
        """Whose call it is."""
        return self.message.account

    @property
    def cells(self) -> Sequence[object]:
        """The call as a row of a table, with room for how it went."""
        return (f"{self.since:%Y-%m-%d %H:%M}", self.account.pk, self.owed, self.number,
                self.message.language, self.script, "")  # fmt: skip


def to_call(user: Any, now: datetime) -> QuerySet[Any]:
    """Return the calls on the list that somebody may make; first what waits longest."""
    mine = on_the_list(now).filter(in_scope(user, to="account")).annotate(case=NEWEST_CASE)
    first: QuerySet[Any] = mine.select_related("account__standing").order_by("listed_at", "pk")
    return first


def shown(
    messages: Iterable[Message], now: datetime, wrong: ListedCallForm | None = None
) -> Iterator[Listed]:
    """Yield calls as they are shown.

    Args:
        wrong: A form that was filled in wrongly, in place of the empty one of its call.
    """
    found = list(messages)
    tasks = {one.key: one for one in CallTask.objects.filter(key__in=[m.key for m in found])}
    for message in found:
        form = ListedCallForm(of=message.pk)
        same = wrong is not None and wrong.of == message.pk
        yield _listed(message, tasks[message.key], now, wrong if same and wrong else form)


def _listed(message: Message, task: CallTask, now: datetime, form: ListedCallForm) -> Listed:
    account: Any = message.account
    standing = getattr(account, "standing", None)
    return Listed(
        message, getattr(message, "case", None),
        money(standing.arrears_minor, account.currency) if standing else "",
        task.number, task.script, task.listed_at,
        f"{now.astimezone(zone_of(account.timezone)):%H:%M}", plain(message.purpose), form,
    )  # fmt: skip

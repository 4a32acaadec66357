"""The call list: what a person is to say stands on it until somebody calls, or it is moot.

The listing counts as the call that is to come. Once it is made, the call counts in its place; taken
off the list, neither does.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery

from tideover.casework.cases import deeds
from tideover.casework.cases.deeds import Doing
from tideover.casework.cases.ledger import Entry, record_all
from tideover.casework.cases.models import Event
from tideover.casework.outreach.models import CallTask, Message
from tideover.casework.outreach.models.calls import PERSON
from tideover.casework.outreach.models.outbox import CANCELLED, SENT
from tideover.casework.outreach.outbox.intent import not_sent
from tideover.terms.faults import Refused

ONE_CALL = "one call was made for all that stood on the list"
OFF = "off the list"


def on_the_list(among: QuerySet[Message] | None = None) -> QuerySet[Any]:
    """Return the messages whose call is still to be made, each with since when: `listed_at`."""
    messages = Message.objects.all() if among is None else among
    task = CallTask.objects.filter(key=OuterRef("key"), done_at=None)
    listed = messages.filter(Exists(task), provider=PERSON, status=SENT)
    return listed.annotate(listed_at=Subquery(task.values("listed_at")[:1]))


@transaction.atomic
def log_call(
    doing: Doing, *, outcome: str, inbound: bool = False, text: str = "",
    listed: int | None = None,
) -> Event:  # fmt: skip
    """Write down a call; where one of ours stood on the list, that was it, and it is done.

    Args:
        listed: The message that was on the list; without it what waited longest.

    Raises:
        Refused: It is off the list: somebody called, or it became moot.
    """
    doing.lock()
    waiting = [] if inbound else list(_first(doing.account_id, listed))
    if listed is not None and (not waiting or waiting[0].pk != listed):
        raise Refused("This call is off the list", mend="Look at the case before you call")
    known = _named(waiting[0]) if waiting else None
    event = deeds.log_call(doing, outcome=outcome, inbound=inbound, text=text, listed=known)
    _done(waiting[:1], outcome, doing.by, doing.at)
    record_all(_off(waiting[1:], ONE_CALL, doing.at))
    return event


def take_off(messages: QuerySet[Message], why: str, at: datetime) -> None:
    """Take calls that nobody made yet off the list; inside the transaction of what made them moot.

    Args:
        messages: Which messages it is about; those that are on no list are left alone.
    """
    record_all(_off(on_the_list(messages).select_for_update(of=("self",)).order_by("pk"), why, at))


def _first(account_id: str, wanted: int | None) -> list[Message]:
    """Return what is on the list for an account: what is meant first, then what waits longest."""
    found = on_the_list().filter(account=account_id).select_for_update(of=("self",))
    return sorted(found.order_by("pk"), key=lambda one: (one.pk != wanted, one.pk))


def _named(message: Message) -> dict[str, Any]:
    listed_at = message.first_try_at
    return {"message_id": message.pk, "decision_id": message.decision_id or "",
            "listed_at": listed_at.isoformat() if listed_at else ""}  # fmt: skip


def _done(messages: Iterable[Message], outcome: str, by: str, at: datetime) -> None:
    CallTask.objects.filter(key__in=[one.key for one in messages]).update(
        taken_by=by, taken_at=at, outcome=outcome, done_at=at
    )


def _off(messages: Iterable[Message], why: str, at: datetime) -> list[Entry]:
    """Take messages back from the list, and return what the ledger is told."""
    told, found = list[Entry](), list(messages)
    for message in found:
        event = not_sent(message, CANCELLED, why, at)
        event["facts"]["listed_at"] = _named(message)["listed_at"]
        told.append(event)
    Message.objects.filter(pk__in=[one.pk for one in found]).update(
        status=CANCELLED, reason=why[:200], ended_at=at
    )
    _done(found, OFF, "", at)
    return told

"""The call list: what a person is to say stands on it until somebody calls, or it is moot.

The listing counts as the call that is to come. Once it is made, the call counts in its place; taken
off the list, neither does.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from tideover.casework.cases import deeds
from tideover.casework.cases.deeds import Doing
from tideover.casework.cases.ledger import Entry, record_all
from tideover.casework.cases.models import Event, Standing
from tideover.casework.outreach.models import CallTask, Message
from tideover.casework.outreach.models.calls import PERSON
from tideover.casework.outreach.models.outbox import CANCELLED, EXPIRED, SENT, SUPPRESSED
from tideover.casework.outreach.outbox.intent import not_sent
from tideover.rules.message import BEFORE_DUE
from tideover.terms.faults import Refused

ONE_CALL = "one call was made for all that stood on the list"
OFF = "off the list"
SETTLED = "nothing is owed any more"
LATELY = timedelta(days=1)
NOTHING_LEFT = (CANCELLED, SUPPRESSED, EXPIRED)


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
    """Write down a call; where one of ours was on the list, that was it, and it is done.

    What is noted while somebody talks, such as a promise, takes the call off the list before it is
    logged; it is that call all the same.

    Args:
        listed: The message that was on the list; without it what waits longest, or was taken off
            within the day.

    Raises:
        Refused: Somebody logged this very call.
    """
    doing.lock()
    mine = None if inbound else _meant(doing, listed)
    if listed is not None and mine is None:
        raise Refused("Somebody has logged this call", mend="Look at the case before you call")
    known = _named(mine) if mine else None
    event = deeds.log_call(doing, outcome=outcome, inbound=inbound, text=text, listed=known)
    if mine:
        _done([mine], outcome, doing.by, doing.at)
        _put_back(mine)
        rest = on_the_list().filter(account=doing.account_id).select_for_update(of=("self",))
        record_all(_off(rest.order_by("pk"), ONE_CALL, doing.at, by=doing.by))
    return event


def take_off(messages: QuerySet[Message], why: str, at: datetime) -> None:
    """Take calls that nobody made yet off the list; inside the transaction of what made them moot.

    Args:
        messages: Which messages it is about; those that are on no list are left alone.
    """
    record_all(_off(on_the_list(messages).select_for_update(of=("self",)).order_by("pk"), why, at))


def take_off_settled(at: datetime) -> None:
    """Take off the list what is about money no longer owed, by the night that holds now."""
    owing = Standing.objects.filter(pk=OuterRef("account_id"), balance_minor__gt=0)
    late = owing.filter(arrears_minor__gt=0)
    early = Q(purpose=BEFORE_DUE) & Exists(owing)
    take_off(Message.objects.exclude(early | Exists(late)), SETTLED, at)


def _meant(doing: Doing, wanted: int | None) -> Message | None:
    """Return the message that a call was, where nobody made it before; none where it was none."""
    off = CallTask.objects.filter(outcome=OFF, taken_by="", done_at__gte=doing.at - LATELY)
    mine = Message.objects.filter(account=doing.account_id).select_for_update(of=("self",))
    if wanted is not None:
        unmade = CallTask.objects.filter(taken_by="")
        return mine.filter(pk=wanted, key__in=unmade.values("key")).first()
    waiting = on_the_list(mine).order_by("pk").first()
    return waiting or mine.filter(key__in=off.values("key")).order_by("-pk").first()


def _put_back(message: Message) -> None:
    """Have a call that was taken off, and was made all the same, count as what left."""
    step = Message.objects.filter(
        account=message.account_id, journey_step=message.journey_step, cycle=message.cycle
    ).exclude(status__in=NOTHING_LEFT)
    if message.status == CANCELLED and not step.exists():
        Message.objects.filter(pk=message.pk).update(status=SENT, reason="")


def _named(message: Message) -> dict[str, Any]:
    listed_at = message.first_try_at
    return {"message_id": message.pk, "decision_id": message.decision_id or "",
            "listed_at": listed_at.isoformat() if listed_at else ""}  # fmt: skip


def _done(messages: Iterable[Message], outcome: str, by: str, at: datetime) -> None:
    CallTask.objects.filter(key__in=[one.key for one in messages]).update(
        taken_by=by, taken_at=at, outcome=outcome, done_at=at
    )


def _off(messages: Iterable[Message], why: str, at: datetime, *, by: str = "") -> list[Entry]:
    """Take messages back from the list, and return what the ledger is told.

    Args:
        by: Whose one call was made for them.
    """
    told, found = list[Entry](), list(messages)
    for message in found:
        event = not_sent(message, CANCELLED, why, at)
        event["facts"]["listed_at"] = _named(message)["listed_at"]
        told.append(event)
    Message.objects.filter(pk__in=[one.pk for one in found]).update(
        status=CANCELLED, reason=why[:200], ended_at=at
    )
    _done(found, OFF, by, at)
    return told

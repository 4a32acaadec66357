"""The call list: what a person is to say stands on it until somebody calls, or it is moot.

The listing counts as the call that is to come. Once it is made, the call counts in its place; taken
off the list, neither does. A call may be made for as long as its message might have left.

Whoever ends calls locks their tasks first, in order, and asks again which are unmade; their
messages come after. A night locks no accounts for it: it comes to more of them later, and a sender
that holds many in order would wait for it, and it for the sender.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from tideover.casework.bulk import Many
from tideover.casework.cases import deeds
from tideover.casework.cases.deeds import Doing
from tideover.casework.cases.ledger import Entry, record_all
from tideover.casework.cases.models import Event
from tideover.casework.outreach.models import CallTask, Message
from tideover.casework.outreach.models.calls import PERSON
from tideover.casework.outreach.models.outbox import CANCELLED, EXPIRED, SENT, SUPPRESSED
from tideover.casework.outreach.outbox.intent import not_sent
from tideover.casework.outreach.outbox.standing import about_nothing_owed
from tideover.terms.faults import Refused

ONE_CALL = "one call was made for all that stood on the list"
OFF = "off the list"
SETTLED = "nothing is owed any more"
TOO_LATE = "its time was over before anybody called"
LATELY = timedelta(days=1)
NOTHING_LEFT = (CANCELLED, SUPPRESSED, EXPIRED)


def on_the_list(at: datetime, among: QuerySet[Message] | None = None) -> QuerySet[Any]:
    """Return the messages whose call is to be made, each with since when: `listed_at`.

    What an older night decided is none of them, though it came onto the list while a newer one was
    put in place.

    Args:
        at: When somebody would call; what had to be said before is left out.
    """
    messages = Message.objects.all() if among is None else among
    task = CallTask.objects.filter(key=OuterRef("key"))
    holds = Q(night=None) | Q(night=F("account__standing__night"))
    listed = unmade(messages).filter(holds, expires_at__gt=at)
    return listed.annotate(listed_at=Subquery(task.values("listed_at")[:1]))


def unmade(among: QuerySet[Message], tasks: QuerySet[CallTask] | None = None) -> QuerySet[Message]:
    """Return the messages that stand for a call nobody made yet, too late or not.

    Args:
        tasks: The calls to look among.
    """
    calls = CallTask.objects.all() if tasks is None else tasks
    open_ones = calls.filter(key=OuterRef("key"), done_at=None)
    return among.filter(Exists(open_ones), provider=PERSON, status=SENT)


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
            or too late within the day.

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
        _made(mine, outcome, doing)
        _put_back(mine)
        take_off(Message.objects.filter(account=doing.account_id), ONE_CALL, doing.at, by=doing.by)
    return event


def take_off(messages: QuerySet[Message], why: str, at: datetime, *, by: str = "") -> None:
    """Take calls that nobody made yet off the list; inside the transaction of what made them moot.

    Args:
        messages: Which messages it is about; those that are on no list are left alone.
        by: Whose one call was made for them.
    """
    open_ones = CallTask.objects.filter(key__in=unmade(messages).values("key"), done_at=None)
    tasks = _held(open_ones)
    found = list(unmade(messages, tasks).select_for_update(of=("self",)).order_by("pk"))
    told = list[Entry]()
    for message in found:
        event = not_sent(message, CANCELLED, why, at)
        event["facts"]["listed_at"] = _named(message)["listed_at"]
        told.append(event)
    if not found:
        return
    ended = Message.objects.filter(pk__among=Many([one.pk for one in found]))
    ended.update(status=CANCELLED, reason=why[:200], ended_at=at)
    tasks.filter(done_at=None, key__in=ended.values("key")).update(
        taken_by=by, taken_at=at, outcome=OFF, done_at=at
    )
    record_all(told)


def take_off_moot(at: datetime) -> None:
    """Take off the list what is about money no longer owed, by the night that holds now.

    And what nobody called about in time: it does not count as a contact for ever.
    """
    take_off(about_nothing_owed(Message.objects.all()), SETTLED, at)
    take_off(Message.objects.filter(expires_at__lte=at), TOO_LATE, at)


def _held(tasks: QuerySet[CallTask]) -> QuerySet[CallTask]:
    """Lock calls, in order, and return those that are still as they were asked for."""
    locked = tasks.select_for_update().order_by("pk").values_list("pk", flat=True)
    return CallTask.objects.filter(pk__among=Many(locked))


def _meant(doing: Doing, wanted: int | None) -> Message | None:
    """Return the message that a call was, where nobody made it before; none where it was none."""
    since = doing.at - LATELY
    theirs = Message.objects.filter(account=doing.account_id)
    tasks = _held(CallTask.objects.filter(key__in=theirs.values("key"), taken_by=""))
    mine = theirs.filter(key__in=tasks.values("key"))
    every = {one.pk: one for one in mine.select_for_update(of=("self",)).order_by("pk")}
    if wanted is not None:
        return every.get(wanted)
    waiting = on_the_list(doing.at, mine).order_by("pk").first()
    off = Q(key__in=tasks.filter(outcome=OFF, done_at__gte=since).values("key"))
    late = Q(pk__in=unmade(mine, tasks).filter(expires_at__gte=since).values("pk"))
    return waiting or mine.filter(off | late).order_by("-pk").first()


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


def _made(message: Message, outcome: str, doing: Doing) -> None:
    CallTask.objects.filter(key=message.key, taken_by="").update(
        taken_by=doing.by, taken_at=doing.at, outcome=outcome, done_at=doing.at
    )

"""Receipts: what providers say of messages that left. Order, repetition and lateness do not matter.

What is known of a message only grows: each outcome is kept once, and a message that was perhaps
sent is *sent* as soon as anything says that it arrived, whatever came before or comes after.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tideover.casework.bulk import Many
from tideover.casework.cases.ledger import Entry, entry, record, record_all
from tideover.casework.cases.models import Account, ContactPoint
from tideover.casework.outreach.channels.contract import Heard
from tideover.casework.outreach.inbox.linking import everyone_at, messages_of, points_of
from tideover.casework.outreach.inbox.stopping import opt_out_all
from tideover.casework.outreach.models import Message, Receipt
from tideover.casework.outreach.models.outbox import FAILED, SENDING, SENT, UNKNOWN

LEFT_SAYS = frozenset({"sent", "delivered", "opened", "clicked", "complained", "unsubscribed"})
NOT_ARRIVED = frozenset({"bounced", "failed"})
NO_MORE = frozenset({"complained", "unsubscribed"})
PATIENCE = timedelta(hours=1)  # a receipt may come before the sender wrote down that it sent
AGAIN = timedelta(seconds=30)
_BY_RECEIPT = "a receipt says that it was not delivered"


@dataclass(frozen=True)
class Waiting:
    """An event of the inbox with what it says."""

    provider: str
    channel: str
    event: Heard
    received_at: datetime


@dataclass(frozen=True)
class Taken:
    """What became of an event: applied, ignored, or to be looked at again."""

    result: str
    detail: str = ""
    again_at: datetime | None = None


def take_receipts(waiting: Sequence[Waiting], now: datetime) -> list[Taken]:
    """Apply receipts; call it inside a transaction."""
    messages = messages_of([(one.provider, one.event) for one in waiting])
    stopping = {m.pk: {one.pk for one in everyone_at(m)}
                for one, m in zip(waiting, messages, strict=True)
                if m and one.event.outcome in NO_MORE}  # fmt: skip
    accounts = sorted({m.account_id for m in messages if m}.union(*stopping.values()))
    # In one order everywhere, and before any message, as the sender does.
    list(
        Account.objects.select_for_update(no_key=True)
        .filter(pk__in=accounts)
        .order_by("pk")
        .only("pk")
    )
    _see_anew([m for m in messages if m])
    pairs = [(one, message) for one, message in zip(waiting, messages, strict=True) if message]
    _keep([(one.event, message) for one, message in pairs])
    for one, message in pairs:
        _settle(one.event, message, now)
        _follow(one.event, message, stopping.get(message.pk, ()))
    return [_taken(one, m, now) for one, m in zip(waiting, messages, strict=True)]


def _see_anew(messages: Sequence[Message]) -> None:
    """Read again how far messages are, now that nobody else moves them on."""
    rows = Message.objects.filter(pk__among=Many({m.pk for m in messages}))
    now = {pk: status for pk, *status in rows.values_list("pk", "status", "reason")}
    for message in messages:
        message.status, message.reason = now[message.pk]


def _keep(pairs: Sequence[tuple[Heard, Message]]) -> None:
    """Keep each receipt once; the ledger is told of the first of each outcome of a message."""
    before = Receipt.objects.filter(message__in={m.pk for _, m in pairs})
    known = set(before.values_list("message_id", "outcome"))
    rows, events = [], list[Entry]()
    for event, message in pairs:
        rows.append(Receipt(message=message, outcome=event.outcome, at=event.at))
        if (message.pk, event.outcome) not in known:
            known.add((message.pk, event.outcome))
            facts = {"message_id": message.pk, "channel": message.channel, "outcome": event.outcome}
            events.append(entry(message.account_id, "receipt", at=event.at, by=message.channel,
                                facts=facts))  # fmt: skip
    Receipt.objects.bulk_create(rows, ignore_conflicts=True)
    record_all(events)


def _settle(event: Heard, message: Message, now: datetime) -> None:
    """Resolve a message that was perhaps sent."""
    if message.status not in (UNKNOWN, FAILED):
        return
    mine = Message.objects.filter(pk=message.pk)
    if event.outcome in LEFT_SAYS:
        doubted = mine.filter(status=UNKNOWN) | mine.filter(status=FAILED, reason=_BY_RECEIPT)
        resolved = doubted.update(status=SENT, reason="a receipt says that it left")
        if resolved and not message.provider_id:
            mine.update(provider_id=event.provider_id)
    elif event.outcome in NOT_ARRIVED:
        arrived = Receipt.objects.filter(message=message, outcome__in=LEFT_SAYS).exists()
        if not arrived:
            mine.filter(status=UNKNOWN).update(status=FAILED, reason=_BY_RECEIPT, ended_at=now)


def _follow(event: Heard, message: Message, stopping: Collection[str]) -> None:
    """Do what a receipt asks for besides.

    Args:
        stopping: Accounts that want nothing more, where it says so: of all at that address.
    """
    if event.outcome in NOT_ARRIVED and event.permanent and message.point is not None:
        _leads_nowhere(message, event)
    elif event.outcome in NO_MORE:
        via = "complaint" if event.outcome == "complained" else "unsubscribe"
        opt_out_all(stopping, message.channel, at=event.at, via=via)


def _leads_nowhere(message: Message, event: Heard) -> None:
    point = message.point
    assert point is not None
    theirs = [p.pk for p in points_of(point.channel, point.address)
              if p.person_id == point.person_id]  # fmt: skip
    good = ContactPoint.objects.filter(pk__in={point.pk, *theirs}, failed_at=None)
    if not good.update(failed_at=event.at):
        return
    record(message.account_id, "address_changed", at=event.at, by=message.channel,
           facts={"contact_point_id": point.pk, "channel": point.channel,
                  "status": "failed"})  # fmt: skip


def _taken(one: Waiting, message: Message | None, now: datetime) -> Taken:
    young = now - one.received_at < PATIENCE
    if message is None:
        return Taken("", again_at=now + AGAIN) if young else Taken("ignored", "no message of ours")
    if message.status == SENDING and young:  # what it says may be needed once the sender is done
        return Taken("", again_at=now + AGAIN)
    return Taken("applied", one.event.outcome)

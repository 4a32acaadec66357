"""What is queued or listed for an account heeds what happens to it, in the same transaction."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from tideover.casework.cases.ledger import record_all
from tideover.casework.cases.models import Account, Event
from tideover.casework.outreach.call_list import take_off
from tideover.casework.outreach.models import Message, Undecided
from tideover.casework.outreach.models.outbox import CANCELLED, OPEN, UNKNOWN
from tideover.casework.outreach.outbox.anew import decide_now
from tideover.casework.outreach.outbox.intent import contacted, not_sent
from tideover.casework.outreach.outbox.standing import ASKED_FOR

OF_THE_PERSON = ("opted_out", "circumstance_noted", "address_changed")
LETS_GO_ON = ("hold_released", "opted_in", "circumstance_ended", "promise_withdrawn")
WHY = {
    "paid": "a payment came in", "opted_out": "the customer wants no more messages",
    "promised": "the customer promised to pay", "plan_agreed": "a payment plan was agreed",
    "plan_changed": "a payment plan changed", "held": "outreach to the account rests",
    "disputed": "the customer says the bill is wrong",
    "circumstance_noted": "something became known that calls for care",
}  # fmt: skip


def heed(event: Event, **unused: Any) -> None:
    """Take back what is queued for the account of an event; what is still right is decided anew.

    A call that stands on the list and that nobody made yet is taken off it too. What may have
    arrived already cannot be taken back: it is unknown.
    """
    if event.kind not in LETS_GO_ON:
        why = WHY.get(event.kind, f"after it was decided: {event.kind}")
        take_back(_concerned(event).filter(status__in=OPEN), why, event)
        take_off(_concerned(event), why, event.at)
    Undecided.objects.update_or_create(account_id=event.account_id, defaults={"event_id": event.pk})
    transaction.on_commit(decide_now)


def take_back(messages: QuerySet[Message], reason: str, event: Event) -> int:
    """Cancel messages that have not left, and return how many those were."""
    told = []
    for message in messages.select_for_update(of=("self",)).select_related("point").order_by("pk"):
        status = UNKNOWN if message.first_try_at else CANCELLED
        told.append(
            contacted(message, now=event.at, sure=False)
            if status == UNKNOWN
            else not_sent(message, status, reason, event.at)
        )
        Message.objects.filter(pk=message.pk).update(
            status=status, reason=reason[:200], claim_token=None, lease_until=None,
            ended_at=event.at,
        )  # fmt: skip
    record_all(told)
    return len(told)


def _concerned(event: Event) -> QuerySet[Message]:
    """Return the messages for the account, or for any account of the person, that it concerns."""
    waiting = Message.objects.exclude(purpose__in=ASKED_FOR)
    if event.kind in OF_THE_PERSON:
        person = Account.objects.only("person_id").get(pk=event.account_id).person_id
        return waiting.filter(account__person=person)
    return waiting.filter(account=event.account_id)

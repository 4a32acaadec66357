"""What happens by day is heeded at once: what is queued goes back, and the step is decided anew."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import transaction

from tests.casework import people
from tideover.casework.cases.ledger import record
from tideover.casework.cases.models import Account, Decision, Event, Standing
from tideover.casework.outreach.models import Message, Undecided
from tideover.casework.outreach.outbox.anew import Decider, decide_waiting
from tideover.doors.strategies.folder import shipped
from tideover.rules.contact import Hours
from tideover.rules.strategy.folder import parse_strategy

pytestmark = pytest.mark.django_db
PAID = {"payment_id": "PAY1", "amount_minor": 10_000, "method": "ideal"}
KNOWN: dict[str, Any] = {
    "arrears_minor": 10_000, "zone": "green", "segment": "residential", "days_past_due": 2,
    "days_to_due": None, "debt_months": 0.5, "p_paid_in_full_30d": 0.8, "p_first_late": None,
    "contacts_7d": 0, "first_time": True, "entering_yellow_fast": False, "is_open": True,
    "autopay": False, "budget_billing": False,
}  # fmt: skip


def decider() -> Decider:
    """Return what the shipped strategy decides by, with nobody held out."""
    policy = parse_strategy(shipped("default")).policy
    return Decider(lambda name: policy, 1, 0.0, "standing", ("sms",), Hours(time(8), time(20)))


def queued(name: str, **known: Any) -> Account:
    """Return an account that a message waits for."""
    made = people.account(name)
    Standing.objects.filter(pk=made.pk).update(inputs=KNOWN | known)
    people.message(made)
    return made


def happens(account: Account, kind: str, **facts: Any) -> Event:
    """Have something happen to an account."""
    with transaction.atomic():
        return record(account.pk, kind, at=people.MONDAY, by="customer", facts=facts)


def last(account: Account) -> Decision:
    """Return what was decided anew."""
    assert decide_waiting(decider()) == 1
    return Decision.objects.get(account=account)


def test_a_payment_takes_back_what_is_queued_and_leaves_in_peace() -> None:
    anna = queued("A1")
    happens(anna, "paid", **PAID)
    message = Message.objects.get()
    assert (message.status, message.reason) == ("cancelled", "a payment came in")
    assert last(anna).reasons == "nothing is owed any more"
    assert not Undecided.objects.exists()


def test_a_payment_in_part_asks_the_strategy_again_and_writes_once_more_at_most() -> None:
    anna = queued("A1")
    happens(anna, "paid", **PAID | {"amount_minor": 100})
    decided = last(anna)
    assert decided.arm == "treated"
    assert decided.treatment in ("payment_link", "gentle_reminder", "reminder")
    waiting = Message.objects.get(status="queued")
    assert (waiting.decision_id, waiting.channel) == (decided.pk, "sms")


def test_a_stop_holds_for_every_account_of_the_person() -> None:
    one, other = queued("A1"), people.account("A2", person="C-A1")
    people.message(other)
    happens(one, "opted_out", scope="everything", via="sms")
    assert {message.status for message in Message.objects.all()} == {"cancelled"}
    assert last(one).reasons == "the customer wants no messages"


def test_a_dispute_is_for_people_to_look_at() -> None:
    anna = queued("A1")
    happens(anna, "disputed", circumstance_id="X1", in_writing=True)
    assert last(anna).arm == "none"


def test_a_promise_leaves_in_peace() -> None:
    anna = queued("A1")
    happens(anna, "promised", promise_id="P1", amount_minor=10_000, due_on="2026-04-03")
    assert last(anna).arm == "none"


def test_what_may_have_arrived_cannot_be_taken_back() -> None:
    anna = queued("A1")
    Message.objects.update(first_try_at=people.MONDAY)
    happens(anna, "paid", **PAID)
    assert Message.objects.get().status == "unknown"
    assert Event.objects.get(kind="contacted").facts["sure"] is False


def test_an_event_stands_as_it_was_written() -> None:
    event = happens(queued("A1"), "paid", **PAID)
    with pytest.raises(Exception, match="stands as it was written"), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(by="somebody else")
    with pytest.raises(Exception, match="stands as it was written"), transaction.atomic():
        Event.objects.filter(pk=event.pk).delete()


def test_the_day_after_a_hold_ends_nothing_of_it_is_left() -> None:
    anna = queued("A1")
    happens(anna, "held", hold_id="1", reason="at her wish", until_on=str(date(2026, 4, 1)))
    assert Message.objects.get().status == "cancelled"
    happens(anna, "hold_released", hold_id="1")
    assert last(anna).arm == "treated"
    assert Message.objects.filter(status="queued").get().send_after > people.MONDAY - timedelta(1)

"""A provider that fails is left alone as long as it asks, and others go on (F12, F14, F20, F21)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.casework import people
from tests.casework.outbox import pretend
from tests.casework.outbox.pretend import Clock, Provider
from tideover.casework.cases.ledger import record
from tideover.casework.cases.models import Event
from tideover.casework.outreach.channels.contract import Refused
from tideover.casework.outreach.models import Attempt, Circuit, Message, SendKey
from tideover.casework.outreach.outbox import clock as clocks
from tideover.casework.outreach.outbox import intent
from tideover.casework.outreach.outbox.policy import SendPolicy
from tideover.casework.outreach.outbox.turn import turn
from tideover.terms.faults import StepMissing

pytestmark = pytest.mark.django_db
PAID = {"payment_id": "P1", "amount_minor": 10_000, "method": "ideal"}


def asks_for_ten_minutes(key: str) -> Refused:
    """Answer 429 with Retry-After."""
    return Refused(key, "429", permanent=False, retry_after=timedelta(minutes=10))


def test_a_provider_that_asks_to_wait_is_not_called_before() -> None:
    people.message(people.account("A1"))
    provider = Provider(Clock(), answer=asks_for_ten_minutes)
    sender = pretend.sender(provider)
    pretend.goes_round(sender)
    provider.answer = pretend.takes
    pretend.lives(sender, provider.clock, people.MONDAY + timedelta(minutes=15),
                  timedelta(seconds=30))  # fmt: skip
    first, second = (at for at, _ in provider.calls)
    assert timedelta(minutes=10) <= second - first <= timedelta(minutes=11)
    assert Message.objects.get().status == "sent"


def test_a_circuit_opens_for_one_channel_and_the_other_goes_on() -> None:
    clock = Clock()
    for number in range(80):
        one = people.account(f"A{number}")
        people.message(one)
        people.message(one, "mail", channel="email")
    bad = Provider(clock, answer=pretend.down)
    good = Provider(clock, channel="email", name="good")
    for _ in range(20):
        pretend.goes_round(pretend.sender(bad))
        pretend.goes_round(pretend.sender(good))
    assert Circuit.objects.get().name == "sms:pretend"
    assert len(bad.calls) <= 8, "what was claimed before it opened is the most that still goes"
    assert Message.objects.filter(channel="email", status="sent").count() == 80
    assert not Message.objects.filter(channel="sms").exclude(status="queued").exists()


def test_rests_grow_and_are_spread_and_after_enough_refusals_it_has_failed() -> None:
    message = people.message(people.account("A1"), expires_at=people.MONDAY + timedelta(days=3))
    provider = Provider(Clock(), answer=pretend.down)
    pretend.lives(pretend.sender(provider), provider.clock, people.MONDAY + timedelta(days=1),
                  timedelta(minutes=1))  # fmt: skip
    message.refresh_from_db()
    assert (message.status, len(provider.calls)) == ("failed", SendPolicy().most_attempts)
    times = [at for at, _ in provider.calls]
    rests = [later - sooner for sooner, later in pairwise(times)]
    assert rests[:6] == sorted(rests[:6])
    assert timedelta(hours=1) < max(rests) < timedelta(hours=3)


def test_an_answer_that_says_nothing_is_never_sent() -> None:
    people.message(people.account("A1"))
    provider = Provider(Clock())
    provider.send = lambda messages: []  # type: ignore[method-assign]
    pretend.goes_round(pretend.sender(provider))
    assert Message.objects.get().status == "unknown"


def test_a_worker_whose_clock_is_not_the_databases_sends_nothing() -> None:
    for off in (timedelta(minutes=10), timedelta(hours=-1), timedelta(days=3650)):
        with pytest.raises(StepMissing, match="off the database's"):
            clocks.check_clock(Clock(datetime.now(UTC) + off))
    clocks.check_clock(clocks.DatabaseClock())


def test_a_payment_takes_back_what_is_queued_or_claimed() -> None:
    one, other = people.account("A1"), people.account("A2")
    for account in (one, other):
        people.message(account)
    provider = Provider(Clock())
    with transaction.atomic():
        record("A1", "paid", at=people.MONDAY, by="bank", facts=PAID)  # queued
    steps = turn(pretend.sender(provider))
    assert next(steps) == "claimed"
    with transaction.atomic():
        record("A2", "paid", at=people.MONDAY, by="bank", facts=PAID | {"payment_id": "P2"})
    assert list(steps) == ["intended"]
    assert {m.status for m in Message.objects.all()} == {"cancelled"}
    assert not provider.calls


def test_a_payment_while_it_is_in_flight_leaves_it_and_drops_the_next_step() -> None:
    account = people.account("A1")
    people.message(account)
    later = people.message(account, "second", send_after=people.MONDAY + timedelta(hours=1))
    provider = Provider(Clock())
    steps = turn(pretend.sender(provider))
    assert [next(steps), next(steps)] == ["claimed", "intended"]
    with transaction.atomic():
        record("A1", "paid", at=people.MONDAY, by="bank", facts=PAID)
    assert list(steps) == ["called", "finished"]
    later.refresh_from_db()
    assert [m.status for m in Message.objects.order_by("id")] == ["sent", "cancelled"]
    assert Event.objects.filter(kind="contacted").count() == 1


def test_a_decision_that_was_carried_out_is_not_carried_out_by_another_message(
    decided: Any,
) -> None:
    SendKey.objects.create(account_id="A1", decision_id="D1")
    provider = Provider(Clock())
    pretend.goes_round(pretend.sender(provider))
    message = Message.objects.get()
    assert (message.status, message.reason) == (
        "suppressed",
        "its decision was carried out already",
    )


@pytest.fixture
def decided() -> Message:
    """Return a message of a decision."""
    from tideover.casework.cases.models import Decision

    account = people.account("A1")
    decision = Decision.objects.create(
        pk="D1", account=account, night=people.night(), as_of=people.night().as_of, arm="treated",
        treatment="reminder",
    )  # fmt: skip
    return people.message(account, decision=decision)


def test_a_step_of_a_cycle_and_a_decision_have_one_message(decided: Message) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        people.message(decided.account)
    with pytest.raises(IntegrityError), transaction.atomic():
        people.message(decided.account, "another", decision=decided.decision)


def test_what_is_taken_back_while_an_intent_waits_for_the_account_does_not_leave(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    message, known_of = people.message(people.account("A1")), intent.known_of

    def meanwhile(*words: Any, **more: Any) -> Any:
        Message.objects.filter(pk=message.pk).update(
            status="cancelled", reason="a newer night", claim_token=None
        )
        return known_of(*words, **more)

    monkeypatch.setattr(intent, "known_of", meanwhile)
    provider = Provider(Clock())
    pretend.goes_round(pretend.sender(provider))
    assert not provider.calls
    assert not Attempt.objects.exists()
    assert Message.objects.get().status == "cancelled"


def test_where_it_cannot_be_noted_what_is_handed_over_nothing_is() -> None:
    people.message(people.account("A1"))
    provider = Provider(Clock())

    def full(keys: Any) -> None:
        raise OSError(28, "No space left on device")

    pretend.goes_round(pretend.sender(provider, handing_over=full))
    message = Message.objects.get()
    assert (message.status, message.first_try_at) == ("queued", None)
    assert not provider.calls
    provider.clock.at += timedelta(minutes=2)
    pretend.goes_round(pretend.sender(provider))
    assert Message.objects.get().status == "sent"


def test_what_one_provider_may_have_is_never_handed_to_another() -> None:
    people.message(people.account("A1"))
    clock = Clock()
    first = Provider(clock, dedupe="key", answer=pretend.loses)
    other = Provider(clock, dedupe="key", name="other")
    pretend.goes_round(pretend.sender(first))
    assert Message.objects.get().status == "queued"
    pretend.lives(pretend.sender(other), clock, people.MONDAY + timedelta(hours=11),
                  timedelta(minutes=30))  # fmt: skip
    assert not other.calls
    assert Message.objects.get().status == "unknown"

"""The sender asks the real guard: hours of the place, caps, both days when clocks change (F15-18).

I9 to I11 of the nightly invariants.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.casework import people
from tests.casework.outbox import pretend
from tests.casework.outbox.pretend import Clock, Provider
from tideover.casework.cases.ledger import record
from tideover.casework.cases.models import ContactPoint, Event
from tideover.casework.outreach.models import Attempt, Message
from tideover.casework.outreach.outbox.law import GuardLaw
from tideover.casework.outreach.outbox.shared import CROWDED
from tideover.casework.outreach.outbox.turn import turn
from tideover.doors.rulebooks import guard_of, law

pytestmark = pytest.mark.django_db
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
PLACES = {"NL": "Europe/Amsterdam", "US-NY": "America/New_York", "US-TX": "America/Chicago",
          "US-CA": "America/Los_Angeles"}  # fmt: skip


def local(*when: int, zone: ZoneInfo = AMSTERDAM, **more: Any) -> datetime:
    """Return an instant by the clock of a place."""
    return datetime(*when, tzinfo=zone, **more).astimezone(UTC)


def waiting(name: str = "A1", *, at: datetime, keep: timedelta = timedelta(days=2),
            **more: Any) -> Message:  # fmt: skip
    """Return a message that is due at an instant."""
    made = people.account(name)
    return people.message(made, send_after=at, expires_at=at + keep, **more)


def test_at_three_at_night_it_waits_for_the_morning() -> None:
    night = local(2026, 3, 31, 3)
    message, provider = waiting(at=night), Provider(Clock(night))
    pretend.goes_round(pretend.sender(provider, pretend.real_law()))
    message.refresh_from_db()
    assert (message.status, message.reason) == ("queued", "waits by POLICY-QUIET")
    assert message.send_after == local(2026, 3, 31, 8)
    assert not provider.calls
    assert not Attempt.objects.exists()


def test_what_cannot_leave_before_it_is_too_late_expires() -> None:
    night = local(2026, 3, 31, 3)
    message, provider = waiting(at=night, keep=timedelta(hours=4)), Provider(Clock(night))
    pretend.goes_round(pretend.sender(provider, pretend.real_law()))
    message.refresh_from_db()
    assert message.status == "expired"
    assert Event.objects.get().kind == "not_sent"
    assert not provider.calls


@pytest.mark.parametrize("sure", [True, False])
def test_a_contact_past_the_cap_is_not_made_and_one_that_is_unknown_counts(sure: bool) -> None:
    noon = local(2026, 3, 31, 12)
    message, provider = waiting(at=noon), Provider(Clock(noon))
    answers = {True: pretend.takes, False: pretend.loses}
    provider.answer = answers[sure]
    sender = pretend.sender(provider, pretend.real_law())
    pretend.goes_round(sender)
    people.message(message.account, "second", send_after=noon, expires_at=noon + timedelta(hours=7))
    pretend.lives(sender, provider.clock, noon + timedelta(hours=7), timedelta(hours=1))
    first, second = Message.objects.order_by("id")
    assert first.status == ("sent" if sure else "unknown")
    assert second.status in ("suppressed", "expired", "queued")
    assert "POLICY" in second.reason
    assert len(provider.calls) == 1


def test_two_messages_to_one_person_in_one_batch_count_for_each_other() -> None:
    noon = local(2026, 3, 31, 12)
    waiting("A1", at=noon)
    people.message(people.account("A2", person="C-A1"), send_after=noon,
                   expires_at=noon + timedelta(days=2))  # fmt: skip
    provider = Provider(Clock(noon))
    pretend.goes_round(pretend.sender(provider, pretend.real_law()))
    assert [len(keys) for _, keys in provider.calls] == [1]
    assert sorted(Message.objects.values_list("status", flat=True))[-1] == "sent"


def one_telephone(*names: str, at: datetime) -> list[Message]:
    """Return a message to each of several people who share a telephone."""
    made = [waiting(name, at=at) for name in names]
    points = ContactPoint.objects.filter(pk__in=[message.point_id for message in made])
    points.update(address_mark="shared")
    return made


def test_what_may_have_arrived_at_a_shared_telephone_counts() -> None:
    noon = local(2026, 3, 31, 12)
    first, second = one_telephone("A1", "A2", at=noon)
    Message.objects.filter(pk=second.pk).update(send_after=noon + timedelta(seconds=3))
    provider, tries = Provider(Clock(noon), dedupe="key"), iter([pretend.loses])
    provider.answer = lambda key: next(tries, pretend.takes)(key)
    pretend.lives(pretend.sender(provider, pretend.real_law()), provider.clock,
                  noon + timedelta(minutes=40), timedelta(seconds=4))  # fmt: skip
    assert {key for _, keys in provider.calls for key in keys} == {str(first.key)}


def test_what_a_housemate_asked_for_is_not_held_up_by_others_messages() -> None:
    noon = local(2026, 3, 31, 12)
    one_telephone("A1", "A2", at=noon)
    Message.objects.filter(account="A2").update(purpose="plan_reminder")
    pretend.goes_round(pretend.sender(Provider(Clock(noon)), pretend.real_law()))
    assert CROWDED not in Message.objects.values_list("reason", flat=True)


@pytest.mark.parametrize("apart", [timedelta(), timedelta(hours=2)])
def test_five_people_at_one_telephone_are_not_written_to_five_times(apart: timedelta) -> None:
    noon = local(2026, 3, 31, 12)
    one_telephone("A1", "A2", "A3", "A4", "A5", at=noon)
    Message.objects.exclude(account="A1").update(send_after=noon + apart)
    provider = Provider(Clock(noon))
    pretend.lives(pretend.sender(provider, pretend.real_law()), provider.clock,
                  noon + timedelta(hours=4), timedelta(hours=1))  # fmt: skip
    assert [len(keys) for _, keys in provider.calls] == [1]
    waiting_on = Message.objects.filter(status="queued", reason=CROWDED)
    assert {one.send_after.date() for one in waiting_on} == {local(2026, 4, 1, 12).date()}
    assert waiting_on.count() == 4


def test_a_notice_that_the_law_wants_goes_to_a_shared_address_all_the_same() -> None:
    noon = local(2026, 3, 31, 12)
    first, _ = one_telephone("A1", "A2", at=noon)
    Message.objects.exclude(pk=first.pk).update(notice="reminder", send_after=noon)
    pretend.goes_round(pretend.sender(Provider(Clock(noon)), pretend.real_law()))
    assert CROWDED not in Message.objects.values_list("reason", flat=True)


def test_each_of_four_zones_is_written_to_inside_its_own_hours() -> None:
    start = datetime(2026, 3, 31, 0, 0, tzinfo=UTC)
    zone_of = {}
    for place, zone in PLACES.items():
        message = waiting(place, at=start)
        type(message.account).objects.filter(pk=place).update(jurisdiction=place, timezone=zone)
        zone_of[str(message.key)] = ZoneInfo(zone)
    provider = Provider(Clock(start))
    pretend.lives(pretend.sender(provider, pretend.real_law()), provider.clock,
                  start + timedelta(days=1), timedelta(minutes=30))  # fmt: skip
    sent = {key: at.astimezone(zone_of[key]) for at, keys in provider.calls for key in keys}
    assert len(sent) == len(PLACES)
    assert {at.hour for at in sent.values()} <= {8, 17, 18, 19}  # where it was day already, at once
    assert len({at.astimezone(UTC) for at in sent.values()}) >= 3


@pytest.mark.parametrize("day", [(2026, 3, 29), (2026, 10, 25)])
def test_on_the_days_when_clocks_change_half_past_six_is_half_past_six(day: Any) -> None:
    due = local(*day, 18, 30)
    provider = Provider(Clock(due - timedelta(hours=30)))
    waiting(at=due)
    sundays_too = GuardLaw(guard_of(law()))  # our own policy leaves people in peace on Sundays
    pretend.lives(pretend.sender(provider, sundays_too), provider.clock,
                  due + timedelta(hours=20), timedelta(minutes=30))  # fmt: skip
    said = [at.astimezone(AMSTERDAM) for at, _ in provider.calls]
    assert [(at.day, at.hour, at.minute) for at in said] == [(day[2], 18, 30)]


@pytest.mark.parametrize("day", [(2026, 3, 29), (2026, 10, 25)])
@pytest.mark.parametrize("fold", [0, 1])
def test_an_hour_that_is_not_there_or_is_there_twice_sends_once(day: Any, fold: int) -> None:
    due = local(*day, 2, 30, fold=fold)
    provider = Provider(Clock(due - timedelta(hours=3)))
    waiting(at=due)
    pretend.lives(pretend.sender(provider, pretend.real_law()), provider.clock,
                  due + timedelta(hours=40), timedelta(minutes=30))  # fmt: skip
    said = [at.astimezone(AMSTERDAM) for at, _ in provider.calls]
    assert [(at.day, at.hour, at.minute) for at in said] == [(day[2] + 1, 8, 0)]  # Monday


def test_a_provider_that_is_down_until_the_night_is_called_again_in_the_morning() -> None:
    evening = local(2026, 3, 31, 19)
    waiting(at=evening)
    provider = Provider(Clock(evening), answer=pretend.down)
    sender = pretend.sender(provider, pretend.real_law())
    pretend.lives(sender, provider.clock, local(2026, 3, 31, 20, 30), timedelta(minutes=5))
    tried = len(provider.calls)
    provider.answer = pretend.takes
    pretend.lives(sender, provider.clock, local(2026, 4, 1, 9), timedelta(minutes=5))
    assert tried >= 2
    said = [at.astimezone(AMSTERDAM) for at, _ in provider.calls]
    assert {at.hour for at in said} <= {19, 8}
    assert (said[-1].day, Message.objects.get().status) == (1, "sent")


def test_an_accepted_message_whose_word_was_lost_is_not_tried_at_night_either() -> None:
    evening = local(2026, 3, 31, 19, 58)
    waiting(at=evening)
    provider = Provider(Clock(evening), dedupe="key", answer=pretend.loses)
    sender = pretend.sender(provider, pretend.real_law())
    pretend.lives(sender, provider.clock, local(2026, 4, 1, 7), timedelta(minutes=1))
    assert {at.astimezone(AMSTERDAM).hour for at, _ in provider.calls} == {19}
    assert Message.objects.get().status == "unknown"


def test_a_stop_between_claim_and_intent_stops_it_even_in_hours() -> None:
    noon = local(2026, 3, 31, 12)
    message, provider = waiting(at=noon), Provider(Clock(noon))
    steps = turn(pretend.sender(provider, pretend.real_law()))
    assert next(steps) == "claimed"
    record(message.account_id, "opted_out", at=noon, by="customer", facts={"scope": "everything"})
    assert list(steps) == ["intended"]
    assert Message.objects.get().status == "cancelled"
    assert not provider.calls


def test_what_may_have_arrived_and_is_tried_again_counts_for_the_cap() -> None:
    noon = local(2026, 3, 31, 12)
    message, provider = waiting(at=noon), Provider(Clock(noon), dedupe="key", answer=pretend.loses)
    sender = pretend.sender(provider, pretend.real_law())
    pretend.goes_round(sender)
    people.message(message.account, "second", send_after=noon, expires_at=noon + timedelta(hours=7))
    pretend.goes_round(sender)
    first, second = Message.objects.order_by("id")
    assert (first.status, second.attempts) == ("queued", 0)
    assert "POLICY" in second.reason

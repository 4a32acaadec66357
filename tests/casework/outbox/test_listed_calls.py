"""A call from the list is one contact, by a person: listed, made, or taken off unmade."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from tests.casework import people
from tests.casework.outbox import pretend
from tests.casework.outbox.pretend import Clock
from tideover.casework.cases.deeds import Doing, promise
from tideover.casework.cases.ledger import record
from tideover.casework.cases.models import Account, ContactPoint, Event, Standing
from tideover.casework.outreach.call_list import log_call, on_the_list, take_off_moot
from tideover.casework.outreach.channels.voice.adapter import Person
from tideover.casework.outreach.models import Attempt, CallTask, Message
from tideover.casework.outreach.outbox.anew import _since
from tideover.casework.outreach.outbox.known import known_of
from tideover.casework.outreach.outbox.since import brought_up_to_date
from tideover.doors.journal import rows
from tideover.doors.journal.events import happened
from tideover.terms.faults import Refused

pytestmark = pytest.mark.django_db
LATER = people.MONDAY + timedelta(hours=2)


class Agents(Person):
    """The agents' list, by the test's clock."""

    def __init__(self, clock: Clock) -> None:
        super().__init__("NL")
        self.clock = clock


def listed(lawful: Any = None, **more: Any) -> Message:
    """Return a message whose call a worker has put on the list."""
    account = Account.objects.filter(pk="A1").first() or people.account("A1")
    ContactPoint.objects.filter(person=account.person_id).update(channel="voice")
    waiting = people.message(account, channel="voice", **more)
    with transaction.atomic():
        pretend.goes_round(pretend.sender(Agents(Clock()), lawful))  # type: ignore[arg-type]
    waiting.refresh_from_db()
    assert waiting.status == "sent", waiting.reason
    return waiting


def calls(outcome: str = "spoke", **more: Any) -> Event:
    """Have an agent log a call to the account."""
    return log_call(Doing("A1", "ada", LATER), outcome=outcome, **more)


def facts_of(history: Sequence[Mapping[str, Any]] = ()) -> list[dict[str, Any]]:
    """Return what the guard is told happened, given what the last night knew."""
    known = known_of({"C-A1"}, LATER)["A1"]
    now = brought_up_to_date({"history": list(history)}, known.happened)
    return list(now.situation["history"])


def told() -> list[dict[str, str]]:
    """Return the contacts that the journal carries into the lake."""
    events = map(happened, Event.objects.order_by("id"))
    return list(rows.contacts(events).values())


def test_a_listed_call_counts_as_one_by_a_person_and_the_guard_is_asked_so() -> None:
    listed(pretend.real_law())
    (contact,) = facts_of()
    assert (contact["channel"], contact["automated"]) == ("phone", False)
    assert Attempt.objects.get().evidence["facts"]["action"]["automated"] is False
    assert Event.objects.get(kind="contacted").facts["automated"] is False


def test_once_made_the_call_counts_in_place_of_its_listing() -> None:
    message = listed()
    calls()
    (contact,) = facts_of()
    assert (contact["reached"], contact["automated"]) == (True, False)
    assert contact["at"] == LATER.isoformat()
    (row,) = told()
    assert row["contact_id"] == f"casework-message-{message.pk}"
    assert (row["occurred_at"], row["outcome"]) == (LATER.isoformat(), "answered")
    assert (row["channel"], row["tone"]) == ("voice", "friendly")
    task = CallTask.objects.get()
    assert (task.taken_by, task.outcome, task.done_at) == ("ada", "spoke", LATER)


def test_it_counts_once_too_where_the_night_knew_of_the_listing_already() -> None:
    message = listed()
    night = {"type": "contact", "channel": "phone", "purpose": "collection",
             "at": message.first_try_at.isoformat()}  # type: ignore[union-attr]  # fmt: skip
    other = night | {"at": (people.MONDAY - timedelta(days=3)).isoformat()}
    calls()
    known = known_of({"C-A1"}, LATER)["A1"]
    # the listing was carried into the lake, so the night's situation alone has it
    since = [one for one in known.happened if one.kind == "called"]
    found = brought_up_to_date({"history": [other, night]}, since).situation["history"]
    assert [one["at"] for one in found] == [other["at"], LATER.isoformat()]


def test_the_strategy_of_the_day_counts_it_once_and_a_call_off_no_list_too() -> None:
    listed()
    calls()
    known = known_of({"C-A1"}, LATER)["A1"]
    assert _since(known, brought_up_to_date({}, known.happened)).contacts == 1
    calls()
    known = known_of({"C-A1"}, LATER)["A1"]
    assert _since(known, brought_up_to_date({}, known.happened)).contacts == 2
    assert len(told()) == len(facts_of()) == 2


def test_a_customer_who_calls_us_leaves_the_list_as_it_is() -> None:
    listed()
    calls(inbound=True)
    assert on_the_list(LATER).count() == 1
    assert [one["direction"] for one in told()] == ["outbound", "inbound"]


def test_what_somebody_made_meanwhile_cannot_be_made_again() -> None:
    message = listed()
    calls(listed=message.pk)
    with pytest.raises(Refused, match="has logged this call"):
        calls(listed=message.pk)
    assert Event.objects.filter(kind="called").count() == 1


def test_one_call_ends_all_that_stood_on_the_list_for_an_account() -> None:
    first, second = listed(), listed(step="later")
    calls(listed=second.pk)
    first.refresh_from_db()
    assert (first.status, on_the_list(LATER).count()) == ("cancelled", 0)
    assert len(facts_of()) == 1
    with pytest.raises(Refused, match="has logged this call"):
        calls(listed=first.pk)
    by_id = {row["contact_id"]: row["outcome"] for row in told()}
    assert by_id == {f"casework-message-{first.pk}": "failed",
                     f"casework-message-{second.pk}": "answered"}  # fmt: skip
    assert "message_id" not in calls().facts  # another call on the same day


@pytest.mark.parametrize("from_the_list", [True, False])
def test_a_call_during_which_something_was_noted_is_still_the_one_that_was_listed(
    from_the_list: bool,
) -> None:
    message = listed()
    promise(Doing("A1", "ada", LATER), amount_minor=5_000, due_on=LATER.date())
    assert not on_the_list(LATER).exists()
    calls(**({"listed": message.pk} if from_the_list else {}))
    (contact,) = (one for one in facts_of() if one["type"] == "contact")
    assert contact["reached"]
    (row,) = told()
    assert (row["contact_id"], row["outcome"]) == (f"casework-message-{message.pk}", "answered")
    message.refresh_from_db()
    assert message.status == "sent"  # its code can be checked
    assert CallTask.objects.get().taken_by == "ada"


def test_a_call_long_after_one_was_taken_off_is_another() -> None:
    listed()
    promise(Doing("A1", "ada", LATER), amount_minor=5_000, due_on=LATER.date())
    log_call(Doing("A1", "ada", LATER + timedelta(days=2)), outcome="spoke")
    assert [row["outcome"] for row in told()] == ["failed", "answered"]


@pytest.mark.parametrize(("kind", "facts"), [
    ("paid", {"payment_id": "P1", "amount_minor": 10_000}),
    ("opted_out", {"scope": "channel", "channel": "voice", "via": "sms"}),
    ("held", {"hold_id": 1, "reason": "reply"})])  # fmt: skip
def test_what_takes_back_a_message_takes_a_call_off_the_list(kind: str, facts: Any) -> None:
    message = listed()
    with transaction.atomic():
        record("A1", kind, at=LATER, by="customer", facts=facts)
    message.refresh_from_db()
    assert (message.status, on_the_list(LATER).exists()) == ("cancelled", False)
    assert [one for one in facts_of() if one["type"] == "contact"] == []
    assert [row["outcome"] for row in told()] == ["failed"]


def test_a_hold_that_ends_takes_nothing_off_the_list() -> None:
    listed()
    with transaction.atomic():
        record("A1", "hold_released", at=LATER, by="ada", facts={"hold_id": 1})
    assert on_the_list(LATER).exists()


@pytest.mark.parametrize(("purpose", "balance_minor", "arrears_minor", "stays"), [
    ("day_after_due", 5_000, 5_000, True), ("day_after_due", 5_000, 0, False),
    ("before_due", 5_000, 0, True), ("before_due", 0, 0, False)])  # fmt: skip
def test_a_night_takes_off_the_list_what_is_no_longer_owed(
    purpose: str, balance_minor: int, arrears_minor: int, stays: bool
) -> None:
    message = listed(purpose=purpose)
    Standing.objects.update(balance_minor=balance_minor, arrears_minor=arrears_minor)
    take_off_moot(LATER)
    message.refresh_from_db()
    assert (on_the_list(LATER).exists(), message.status) == (
        stays,
        "sent" if stays else "cancelled",
    )
    assert Event.objects.filter(kind="not_sent").exists() != stays

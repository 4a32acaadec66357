"""What other systems do to cases, and what the ledger and the outbox make of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.casework import people
from tests.casework.api.client import System, system
from tideover.casework.cases.models import Account, ContactPoint, Event, Hold, Promise, Suppression
from tideover.casework.outreach.models import Message

pytestmark = pytest.mark.django_db
PROMISE = {"account_id": "A-1", "amount": "125.50", "due_on": "2199-12-24"}


@pytest.fixture(autouse=True)
def account() -> Account:
    """Return an account in arrears, of a person nobody else may hear of."""
    return people.account("A-1")


def last_event() -> Event:
    """Return what was written down last."""
    found = Event.objects.order_by("id").last()
    assert found is not None
    return found


def test_a_promise_is_written_down_and_takes_back_what_waits(
    ours: System, account: Account
) -> None:
    waiting = people.message(account)
    made = ours.post("/promises", PROMISE)
    assert made.status == 201
    assert (made.body["amount"], made.body["currency"]) == ("125.50", "EUR")
    event = Event.objects.get(kind="promised")
    assert event.facts["amount_minor"] == 12_550
    assert Message.objects.get(pk=waiting.pk).status == "cancelled"
    assert event.by.startswith("api:system ")
    assert Account.objects.get(pk="A-1").facts_version == 1


def test_a_promise_can_be_withdrawn_once(ours: System) -> None:
    made = ours.post("/promises", PROMISE).body["promise_id"]
    assert ours.post(f"/promises/{made}/withdraw").body["withdrawn_at"] is not None
    again = ours.post(f"/promises/{made}/withdraw")
    assert (again.status, again.body["detail"]) == (409, "This promise was withdrawn already")
    assert last_event().kind == "promise_withdrawn"
    assert ours.get("/promises", standing="true").body["items"] == []
    assert len(ours.get("/promises", account_id="A-1").body["items"]) == 1


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"amount": "1.234"}, "amount"), ({"amount": "0.00"}, "amount"),
        ({"due_on": "2020-01-01"}, "due_on"), ({"amount": 12.5}, "body.body.amount"),
        ({"colour": "red"}, "body.body.colour"), ({"account_id": "A\x00"}, "body.body.account_id"),
    ],
)  # fmt: skip
def test_a_promise_that_is_none_says_where(ours: System, wrong: Any, where: str) -> None:
    answer = ours.post("/promises", PROMISE | wrong)
    assert (answer.status, answer.body["where"]) == (422, where)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.body["mend"]
    assert not Promise.objects.exists()


def test_what_is_unknown_is_not_found(ours: System) -> None:
    answer = ours.post("/promises", PROMISE | {"account_id": "A-2"})
    assert (answer.status, answer.body["where"]) == (404, "account_id")
    for address in ("/cases/99", "/messages/99", "/decisions/x", "/deltas/x", "/nowhere"):
        assert ours.get(address).status == 404
    assert ours.get("/timeline", account_id="A-2").status == 404
    assert ours.post("/holds/99/release").status == 404


def test_a_hold_rests_outreach_until_it_is_released(ours: System, account: Account) -> None:
    waiting = people.message(account)
    placed = ours.post("/holds", {"account_id": "A-1", "reason": "payment"})
    assert placed.status == 201
    assert Message.objects.get(pk=waiting.pk).status == "cancelled"
    assert ours.post(f"/holds/{placed.body['hold_id']}/release").body["released_at"]
    assert Hold.objects.get().released_at is not None
    assert last_event().kind == "hold_released"
    assert ours.get("/holds", released="false").body["items"] == []


def test_a_circumstance_is_told_to_those_who_may_know(ours: System) -> None:
    noted = ours.post("/circumstances", {"account_id": "A-1", "kind": "life_support",
                                         "starts_on": "2026-03-01"})  # fmt: skip
    assert noted.body["meaning"] == "Depends on medical equipment"
    ended = ours.post(f"/circumstances/{noted.body['circumstance_id']}/end")
    assert ended.body["ends_on"] is not None
    seen = ours.get("/timeline", account_id="A-1", kind="circumstance_noted").body["items"][0]
    assert seen["facts"]["kind"] == "life_support"
    others = system("read:cases")
    unseen = others.get("/timeline", account_id="A-1", kind="circumstance_noted").body["items"][0]
    assert unseen["facts"] == {}


def test_an_opt_out_is_heeded_for_the_person_and_can_be_withdrawn(
    ours: System, account: Account
) -> None:
    other = people.account("A-9", person=account.person_id)
    waiting = people.message(other)
    made = ours.post("/opt-outs", {"account_id": "A-1", "channel": "sms"})
    assert made.status == 201
    assert Message.objects.get(pk=waiting.pk).status == "cancelled"
    assert ContactPoint.objects.get().consent == "withdrawn"
    Suppression.objects.create(mark=ContactPoint.objects.get().address_mark, channel="sms",
                               since=made.body["at"])  # fmt: skip
    withdrawn = ours.post(f"/opt-outs/{made.body['opt_out_id']}/withdraw")
    assert withdrawn.body["withdrawn_at"] is not None
    assert ContactPoint.objects.get().consent == "unknown"
    assert not Suppression.objects.exists(), "the next night would silence the address again"
    assert (last_event().kind, last_event().facts["channel"]) == ("opted_in", "sms")
    assert ours.post(f"/opt-outs/{made.body['opt_out_id']}/withdraw").status == 409
    assert len(ours.get("/opt-outs", account_id="A-1").body["items"]) == 1

"""What staff do on a case: the facts change, and the ledger is told, in one transaction."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client

from tests.casework import cast
from tideover.casework.access.roles import AGENT, TEAM_LEAD
from tideover.casework.cases import ledger
from tideover.casework.cases.models import (
    Account,
    Case,
    Circumstance,
    ContactPoint,
    Event,
    Hold,
    Note,
    Promise,
)
from tideover.casework.outreach.models import Inbound, Message, SenderState

pytestmark = pytest.mark.django_db
ROLES = (AGENT, TEAM_LEAD)


def kinds() -> list[str]:
    return list(Event.objects.order_by("id").values_list("kind", flat=True))[1:]


def page(desk: Client, case: Case) -> str:
    return desk.get(f"/cases/{case.pk}/").content.decode()


def test_a_call_is_logged_and_its_words_are_no_part_of_the_ledger(desk: Client, case: Case) -> None:
    desk.post(f"/cases/{case.pk}/call/", {"outcome": "spoke", "inbound": "1", "text": "Is ill"})
    event = Event.objects.get(kind="called")
    assert event.facts == {"direction": "inbound", "outcome": "spoke", "reached": True,
                           "note": Note.objects.get().note_id}  # fmt: skip
    assert event.by == "ada"
    assert "The customer called; spoke with the customer: Is ill" in page(desk, case)


def test_a_promise_is_noted_confirmed_and_withdrawn(desk: Client, case: Case) -> None:
    before = case.account.facts_version
    due = cast.days(7).isoformat()
    desk.post(f"/cases/{case.pk}/promise/", {"amount": "40,50", "due_on": due})
    made = Promise.objects.get()
    assert (made.amount_minor, made.confirmed_by) == (4_050, "ada")
    desk.post(f"/cases/{case.pk}/promise/{made.pk}/withdraw/")
    made.refresh_from_db()
    assert made.withdrawn_at == cast.NOW
    assert kinds() == ["promised", "promise_withdrawn"]
    assert Account.objects.get(pk=case.account_id).facts_version == before + 2


@pytest.mark.parametrize("wrong", [
    {"amount": "-5", "due_on": "2026-12-24"}, {"amount": "0", "due_on": "2026-12-24"},
    {"amount": "5", "due_on": "2020-01-01"}, {"amount": "1e5", "due_on": "2026-12-24"},
    {"amount": "", "due_on": "2026-12-24"}, {"amount": "5", "due_on": "someday"}])  # fmt: skip
def test_a_promise_that_is_none_changes_nothing(desk: Client, case: Case, wrong: Any) -> None:
    answer = desk.post(f"/cases/{case.pk}/promise/", wrong, follow=True)
    text = answer.content.decode()
    assert "errorlist" in text or 'role="alert"' in text
    assert (kinds(), Promise.objects.count()) == ([], 0)


def test_a_hold_is_placed_and_released(desk: Client, case: Case) -> None:
    desk.post(f"/cases/{case.pk}/hold/", {"reason": "care", "until_on": ""})
    assert "Outreach rests." in page(desk, case)
    desk.post(f"/cases/{case.pk}/hold/{Hold.objects.get().pk}/release/")
    assert kinds() == ["held", "hold_released"]
    again = desk.post(f"/cases/{case.pk}/hold/{Hold.objects.get().pk}/release/", follow=True)
    assert "released already" in again.content.decode()
    assert kinds() == ["held", "hold_released"]


def test_a_circumstance_is_noted_and_ended(desk: Client, case: Case) -> None:
    desk.post(f"/cases/{case.pk}/care/", {"kind": "dispute", "ends_on": ""})
    found = Circumstance.objects.get()
    desk.post(f"/cases/{case.pk}/care/{found.pk}/end/")
    assert kinds() == ["circumstance_noted", "disputed", "circumstance_ended"]


def test_an_opt_out_takes_consent_away(desk: Client, case: Case) -> None:
    desk.post(f"/cases/{case.pk}/opt-out/", {"channel": "sms"})
    assert ContactPoint.objects.get().consent == "withdrawn"
    assert Event.objects.get(kind="opted_out").facts["channel"] == "sms"


def test_what_is_of_another_case_cannot_be_touched_through_ones_own(desk: Client) -> None:
    mine, theirs = cast.payer(), cast.neighbour()
    desk.post(f"/cases/{theirs.pk}/hold/", {"reason": "care"})
    message = cast.message(theirs, status="unknown")
    desk.post(f"/cases/{mine.pk}/hold/{Hold.objects.get().pk}/release/")
    assert Hold.objects.get().released_at is None
    settle = f"/cases/{mine.pk}/messages/{message.pk}/settle/"
    assert desk.post(settle, {"arrived": "yes"}).status_code == 404


def test_when_the_event_cannot_be_written_nothing_changed(
    desk: Client, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*unused: Any, **also: Any) -> None:
        raise DatabaseError("the disk is full")

    monkeypatch.setattr(ledger.Event, "save", failing)
    with pytest.raises(DatabaseError):
        desk.post(f"/cases/{case.pk}/hold/", {"reason": "care"})
    assert not Hold.objects.exists()


def test_what_may_have_been_sent_says_so_and_can_be_settled(desk: Client, case: Case) -> None:
    message = cast.message(case, status="unknown")
    cast.attempt(message)
    text = page(desk, case)
    assert "May have been sent at 18:31 on 27 November; not repeated" in text
    assert "The guard allowed it (rulebooks: nl)" in text
    desk.post(f"/cases/{case.pk}/messages/{message.pk}/settle/", {"arrived": "no"})
    assert Message.objects.get().status == "failed"
    assert kinds() == ["receipt"]


FOLLOWS = {
    "opt_out": ["opted_out"], "already_paid": ["held"], "will_pay": ["promised"],
    "cannot_pay": ["circumstance_noted"], "lost_job": ["circumstance_noted"], "ill": ["held"],
    "bereaved": ["circumstance_noted"], "dispute": ["circumstance_noted", "disputed"],
    "wrong_person": ["address_changed"], "moved": ["held"], "wants_call": ["asked"],
    "wants_plan": ["held"], "at_risk": ["held"], "abusive": [], "thanks": [], "other": [],
}  # fmt: skip


@pytest.mark.parametrize("meaning", FOLLOWS)
def test_what_follows_from_a_reply_follows_at_once(desk: Client, case: Case, meaning: str) -> None:
    reply = cast.reply(case, intent="other")
    said = {"meaning": meaning, "channel": "", "amount": "50", "due_on": cast.days(7).isoformat()}
    desk.post(f"/replies/{reply.pk}/confirm/", said)
    assert kinds() == ["understood", *FOLLOWS[meaning]]
    reply.refresh_from_db()
    assert (reply.meaning, reply.confirmed_by) == (meaning, "ada")
    assert Event.objects.get(kind="understood").facts["was"] == "other"


def test_a_reply_is_confirmed_once(desk: Client, case: Case) -> None:
    reply = cast.reply(case)
    for _ in range(2):
        answer = desk.post(f"/replies/{reply.pk}/confirm/", {"meaning": "thanks"}, follow=True)
    assert "Somebody else said what this reply means" in answer.content.decode()
    assert kinds() == ["understood"]


def test_a_proposed_promise_is_the_one_that_is_confirmed(desk: Client, case: Case) -> None:
    reply = cast.reply(case)
    Promise.objects.create(promise_id="p1", account=case.account, made_at=cast.NOW,
                           amount_minor=5_000, due_on=reply.promise_on)  # fmt: skip
    said = {"meaning": "will_pay", "amount": "50.00", "due_on": reply.promise_on.isoformat()}  # type: ignore[union-attr]
    desk.post(f"/replies/{reply.pk}/confirm/", said)
    assert Promise.objects.get().confirmed_by == "ada"


def test_nothing_follows_from_a_reply_that_belongs_to_nobody(desk: Client) -> None:
    reply = cast.reply(None)
    assert desk.get(f"/replies/{reply.pk}/").status_code == 200
    assert desk.post(f"/replies/{reply.pk}/confirm/", {"meaning": "thanks"}).status_code == 404
    assert Inbound.objects.get().confirmed_at is None


def test_the_outbox_is_held_and_released_with_a_reason(desk: Client) -> None:
    assert desk.post("/outbox/hold/", {"reason": ""}).status_code == 422
    desk.post("/outbox/hold/", {"reason": "restored from a backup"})
    state = SenderState.objects.get()
    assert (state.held, state.by, state.at) == (True, "ada", cast.NOW)
    assert "Nothing leaves" in desk.get("/outbox/").content.decode()
    assert (
        "held already" in desk.post("/outbox/hold/", {"reason": "x"}, follow=True).content.decode()
    )
    desk.post("/outbox/release/", {"reason": "keys were rebuilt"})
    assert SenderState.objects.get().held is False

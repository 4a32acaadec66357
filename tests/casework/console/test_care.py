"""What calls for care at the desk: few see what it is, all see what it protects from."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from tests.casework import cast
from tideover.casework.access.models import Look
from tideover.casework.access.roles import AGENT, CARE, COMPLIANCE
from tideover.casework.cases.deeds import Doing, note_circumstance, promise
from tideover.casework.cases.models import (
    Account,
    Case,
    Certificate,
    Circumstance,
    Event,
    HardshipAgreement,
    Hold,
    Promise,
)
from tideover.casework.payments import hardship

pytestmark = pytest.mark.django_db


def told(case: Case, kind: str = "disability") -> Circumstance:
    doing = Doing(case.account_id, "customer", cast.NOW)
    return note_circumstance(doing, kind, starts_on=cast.TODAY, source="portal")


def page(desk: Client, where: str) -> str:
    return desk.get(where).content.decode()


def test_an_agent_sees_that_something_needs_care_and_what_it_protects_from(
    desk: Client, case: Case
) -> None:
    told(case)
    shown, listed = page(desk, f"/cases/{case.pk}/"), page(desk, "/worklist/")
    for text in (shown.partition('id="acts"')[0], listed):  # below, forms name every kind
        assert "omething that needs care" in text
        assert "isability" not in text
    assert "Automatic reminders: Vulnerable customers meet trained people" in shown
    assert "See what it is" not in shown


@pytest.mark.parametrize("roles", [(CARE,), (AGENT, CARE), (COMPLIANCE,)])
def test_who_is_trained_sees_what_it_is_and_that_they_looked_is_noted(
    case: Case, roles: tuple[str, ...]
) -> None:
    found, desk = told(case), cast.at_desk(cast.staff("cora", *roles))
    assert "See what it is" in page(desk, f"/cases/{case.pk}/")
    assert "<h1>Disability</h1>" in page(desk, f"/cases/{case.pk}/care/{found.pk}/what/")
    assert Look.objects.filter(by="cora", page="console:care", refused=False).count() == 1


def test_an_agent_does_not_get_there_by_the_address_either(desk: Client, case: Case) -> None:
    found = told(case)
    assert desk.get(f"/cases/{case.pk}/care/{found.pk}/what/").status_code == 403


def later(monkeypatch: Any, days: int) -> Client:
    """Let days pass, and have Ada sign in again."""
    monkeypatch.setattr(timezone, "now", lambda: cast.NOW + timedelta(days=days))
    return cast.at_desk(User.objects.get(username="ada"))


def test_what_is_to_be_looked_at_again_is_on_the_worklist_until_somebody_did(
    desk: Client, case: Case, monkeypatch: Any
) -> None:
    found = told(case, "elderly")
    assert "Ask whether it still is so" not in page(desk, "/worklist/")
    desk = later(monkeypatch, 365)
    assert "Ask whether it still is so: elderly" in page(desk, "/worklist/?kind=reviews")
    desk.post(f"/cases/{case.pk}/care/{found.pk}/act/", {"act": "review"})
    assert "Ask whether it still is so" not in page(desk, "/worklist/")
    assert Event.objects.filter(kind="circumstance_reviewed").exists()


def test_without_consent_somebody_asks_for_it(desk: Client, case: Case, monkeypatch: Any) -> None:
    desk.post(f"/cases/{case.pk}/care/", {"kind": "bereavement", "ends_on": ""})
    assert "Ask whether we may keep it." in page(desk, f"/cases/{case.pk}/")
    desk = later(monkeypatch, 14)
    assert "Ask whether we may keep it: something that needs care" in page(desk, "/worklist/")
    found = Circumstance.objects.get()
    desk.post(f"/cases/{case.pk}/care/{found.pk}/act/", {"act": "consent"})
    assert "Ask whether we may keep it" not in page(desk, f"/cases/{case.pk}/")


def test_a_certificate_comes_in_and_before_it_ends_somebody_asks_for_the_next(
    desk: Client, case: Case, monkeypatch: Any
) -> None:
    Account.objects.update(jurisdiction="US-PA", timezone="America/New_York", currency="USD",
                           commodity="electricity")  # fmt: skip
    desk.post(
        f"/cases/{case.pk}/certificate/", {"until_on": "", "in_writing": "on", "agreed": "on"}
    )
    shown = page(desk, f"/cases/{case.pk}/")
    assert "The first, seen in writing 27 November 2026; 2 may follow" in shown
    assert "Ending supply until 26 December 2026: Medical certificate" in shown
    assert Certificate.objects.get().circumstance.review_on == cast.days(22)
    desk = later(monkeypatch, 22)
    assert "ask whether there is another" in page(desk, "/worklist/?kind=reviews")


def agreed(desk: Client, case: Case, **more: Any) -> None:
    desk.post(f"/cases/{case.pk}/hardship/", {"terms": "lower", "amount": "20", "months": "6",
                                              "reason": "", **more})  # fmt: skip


def test_who_told_of_hardship_agrees_on_an_amount_and_outreach_rests(
    desk: Client, case: Case
) -> None:
    told(case, "hardship")
    agreed(desk, case)
    made = HardshipAgreement.objects.get()
    assert (made.monthly_minor, made.agreed_by) == (2_000, "ada")
    assert f"{made.review_on}" == "2027-02-27"
    assert Hold.objects.get(released_at=None).until_on == made.review_on
    assert "Agreed on hardship: €20.00 a month" in page(desk, f"/cases/{case.pk}/")
    agreed(desk, case)
    assert HardshipAgreement.objects.count() == 1


def test_without_a_reason_that_is_known_one_has_to_be_given(desk: Client, case: Case) -> None:
    agreed(desk, case)
    assert not HardshipAgreement.objects.exists()
    agreed(desk, case, reason="Their hours were cut")
    assert HardshipAgreement.objects.get().circumstance is not None


def test_it_goes_on_after_a_look_and_ends_as_not_kept_only_after_a_talk(
    desk: Client, case: Case, monkeypatch: Any
) -> None:
    told(case, "hardship")
    agreed(desk, case)
    desk = later(monkeypatch, 92)
    assert "Look at the agreement on hardship again" in page(desk, "/worklist/")
    desk.post(f"/cases/{case.pk}/hardship/next/", {"then": "review", "reason": "Still hard"})
    assert HardshipAgreement.objects.get().review_on == cast.days(180)
    for reason, how in (("", ""), ("We spoke; a pause would not help", "not_kept")):
        desk.post(f"/cases/{case.pk}/hardship/next/", {"then": "not_kept", "reason": reason})
        assert HardshipAgreement.objects.get().how == how
    assert Hold.objects.get(released_at=None).reason == "asked"


def test_back_to_ordinary_terms_what_it_rested_on_is_over(desk: Client, case: Case) -> None:
    told(case, "hardship")
    agreed(desk, case)
    desk.post(f"/cases/{case.pk}/hardship/next/", {"then": "graduated", "reason": "Works again"})
    made = HardshipAgreement.objects.get()
    assert made.how == "graduated"
    assert Circumstance.objects.get().ends_on == cast.TODAY
    assert hardship.running(case.account_id) is None
    assert list(Event.objects.filter(kind__startswith="hardship").order_by("id").values_list(
        "kind", flat=True)) == ["hardship_agreed", "hardship_ended"]  # fmt: skip


def test_a_sign_is_a_question_to_a_person_and_nothing_is_noted_of_anybody(
    desk: Client, case: Case
) -> None:
    doing = Doing(case.account_id, "customer", cast.NOW - timedelta(days=40))
    for days in (10, 20):
        promise(doing, amount_minor=1_000, due_on=cast.days(days - 40))
    Promise.objects.update(how="broken")
    assert "ask how it is going" in page(desk, "/worklist/?kind=signs")
    assert not Circumstance.objects.exists()
    desk.post(f"/cases/{case.pk}/call/", {"outcome": "spoke", "inbound": "", "text": ""})
    assert "ask how it is going" not in page(desk, "/worklist/")

"""What somebody told in trust, on their phone: what it does for them, and the way back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.casework import cast
from tests.casework.portal.phone import Phone, bills, inside, with_code
from tideover.casework.cases.deeds import Doing, note_circumstance
from tideover.casework.cases.models import (
    Account,
    Certificate,
    Circumstance,
    HardshipAgreement,
    Request,
    Standing,
)
from tideover.casework.payments.hardship import Wanted, agree
from tideover.casework.payments.models import Arrangement

pytestmark = pytest.mark.django_db


def anna(**account: Any) -> Phone:
    """Return the phone of somebody who got in."""
    case = cast.payer()
    bills(case)
    Account.objects.update(**account)
    case.account.refresh_from_db()
    return inside(case)[0]


def told(kind: str) -> Circumstance:
    doing = Doing("A-payer", "customer", cast.NOW)
    return note_circumstance(doing, kind, starts_on=cast.TODAY, ends_on=cast.days(365),
                             source="portal")  # fmt: skip


def test_what_was_told_is_shown_after_a_code_with_what_it_protects_from() -> None:
    phone = anna()
    told("disability")
    told("unemployed")
    phone.open("/my/help/told/")
    assert "disability" not in phone.text
    with_code(phone)
    assert phone.title == "What you told us"
    assert "Someone here has a disability" in phone.text
    assert "You get no automatic reminders. If we talk, it is with someone trained" in phone.text
    assert "By 30 October 2027 we ask you if it is still so." in phone.text


def test_violence_is_named_on_no_page() -> None:
    phone = anna()
    told("domestic_abuse")
    for page in ("/my/help/told/", "/my/take_back/"):
        phone.open(page)
        if phone.title.startswith("A code"):
            with_code(phone)
        assert "Something you told us in trust" in phone.text
        assert "not safe" not in phone.text


def test_it_is_taken_back_and_removed_and_pressing_twice_does_it_once() -> None:
    phone = anna()
    found = told("bereavement")
    with_code(phone.open("/my/take_back/")).press(which=found.pk)
    phone.press()
    assert phone.title == "It is taken back"
    assert Circumstance.objects.get().kind == ""
    assert "You told us nothing about your life." in phone.open("/my/help/told/").text


def test_who_takes_back_hardship_leaves_the_agreement_and_is_not_written_to_at_once() -> None:
    phone = anna()
    found = told("hardship")
    agree(Doing("A-payer", "ada", cast.NOW), Wanted("lower", 2_000, 6))
    with_code(phone.open("/my/help/told/"))
    assert "You pay € 20,00 a month." in phone.text
    assert "We look at it with you by 27 February 2027." in phone.text
    phone.open("/my/take_back/").press(which=found.pk).press()
    assert HardshipAgreement.objects.get().how == "left"
    assert "We write no reminders until" in phone.open("/my/").text


def test_a_doctors_certificate_is_told_of_and_its_paper_sent_later() -> None:
    phone = anna(jurisdiction="GB-EAW", timezone="Europe/London", currency="GBP")
    phone.open("/my/certificate/").press(until="").press(agree="yes").press()
    assert phone.title == "Thank you for telling us"
    made = Certificate.objects.get()
    assert (made.written_on, made.circumstance.ends_on) == (None, cast.days(30))
    assert "certificate" in Request.objects.values_list("kind", flat=True)


def test_before_it_ends_the_first_page_asks_whether_it_still_is_so_without_naming_it() -> None:
    phone = anna()
    told("disability")
    assert "look again at something you told us" not in phone.open("/my/").text
    Circumstance.objects.update(ends_on=cast.days(20), review_on=cast.days(7))
    assert "By 17 December 2026 we would like to look again" in phone.open("/my/").text
    assert "disability" not in phone.text


def test_after_the_last_one_that_the_law_knows_somebody_is_asked_to_call() -> None:
    phone = anna(jurisdiction="US-PA", timezone="America/New_York", currency="USD",
                 commodity="electricity")  # fmt: skip
    for _ in range(3):
        phone.open("/my/certificate/").press(until="").press(agree="yes").press()
    with_code(phone.open("/my/help/told/"))
    assert [one.renewal for one in Certificate.objects.order_by("renewal")] == [0, 1, 2]
    assert "Call us before it ends: we look at what else helps." in phone.text


def asked_first(arrears_minor: int) -> Phone:
    """Return the phone of somebody in a country where a plan has to fit what they can pay."""
    phone = anna(commodity="electricity")
    Standing.objects.update(arrears_minor=arrears_minor, balance_minor=arrears_minor)
    phone.open("/my/plan/").press(payday="25")
    assert phone.title == "First: what can you manage?"
    return phone


def test_where_the_country_expects_it_the_budget_is_asked_first() -> None:
    phone = asked_first(12_050).press(means="budget").press(adults="1", children="1")
    phone.press(income="1500").press(home="800", debts="")
    assert "you can manage about € 48,00 a month" in phone.text


def test_who_skips_it_chooses_alone_where_little_is_owed() -> None:
    phone = asked_first(12_050).press(means="skip").press(which="3")
    with_code(phone).press()
    assert Arrangement.objects.get().instalments.count() == 3


def test_and_else_a_person_looks_with_them() -> None:
    phone = asked_first(80_000).press(means="skip").press(can="20").press(words="")
    with_code(phone).press()
    assert (phone.title, Request.objects.get().kind) == ("We look for a plan with you", "plan")
    assert not Arrangement.objects.exists()


def test_without_a_countrys_figures_what_is_spent_on_living_is_asked() -> None:
    phone = anna(jurisdiction="AU-NECF", timezone="Australia/Sydney", currency="AUD",
                 commodity="electricity")  # fmt: skip
    phone.open("/my/plan/").press(payday="25").press(means="budget")
    phone.press(adults="1", children="0").press(income="1500").press(living="640")
    phone.press(home="800", debts="")
    assert "you can manage about" in phone.text
    assert "48.00 a month" in phone.text or "48,00 a month" in phone.text

"""Handed on to who helps: with reasons, by consent, followed until it has ended; and links end."""

from __future__ import annotations

from datetime import date

import pytest

from tests.casework import cast
from tests.casework.portal.phone import Phone, bills, inside, link, written_to
from tideover.casework.access.erasure import erase
from tideover.casework.access.export import export
from tideover.casework.access.roles import AGENT
from tideover.casework.cases.deeds import Doing, note_circumstance, opt_out
from tideover.casework.cases.ledger import record
from tideover.casework.cases.models import Referral, Request
from tideover.casework.cases.referring import grants_came
from tideover.rules.assistance import REASONS, parse_assistance
from tideover.terms.faults import Refused

pytestmark = pytest.mark.django_db


def anna() -> Phone:
    case = cast.payer()
    bills(case)
    return inside(case)[0]


def asked() -> Phone:
    """Return the phone of somebody who asked the made-up winter fund."""
    phone = anna().open("/my/programme/").press(which="winter_fund").press(agree="yes")
    return phone.press()


def step(what: str, outcome: str = "") -> None:
    """Have an agent say how far it is, on the page of the case."""
    agent = cast.at_desk(cast.staff(f"ada-{what}", AGENT))
    case, one = cast.Case.objects.get(), Referral.objects.get()
    agent.post(f"/cases/{case.pk}/handed-on/{one.pk}/", {"step": what, "outcome": outcome})


def test_what_somebody_may_get_comes_first_with_the_reason_and_nobody_is_told_no() -> None:
    phone = anna().open("/my/help/programmes/")
    assert "You may get this" not in phone.text
    doing = Doing("A-payer", "customer", cast.NOW)
    note_circumstance(doing, "young_child", starts_on=cast.TODAY)
    text = phone.open("/my/help/programmes/").text
    assert "You may get this. You have a small child." in text
    assert text.index("Save at Home") < text.index("Winter Fund")
    assert "not eligible" not in text


def test_a_referral_is_followed_from_consent_to_its_end() -> None:
    phone = asked()
    said = []
    for what, outcome in (("", ""), ("handed_over", ""), ("taken_up", ""), ("ended", "advised")):
        if what:
            step(what, outcome)
        said.append(phone.open("/my/help/programmes/").text)
    steps = ("We send it on", "Now they look", "They took it up", "You talked")
    assert [words in text for words, text in zip(steps, said, strict=True)] == [True] * 4
    assert Request.objects.get().answered_at is not None


def test_a_step_cannot_be_taken_twice_nor_an_end_without_saying_how() -> None:
    asked()
    for what, outcome in (("taken_up", ""), ("ended", "lost")):
        step(what, outcome)
        assert Referral.objects.get().step == "consented"


def test_a_grant_that_arrives_ends_what_was_asked_and_is_told() -> None:
    phone = asked()
    grants_came([("A-payer", cast.TODAY, 5_000), ("A-other", cast.TODAY, 1)], by="night",
                at=cast.NOW)  # fmt: skip
    assert Referral.objects.get().outcome == "granted"
    assert "€ 50,00 came in from a fund" in phone.open("/my/help/programmes/").text


def test_asked_again_while_it_runs_it_is_one() -> None:
    phone = asked()
    phone.open("/my/programme/").press(which="winter_fund").press(agree="yes").press()
    assert Referral.objects.count() == 1


def test_a_link_ends_when_all_is_paid_and_whoever_is_inside_stays() -> None:
    case = cast.payer()
    bills(case)
    phone, sent = inside(case)[0], written_to(case, check_code="7Q2M-4XPE")
    record("A-payer", "paid", at=cast.NOW, by="payments", facts={"amount_minor": 12_050})
    assert Phone().open(link(sent)).answer.status_code == 200
    record("A-payer", "paid", at=cast.NOW, by="payments", facts={"amount_minor": 2_950})
    assert Phone().open(link(sent)).answer.status_code == 404
    assert phone.open("/my/").title == "Nothing is open"


@pytest.mark.parametrize(("channel", "status"), [("", 404), ("sms", 404), ("email", 200)])
def test_a_link_ends_after_a_stop_on_its_channel(channel: str, status: int) -> None:
    sent = written_to(cast.payer())
    opt_out(Doing("A-payer", "customer", cast.NOW), channel=channel, via="sms")
    assert Phone().open(link(sent)).answer.status_code == status


def test_a_rulebook_of_programmes_states_reasons_that_are_ones() -> None:
    one = '[[programme]]\nkey = "k"\ncitation = "c"\nsource = "s"\nverified = "no"\nany_of = ["%s"]'
    day = f"checked_on = {date(2026, 11, 27)}\n"
    assert parse_assistance(day + one % "elderly", "a.toml")["k"].any_of == ("elderly",)
    for wrong in ("domestic_abuse", "small_income"):
        with pytest.raises(Refused):
            parse_assistance(day + one % wrong, "a.toml")
    assert "domestic_abuse" not in REASONS


def test_who_asks_is_told_to_whom_they_were_handed_on_and_whoever_is_erased_is_not() -> None:
    asked()
    (account,) = export("C-payer")["accounts"]
    assert [one["to"] for one in account["handed_on"]] == ["winter_fund"]
    erase("C-payer", by="ada", at=cast.NOW)
    assert not Referral.objects.exists()

"""Journeys told as stories: a real browser, a small phone, no script, from the link to the end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from tests.casework import cast
from tests.casework.portal.phone import bills, link, written_to
from tests.casework.portal.reader import Reader, come_in, plain
from tideover.casework.access.roles import AGENT
from tideover.casework.cases.ledger import record
from tideover.casework.cases.models import (
    Circumstance,
    ContactPoint,
    Hold,
    OpenDebit,
    Promise,
    Referral,
    Request,
    Standing,
)
from tideover.casework.cases.referring import grants_came
from tideover.casework.outreach.models import Message, PortalLink
from tideover.casework.outreach.models.outbox import CANCELLED
from tideover.casework.payments.models import Arrangement, Payment

pytestmark = pytest.mark.django_db(transaction=True)
Phones = Callable[..., Reader]


def owing_480() -> Any:
    """Return the case of somebody with one bill of 480 that is past due."""
    case = cast.payer()
    OpenDebit.objects.create(
        account=case.account, debit_id="B1", issued_on=cast.days(-55), due_on=cast.days(-41),
        amount_minor=48_000, unpaid_minor=48_000,
    )  # fmt: skip
    Standing.objects.update(balance_minor=48_000, arrears_minor=48_000)
    return case


def to_the_plan(phone: Reader) -> Reader:
    """Go from the start page to the plan as it is to be agreed, in three months."""
    phone.tap("Spread it").choose("25").choose("plain").choose("3")
    return phone.prove()


def parts_of(phone: Reader) -> list[str]:
    """Return the amounts of the plan that the page shows."""
    return [plain(one) for one in phone.page.locator("main tbody .sum").all_inner_texts()]


def test_pay_from_an_sms_and_what_was_queued_is_taken_back(phone: Reader) -> None:
    case = come_in(phone)
    queued = cast.message(case, status="queued", first_try_at=None)
    phone.tap("Pay").choose("due").choose("ideal").go_on()
    assert "pay on the page of the bank" in phone.text
    phone.page.locator("main a.button").click()
    assert phone.title == "Sandbox bank"
    phone.page.get_by_role("button", name="Pay", exact=True).click()
    assert phone.title == "Thank you. We have € 120,50"
    assert phone.tap("Back to the start").title == "€ 29,50 is open"
    assert Message.objects.get(pk=queued.pk).status == CANCELLED
    assert {url.split("/")[2] for url in phone.page.asked} == {phone.at.split("/")[2]}


def test_who_goes_back_from_the_bank_is_not_asked_to_pay_again(phone: Reader) -> None:
    come_in(phone)
    phone.tap("Pay").choose("due").choose("ideal").go_on()
    phone.page.locator("main a.button").click()
    phone.page.get_by_role("button", name="Pay", exact=True).click()
    while "/pay/go/" not in phone.where and "/sandbox-bank/" in phone.back().where:
        assert "Paid" in phone.text
    assert phone.open("/my/pay/go/").title == "Thank you. We have € 120,50"
    assert Payment.objects.count() == 1


def test_spread_480_over_a_phone_without_script(phone: Reader) -> None:
    come_in(phone, owing_480())
    assert phone.title == "€ 480,00 is open"
    to_the_plan(phone)
    assert parts_of(phone) == ["€ 160,00"] * 3
    phone.go_on()
    assert phone.title == "Your plan starts"
    with phone.page.expect_download() as got:
        phone.tap("Put these days in your calendar")
    assert got.value.suggested_filename == "plan.ics"
    made = Arrangement.objects.get()
    assert (made.total_minor, made.agreed_by, made.instalments.count()) == (48_000, "customer", 3)


def test_lost_job_to_grant(phone: Reader) -> None:
    case = come_in(phone)
    phone.tap("Get help").tap("Tell us about your situation").choose("unemployed", "young_child")
    phone.write("words", "Since October").choose("yes").go_on()
    assert phone.title == "Thank you for telling us"
    assert Circumstance.objects.count() == 2
    phone.open("/my/help/programmes/")
    assert "You may get this" in phone.text
    phone.tap("Ask for one of these").choose("winter_fund").choose("yes").go_on()
    assert phone.title == "Your question is on its way"
    grants_came([(case.account_id, cast.TODAY, 5_000)], by="night", at=cast.NOW)
    assert "€ 50,00 came in from a fund" in phone.open("/my/help/programmes/").text
    assert Referral.objects.get().outcome == "granted"


def test_wrong_person_takes_their_number_off_and_learns_nothing(phone: Reader) -> None:
    sent = written_to(cast.payer())
    assert sent.point is not None
    phone.open(link(sent)).tap("This message is not for me").write("address", sent.point.address)
    assert phone.title == "Thank you, it is done"
    assert ContactPoint.objects.get().failed_at == cast.NOW
    assert phone.open(link(sent)).title == "This link does not work"
    assert "Anna" not in phone.page.content()


def test_dispute_of_a_bill_rests_until_it_is_answered(phone: Reader) -> None:
    come_in(phone)
    phone.tap("I do not agree").tap("The bill is not right").choose("meter")
    phone.write("words", "The meter says 1043, you have 1430").go_on()
    assert phone.title == "We look at it"
    assert "we do not ask you to pay it" in phone.text
    asked = Request.objects.get()
    assert (asked.kind, Hold.objects.get().reason) == ("dispute", "dispute")


def test_opt_out_from_a_bare_link_asks_once_and_stops(phone: Reader) -> None:
    phone.open(link(written_to(cast.payer()))).tap("Stop these messages")
    phone.go_on()
    assert phone.page.title().startswith("Error:")
    assert ContactPoint.objects.get().consent == "granted"
    assert phone.choose("here").title == "Done: we stop"
    assert ContactPoint.objects.get().consent == "withdrawn"


def test_a_shared_phone_tries_five_times_and_the_link_is_dead(phone: Reader) -> None:
    sent = written_to(cast.payer())
    phone.open(link(sent))
    for _ in range(5):
        assert phone.title == "One question first"
        phone.write("answer", "1000 AA")
    assert phone.title == "This link does not work"
    assert "You did nothing wrong" in phone.text
    assert phone.open(link(sent)).title == "This link does not work"
    point = ContactPoint.objects.get()
    phone.tap("Send me a new link").write("address", point.address)
    assert Message.objects.get(purpose="portal_link").point_id == point.pk


def at_the_desk(phones: Phones, case: Any) -> Reader:
    """Return an agent's browser that shows the plans of a case."""
    desk = phones()
    client = cast.at_desk(cast.staff("ada", AGENT, team=cast.north()))
    named = client.cookies[settings.SESSION_COOKIE_NAME]
    desk.page.context.add_cookies([{"name": named.key, "value": named.value, "url": desk.at}])
    desk.open(f"/cases/{case.pk}/")
    form = desk.page.locator(f"form[action='/cases/{case.pk}/plan/']")
    form.evaluate("one => { const d = one.closest('details'); if (d) d.open = true }")
    form.locator("button").click()
    return desk


@pytest.mark.parametrize("first", ["agent", "customer"])
def test_agent_and_customer_agree_plans_at_the_same_moment_and_there_is_one(
    phones: Phones, first: str
) -> None:
    phone = phones()
    case = come_in(phone)
    to_the_plan(phone)
    desk = at_the_desk(phones, case)
    acts = [lambda: desk.tap("Agree 3 months"), phone.go_on]
    for act in acts if first == "agent" else acts[::-1]:
        act()
    assert Arrangement.objects.get().agreed_by == ("ada" if first == "agent" else "customer")
    told = phone.text if first == "agent" else desk.page.content()
    assert ("You have a plan already" if first == "agent" else "agreed meanwhile") in told


def test_a_payment_that_arrives_while_the_plan_is_being_agreed_is_shown_first(
    phone: Reader,
) -> None:
    case = come_in(phone)
    to_the_plan(phone)
    assert parts_of(phone) == ["€ 40,17", "€ 40,17", "€ 40,16"]
    record(case.account_id, "paid", at=cast.NOW, by="api",
           facts={"payment_id": "P1", "amount_minor": 3_050, "method": "card"})  # fmt: skip
    phone.go_on()
    assert "Something changed meanwhile" in phone.text
    assert not Arrangement.objects.exists()
    assert parts_of(phone) == ["€ 30,00"] * 3
    assert phone.go_on().title == "Your plan starts"
    assert Arrangement.objects.get().total_minor == 9_000


def test_a_double_click_makes_one_promise(phone: Reader) -> None:
    come_in(phone)
    phone.open("/my/promise/").choose("due").write("day", cast.days(9).isoformat())
    phone.page.locator("main form button").first.dblclick()
    phone.page.wait_for_url("**/my/done/promise/")
    assert phone.title.startswith("Noted: € 120,50 by")
    assert Promise.objects.count() == 1


def test_the_back_button_shows_that_it_is_done_and_an_answer_can_be_changed(phone: Reader) -> None:
    come_in(phone)
    phone.open("/my/promise/").choose("due").write("day", cast.days(9).isoformat())
    phone.back().write("day", cast.days(5).isoformat())
    phone.go_on()
    done = phone.title
    assert phone.back().title == done
    made = Promise.objects.get()
    assert made.due_on == cast.days(5)


def late(monkeypatch: pytest.MonkeyPatch, minutes: int) -> None:
    """Let time pass."""
    later = timezone.now() + timedelta(minutes=minutes)
    monkeypatch.setattr(timezone, "now", lambda: later)


def test_a_session_that_ends_half_way_loses_nothing_that_was_typed(
    phone: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    come_in(phone)
    phone.open("/my/complaint/")
    late(monkeypatch, 16)
    phone.write("words", "Nobody called me back")
    assert "What you typed is not lost" in phone.text
    phone.write("answer", "9711 ZZ")
    assert phone.page.locator("textarea").input_value() == "Nobody called me back"
    phone.go_on().choose("phone")
    late(monkeypatch, 16)
    phone.go_on().write("answer", "9711 ZZ")
    assert "Nobody called me back" in phone.text
    assert phone.go_on().title == "We have your complaint"


def test_whoever_opens_the_message_again_half_way_finds_their_answers_but_nothing_private(
    phone: Reader,
) -> None:
    case = cast.payer()
    bills(case)
    sent = written_to(case)
    phone.open(link(sent)).write("answer", "9711 ZZ")
    phone.open("/my/complaint/").write("words", "Nobody called me back")
    phone.open("/my/situation/").choose("domestic_abuse")
    phone.open(link(sent))
    assert phone.open("/my/").title == "One question first"
    phone.write("answer", "9711 ZZ")
    phone.open("/my/complaint/words/")
    assert phone.page.locator("textarea").input_value() == "Nobody called me back"
    phone.open("/my/situation/")
    assert phone.page.locator("input:checked").count() == 0
    assert PortalLink.objects.get().revoked_at is None

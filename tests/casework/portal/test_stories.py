"""What people come for, from the link to the page that says what happens now, without script."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.casework import cast
from tests.casework.portal.phone import Phone, bills, inside, link, with_code, written_to
from tideover.casework.cases.models import Circumstance, ContactPoint, Hold, Promise, Request
from tideover.casework.outreach.models import Message, PortalLink
from tideover.casework.outreach.models.outbox import CANCELLED
from tideover.casework.payments.models import Arrangement, Payment
from tideover.casework.portal.models import Code

pytestmark = pytest.mark.django_db


def anna() -> Phone:
    """Return the phone of somebody who owes 120.50 and got in."""
    case = cast.payer()
    bills(case)
    return inside(case)[0]


def test_start_says_what_is_owed_since_when_and_what_happens_next() -> None:
    phone = anna()
    assert phone.title == "€ 120,50 is open"
    for said in ("October 17, 2026", "Another € 29,50 comes later", "Pay", "Spread it",
                 "Get help", "I do not agree", "Today nothing happens"):  # fmt: skip
        assert said in phone.text.replace("17 October 2026", "October 17, 2026")


def test_a_promise_is_checked_before_it_is_made_and_takes_back_what_was_queued() -> None:
    phone = anna()
    queued = cast.message(cast.Case.objects.get(), status="queued", first_try_at=None)
    phone.open("/my/promise/").press(amount="due")
    phone.press(day=cast.days(9).isoformat())
    assert phone.title == "Check your answers"
    assert not Promise.objects.exists()
    phone.press()
    made = Promise.objects.get()
    assert (made.amount_minor, made.due_on, made.confirmed_by) == (12_050, cast.days(9), "customer")
    assert phone.title.startswith("Noted: € 120,50 by")
    assert Message.objects.get(pk=queued.pk).status == CANCELLED


def test_a_part_may_be_promised_and_too_much_may_not() -> None:
    phone = anna().open("/my/promise/").press(amount="part")
    assert "Choose an amount from € 5,00 to € 150,00" in phone.press(part="900").text
    phone.press(part="€ 60,50").press(day=cast.days(3).strftime("%d-%m-%Y")).press()
    assert Promise.objects.get().amount_minor == 6_050


def test_a_week_is_given_at_once_and_the_second_one_by_a_person() -> None:
    phone = anna().open("/my/more_time/").press(days="7").press()
    assert Hold.objects.get().until_on == cast.days(7)
    phone.open("/my/more_time/").press(days="7").press(words="").press()
    assert Hold.objects.count() == 1
    assert Request.objects.get().kind == "more_time"
    assert phone.title == "We got your question"


def test_spread_480_over_a_phone_without_script() -> None:
    phone = anna().open("/my/plan/").press(payday="25").press(how="plain")
    months = phone.page.partition('name="which" value="')[2].partition('"')[0]
    phone.press(which=months)
    with_code(phone)
    assert phone.at == "/my/plan/check/"
    assert "What you pay, and when" in phone.text
    phone.press()
    made = Arrangement.objects.get()
    assert (phone.title, made.total_minor, made.agreed_by) == (
        "Your plan starts", 12_050, "customer")  # fmt: skip
    assert "My plan" in phone.open("/my/").text
    assert phone.open("/my/plan/mine/").title == "My plan"


def test_whom_no_plan_fits_is_asked_what_they_can_manage_and_a_person_looks() -> None:
    phone = anna().open("/my/plan/").press(payday="varies").press(how="plain")
    phone.press(which="none")
    phone.press(can="15").press(words="I share the house")
    with_code(phone).press()
    asked = Request.objects.get()
    assert asked.kind == "plan"
    assert "I share the house" in asked.note.text
    assert not Arrangement.objects.exists()


def test_pressing_twice_makes_one_promise() -> None:
    phone = anna().open("/my/promise/").press(amount="due").press(day=cast.days(9).isoformat())
    for _ in range(2):
        phone.send("/my/promise/check/")
    assert (Promise.objects.count(), phone.at) == (1, "/my/done/promise/")


def test_going_back_and_changing_an_answer_keeps_the_others() -> None:
    phone = anna().open("/my/promise/").press(amount="due").press(day=cast.days(9).isoformat())
    phone.open("/my/promise/day/").press(day=cast.days(5).isoformat())
    assert phone.at == "/my/promise/check/"
    phone.press()
    assert Promise.objects.get().due_on == cast.days(5)


def test_lost_work_is_told_once_protects_and_is_looked_at_again() -> None:
    phone = anna().open("/my/situation/").press(which=["unemployed", "young_child"])
    phone.press(words="Since October").press(agree="yes")
    assert "I lost my work" in phone.text
    phone.press()
    kept = Circumstance.objects.all()
    assert {one.kind for one in kept} == {"unemployed", "young_child"}
    assert {one.ends_on for one in kept} == {cast.TODAY + timedelta(365)}
    assert phone.title == "Thank you for telling us"


def test_without_consent_nothing_is_kept() -> None:
    phone = anna().open("/my/situation/").press(which="domestic_abuse").press(words="")
    assert phone.press().answer.status_code == 422
    phone.open("/my/situation/check/")
    assert phone.at == "/my/situation/agree/"
    assert not Circumstance.objects.exists()


def test_asking_for_help_lets_reminders_rest() -> None:
    phone = anna().open("/my/hardship/").press(how="do_not_know").press(needs="talk")
    phone.press(words="").press(agree="yes").press()
    assert Hold.objects.get().reason == "care"
    assert "We write no reminders until" in phone.open("/my/").text


@pytest.mark.parametrize(("path", "typed", "kind"), [
    ("dispute", [{"what": "too_high"}, {"words": "A leak, mended"}], "dispute"),
    ("paid_already", [{"day": "2026-11-20"}, {"how": "bank"}], "paid_already"),
    ("moved", [{"day": "2026-10-01"}, {"where": ""}], "moved"),
    ("complaint", [{"words": "Nobody answers"}, {"reply": "letter"}], "complaint"),
    ("counsellor", [{"hour": "morning"}, {"agree": "yes"}], "counsellor"),
    ("programme", [{"which": "winter_fund"}, {"agree": "yes"}], "programme"),
    ("call_me", [{"hour": "evening"}, {"words": ""}], "call_me"),
    ("level_bill", [{"agree": "yes"}], "level_bill"),
])  # fmt: skip
def test_what_a_person_answers_reaches_a_person_with_a_day(
    path: str, typed: list[dict[str, Any]], kind: str
) -> None:
    phone = anna().open(f"/my/{path}/")
    for one in typed:
        phone.press(**one)
    phone.press()
    assert Request.objects.get().kind == kind
    assert phone.at == f"/my/done/{path}/"
    ics = phone.client.get(f"/my/done/{path}/calendar.ics")
    assert b"BEGIN:VEVENT" in ics.content


def test_a_new_phone_number_needs_a_code_to_the_old_address() -> None:
    phone = anna().open("/my/contact/").press(kind="phone").press(address="06 99 99 99 99")
    with_code(phone).press()
    assert "06 99 99 99 99" in Request.objects.get(kind="contact").note.text
    sent = Code.objects.get().message
    assert (sent.point_id, sent.purpose) == ("P-payer", "portal_code")


def test_who_wants_silence_gets_it() -> None:
    anna().open("/my/silence/").press(which="everything").press()
    assert {point.consent for point in ContactPoint.objects.all()} == {"withdrawn"}


def test_how_we_write_is_theirs_to_say() -> None:
    phone = anna()
    phone.open("/my/language/").press(language="es")
    phone.open("/my/named/").press(named="Ana María de la O'Neill-Núñez")
    phone.open("/my/hour/").press(hour="evening")
    assert "Ana María de la O'Neill-Núñez" in phone.open("/my/preferences/").text
    phone.client.cookies["language"] = ""
    assert '<html lang="es">' in phone.open("/my/").page


def test_a_survey_is_asked_once_a_quarter() -> None:
    phone = anna().open("/my/survey/").press(score="9").press(words="")
    assert phone.title == "Thank you"
    assert "How did we do?" not in phone.open("/my/").text
    phone.open("/my/survey/").press(score="3")
    assert phone.press(words="").answer.status_code == 409


def test_a_stranger_takes_their_number_off_without_a_fact() -> None:
    case = cast.payer()
    sent = written_to(case)
    assert sent.point is not None
    phone = Phone().open(link(sent)).open("/my/not-me/").press(address="+31699999999")
    assert phone.answer.status_code == 422
    phone.press(address=sent.point.address)
    assert ContactPoint.objects.get().failed_at == cast.NOW
    assert (Request.objects.get().kind, Hold.objects.count()) == ("wrong_person", 0)
    assert PortalLink.objects.get().revoked_at is not None
    assert Phone().open(link(sent)).answer.status_code == 404


def test_a_bare_link_stops_messages_only_after_a_choice() -> None:
    phone = Phone().open(link(written_to(cast.payer()))).open("/my/stop/")
    assert phone.press().answer.status_code == 422
    assert ContactPoint.objects.get().consent == "granted"
    assert phone.press(which="here").title == "Done: we stop"
    assert ContactPoint.objects.get().consent == "withdrawn"


def test_pay_from_an_sms_goes_to_the_bank_and_comes_back_with_nothing_counted_twice() -> None:
    phone = anna().open("/my/pay/").press(amount="due").press(way="ideal")
    assert phone.at == "/my/pay/go/"
    assert not Payment.objects.exists()
    phone.press()
    phone.send("/my/pay/go/")
    made = Payment.objects.get()
    assert (made.amount_minor, made.url in phone.page) == (12_050, True)
    bank = Phone(phone.client).send(made.url.removeprefix("http://testserver"), deed="pay")
    assert bank.at == "/my/pay/back/"
    assert bank.title == "Thank you. We have € 120,50"
    assert phone.open("/my/").title == "€ 29,50 is open"


def test_a_transfer_shows_account_reference_and_a_code_for_the_banks_app() -> None:
    phone = anna().open("/my/pay/").press(amount="other").press(other="25").press(
        way="bank_transfer").press()  # fmt: skip
    assert Payment.objects.get().reference in phone.page
    assert "NL91 ABNA 0417 1643 00" in phone.text
    assert 'src="data:image/svg+xml' in phone.page


def test_nothing_that_was_typed_can_act() -> None:
    phone = anna().open("/my/complaint/").press(words="<script>x</script> {{7*7}}")
    phone.press(reply="email")
    assert "<script>x" not in phone.page
    assert "&lt;script&gt;x&lt;/script&gt; {{7*7}}" in phone.page

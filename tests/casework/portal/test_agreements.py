"""What somebody agreed to, as the portal shows it: a promise kept or passed, a plan that lives."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import timezone

from tests.casework import cast
from tests.casework.portal.phone import Phone, bills, inside, link, with_code
from tideover.casework.cases.deeds import Doing, promise
from tideover.casework.cases.ledger import record
from tideover.casework.cases.models import Promise, Request, Standing
from tideover.casework.outreach.links import lay_links
from tideover.casework.payments.arranging import agree, offers
from tideover.casework.payments.brought import CisPayment
from tideover.casework.payments.keeping import judge
from tideover.casework.payments.models import Arrangement

pytestmark = pytest.mark.django_db


def anna() -> Phone:
    """Return the phone of somebody who owes 120.50 and got in."""
    case = cast.payer()
    bills(case)
    return inside(case)[0]


def promised(days_ago: int, due: int) -> Promise:
    """Return a promise of 50.00, made some days ago, due some days from now."""
    made = cast.NOW - timedelta(days=days_ago)
    doing = Doing("A-payer", "customer", made)
    return promise(doing, amount_minor=5_000, due_on=cast.days(due))


def test_a_promise_that_was_kept_is_thanked_for() -> None:
    phone = anna()
    promised(3, 4)
    assert "You will pay € 50,00 by" in phone.open("/my/").text
    record("A-payer", "paid", at=cast.NOW, by="payments", facts={"amount_minor": 5_000})
    assert "You said you would pay € 50,00, and you did." in phone.open("/my/").text


def test_a_promise_whose_day_passed_shows_ways_on_and_no_blame() -> None:
    phone = anna()
    promised(9, -1)
    assert "You will pay € 50,00 by" in phone.open("/my/").text  # it may still come to light
    Promise.objects.update(due_on=cast.days(-3))
    assert "That can happen. Choose another day, spread it, or get help." in phone.open("/my/").text


def planned() -> tuple[Phone, Arrangement]:
    """Return the phone of somebody with a plan of three parts of 40.17 or .16, from 11 December."""
    phone = anna()
    held_out = next(o for o in offers("A-payer", cast.NOW).offers if o.plan.months == 3)
    return phone, agree(held_out.offer_id, by="customer", now=cast.NOW)


def days(plan: Arrangement) -> list[date]:
    return sorted(plan.instalments.values_list("due_on", flat=True))


def test_the_next_day_is_moved_at_once_within_the_policy() -> None:
    phone, plan = planned()
    first = days(plan)[0]
    phone.open("/my/plan/mine/").open("/my/plan_change/").press(help="day")
    assert "2026 we do it at once" in phone.text
    with_code(phone.press(day=(first + timedelta(days=5)).isoformat())).press()
    assert phone.title == "Done: the day is moved"
    assert days(plan)[0] == first + timedelta(days=5)
    assert not Request.objects.exists()


def test_a_day_past_the_policy_is_asked_of_a_person() -> None:
    phone, plan = planned()
    before = days(plan)
    phone.open("/my/plan_change/").press(help="day")
    phone.press(day=(before[0] + timedelta(days=20)).isoformat())
    with_code(phone.press(words="My pay is late")).press()
    assert phone.title == "We look at it with you"
    assert (Request.objects.get().kind, days(plan)) == ("plan_change", before)


def test_a_plan_rests_once_at_once_and_then_a_person_looks() -> None:
    phone, plan = planned()
    with_code(phone.open("/my/plan_change/").press(help="rest").press(rest="1")).press()
    assert phone.title.startswith("Your plan rests until")
    assert "Your plan rests until" in phone.open("/my/plan/mine/").text
    phone.open("/my/plan_change/").press(help="rest")
    assert "A month" not in phone.text
    phone.press(rest="longer").press(words="").press()
    assert Request.objects.get().kind == "plan_change"
    assert days(plan)[0].month == 1


def test_less_is_always_a_question_to_a_person() -> None:
    phone, _ = planned()
    phone.open("/my/plan_change/").press(help="less").press(can="15")
    with_code(phone.press(words="")).press()
    assert "15" in Request.objects.get().note.text


def test_who_has_no_plan_is_shown_the_plans_there_are() -> None:
    assert anna().open("/my/plan_change/").at == "/my/plan/"


def test_it_can_be_paid_off_early_and_then_says_thank_you() -> None:
    phone, _ = planned()
    assert "You can pay all that is left now: € 120,50" in phone.open("/my/plan/mine/").text
    assert "All that is left of your plan: € 120,50" in phone.open("/my/pay/").text
    came = CisPayment("CIS-1", "A-payer", cast.TODAY, 12_050)
    judge([came], as_of=cast.TODAY, now=cast.NOW)
    assert "You paid all of it. Thank you." in phone.open("/my/plan/mine/").text
    assert "You paid off your whole plan." in phone.open("/my/").text


def test_what_was_missed_once_is_moved_to_the_end_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    phone, plan = planned()
    later(monkeypatch, phone, days(plan)[0] + timedelta(days=7))
    assert "We moved one part to the end" in phone.open("/my/plan/mine/").text


def test_a_broken_plan_says_what_lets_it_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    phone, plan = planned()
    broke = days(plan)[1] + timedelta(days=7)
    judge([], as_of=broke, now=cast.NOW)
    later(monkeypatch, phone, broke)
    Arrangement.objects.update(ended_at=timezone.now())
    assert "Your plan can go on Pay € 40,17 by" in phone.open("/my/plan/mine/").text
    assert "What lets your plan go on: € 40,17" in phone.open("/my/pay/").text
    assert "Your plan stopped. It may still go on." in phone.open("/my/").text


def test_help_is_held_out_where_the_next_part_looks_hard(monkeypatch: pytest.MonkeyPatch) -> None:
    phone, plan = planned()
    later(monkeypatch, phone, days(plan)[1] - timedelta(days=2))
    assert "Is the next part hard?" in phone.open("/my/plan/mine/").text


def later(monkeypatch: pytest.MonkeyPatch, phone: Phone, day: date) -> None:
    """Have it be another day, and the same person come in again."""
    now = datetime.combine(day, time(12), UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)
    Standing.objects.update(as_of=day)
    sent = cast.message(cast.Case.objects.get())
    lay_links([sent], now)
    phone.open(link(sent)).press(answer="9711 ZZ")

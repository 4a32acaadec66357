"""Which plans are held out: exact, on allowed days, within the law, and within one's means."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.arrangement.books import DAYS, WISHES, askings
from tideover.casework.payments.plan_books import books_for
from tideover.doors.rulebooks import guard_of
from tideover.rules.arrangement import Asking, Owing, PlanFacts, Wish, choices
from tideover.rules.arrangement.limits import Policy, limits
from tideover.rules.arrangement.offering import A_PERSON, BEYOND_MEANS, NOTHING_OWED, TOO_LITTLE
from tideover.rules.arrangement.schedule import Allowed, Rhythm, scheduled
from tideover.rules.guard.verdict import ALLOW, Guard

NOVEMBER = date(2026, 11, 27)
MANY = settings(max_examples=150, deadline=None)


@pytest.mark.invariant("I3")
@MANY
@given(st.integers(1, 10**9), st.integers(1, 60), DAYS, st.none() | st.integers(1, 31),
       st.frozensets(DAYS, max_size=8))  # fmt: skip
def test_a_schedule_adds_up_and_its_days_rise_on_allowed_days(
    total: int, count: int, first: date, payday: int | None, holidays: frozenset[date]
) -> None:
    count, allowed = min(count, total), Allowed(holidays=holidays)
    plan = scheduled(total, count, Rhythm(first, allowed, payday=payday))
    amounts = [one.amount_minor for one in plan]
    assert sum(amounts) == total
    assert min(amounts) > 0
    assert amounts == sorted(amounts, reverse=True)  # the first ones carry the odd units
    assert amounts[0] - amounts[-1] <= 1
    dues = [one.due_on for one in plan]
    assert all(before < after for before, after in pairwise(dues))
    assert all(due.weekday() < 5 and due not in holidays for due in dues)


@MANY
@given(askings(), WISHES)
def test_every_plan_that_is_held_out_keeps_every_limit(
    asked: tuple[str, Asking], wish: Wish
) -> None:
    _, asking = asked
    found = choices(asking, wish)
    bound, owing = found.limits, asking.owing
    for plan in found.plans:
        bare = plan.total_minor - plan.use_minor * plan.months
        assert sum(one.amount_minor for one in plan.instalments) == plan.total_minor
        assert bare == owing.arrears_minor
        assert plan.months >= bound.fewest_months
        assert bound.down_most_minor is None or plan.down_minor <= bound.down_most_minor
        most = bound.instalment_most_minor
        assert most is None or plan.monthly_minor - plan.use_minor <= most
        assert bound.last_due_by is None or plan.last_due_on <= bound.last_due_by
        means = wish.most_a_month_minor
        assert means is None or plan.monthly_minor <= means
        assert all(one.due_on > asking.day for one in plan.instalments if one.number)
    assert bool(found.plans) != bool(found.why)


@pytest.fixture(scope="module")
def guard() -> Guard:
    return guard_of()


@settings(max_examples=120, deadline=None)
@given(asked=askings(("US-NY", "US-IL", "US-PA", "US-CA", "NL")), wish=WISHES)
def test_the_guard_allows_every_plan_that_is_held_out(
    guard: Guard, asked: tuple[str, Asking], wish: Wish
) -> None:
    place, asking = asked
    wish = Wish(wish.payday, wish.down_minor)
    for plan in choices(asking, wish).plans:
        assert guard.verdict(_proposed(place, asking, plan)).verdict == ALLOW


def _proposed(place: str, asking: Asking, plan: Any) -> dict[str, Any]:
    facts, units = asking.facts, 100
    customer: dict[str, Any] = {"class": "residential", "low_income": facts.low_income}
    if facts.heats:
        customer["heating_source"] = facts.service
    if facts.income_fpl_pct is not None:
        customer["income_fpl_pct"] = int(facts.income_fpl_pct)
    return {
        "jurisdiction": place, "timezone": "America/Phoenix", "actor": "utility",
        "as_of": f"{asking.day}T12:00:00-07:00", "service": facts.service,
        "customer": customer, "history": [],
        "debt": {"amount": Decimal(asking.owing.arrears_minor) / units,
                 "average_monthly_bill": Decimal(asking.owing.bill_minor) / units},
        "action": {"type": "set_plan", "origin": "utility", "kind": "standard",
                   "months": plan.months, "down_payment": Decimal(plan.down_minor) / units,
                   "installment": Decimal(plan.monthly_minor) / units,
                   "last_installment_on": plan.last_due_on.isoformat()},
    }  # fmt: skip


@pytest.mark.parametrize(("income", "longest"), [
    (100, 60), (150, 60), (151, 36), (250, 36), (251, 12), (300, 12), (301, 6), (None, 6),
])  # fmt: skip
def test_pennsylvania_lets_a_policy_give_the_poorest_five_years(
    income: int | None, longest: int
) -> None:
    facts = PlanFacts(income_fpl_pct=None if income is None else Decimal(income))
    asked = Asking(Owing(300_000, "USD"), NOVEMBER, books_for("US-PA"), facts,
                   Policy(longest_months=60))  # fmt: skip
    assert choices(asked).plans[-1].months == longest


@pytest.mark.parametrize(("income", "longest"), [(140, 12), (None, 6)])
def test_a_ceiling_of_the_law_lets_no_customer_past_the_policy(
    income: int | None, longest: int
) -> None:
    facts = PlanFacts(income_fpl_pct=None if income is None else Decimal(income))
    asked = Asking(Owing(300_000, "USD"), NOVEMBER, books_for("US-PA"), facts)
    assert choices(asked).plans[-1].months == longest


def test_pennsylvania_gave_two_years_before_its_amendment() -> None:
    facts, owing = PlanFacts(income_fpl_pct=Decimal(200)), Owing(300_000, "USD")
    policy = Policy(longest_months=60)
    before = limits(books_for("US-PA"), facts, owing, date(2014, 12, 20), policy)
    since = limits(books_for("US-PA"), facts, owing, date(2014, 12, 21), policy)
    assert (before.longest_months, since.longest_months) == (24, 36)


@pytest.mark.parametrize(("arrears", "bill", "down"), [
    (60_000, 8_000, 9_000),    # a half is 300, three bills 240; the standard agreement: 15 %
    (100_000, 40_000, 20_000),  # half a bill is more than 15 %
    (60_000, 0, 9_000),        # the bill is not known
])  # fmt: skip
def test_new_york_asks_the_least_of_its_two_rules_at_once(
    arrears: int, bill: int, down: int
) -> None:
    owing = Owing(arrears, "USD", bill)
    found = limits(books_for("US-NY"), PlanFacts(), owing, NOVEMBER, Policy())
    assert found.down_most_minor == down
    assert 10 in found.offered_months


def test_new_yorks_statute_alone_asks_at_most_half_or_three_months() -> None:
    (book,) = books_for("US-NY")
    statute = [type(book)(book.place, book.jurisdictions, book.checked_on, book.rules[:1])]
    for bill, down in ((8_000, 24_000), (20_000, 30_000)):
        owing = Owing(60_000, "USD", bill)
        found = limits(statute, PlanFacts(), owing, NOVEMBER, Policy())
        assert found.down_most_minor == down


@pytest.mark.parametrize(("day", "facts", "fewest", "down"), [
    (date(2026, 12, 1), PlanFacts(heats=True, low_income=True), 4, 6_000),
    (date(2027, 3, 31), PlanFacts(heats=True), 4, 6_000),
    (date(2027, 4, 1), PlanFacts(heats=True), 4, 15_000),
    (date(2026, 12, 1), PlanFacts(low_income=True), 6, 12_000),
    (date(2026, 12, 1), PlanFacts(), 4, 15_000),
])  # fmt: skip
def test_illinois_by_season_and_income(day: date, facts: PlanFacts, fewest: int, down: int) -> None:
    found = limits(books_for("US-IL"), facts, Owing(60_000, "USD"), day, Policy())
    assert (found.fewest_months, found.down_most_minor) == (fewest, down)


def test_illinois_winter_plans_end_by_the_thirtieth_of_november() -> None:
    asked = Asking(Owing(60_000, "USD"), date(2027, 3, 20), books_for("US-IL"),
                   PlanFacts(heats=True))  # fmt: skip
    found = choices(asked)
    assert [plan.months for plan in found.plans] == [4, 6]
    assert found.limits.last_due_by == date(2027, 11, 30)


def test_california_always_holds_out_twelve_months() -> None:
    policy = Policy(months=(2, 3), longest_months=3)
    asked = Asking(Owing(30_000, "USD"), NOVEMBER, books_for("US-CA"), policy=policy)
    assert [plan.months for plan in choices(asked).plans] == [2, 3, 12]


def test_the_netherlands_ask_what_the_household_can_pay() -> None:
    found = limits(books_for("NL"), PlanFacts(), Owing(60_000, "EUR"), NOVEMBER, Policy())
    assert found.by_means


@pytest.mark.parametrize(("arrears", "wish", "why"), [
    (0, Wish(), NOTHING_OWED), (500, Wish(), TOO_LITTLE), (600_000, Wish(), A_PERSON),
    (48_000, Wish(most_a_month_minor=3_999), BEYOND_MEANS),
])  # fmt: skip
def test_where_no_plan_can_be_held_out_it_is_said_why(arrears: int, wish: Wish, why: str) -> None:
    found = choices(Asking(Owing(arrears, "EUR"), NOVEMBER), wish)
    assert (found.plans, found.why) == ((), why)


def test_a_person_may_agree_what_the_policy_keeps_from_customers() -> None:
    asked = Asking(Owing(600_000, "EUR"), NOVEMBER, by_person=True)
    assert choices(asked).plans[-1].months == 24

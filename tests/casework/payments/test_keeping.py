"""Plans while they run: every night says from the money whether each is kept."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.casework import people
from tests.casework.payments.acting import paid
from tests.casework.people import MONDAY
from tideover.casework.cases.models import Event, Standing
from tideover.casework.payments.arranging import agree, offers
from tideover.casework.payments.brought import CisPayment
from tideover.casework.payments.checks import money_findings
from tideover.casework.payments.keeping import (
    cancel,
    how_it_stands,
    judge,
    move_date,
    resize,
    rest,
    running_plans,
)
from tideover.casework.payments.models import Arrangement, Holiday
from tideover.doors.journal.events import happened
from tideover.doors.journal.rows import Whose, arrangements
from tideover.rules.arrangement import Wish
from tideover.rules.arrangement.running import Terms, ran
from tideover.terms.faults import Refused
from tideover.terms.money import minor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]


def planned(months: int = 3) -> Arrangement:
    """Return a plan that anna agreed on a Monday: 160.00 on 13 April, 13 May and 15 June."""
    anna = people.account("anna", arrears_minor=48_000)
    held_out = next(one for one in offers(anna.pk, MONDAY).offers if one.plan.months == months)
    return agree(held_out.offer_id, by="customer", now=MONDAY)


def judged(plan: Arrangement, day: date, *came: tuple[date, int]) -> str:
    """Return how a night says a plan stands."""
    rows = [CisPayment(f"CIS-{n}", plan.account_id, on, minor_)
            for n, (on, minor_) in enumerate(came)]  # fmt: skip
    now = MONDAY + (day - MONDAY.date())
    return judge(rows, as_of=day, now=now)[plan.account_id]


def told_to_the_night(account_id: str) -> dict[str, str]:
    """Return the plan as the journal tells it."""
    events = Event.objects.filter(kind__startswith="plan_").order_by("id")
    whose = {account_id: Whose("C-anna", "EUR", "Europe/Amsterdam")}
    (row,) = arrangements(map(happened, events), whose).values()
    return row


APRIL, MAY, JUNE = date(2026, 4, 13), date(2026, 5, 13), date(2026, 6, 15)


def test_a_plan_that_is_paid_ends_kept_and_can_be_followed_by_another() -> None:
    plan = planned()
    came = [(APRIL, 16_000), (MAY, 16_000)]
    assert judged(plan, MAY + timedelta(days=9), *came) == "running"
    assert judged(plan, JUNE, *came, (JUNE, 16_000)) == "kept"
    assert Event.objects.get(kind="plan_ended").facts["how"] == "kept"
    assert running_plans(JUNE) == []
    assert money_findings() == []


def test_a_part_that_is_moved_to_a_weekend_or_a_holiday_falls_on_the_next_working_day() -> None:
    plan = planned()
    Holiday.objects.create(jurisdiction="NL", holiday_on=date(2026, 4, 20))
    after = move_date(plan.pk, 1, date(2026, 4, 18), by="customer", now=MONDAY)
    assert after.instalments.get(number=1).due_on == date(2026, 4, 21)
    assert money_findings() == []


@pytest.mark.parametrize("day", [date(2026, 4, 18), date(2026, 6, 1)])  # a Saturday; past the next
def test_days_of_a_plan_that_cannot_be_are_found(day: date) -> None:
    plan = planned()
    plan.instalments.filter(number=1).update(due_on=day)
    assert [one.invariant for one in money_findings()] == ["I3"]


def test_one_missed_instalment_is_forgiven_and_the_next_breaks_it() -> None:
    plan = planned()
    assert judged(plan, APRIL + timedelta(days=6)) == "running"
    assert judged(plan, APRIL + timedelta(days=7)) == "running"  # told the night once
    (told,) = Event.objects.filter(kind="plan_changed")
    assert told.facts["what"] == "forgiven"
    assert judged(plan, MAY + timedelta(days=6)) == "broken"
    assert Event.objects.get(kind="plan_ended").facts["how"] == "broken"


def test_a_broken_plan_goes_on_when_what_was_missed_comes_in() -> None:
    plan = planned()
    assert judged(plan, MAY + timedelta(days=6)) == "broken"
    late = (MAY + timedelta(days=8), 16_000)
    assert judged(plan, MAY + timedelta(days=9), late) == "running"
    plan.refresh_from_db()
    assert (plan.ended_at, plan.how) == (None, "")
    last = Event.objects.filter(kind__startswith="plan_").latest("id")
    assert (last.kind, last.facts["what"]) == ("plan_changed", "reinstated")
    assert told_to_the_night(plan.account_id)["status"] == "active"


def test_a_broken_plan_stays_so_when_another_was_agreed_since() -> None:
    plan = planned()
    judged(plan, MAY + timedelta(days=6))
    later = MONDAY + timedelta(days=60)
    again = agree(offers(plan.account_id, later).offers[0].offer_id, by="customer", now=later)
    judged(again, MAY + timedelta(days=20), (MAY + timedelta(days=8), 16_000))
    plan.refresh_from_db()
    assert plan.how == "broken"


def test_a_plan_that_covers_use_is_sized_again_and_still_adds_up() -> None:
    anna = people.account("anna", arrears_minor=30_000)
    Standing.objects.update(inputs={"usual_bill_minor": 11_000})
    held_out = offers(anna.pk, MONDAY, Wish(with_use=True)).offers[1]
    plan = agree(held_out.offer_id, by="customer", now=MONDAY)
    after = resize(plan.pk, 13_000, by="lena", now=MONDAY + timedelta(days=15))
    amounts = [one.amount_minor for one in after.instalments.order_by("number")]
    assert (amounts, after.total_minor, after.use_minor) == (
        [21_000, 23_000, 23_000], 67_000, 13_000)  # fmt: skip
    assert money_findings() == []


def test_a_grant_pays_a_part_as_money_does() -> None:
    plan = planned()
    grant = CisPayment("G-1", plan.account_id, APRIL, 16_000)
    judge([], as_of=MAY, now=MONDAY, grants=[grant])
    plan.refresh_from_db()
    assert how_it_stands(plan, MAY).paid_minor == 16_000


def test_no_part_falls_on_a_holiday_of_the_place() -> None:
    Holiday.objects.create(jurisdiction="NL", holiday_on=APRIL)
    assert planned().instalments.first().due_on == APRIL + timedelta(days=1)


def test_money_that_the_export_has_not_brought_counts_already() -> None:
    plan = planned(2)
    paid(plan.account_id, 48_000)
    assert judged(plan, MONDAY.date()) == "kept"


def test_a_date_that_is_moved_and_a_rest_are_told_to_the_night() -> None:
    plan = planned()
    move_date(plan.pk, 1, date(2026, 4, 20), by="customer", now=MONDAY)
    rest(plan.pk, 1, by="customer", now=MONDAY + timedelta(days=30))
    plan.refresh_from_db()
    assert plan.moves == 1
    days = list(plan.instalments.order_by("number").values_list("due_on", flat=True))
    assert days == [date(2026, 4, 20), date(2026, 6, 15), date(2026, 7, 15)]
    assert [event.facts["what"] for event in Event.objects.filter(kind="plan_changed")] == [
        "moved", "paused"]  # fmt: skip
    with pytest.raises(Refused):
        rest(plan.pk, 1, by="customer", now=MONDAY + timedelta(days=40))


@pytest.mark.parametrize("months", [2, 3, 4, 6, 9, 12])
def test_whoever_pays_on_time_is_never_chased_by_the_night(months: int) -> None:
    plan = planned(months)
    row = told_to_the_night(plan.account_id)
    terms = Terms(date.fromisoformat(row["agreed_on"]), minor(row["total"], "EUR"),
                  minor(row["down_payment"] or "0", "EUR"), int(row["instalments"]),
                  row["interval"], date.fromisoformat(row["first_due_on"]))  # fmt: skip
    came = [(one.due_on + timedelta(days=5), one.amount_minor) for one in plan.instalments.all()]
    spans = ran(terms, came, came[-1][0])
    assert [last for _, last in spans] == [came[-1][0] - timedelta(days=1)]


def test_a_plan_is_cancelled_once() -> None:
    plan = planned()
    cancel(plan.pk, by="lena", now=MONDAY)
    for deed in (lambda: cancel(plan.pk, by="lena", now=MONDAY),
                 lambda: move_date(plan.pk, 1, MAY, by="lena", now=MONDAY)):  # fmt: skip
        with pytest.raises(Refused, match="over"):
            deed()


def test_the_journal_tells_a_down_payment_apart() -> None:
    row: dict[str, Any] = told_to_the_night(planned().account_id)
    assert (row["total"], row["down_payment"], row["instalments"]) == ("480.00", "", "3")

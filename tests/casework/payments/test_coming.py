"""Money from before a plan, a promise or a payment of ours was begun is not of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from tests.casework import people
from tests.casework.payments.acting import LATER, at_bank, begun, paid, told, wanted
from tests.casework.people import MONDAY
from tideover.casework.cases.deeds import Doing, promise
from tideover.casework.cases.ledger import record
from tideover.casework.cases.models import Account
from tideover.casework.payments.arranging import agree, offers
from tideover.casework.payments.brought import CisPayment, bring, is_ours
from tideover.casework.payments.keeping import how_it_stands, judge
from tideover.casework.payments.models import Arrangement, BankLine
from tideover.casework.payments.owed import owed
from tideover.casework.payments.paying import begin
from tideover.casework.payments.promising import judge_promises

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]
DAY, NOON = MONDAY.date(), MONDAY + timedelta(hours=3)
SUNDAY, MIDNIGHT = DAY - timedelta(days=1), MONDAY.replace(hour=0)


def planned(account_id: str) -> Arrangement:
    """Return the shortest plan, agreed at noon."""
    return agree(offers(account_id, NOON).offers[0].offer_id, by="customer", now=NOON)


def left_minor(plan: Arrangement, *rows: CisPayment) -> int:
    """Return what is left of a plan after a night whose export has some rows."""
    bring(rows, now=NOON)
    judge(rows, as_of=DAY, now=NOON)
    plan.refresh_from_db()
    return how_it_stands(plan, DAY).left_minor


def cis(on: date = DAY, at: datetime | None = None, loaded: datetime | None = None) -> CisPayment:
    return CisPayment("CIS-1", "anna", on, 5_000, received_at=at, loaded_at=loaded)


@pytest.mark.parametrize("at", [None, MIDNIGHT, LATER, NOON + timedelta(hours=9)])
def test_what_was_paid_before_a_plan_does_not_pay_it_as_well(at: datetime | None) -> None:
    paid(people.account("anna", arrears_minor=48_000).pk, 5_000)
    plan = planned("anna")
    assert how_it_stands(plan, DAY).left_minor == owed("anna").arrears_minor == 43_000
    assert left_minor(plan, cis(at=at)) == 43_000  # nor once the export brought it, whenever booked


def test_a_transfer_that_was_begun_before_a_plan_and_came_after_pays_it() -> None:
    one = begun(people.account("anna", arrears_minor=48_000).pk)
    plan = planned("anna")
    snapshot = at_bank(one, "pay")
    told(snapshot, now=NOON + timedelta(minutes=1))
    assert how_it_stands(plan, DAY).left_minor == 43_000
    assert left_minor(plan, cis()) == 43_000


@pytest.mark.parametrize(("at", "left"), [
    (None, 43_000), (MIDNIGHT, 43_000), (LATER, 48_000), (NOON + timedelta(hours=1), 43_000),
])  # fmt: skip
def test_of_the_exports_own_money_of_the_day_the_hour_says(at: datetime | None, left: int) -> None:
    plan = planned(people.account("anna", arrears_minor=48_000).pk)
    assert left_minor(plan, cis(at=at)) == left


def test_a_row_without_an_hour_that_the_api_told_of_before_is_not_of_the_plan() -> None:
    anna = people.account("anna", arrears_minor=48_000)
    record(anna.pk, "paid", at=LATER, by="api",
           facts={"payment_id": "CIS-1", "amount_minor": 5_000})  # fmt: skip
    assert left_minor(planned(anna.pk), cis()) == 43_000


@pytest.mark.parametrize("at", [None, MIDNIGHT, NOON + timedelta(hours=9)])
def test_what_we_saw_before_a_promise_does_not_keep_it(at: datetime | None) -> None:
    anna = people.account("anna")
    paid(anna.pk, 5_000)
    due = DAY + timedelta(days=7)
    mine = promise(Doing(anna.pk, "customer", NOON), amount_minor=5_000, due_on=due)
    bring([cis(at=at)], now=NOON)
    assert judge_promises([cis(at=at)], as_of=DAY, now=NOON) == {mine.pk: "open"}


@pytest.mark.parametrize("old", [
    cis(SUNDAY), cis(DAY, MONDAY - timedelta(hours=1)),
    cis(DAY, loaded=MONDAY - timedelta(hours=1)),
])  # fmt: skip
def test_a_row_from_before_a_payment_was_begun_does_not_swallow_it(old: CisPayment) -> None:
    anna = people.account("anna", arrears_minor=12_000)
    assert bring([old], now=LATER) == 0
    paid(anna.pk, 5_000)
    assert not is_ours(old)
    assert bring([old], now=LATER) == 0
    assert owed(anna.pk).arrears_minor == 7_000


@pytest.mark.parametrize("row", [
    cis(), cis(at=MONDAY.replace(second=0) - timedelta(minutes=1)), cis(at=MIDNIGHT, loaded=LATER),
    cis(DAY + timedelta(days=10)),
])  # fmt: skip
def test_a_row_of_our_own_payment_is_taken_for_it(row: CisPayment) -> None:
    paid(people.account("anna", arrears_minor=12_000).pk, 5_000)
    assert bring([row], now=LATER) == 1


def test_a_line_of_the_bank_that_we_heard_of_late_is_found_in_the_export() -> None:
    payment = paid(people.account("anna", arrears_minor=12_000).pk, 5_000)
    BankLine.objects.create(line_id="l1", bank_account="NL", booked_on=DAY - timedelta(days=3),
                            amount_minor=5_000, currency="EUR", payment=payment)  # fmt: skip
    assert bring([cis(DAY - timedelta(days=3), loaded=MONDAY - timedelta(days=2))], now=LATER) == 1


def test_a_row_counts_by_the_day_at_the_customers_place() -> None:
    anna = people.account("anna", arrears_minor=12_000)
    Account.objects.update(timezone="Pacific/Honolulu")
    one = begin(wanted(anna.pk), now=MIDNIGHT)  # there it is Sunday still
    told(at_bank(one, "pay"))
    assert bring([cis(SUNDAY)], now=LATER) == 1

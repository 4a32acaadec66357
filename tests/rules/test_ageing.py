"""The scalar rule of what is owed, by cases a bookkeeper would write."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tideover.rules.ageing import Credit, Debit, owed

DUE = date(2026, 1, 15)


def bill(id_: str, due: date, minor: int) -> Debit:
    return Debit(id_, due - timedelta(days=14), due, minor)


def test_credits_pay_the_oldest_debit_first_whenever_they_come() -> None:
    bills = [bill("new", DUE + timedelta(days=31), 100), bill("old", DUE, 100)]
    told = owed(bills, [Credit(date(2025, 12, 1), 150)], date(2026, 3, 31))
    assert (told.arrears_minor, told.days_past_due) == (50, 44)


def test_equal_due_dates_are_paid_in_the_order_of_issue_then_id() -> None:
    earlier = Debit("Z", DUE - timedelta(days=20), DUE, 100)
    later = Debit("A", DUE - timedelta(days=10), DUE, 100)
    told = owed([later, earlier], [Credit(DUE, 100)], DUE + timedelta(days=1))
    assert told.arrears_minor == 100


def test_too_much_money_is_the_customers_credit() -> None:
    told = owed([bill("b", DUE, 100)], [Credit(DUE, 130)], DUE)
    assert (told.balance_minor, sum(told.buckets_minor)) == (-30, 0)


def test_a_bill_that_is_not_issued_yet_is_not_owed() -> None:
    told = owed([bill("b", DUE, 100)], [], DUE - timedelta(days=15))
    assert told.balance_minor == 0


def test_a_debit_of_nothing_is_never_past_due() -> None:
    told = owed([bill("nothing", DUE, 0)], [], DUE + timedelta(days=99))
    assert (told.arrears_minor, told.days_past_due) == (0, 0)


DEBITS = st.lists(st.tuples(st.integers(-200, 40), st.integers(1, 500)), max_size=8)


@pytest.mark.invariant("I4")
@given(DEBITS, st.lists(st.integers(1, 500), max_size=6))
def test_nothing_newer_is_touched_while_an_older_debit_is_short(
    debits: list[tuple[int, int]], credits: list[int]
) -> None:
    day, money = DUE + timedelta(days=200), sum(credits)
    bills = [bill(f"{n:03}", day + timedelta(days=at), minor)
             for n, (at, minor) in enumerate(sorted(debits))]  # fmt: skip
    told = owed(bills[::-1], [Credit(DUE - timedelta(days=300), one) for one in credits],
                day + timedelta(days=30))  # fmt: skip
    sums = list(accumulate(one.amount_minor for one in bills))
    oldest = next((one for one, all_ in zip(bills, sums, strict=True) if all_ > money), None)
    age = (day + timedelta(days=30) - oldest.due_on).days if oldest else 0
    assert told.days_past_due == max(age, 0)
    assert sum(told.buckets_minor) == max(told.balance_minor, 0)  # the rest is credit

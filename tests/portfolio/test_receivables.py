"""What accounts owe: the columnar form against the scalar reference, on every engine."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.portfolio import lake_rows as rows
from tideover.portfolio import receivables, totals
from tideover.rules.ageing import BUCKETS, Credit, Debit, owed
from tideover.terms.calendar import month_end_before

START = date(2026, 1, 1)
DAY = st.integers(0, 240).map(lambda n: START + timedelta(days=n))
MINOR = st.integers(0, 50_000)
BILLS = st.lists(st.tuples(DAY, st.integers(-3, 40), MINOR), max_size=7)
PAYMENTS = st.lists(st.tuples(DAY, MINOR, st.none() | DAY), max_size=7)
ADJUSTMENTS = st.lists(st.tuples(DAY, st.integers(-9_000, 9_000)), max_size=3)
ACCOUNTS = st.lists(st.tuples(BILLS, PAYMENTS, ADJUSTMENTS), min_size=1, max_size=6)


def lake_of(accounts: list[Any]) -> dict[str, list[dict[str, Any]]]:
    """Return drawn accounts as rows of the lake."""
    tables: dict[str, list[dict[str, Any]]] = {
        "accounts": [], "bills": [], "payments": [], "adjustments": []}  # fmt: skip
    for no, (bills, payments, adjustments) in enumerate(accounts, 1):
        tables["accounts"].append(rows.account(no))
        tables["bills"] += [
            rows.bill(no, on, on + timedelta(days=term), minor) for on, term, minor in bills
        ]
        tables["payments"] += [
            rows.payment(no, on, minor, status="reversed" if back else "settled", reversed_on=back)
            for on, minor, back in payments
        ]
        tables["adjustments"] += [rows.adjustment(no, on, minor) for on, minor in adjustments]
    return tables


def reference(account: Any, as_of: date) -> tuple[int, ...]:
    """Return what the scalar rule says of a drawn account."""
    bills, payments, adjustments = account
    debits = [
        Debit(str(i), on, on + timedelta(days=term), minor)
        for i, (on, term, minor) in enumerate(bills)
    ]
    debits += [
        Debit(f"J{i}", on, on, minor) for i, (on, minor) in enumerate(adjustments) if minor > 0
    ]
    credits = [Credit(on, minor, back) for on, minor, back in payments]
    credits += [Credit(on, -minor) for on, minor in adjustments if minor < 0]
    told = owed(debits, credits, as_of)
    return (told.balance_minor, told.arrears_minor, told.days_past_due, *told.buckets_minor)


def columnar(engine: Any, as_of: date) -> dict[int, tuple[int, ...]]:
    """Return what the engine says of every account."""
    engine.at(as_of)
    names = ["balance_minor", "arrears_minor", "days_past_due", *(f"{b}_minor" for b in BUCKETS)]
    found = receivables.owed(engine).to_pylist()
    return {row["account_no"]: tuple(row[name] for name in names) for row in found}


QUICK = settings(max_examples=25, deadline=None,
                 suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip


@QUICK
@given(accounts=ACCOUNTS, as_of=DAY)
def test_the_columnar_form_owes_what_the_scalar_rule_owes(
    warm_engine: Any, accounts: list[Any], as_of: date
) -> None:
    rows.show(warm_engine, **lake_of(accounts))
    expected = {no: reference(account, as_of) for no, account in enumerate(accounts, 1)}
    assert columnar(warm_engine, as_of) == expected


@QUICK
@given(accounts=ACCOUNTS, as_of=DAY)
def test_the_buckets_add_up_to_the_balance_that_is_owed(
    warm_engine: Any, accounts: list[Any], as_of: date
) -> None:
    rows.show(warm_engine, **lake_of(accounts))
    for balance, arrears, _, *buckets in columnar(warm_engine, as_of).values():
        assert sum(buckets) == max(balance, 0)
        assert arrears == sum(buckets[1:])


@QUICK
@given(accounts=ACCOUNTS, as_of=DAY)
def test_the_month_end_marks_are_the_arrears_of_those_days(
    warm_engine: Any, accounts: list[Any], as_of: date
) -> None:
    rows.show(warm_engine, **lake_of(accounts))
    warm_engine.at(as_of)
    found = warm_engine.arrow(totals.totals(warm_engine))
    marks = {row["account_no"]: row for row in found.to_pylist()}
    for no, account in enumerate(accounts, 1):
        for k in (1, 2, 12):
            expected = reference(account, month_end_before(as_of, k))[1]
            assert marks.get(no, {}).get(f"arrears_mark_{k}_minor", 0) == expected


def test_a_bill_is_still_on_time_on_its_due_date(warm_engine: Any) -> None:
    due = date(2026, 3, 31)
    rows.show(
        warm_engine, accounts=[rows.account(1)], bills=[rows.bill(1, date(2026, 3, 1), due, 12345)]
    )
    assert columnar(warm_engine, due)[1][:3] == (12345, 0, 0)
    assert columnar(warm_engine, due + timedelta(days=1))[1][:3] == (12345, 12345, 1)


def test_a_reversed_payment_counts_until_the_day_of_its_reversal(warm_engine: Any) -> None:
    back = date(2026, 3, 10)
    paid = rows.payment(1, date(2026, 3, 1), 500, status="reversed", reversed_on=back)
    rows.show(
        warm_engine,
        accounts=[rows.account(1)],
        payments=[paid],
        bills=[rows.bill(1, date(2026, 1, 1), date(2026, 1, 15), 500)],
    )
    assert columnar(warm_engine, back - timedelta(days=1))[1][1] == 0
    assert columnar(warm_engine, back)[1][1] == 500


@pytest.mark.spark
def test_spark_owes_the_same_to_the_last_unit(warm_engine: Any, spark_engine: Any) -> None:
    bills = [(START + timedelta(days=7 * k), 14, 1000 + k) for k in range(8)]
    accounts = [(bills[:n], [(START + timedelta(days=20 * n), 1500, None)], [(START, -n)])
                for n in range(8)]  # fmt: skip
    for each in (warm_engine, spark_engine):
        rows.show(each, **lake_of(accounts))
    as_of = START + timedelta(days=100)
    assert columnar(spark_engine, as_of) == columnar(warm_engine, as_of)

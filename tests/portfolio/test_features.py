"""Features: nothing later is visible, and the figures are those a person would count."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.portfolio import lake_rows as rows
from tideover.portfolio.features import features
from tideover.portfolio.features.dictionary import MEANINGS, markdown
from tideover.portfolio.receivables import owed

AS_OF = date(2026, 3, 31)
EARLY, LATE = date(2026, 3, 1), date(2026, 4, 15)


def at_noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def feature_rows(engine: Any, tables: dict[str, Any]) -> dict[int, dict[str, Any]]:
    """Return the features of every account on AS_OF."""
    rows.show(engine, **tables)
    engine.at(AS_OF)
    owed(engine)
    found = engine.arrow(engine.define("features", lambda: features(engine, ["meter"])))
    return {row["account_no"]: row for row in found.to_pylist()}


def tables_with(later: bool) -> dict[str, Any]:
    """Return a lake of one account; with rows and versions of after AS_OF, or without them."""
    days = [EARLY - timedelta(days=150), EARLY, *([LATE] if later else [])]
    replaced = {"known_until": LATE, "until_load_no": 2} if later else {}
    newer = [rows.account(1, autopay=True, closed_on=LATE, known_from=LATE, load_no=2)]
    plan = {"account_no": 1, "arrangement_id": "R", "agreed_on": EARLY, "total_minor": 900,
            "instalments": 3, "interval": "weekly", "first_due_on": EARLY,
            "status": "active"}  # fmt: skip
    return {
        "customers": [rows.customer(1)],
        "accounts": [rows.account(1, autopay=False, area_code="X", **replaced),
                     *(newer if later else [])],
        "bills": [rows.bill(1, d, d + timedelta(days=14), 1000, usage=50.0) for d in days],
        "payments": [rows.payment(1, d, 400, received_at=at_noon(d)) for d in days],
        "adjustments": [rows.adjustment(1, d, -10) for d in days],
        "contacts": [{"account_no": 1, "contact_id": f"K{d}", "direction": "outbound",
                      "occurred_on": d} for d in days],
        "promises": [{"account_no": 1, "promise_id": f"R{d}", "made_at": at_noon(d), "made_on": d,
                      "amount_minor": 100, "due_on": d + timedelta(days=7)} for d in days],
        "arrangements": [plan | replaced,
                         *([plan | {"status": "broken", "known_from": LATE}] if later else [])],
        "service_steps": [{"account_no": 1, "service_step_id": f"S{d}", "occurred_on": d,
                           "step": "notice_issued"} for d in days],
        "service_events": [{"service_event_id": f"E{d}", "area_code": "X", "kind": "outage",
                            "starts_at": at_noon(d)} for d in days],
        "area_indicators": [{"area_code": "X", "indicator": "median_income", "measured_on": d,
                             "value": float(i)} for i, d in enumerate(days)],
        "carried": [{"account_no": 1, "name": "meter", "measured_on": d, "value": float(i)}
                    for i, d in enumerate(days)],
    }  # fmt: skip


def test_deleting_all_later_rows_and_versions_changes_nothing(warm_engine: Any) -> None:
    assert feature_rows(warm_engine, tables_with(later=True)) == feature_rows(
        warm_engine, tables_with(later=False)
    )


def test_an_undated_column_says_what_the_version_of_that_day_said(warm_engine: Any) -> None:
    row = feature_rows(warm_engine, tables_with(later=True))[1]
    assert (row["autopay"], row["is_open"]) == (False, True)


def test_a_plan_is_broken_when_the_money_falls_behind_its_instalments(warm_engine: Any) -> None:
    row = feature_rows(warm_engine, tables_with(later=False))[1]
    assert (row["plans_broken_24m"], row["plan_active"]) == (1, False)


def test_promises_are_kept_by_money_in_time_and_broken_without(warm_engine: Any) -> None:
    tables = tables_with(later=False)
    tables["payments"] = [
        rows.payment(
            1, EARLY + timedelta(days=3), 100, received_at=at_noon(EARLY + timedelta(days=3))
        )
    ]
    row = feature_rows(warm_engine, tables)[1]
    assert (row["promises_kept_12m"], row["promises_broken_12m"]) == (1, 1)


def test_what_was_due_on_the_day_is_unpaid_unless_money_reaches_it(warm_engine: Any) -> None:
    """Credits pay the oldest first: a later bill that is open does not make this one unpaid."""
    month = timedelta(days=30)
    bills = [rows.bill(no, AS_OF - month, AS_OF, 1000) for no in (1, 2, 3)]
    bills += [rows.bill(2, AS_OF, AS_OF + month, 500), rows.bill(4, AS_OF, AS_OF + month, 500)]
    tables = {"customers": [rows.customer(1)], "accounts": [rows.account(n) for n in (1, 2, 3, 4)],
              "bills": bills, "payments": [rows.payment(2, AS_OF, 1000, received_at=at_noon(AS_OF)),
                                           rows.payment(3, EARLY, 999, received_at=at_noon(EARLY))],
              "adjustments": [], "contacts": [], "promises": [], "arrangements": [],
              "service_steps": [], "service_events": [], "area_indicators": [],
              "carried": []}  # fmt: skip
    found = feature_rows(warm_engine, tables)
    assert {no: row["due_unpaid"] for no, row in found.items()} == {
        1: True, 2: False, 3: True, 4: False,
    }  # fmt: skip
    assert all(row["arrears_minor"] == 0 for row in found.values())


def test_the_first_lateness_and_its_speed_are_seen(warm_engine: Any) -> None:
    due = AS_OF - timedelta(days=10)
    row = feature_rows(warm_engine, {
        "accounts": [rows.account(1)], "customers": [rows.customer(1)],
        "bills": [rows.bill(1, due - timedelta(days=14), due, 3000)]})[1]  # fmt: skip
    assert row["first_time"]
    assert row["months_in_arrears_12m"] == 0
    assert row["speed_minor_per_day"] == pytest.approx(100.0)
    assert row["debt_months"] == pytest.approx(12.0)


@pytest.mark.parametrize(("dues", "paid_on", "first"), [
    ([45], None, True),  # a month end has passed inside the first spell
    ([130, 45], 100, False),  # an earlier spell, over before this one began
    ([400], None, False),  # as old as all that is looked at
])  # fmt: skip
def test_a_first_spell_stays_the_first_until_it_ends(
    warm_engine: Any, dues: list[int], paid_on: int | None, first: bool
) -> None:
    ago = [AS_OF - timedelta(days=days) for days in dues]
    row = feature_rows(warm_engine, {
        "accounts": [rows.account(1)], "customers": [rows.customer(1)],
        "bills": [rows.bill(1, due - timedelta(days=14), due, 3000) for due in ago],
        "payments": [rows.payment(1, AS_OF - timedelta(days=paid_on), 3000)] if paid_on else [],
    })[1]  # fmt: skip
    assert row["first_time"] is first
    assert row["months_in_arrears_12m"] > 0


def test_an_account_with_nothing_has_a_row_of_its_own(warm_engine: Any) -> None:
    row = feature_rows(warm_engine, {"accounts": [rows.account(1)], "customers": []})[1]
    assert row["balance_minor"] == 0
    assert row["usual_bill_minor"] is None
    assert row["on_time_share_12m"] == 1.0


@pytest.mark.spark
def test_spark_gives_the_same_features(warm_engine: Any, spark_engine: Any) -> None:
    duck, spark = (feature_rows(each, tables_with(later=True))[1]
                   for each in (warm_engine, spark_engine))  # fmt: skip
    assert duck == {
        name: pytest.approx(value, rel=1e-9) if isinstance(value, float) else value
        for name, value in spark.items()
    }


def test_every_feature_is_in_the_dictionary_and_the_dictionary_in_the_docs(
    warm_engine: Any,
) -> None:
    row = feature_rows(warm_engine, tables_with(later=False))[1]
    computed = {name for name in row if not name.startswith("carried_")}
    assert computed == {meaning.name for meaning in MEANINGS}
    docs = Path(__file__).parents[2] / "docs" / "features.md"
    assert docs.read_text(encoding="utf-8").endswith(markdown())

"""What leaves the engine: counts of who paid in full, by balance and cohort."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from tests.portfolio.zones import made_up
from tideover.portfolio.zones import balance_counts, bands, learn
from tideover.portfolio.zones.counts import Counts

SCHEMA = pa.schema([
    ("account_no", pa.int64()), ("currency", pa.string()), ("commodity", pa.string()),
    ("segment", pa.string()), ("usual_bill_minor", pa.float64()),
    ("deprivation_index", pa.float64()), ("unemployment_rate", pa.float64()),
    ("median_income", pa.float64()), ("arrears_minor", pa.int64()),
    ("paid_in_full_30d", pa.int8()),
])  # fmt: skip


def row(account_no: int, arrears_minor: int, paid: int | None, **other: Any) -> dict[str, Any]:
    """Return one account at one snapshot."""
    return {"account_no": account_no, "currency": "EUR", "commodity": "gas",
            "segment": "residential", "usual_bill_minor": 6000.0, "deprivation_index": None,
            "unemployment_rate": 4.0, "median_income": None, "arrears_minor": arrears_minor,
            "paid_in_full_30d": paid, **other}  # fmt: skip


def counted(engine: Any, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the counts of some history, in order."""
    engine.view_arrow("history", pa.Table.from_pylist(rows, schema=SCHEMA))
    history = engine.table("history")
    table = engine.arrow(balance_counts(engine, history, bands(engine, history)))
    return sorted(table.to_pylist(), key=lambda r: tuple(str(value) for value in r.values()))


def test_censored_outcomes_and_accounts_without_arrears_are_left_out(engine: Any) -> None:
    (only,) = counted(engine, [row(1, 500, None), row(2, 0, 1), row(3, 700, 1)])
    assert (only["arrears_minor"], only["n"], only["paid"]) == (700, 1, 1)


def test_snapshots_at_one_balance_are_counted_together(engine: Any) -> None:
    (only,) = counted(engine, [row(1, 500, 1), row(6, 500, 0), row(11, 500, 1)])
    assert (only["n"], only["paid"], only["fold"]) == (3, 2, 1)


def test_an_account_is_in_one_fold_at_all_its_snapshots(engine: Any) -> None:
    found = counted(engine, [row(7, minor, 0) for minor in (100, 200, 300)])
    assert {r["fold"] for r in found} == {2}


def test_usual_bills_fall_in_thirds_and_unknown_ones_apart(engine: Any) -> None:
    rows = [row(1, 1, 0, usual_bill_minor=bill)
            for bill in (4000.0, 4000.0, 6050.0, 6050.0, 9000.0, 9000.0, None)]  # fmt: skip
    found = counted(engine, rows)
    assert [(r["usual_bill"], r["n"]) for r in found] == [(-1, 1), (0, 2), (1, 2), (2, 2)]
    named = bands(engine, engine.table("history"))
    assert [named.bill_name(band, "EUR") for band in (-1, 0, 1, 2)] == [
        "unknown", "up to 40.00", "40.00 to 61.00", "over 61.00"]  # fmt: skip


def test_areas_are_told_apart_by_the_first_indicator_that_is_known(engine: Any) -> None:
    rows = [row(1, 1, 0, unemployment_rate=rate) for rate in (3.0, 5.0, 8.0)]
    assert [r["area"] for r in counted(engine, rows)] == [0, 1, 2]
    assert bands(engine, engine.table("history")).area_name(0) == "unemployment_rate up to 3"


def test_history_becomes_zones(engine: Any) -> None:
    rows = [row(no, no % 600 + 1, int(no % 600 < (200 if no % 7 else 400)))
            for no in range(6000)]  # fmt: skip
    engine.view_arrow("history", pa.Table.from_pylist(rows, schema=SCHEMA))
    learnt = learn(engine, engine.table("history"), made_up.OWN, currency="EUR", seed=1)
    (zones,) = learnt.cohorts
    assert (zones.status, zones.at_minor) == ("learnt", (200, 400))


def test_spark_counts_the_same(engine: Any, spark_engine: Any) -> None:
    rows = [row(no, 100 * (no % 4 + 1), no % 2, usual_bill_minor=1000.0 * (no % 9) + 0.5,
                unemployment_rate=float(no % 5), currency="EUR" if no % 3 else "USD")
            for no in range(90)] + [row(91, 100, 1, usual_bill_minor=None)]  # fmt: skip
    assert counted(spark_engine, rows) == counted(engine, rows)


def test_counts_say_which_cohort_they_are_of() -> None:
    table = made_up.counts(*made_up.drawn_pair(), usual_bill=[0, -1], area=[2, -1])
    found = Counts.of(table, made_up.BANDS).cohort
    assert list(found["usual_bill"]) == ["up to 50.00", "unknown"]
    assert list(found["area"]) == ["deprivation_index over 7", "unknown"]

"""Where accounts stand: the columnar form against the scalar rule, and whose thresholds."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.portfolio.zones import made_up
from tideover.portfolio.zones import Cohort, Fitted, Threshold, place
from tideover.rules import zone as rule
from tideover.terms.faults import ColumnMissing

AS_OF = date(2026, 3, 15)
NEAR = st.sampled_from([0, 10_799, 10_800, 10_801, 12_000, 12_001, 36_000, 36_001, 40_001])
ARREARS = st.one_of(NEAR, st.integers(0, 60_000))
PATH = st.lists(ARREARS, min_size=13, max_size=13)
SPEED = st.integers(-15_000, 15_000).map(lambda minor: minor / 30)
ACCOUNT = st.tuples(PATH, SPEED, st.booleans())


def cohort(at: tuple[int, int], currency: str = "EUR", **where: str) -> Cohort:
    """Return a cohort with thresholds and nothing else."""
    low, high = (Threshold(minor, minor, minor) for minor in at)
    return Cohort(currency, tuple(where.items()), 9999, (low, high), (), None, None, "learnt",
                  (), ())  # fmt: skip


def fitted(*cohorts: Cohort) -> Fitted:
    own = {"EUR": ["150.00", "450.00"], "USD": ["150.00", "450.00"]}
    return Fitted(cohorts, made_up.BANDS, own, 1, "paid in full within 30 days")


def features(accounts: list[Any], **columns: list[Any]) -> pa.Table:
    """Return features of accounts given as path, speed, and first time here."""
    n = len(accounts)
    marks = {f"arrears_mark_{12 - step}_minor": pa.array([a[0][step] for a in accounts], pa.int64())
             for step in range(12)}  # fmt: skip
    return pa.table({
        "account_no": pa.array(range(n), pa.int64()),
        "as_of": pa.array([AS_OF] * n, pa.date32()),
        "currency": pa.array(columns.get("currency", ["EUR"] * n), pa.string()),
        "commodity": pa.array(columns.get("commodity", ["gas"] * n), pa.string()),
        "segment": pa.array(["residential"] * n, pa.string()),
        "usual_bill_minor": pa.array(columns.get("usual_bill_minor", [6000.0] * n), pa.float64()),
        "deprivation_index": pa.array(columns.get("area", [5.0] * n), pa.float64()),
        "arrears_minor": pa.array([a[0][12] for a in accounts], pa.int64()),
        "speed_minor_per_day": pa.array([a[1] for a in accounts], pa.float64()),
        "first_time": pa.array([a[2] for a in accounts], pa.bool_()),
        **marks,
    })  # fmt: skip


def by_the_rule(account: Any, at: tuple[int, int]) -> dict[str, Any]:
    """Return what the scalar rule says of one account."""
    path, speed, first_time = account
    found = rule.place(path, at)
    days = rule.days_to_next(found.zone, path[-1], at, speed)
    return {
        "zone": rule.ZONES[found.zone],
        "entered_on": rule.entered_on(found.entered, AS_OF),
        "first_time": first_time,
        "days_to_next": days,
        "entering_yellow_fast": rule.entering_yellow_fast(
            found.zone, path[-1], days,
            just_arrived=first_time and found.entered == rule.MARKS),
    }  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(accounts=st.lists(ACCOUNT, min_size=1, max_size=20))
def test_the_columnar_form_places_as_the_scalar_rule_does(accounts: list[Any]) -> None:
    at = (120_00, 400_00)
    placed = place(features(accounts), fitted(cohort(at))).drop_columns(["account_no", "cohort"])
    assert placed.to_pylist() == [by_the_rule(account, at) for account in accounts]


def owing(minor: int, n: int = 1) -> list[Any]:
    """Return accounts that came to owe an amount since the last month end."""
    return [([0] * 12 + [minor], 0.0, False)] * n


def test_an_account_is_placed_by_the_narrowest_cohort_it_is_in() -> None:
    learnt = fitted(
        cohort((100_00, 200_00)),
        cohort((50_00, 300_00), commodity="gas"),
        cohort((10_00, 400_00), commodity="gas", usual_bill="over 90.00"),
    )
    placed = place(
        features(owing(60_00, 3), commodity=["water", "gas", "gas"],
                 usual_bill_minor=[9500.0, 9000.0, 9000.5]), learnt)  # fmt: skip
    assert placed["cohort"].to_pylist() == ["EUR", "EUR gas", "EUR gas over 90.00"]
    assert placed["zone"].to_pylist() == ["green", "yellow", "yellow"]


def test_a_currency_nothing_was_learnt_in_has_fixed_thresholds() -> None:
    placed = place(features(owing(151_00, 2), currency=["EUR", "USD"]),
                   fitted(cohort((200_00, 300_00))))  # fmt: skip
    assert placed["cohort"].to_pylist() == ["EUR", "USD fixed"]
    assert placed["zone"].to_pylist() == ["green", "yellow"]


def test_a_currency_without_thresholds_has_everyone_green_and_says_so() -> None:
    growing = [([0] * 12 + [900_000_00], 3000.0, False)]
    (placed,) = place(features(growing, currency=["JPY"]), fitted()).to_pylist()
    assert (placed["zone"], placed["cohort"]) == ("green", "JPY without thresholds")
    assert (placed["days_to_next"], placed["entering_yellow_fast"]) == (None, False)


def test_unknown_bills_areas_and_marks_place_nobody_wrongly() -> None:
    unknown = [([None] * 12 + [130_00], None, None)]
    learnt = fitted(cohort((120_00, 400_00)), cohort((900_00, 999_00), usual_bill="up to 50.00"),
                    cohort((900_00, 999_00), area="deprivation_index up to 3"))  # fmt: skip
    (placed,) = place(features(unknown, usual_bill_minor=[None], area=[None]), learnt).to_pylist()
    assert (placed["zone"], placed["cohort"], placed["entered_on"]) == ("yellow", "EUR", AS_OF)
    assert placed["days_to_next"] is None


def test_a_zone_does_not_depend_on_which_accounts_stand_beside() -> None:
    rng = np.random.default_rng(1)
    accounts = [(list(rng.integers(0, 60_000, 13)), 1.0, False) for _ in range(50)]
    learnt = fitted(cohort((120_00, 400_00)))
    together = place(features(accounts), learnt)["zone"].to_pylist()
    assert together == [place(features([a]), learnt)["zone"][0].as_py() for a in accounts]


def test_no_accounts_make_an_empty_table_with_all_columns() -> None:
    empty = place(features([]), fitted(cohort((120_00, 400_00))))
    assert empty.num_rows == 0
    assert empty.schema == place(features(owing(1)), fitted()).schema


def test_a_missing_column_is_named_with_those_that_are_there() -> None:
    with pytest.raises(ColumnMissing) as told:
        place(features(owing(1)).drop_columns(["first_time"]), fitted())
    assert "first_time" in told.value.what
    assert "speed_minor_per_day" in told.value.mend

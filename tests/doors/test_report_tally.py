"""What the page counts, and how fresh it says the data are."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.doors.report_night import AS_OF, behind, decision, made_night
from tideover.doors.night import Results
from tideover.doors.report.feeds import Feeds, feeds
from tideover.doors.report.style import DARK, LIGHT
from tideover.doors.report.tally import FIRST_FAST, Tally, tallied
from tideover.doors.report.words import MINUS, amount
from tideover.portfolio.lake import Lake, Manifest, lake_schema, write_table
from tideover.terms import money
from tideover.terms.tables import TABLES


def counted(
    root: Path, accounts: list[dict[str, Any]], decided: list[dict[str, Any]] | None = None
) -> Tally:
    """Return what is counted over a made-up night."""
    return tallied(Results.of(made_night(root, accounts, decided or []), AS_OF))


def moves(tally: Tally, since: str) -> dict[tuple[str, str], int]:
    """Return accounts by where they stood and where they stand."""
    return {(row["from"], row["to"]): row["people"]
            for row in tally.snapshot.moves.to_pylist() if row["since"] == since}  # fmt: skip


def test_money_of_an_age_and_accounts_by_their_oldest_debt_add_up(tmp_path: Path) -> None:
    two_ages = behind(2, 40_00, 45, arrears_minor=70_00, d1_30_minor=30_00, current_minor=9_00)
    sums = counted(tmp_path, [behind(1, 50_00, 10), two_ages]).by_currency["EUR"]
    assert (sums["behind"], sums["arrears_minor"], sums["current_minor"]) == (2, 120_00, 9_00)
    assert (sums["d1_30_minor"], sums["d31_60_minor"]) == (80_00, 40_00)
    assert (sums["d1_30_accounts"], sums["d31_60_accounts"], sums["current_accounts"]) == (1, 1, 0)


@pytest.mark.parametrize(("days", "rolled"), [(30, 0), (31, 1), (37, 1), (38, 0)])
def test_a_roll_is_an_oldest_debt_that_came_of_age_within_a_week(
    tmp_path: Path, days: int, rolled: int
) -> None:
    sums = counted(tmp_path, [behind(1, 50_00, days)]).by_currency["EUR"]
    assert (sums["d31_60_rolled"], sums["d31_60_rolled_minor"]) == (rolled, rolled * 50_00)


def test_a_person_behind_on_two_accounts_is_one_person(tmp_path: Path) -> None:
    twice = [behind(1, 50_00, 5, customer_id="C7"), behind(2, 60_00, 5, customer_id="C7")]
    tally = counted(tmp_path, twice)
    assert (tally.total("behind"), len(tally.people)) == (2, 1)


def test_what_moved_is_judged_by_where_each_account_stood_then(tmp_path: Path) -> None:
    worse = behind(1, 150_00, 20, arrears_7d_ago_minor=50_00, arrears_30d_ago_minor=0)
    better = behind(2, 0, 0, arrears_7d_ago_minor=150_00, arrears_30d_ago_minor=150_00)
    new = behind(3, 50_00, 1, tenure_days=10)
    tally = counted(tmp_path, [worse, better, new])
    assert moves(tally, "week") == {("green", "yellow"): 1, ("yellow", "clear"): 1,
                                    ("green", "green"): 1}  # fmt: skip
    assert moves(tally, "month") == {("clear", "yellow"): 1, ("yellow", "clear"): 1,
                                     ("absent", "green"): 1}  # fmt: skip


def test_a_month_end_that_had_not_come_then_says_nothing_about_then(tmp_path: Path) -> None:
    # On 5 March a week ago is 26 February: the mark of 28 February was still to come. Read too
    # early, 110.00 at that month end would hold the 95.00 of a week ago in yellow.
    account = behind(1, 95_00, 20, arrears_mark_1_minor=110_00, arrears_7d_ago_minor=95_00)
    assert moves(counted(tmp_path, [account]), "week") == {("green", "yellow"): 1}


def test_the_soonest_to_reach_yellow_come_first_and_only_so_many(tmp_path: Path) -> None:
    way = [behind(no, 100_00 - no * 100, 5, speed_minor_per_day=2_00.0) for no in range(1, 25)]
    just_there = behind(30, 200_00, 5, first_time=True)
    fast = counted(tmp_path, [just_there, *way]).fast
    assert fast["account_id"].to_pylist() == [f"A{no}" for no in range(1, FIRST_FAST + 1)]


def test_decisions_are_counted_by_the_part_of_the_day_at_the_customers_place(
    tmp_path: Path,
) -> None:
    times = ("08:00", "10:59", "11:00", "17:00", "19:59")
    decided = [decision(f"A{t}", send_at=f"2026-03-06T{t}:00+09:00") for t in times]
    told = counted(tmp_path, [behind(1, 50_00, 5)], [*decided, decision("B", "holdout")]).decided
    parts = {(row["part"], row["arm"]): row["accounts"] for row in told.to_pylist()}
    assert parts == {("morning", "treated"): 2, ("afternoon", "treated"): 1,
                     ("evening", "treated"): 2, (None, "holdout"): 1}  # fmt: skip


def test_weeks_of_payments_end_on_the_day_and_leave_out_what_no_longer_stands(
    tmp_path: Path,
) -> None:
    days = [(0, None), (6, None), (7, None), (55, None), (56, None), (-1, None), (1, 2)]
    rows = [{"received_on": AS_OF - timedelta(days=back), "until_load_no": until}
            for back, until in days]  # fmt: skip
    lake = Lake(tmp_path, Manifest(parts={"payments": {"0": ["p.parquet"]}}))
    schema = lake_schema(TABLES["payments"])
    write_table(lake.folder("payments", 0) / "p.parquet", pa.Table.from_pylist(rows, schema))
    found = feeds(lake, AS_OF)
    assert found.weekly == (1, 0, 0, 0, 0, 0, 1, 2)
    assert (found.payment, found.bill) == (AS_OF, None)


@pytest.mark.parametrize(("last", "thin"), [(49, True), (50, False)])
def test_a_feed_is_thin_below_half_of_its_lowest_week(last: int, thin: bool) -> None:
    assert Feeds(AS_OF, AS_OF, AS_OF, (900, 100, 400, last)).is_thin is thin


@pytest.mark.parametrize(("newest", "stale"), [(date(2026, 3, 2), False), (date(2026, 3, 1), True),
                                               (None, True)])  # fmt: skip
def test_a_feed_is_stale_after_three_days(newest: date | None, stale: bool) -> None:
    assert Feeds(AS_OF, AS_OF, newest, (1, 1)).is_stale is stale


@given(st.integers(-(10**17), 10**17), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_an_amount_loses_no_unit_when_it_is_grouped(minor: int, currency: str) -> None:
    digits = amount(minor, currency).replace(currency, "").replace("\u00a0", "")
    assert digits.replace(",", "").replace(MINUS, "-") == money.text(minor, currency)


def luminance(colour: str) -> float:
    """Return how bright a colour is, as WCAG 2 has it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["by day", "by night"])
def test_all_text_stands_out_from_what_is_behind_it(colours: dict[str, str]) -> None:
    pairs = [(text, ground) for text in ("ink", "soft", "accent")
             for ground in ("paper", "card", "wash")]  # fmt: skip
    pairs += [("ink", "note"), ("ink", "line"), ("on-zone", "soft")]
    for zone in ("green", "yellow", "red"):
        pairs += [("on-zone", zone), (zone, f"{zone}-tint"), ("ink", f"{zone}-tint")]
    for text, ground in pairs:
        bright, dark = sorted((luminance(colours[text]), luminance(colours[ground])))[::-1]
        assert (bright + 0.05) / (dark + 0.05) >= 4.5, (text, ground)

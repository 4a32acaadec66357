"""Indicators: shares with their intervals, counts a thousand, sums; small cells say nothing."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.conftest import REPO
from tideover.portfolio.measures import (
    GROUPS,
    MEASURES,
    SMALL,
    Figure,
    measures,
    over_weeks,
    tallied,
)

N = 40


def accounts(**said: list[object]) -> pd.DataFrame:
    """Return forty accounts in arrears, of which ten cured; and what is said of them."""
    columns: dict[str, object] = {measure.column: [0.0] * N for measure in MEASURES}
    columns |= {name: ["same"] * N for name in GROUPS}
    columns |= {measure.over: [0.0] * N for measure in MEASURES if measure.over}
    columns |= {measure.who: [True] * N for measure in MEASURES if measure.who}
    columns |= {"currency": ["EUR"] * N, "contacts": [5] * N, "swayed": [0.0] * N,
                "bucket_before": ["d1_30"] * N,
                "bucket_now": ["current"] * 10 + ["d1_30"] * 30}  # fmt: skip
    return pd.DataFrame(columns | {"cured": [1.0] * 10 + [0.0] * 30} | said)


def figures(rows: pd.DataFrame) -> dict[tuple[str, str], Figure]:
    return {(one.name, one.group): one for one in measures(tallied([rows]))}


def test_a_share_comes_with_its_interval_and_leaves_out_what_cannot_be_told() -> None:
    found = figures(accounts(cured=[1.0] * 10 + [0.0] * 20 + [None] * 10))["cure_rate", "all"]
    assert (found.value, found.n) == (pytest.approx(1 / 3), 30)
    assert found.low == pytest.approx(0.1923, abs=1e-4)
    assert found.high == pytest.approx(0.5122, abs=1e-4)


def test_a_count_a_thousand_has_an_interval_even_where_none_was_seen() -> None:
    found = figures(accounts())["complaints_per_thousand", "all"]
    assert (found.value, found.low, found.n) == (0, 0, 200)
    assert found.high == pytest.approx(1000 * 3.689 / 200, abs=0.01)


def test_small_cells_say_nothing_and_a_second_one_with_a_single_one() -> None:
    """Everyone's less the others' would tell the single one."""
    found = figures(accounts(area_code=["big"] * 20 + ["few"] * 9 + ["next"] * 11))
    for name in ("few", "next"):
        assert found["cure_rate", f"area_code = {name}"] == Figure(
            "cure_rate", f"area_code = {name}", None, None, None, None)  # fmt: skip
    assert found["cure_rate", "area_code = big"].n == 20


def test_several_small_cells_hide_each_other() -> None:
    found = figures(accounts(area_code=["big"] * 20 + ["few"] * 9 + ["less"] * 1 + ["next"] * 10))
    assert [found["cure_rate", f"area_code = {name}"].n
            for name in ("big", "few", "less", "next")] == [20, None, None, 10]  # fmt: skip


def test_a_sum_to_which_few_contribute_says_nothing() -> None:
    few = [500.0] * (SMALL - 1) + [0.0] * (N - SMALL + 1)
    found = figures(accounts(arrears_now_minor=few, money_in_minor=[500.0] * N))
    assert found["arrears_minor", "all"].value is None
    assert found["money_in_minor", "all"].value == 20_000


def test_the_matrix_of_roll_rates_adds_up() -> None:
    found = figures(accounts())
    shares = [one.value or 0 for (name, group), one in found.items()
              if name.startswith("roll_from_") and group == "all"]  # fmt: skip
    assert sorted(shares) == [0.25, 0.75]


def test_the_matrix_is_told_by_group_and_a_small_group_hides_a_second() -> None:
    found = figures(accounts(zone=["green"] * 15 + ["red"] * 25,
                             area_code=["big"] * 20 + ["few"] * 9 + ["next"] * 11))  # fmt: skip
    assert found["roll_from_d1_30_to_current", "zone = green"].value == pytest.approx(10 / 15)
    assert found["roll_from_d1_30_to_d1_30", "zone = red"].value == 1
    assert found["roll_from_d1_30_to_current", "zone = red"].value == 0
    told = [found["roll_from_d1_30_to_d1_30", f"area_code = {name}"].n
            for name in ("big", "few", "next")]  # fmt: skip
    assert told == [20, None, None]
    assert not [group for name, group in found if "roll_from" in name and "bucket" in group]


def test_accounts_may_come_in_parts_and_in_any_order() -> None:
    rows = accounts(area_code=["a"] * 12 + ["b"] * 13 + [None] * 15, stayed=[1.0, None] * 20)
    parts = [rows.iloc[30:], rows.iloc[:7], rows.iloc[7:30]]
    assert list(measures(tallied(parts))) == list(measures(tallied([rows])))


def test_currencies_are_never_added() -> None:
    found = figures(accounts(currency=["EUR"] * 20 + ["USD"] * 20, money_in_minor=[10.0] * N))
    assert found["money_in_minor", "all, EUR"].value == 200
    assert ("money_in_minor", "all") not in found


def test_ratios_are_of_sums_and_say_nothing_of_few() -> None:
    cost = [8.0] * SMALL + [0.0] * (N - SMALL)
    found = figures(accounts(contact_cost_minor=cost, money_in_minor=[16.0] * N, one=[1.0] * N))
    assert found["cost_per_account_minor", "all"].value == 2
    assert found["cost_per_money_in", "all"].value == 80 / 640
    few = figures(accounts(contact_cost_minor=[8.0] * 3 + [0.0] * 37, money_in_minor=[16.0] * N))
    assert few["cost_per_money_in", "all"].n is None


def test_a_score_lies_between_its_ends_even_where_all_agree() -> None:
    found = figures(accounts(ratings=[1.0] * N, net_promoters=[1.0] * N, swayed=[1.0] * N))
    score = found["net_promoter_score", "all"]
    assert (score.value, score.n) == (100, N)
    assert 80 < (score.low or 0) < 95
    assert score.high == 100


def test_a_week_is_told_beside_the_week_before() -> None:
    weeks = {"w1": accounts(), "w2": accounts(cured=[1.0] * 20 + [0.0] * 20, contacts=[5] * N)}
    found = {(one.name, one.group): one for one in over_weeks([
        (name, tallied([rows])) for name, rows in weeks.items()])}  # fmt: skip
    assert (found["cure_rate@w1", "all"].value, found["cure_rate@w2", "all"].value) == (0.25, 0.5)
    change = found["cure_rate@change", "all"]
    assert change.value == pytest.approx(0.25)
    assert 0 < (change.low or 0) < 0.25 < (change.high or 0) < 0.5
    assert found["complaints_per_thousand@change", "all"].low == pytest.approx(-18.4, abs=0.1)


def test_a_change_of_a_small_cell_says_nothing() -> None:
    before = tallied([accounts(area_code=["big"] * 20 + ["few"] * 20)])
    now = tallied([accounts(area_code=["big"] * 31 + ["few"] * 9)])
    found = {(one.name, one.group): one for one in over_weeks([("a", before), ("b", now)])}
    assert found["cure_rate@change", "area_code = few"].value is None
    assert found["cure_rate@change", "area_code = big"].value is None


def test_the_paper_says_every_measure_and_no_other() -> None:
    text = (Path(REPO) / "docs/measures.md").read_text(encoding="utf-8")
    named = (line.split(" | ")[0] for line in text.splitlines() if line.startswith("| `"))
    told = {name for cell in named for name in cell.split("`")[1::2]}
    assert told == {measure.name for measure in MEASURES} | {"roll_from_<bucket>_to_<bucket>"}

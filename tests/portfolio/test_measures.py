"""Indicators: shares with their intervals, counts a thousand, sums; small cells say nothing."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.conftest import REPO
from tideover.portfolio.measures import GROUPS, MEASURES, SMALL, Figure, measures

N = 40


def accounts(**said: list[object]) -> pd.DataFrame:
    """Return forty accounts in arrears, of which ten cured; and what is said of them."""
    columns: dict[str, object] = {measure.column: [0.0] * N for measure in MEASURES}
    columns |= {name: ["same"] * N for name in GROUPS}
    columns |= {name: [True] * N for name in ("behind", "behind_held_out", "behind_contacted")}
    columns |= {"currency": ["EUR"] * N, "contacts": [5] * N, "bucket_before": ["d1_30"] * N,
                "bucket_now": ["current"] * 10 + ["d1_30"] * 30}  # fmt: skip
    return pd.DataFrame(columns | {"cured": [1.0] * 10 + [0.0] * 30} | said)


def figures(rows: pd.DataFrame) -> dict[tuple[str, str], Figure]:
    return {(one.name, one.group): one for one in measures(rows)}


def test_a_share_comes_with_its_interval_and_leaves_out_what_cannot_be_told() -> None:
    found = figures(accounts(cured=[1.0] * 10 + [0.0] * 20 + [None] * 10))["cure_rate", "all"]
    assert (found.value, found.n) == (pytest.approx(1 / 3), 30)
    assert found.low == pytest.approx(0.1923, abs=1e-4)
    assert found.high == pytest.approx(0.5122, abs=1e-4)


def test_a_count_a_thousand_has_an_interval_even_where_none_was_seen() -> None:
    found = figures(accounts())["complaints_per_thousand", "all"]
    assert (found.value, found.low, found.n) == (0, 0, 200)
    assert found.high == pytest.approx(1000 * 3.689 / 200, abs=0.01)


def test_small_cells_say_nothing() -> None:
    found = figures(accounts(area_code=["big"] * 31 + ["few"] * 9))
    assert found["cure_rate", "area_code = few"] == Figure(
        "cure_rate", "area_code = few", None, None, None, None)  # fmt: skip
    assert found["cure_rate", "area_code = big"].n == 31


def test_a_sum_to_which_few_contribute_says_nothing() -> None:
    few = [500.0] * (SMALL - 1) + [0.0] * (N - SMALL + 1)
    found = figures(accounts(arrears_now_minor=few, money_in_minor=[500.0] * N))
    assert found["arrears_minor", "all"].value is None
    assert found["money_in_minor", "all"].value == 20_000


def test_the_matrix_of_roll_rates_adds_up() -> None:
    found = figures(accounts())
    shares = [one.value or 0 for (name, _), one in found.items() if name.startswith("roll_from_")]
    assert sorted(shares) == [0.25, 0.75]


def test_currencies_are_never_added() -> None:
    found = figures(accounts(currency=["EUR"] * 20 + ["USD"] * 20, money_in_minor=[10.0] * N))
    assert found["money_in_minor", "all, EUR"].value == 200
    assert ("money_in_minor", "all") not in found


def test_the_paper_says_every_measure_and_no_other() -> None:
    text = (Path(REPO) / "docs/measures.md").read_text(encoding="utf-8")
    told = {line.split("`")[1] for line in text.splitlines() if line.startswith("| `")}
    assert told == {measure.name for measure in MEASURES} | {"roll_from_<bucket>_to_<bucket>"}

"""Measures against numbers worked out by hand, and laws they must keep."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tideover.portfolio.scores.calibration import calibrate, pooled
from tideover.portfolio.scores.measures import (
    calibration_points,
    error_by_chance,
    evaluate,
    with_intervals,
)

PAIRS = st.lists(st.tuples(st.floats(0.01, 0.99), st.integers(0, 1)), min_size=2, max_size=60)


def drawn(n: int, *, bend: float = 1.0, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Return probabilities and what followed by them to the power of bend."""
    rng = np.random.default_rng(seed)
    p = rng.uniform(0.05, 0.95, n)
    return p, (rng.random(n) < p**bend).astype(float)


def test_measures_are_those_worked_out_by_hand() -> None:
    found = evaluate([0.8, 0.6, 0.4, 0.2], [1, 0, 1, 0])
    assert found["auc"] == pytest.approx(0.75)
    assert found["brier"] == pytest.approx((0.04 + 0.36 + 0.36 + 0.04) / 4)
    assert found["log_loss"] == pytest.approx(-(2 * np.log(0.8) + 2 * np.log(0.4)) / 4)
    assert found["ece"] == pytest.approx((0.2 + 0.6 + 0.6 + 0.2) / 4)


def test_nothing_to_measure_is_null_and_not_a_number() -> None:
    assert evaluate([], []) == {"auc": None, "log_loss": None, "brier": None, "ece": None, "n": 0}
    assert evaluate([0.2, 0.3], [1, 1])["auc"] is None


@given(PAIRS)
def test_auc_is_the_share_of_pairs_in_the_right_order(pairs: list[tuple[float, int]]) -> None:
    ones = [p for p, y in pairs if y]
    zeros = [p for p, y in pairs if not y]
    wins = [(a > b) + (a == b) / 2 for a in ones for b in zeros]
    auc = evaluate(*zip(*pairs, strict=True))["auc"]
    assert auc == (pytest.approx(np.mean(wins)) if wins else None)


@given(PAIRS)
def test_measures_do_not_depend_on_a_monotone_scale_or_leave_their_range(
    pairs: list[tuple[float, int]],
) -> None:
    p, y = (np.array(each) for each in zip(*pairs, strict=True))
    found = evaluate(p, y)
    scaled = p / 2 + 0.25
    same_order = len(np.unique(scaled)) == len(np.unique(p))  # two floats may fall together
    assert found["auc"] == evaluate(scaled, y)["auc"] or not same_order
    assert 0 <= found["brier"] <= 1
    assert 0 <= found["ece"] <= 1


def test_intervals_hold_the_value_and_narrow_with_more_rows() -> None:
    widths = []
    for n in (500, 8000):
        p, y = drawn(n)
        value, low, high = with_intervals(p, y, account_no=np.arange(n), seed=1)["auc"]
        assert low < value < high
        widths.append(high - low)
    assert widths[1] < widths[0] / 2.5


def test_honest_probabilities_err_as_chance_says() -> None:
    p, _ = drawn(4000)
    errors = [
        evaluate(p, np.random.default_rng(k + 100).random(4000) < p)["ece"] for k in range(40)
    ]
    assert np.mean(errors) == pytest.approx(error_by_chance(p), rel=0.15)


def test_calibration_points_show_what_was_said_and_seen() -> None:
    points = calibration_points(*drawn(5000))
    assert [point["n"] for point in points] == [500] * 10
    assert all(point["low"] <= point["seen"] <= point["high"] for point in points)
    assert sum(point["low"] <= point["said"] <= point["high"] for point in points) >= 7


def test_an_honest_model_is_left_alone() -> None:
    assert calibrate(*drawn(6000)) is None
    assert calibrate(*drawn(150)) is None


@pytest.mark.parametrize(("n", "kind"), [(3000, "Platt"), (12_000, "isotonic")])
def test_a_dishonest_model_is_made_honest(n: int, kind: str) -> None:
    curve = calibrate(*drawn(n, bend=2.0))
    assert curve is not None
    assert curve.kind == kind
    p, y = drawn(n, bend=2.0, seed=9)
    assert evaluate(curve(p), y)["ece"] < evaluate(p, y)["ece"] / 2


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_pooled_rates_rise_and_keep_the_mean(rates: list[float]) -> None:
    pools = pooled(np.array(rates), np.ones(len(rates)))
    levels = [rate for _, rate, _ in pools]
    assert all(a < b for a, b in pairwise(levels))
    assert sum(size for size, _, _ in pools) == len(rates)
    assert sum(r * w for _, r, w in pools) == pytest.approx(sum(rates))

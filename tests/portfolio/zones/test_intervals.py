"""How sure a threshold is."""

from __future__ import annotations

import numpy as np

from tests.portfolio.zones import coverage, made_up
from tideover.portfolio.zones import search
from tideover.portfolio.zones.intervals import intervals


def test_the_same_seed_draws_the_same_interval() -> None:
    histogram = made_up.stepped(3, 6000)
    cuts = search(histogram)
    once, again = (intervals(histogram, cuts, np.random.default_rng(11), draws=50)
                   for _ in range(2))  # fmt: skip
    assert once == again


def test_an_interval_holds_its_cut_and_is_no_single_edge() -> None:
    histogram = made_up.stepped(4, 20_000)
    cuts = search(histogram)
    for cut, (low, high) in zip(
        cuts, intervals(histogram, cuts, np.random.default_rng(1), draws=100), strict=True
    ):
        assert low <= cut <= high
        assert low < high


def test_more_customers_make_an_interval_narrower() -> None:
    widths = []
    for n in (4000, 40_000):
        histogram = made_up.stepped(6, n)
        ends = intervals(histogram, search(histogram), np.random.default_rng(1), draws=60)
        widths.append([high - low for low, high in ends])
    assert np.all(np.array(widths[1]) < np.array(widths[0]) / 3)


def test_intervals_mostly_hold_the_truth() -> None:
    """The whole simulation is in docs/zones.md; here, 20 sets with few draws."""
    assert min(coverage.covered("step", customers=5000, sets=20, draws=60)) >= 0.85

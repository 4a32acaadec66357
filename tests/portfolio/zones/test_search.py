"""The exact search for two cuts."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.portfolio.zones import made_up
from tideover.portfolio.zones import Histogram, search

GROUP = st.integers(20, 40).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))


def likelihood(n: Any, paid: Any) -> float:
    """Return the log-likelihood of one zone at its own rate, written out."""
    rate = paid / n
    return sum(k * np.log(p) for k, p in ((paid, rate), (n - paid, 1 - rate)) if k)


def by_hand(n: Any, paid: Any) -> float | None:
    """Return the best log-likelihood over all pairs of cuts that are allowed."""
    found = []
    for a, b in combinations(range(1, len(n)), 2):
        parts = [slice(0, a), slice(a, b), slice(b, None)]
        sums = [(n[part].sum(), paid[part].sum()) for part in parts]
        falls = all(p * m >= q * k for (k, p), (m, q) in pairwise(sums))
        if falls and all(k >= 0.05 * n.sum() for k, _ in sums):
            found.append(sum(likelihood(k, p) for k, p in sums))
    return max(found, default=None)


@settings(max_examples=60, deadline=None)
@given(groups=st.lists(GROUP, min_size=3, max_size=12))
def test_no_allowed_pair_of_cuts_is_likelier_than_the_one_found(groups: Any) -> None:
    n, paid = (np.array(column, dtype=np.int64) for column in zip(*groups, strict=True))
    histogram = Histogram(np.arange(len(n)) * 10, n[None], paid[None])
    cuts, best = search(histogram), by_hand(n, paid)
    assert (cuts == ()) == (best is None)
    if cuts:
        sums = zip(*histogram.zone_counts(cuts), strict=True)
        assert np.isclose(sum(likelihood(k, p) for k, p in sums), best)


def test_the_cuts_are_found_to_a_few_cents_where_the_likelihood_drops() -> None:
    low, high = search(made_up.stepped(1, 60_000))
    assert abs(low - 120_00) <= 60
    assert abs(high - 400_00) <= 200


def test_zones_pay_less_one_after_the_other_and_none_is_tiny() -> None:
    rng = np.random.default_rng(5)
    balance = made_up.balances(rng, 5000)
    histogram = made_up.histogram(balance, rng.random(5000) < 0.3 + 0.3 * (balance > 300_00))
    n, paid = histogram.zone_counts(search(histogram))
    assert list(paid / n) == sorted(paid / n, reverse=True)
    assert min(n) >= 250


def test_a_cut_is_a_balance_that_customers_have() -> None:
    rng = np.random.default_rng(2)
    heaped = np.round(made_up.balances(rng, 8000) / 50_00).astype(np.int64) * 50_00
    histogram = made_up.histogram(heaped, rng.random(8000) < made_up.chance(heaped))
    assert search(histogram) == (100_00, 400_00)


def test_fewer_than_three_balances_make_no_zones() -> None:
    two = Histogram(np.array([10, 20]), np.array([[50, 50]]), np.array([[40, 10]]))
    assert search(two) == ()

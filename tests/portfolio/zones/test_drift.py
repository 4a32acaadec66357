"""Whether the zones still hold."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from tests.portfolio.zones import made_up
from tideover.portfolio.zones import Drift, drift


def later(seed: int, *, larger: float = 1.0, less: float = 0.0, n: int = 6000) -> pa.Table:
    """Return counts of a later time, with larger balances or less paid."""
    rng = np.random.default_rng(seed)
    balance = (made_up.balances(rng, n) * larger).astype(np.int64)
    return made_up.counts(balance, rng.random(n) < made_up.chance(balance) - less)


def against_the_fit(counts: pa.Table) -> Drift:
    """Return the drift of counts against zones learnt from others of the same kind."""
    (found,) = drift(made_up.learnt(later(1, n=12_000)), counts)
    return found


def test_other_customers_of_the_same_kind_are_no_drift() -> None:
    found = against_the_fit(later(2))
    assert found.stability < 0.02
    assert not found.calls_for_refit
    assert found.sentence.startswith("EUR: balances lie as they did (index 0.0")
    assert found.sentence.endswith("The zones hold.")


def test_balances_twice_as_large_call_for_a_new_fit() -> None:
    found = against_the_fit(later(2, larger=2.0))
    assert found.stability > 0.25
    assert found.calls_for_refit


def test_a_zone_that_surely_pays_less_calls_for_a_new_fit_and_says_so() -> None:
    found = against_the_fit(later(2, less=0.10))
    assert [change.calls_for_refit for change in found.changes] == [True, True, True]
    assert "green pays" in found.sentence
    assert "points less" in found.sentence


def test_a_few_customers_of_the_same_kind_are_no_drift_either() -> None:
    fitted = made_up.learnt(later(1, n=12_000))
    found = [drift(fitted, later(seed, n=60))[0] for seed in range(20, 40)]
    assert sum(each.calls_for_refit for each in found) <= 3


def test_nothing_to_compare_is_no_drift() -> None:
    assert drift(made_up.learnt(later(1, n=0)), later(2)) == ()
    assert drift(made_up.learnt(later(1, n=6000)), later(2, n=0)) == ()

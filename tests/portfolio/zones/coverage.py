"""How often the 95 % intervals hold the truth; `python -m tests.portfolio.zones.coverage`."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from tests.portfolio.zones import made_up
from tideover.portfolio.zones import Histogram, search
from tideover.portfolio.zones.intervals import intervals

# shape of the likelihood, customers, snapshots of each, how much customers differ (log odds)
CASES = (("step", 5000, 1, 0.0), ("step", 20_000, 1, 0.0), ("smooth", 10_000, 1, 0.0),
         ("step", 3000, 12, 1.5), ("smooth", 3000, 12, 1.5))  # fmt: skip


def drawn(shape: str, seed: int, customers: int, snapshots: int = 1, differ: float = 0.0) -> Any:
    """Return balances, payers and accounts; a customer's balance mostly stays what it was."""
    rng = np.random.default_rng(seed)
    lasting, willing = rng.normal(size=(2, customers))
    wobble = rng.normal(size=(snapshots, customers))
    keeps = 1.0 if snapshots == 1 else np.sqrt(0.9)
    log_balance = 5.3 + keeps * lasting + np.sqrt(1 - keeps**2) * wobble
    balance = np.round(np.exp(log_balance) * 100).astype(np.int64).ravel()
    chance = (made_up.chance(balance) if shape == "step"
              else 0.15 + 0.6 / (1 + (balance / 200_00) ** 1.5))  # fmt: skip
    odds = np.log(chance / (1 - chance)) + differ * np.tile(willing, snapshots)
    paid = rng.random(len(balance)) < 1 / (1 + np.exp(-odds))
    return balance, paid, np.tile(np.arange(customers), snapshots)


def sample(shape: str, seed: int, customers: int, snapshots: int, differ: float) -> Histogram:
    """Return a drawn set as a histogram."""
    balance, paid, account = drawn(shape, seed, customers, snapshots, differ)
    return made_up.histogram(balance, paid, account)


def covered(shape: str, *, customers: int, sets: int, draws: int = 500,
            of: tuple[int, float] = (1, 0.0)) -> tuple[float, float]:  # fmt: skip
    """Return the share of sets whose intervals hold the true cuts.

    Where the likelihood falls smoothly, the truth is what the search finds among two million.

    Args:
        of: Snapshots of each customer, and how much customers differ.
    """
    truth = (made_up.STEPS_MINOR if shape == "step"
             else search(sample(shape, 10**6, 2_000_000, 1, of[1])))  # fmt: skip
    hits = np.zeros(2)
    for seed in range(sets):
        histogram = sample(shape, seed, customers, *of)
        ends = intervals(histogram, search(histogram), np.random.default_rng(seed), draws=draws)
        hits += [low <= true <= high for (low, high), true in zip(ends, truth, strict=True)]
    return hits[0] / sets, hits[1] / sets


if __name__ == "__main__":
    sets = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    for shape, customers, snapshots, differ in CASES:
        low, high = covered(shape, customers=customers, sets=sets, of=(snapshots, differ))
        sys.stdout.write(f"| {shape} | {customers:,} | {snapshots} | {differ} | {low:.3f} "
                         f"| {high:.3f} |\n")  # fmt: skip
        sys.stdout.flush()

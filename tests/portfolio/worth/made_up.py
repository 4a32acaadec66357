"""Logs and experiments made up, whose truth is known."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tideover.portfolio.worth.expected import Logged


def log(
    seed: int, n: int = 2_000, *, one_for_all: bool = False
) -> tuple[Logged, np.ndarray, np.ndarray, float]:
    """Return a log of two arms drawn unevenly, propensities, a policy's arms, and its true worth.

    Those with much of a trait pay more; the log sends them arm 1 more often, and so a mean of
    what was seen is wrong.
    """
    chance = np.random.default_rng(seed)
    trait = chance.normal(size=n)
    of_one = np.clip(1 / (1 + np.exp(-1.5 * trait)), 0.1, 0.9)
    arm = (chance.random(n) < of_one).astype(int)
    pays = [1 / (1 + np.exp(-(trait - 0.5))), 1 / (1 + np.exp(-(trait - 0.2)))]
    outcome = (chance.random(n) < np.where(arm, pays[1], pays[0])).astype(float)
    wanted = np.ones(n, int) if one_for_all else (trait < 0).astype(int)
    worth = float(np.where(wanted, pays[1], pays[0]).mean())
    propensity = np.where(arm == 1, of_one, 1 - of_one)
    return Logged(outcome, arm, 2, pd.DataFrame({"trait": trait})), propensity, wanted, worth


def experiment(seed: int, n: int = 4_000, *, crossing: float = 0.0, more: float = 0.0) -> Logged:
    """Return an experiment of three arms; arm 1 adds `more`, and helps only some by `crossing`."""
    chance = np.random.default_rng(seed)
    arm, likes = chance.integers(0, 3, n), chance.integers(0, 2, n)
    base = 0.3 + 0.2 * chance.random(n)
    effect = np.where(arm == 1, more + crossing * (2 * likes - 1), 0.0)
    outcome = (chance.random(n) < base + effect).astype(float)
    traits = pd.DataFrame({"likes": np.where(likes == 1, "yes", "no"), "base": base})
    return Logged(outcome, arm, 3, traits)

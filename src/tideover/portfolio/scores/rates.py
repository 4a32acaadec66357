"""The least a score can be: how often it happened among accounts with a like debt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tideover.portfolio.scores.inputs import Facts
from tideover.portfolio.scores.outcomes import Numbers

BY = "debt_months"
EDGES = (0.5, 1.0, 2.0, 3.0, 6.0)
FEW = 20.0


@dataclass(frozen=True)
class Rates:
    """Rate by debt in usual bills; the last is for accounts whose usual bill is not known.

    Every rate is NaN where nothing was ever seen.
    """

    rate: tuple[float, ...]

    def predict(self, facts: Facts) -> Numbers:
        """Return the rate of each account's band."""
        rates: Numbers = np.take(self.rate, _band(facts))
        return rates


def fit_rates(facts: Facts, outcome: Numbers) -> Rates:
    """Count; a band's rate is drawn to everyone's as if by twenty rows more.

    Everyone's has half an outcome of each kind added (Jeffreys): of few, none is not never.
    """
    bands = len(EDGES) + 2
    n = np.bincount(_band(facts), minlength=bands)
    events = np.bincount(_band(facts), outcome, minlength=bands)
    everyone = (outcome.sum() + 0.5) / (len(outcome) + 1) if len(outcome) else np.nan
    return Rates(tuple(((events + FEW * everyone) / (n + FEW)).tolist()))


def _band(facts: Facts) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    if BY not in facts.names:
        return np.full(len(facts), len(EDGES) + 1)
    debt = facts.of(BY)
    return np.where(np.isnan(debt), len(EDGES) + 1, np.searchsorted(EDGES, debt, side="right"))

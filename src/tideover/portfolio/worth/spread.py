"""A mean of scores with its interval; rows of one unit count together."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.stats import norm, t

SURE = 0.95


class Interval(NamedTuple):
    """A value and the ends of its 95 % interval."""

    at: float
    low: float
    high: float


def mean_of(scores: np.ndarray, unit: np.ndarray | None = None) -> Interval:
    """Return the mean of scores with its interval.

    With units the spread is that between units, not rows; with few of them the ends lie wider.

    Source:
        K.-Y. Liang, S. L. Zeger, Longitudinal data analysis using generalized linear models,
        Biometrika 73 (1986), 13-22: the spread of a mean of clustered rows.
    """
    at, n = float(scores.mean()), len(scores)
    left: np.ndarray = scores - at
    if unit is not None:
        _, place = np.unique(unit, return_inverse=True)
        left = np.bincount(place, weights=left)
    units = len(left)
    if units < 2:
        return Interval(at, float("-inf"), float("inf"))
    spread = float(np.sqrt(units / (units - 1) * np.sum(left**2)) / n)
    reach = norm if unit is None else t(units - 1)
    half = float(reach.ppf((1 + SURE) / 2)) * spread
    return Interval(at, at - half, at + half)

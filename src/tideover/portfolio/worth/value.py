"""Logged propensities -> what another policy would have been worth, doubly robust.

What is expected under the policy's arm, plus what was seen to differ from it where the log did the
same, by one over the propensity. It is right when the propensities are, however wrong the
expectation. The expectation alone is never reported.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.stats import norm

from tideover.portfolio.worth.expected import Logged, expected
from tideover.portfolio.worth.spread import SURE, Interval, mean_of

FEW = 100  # effective rows; with fewer, the value is a warning
OK, FEW_EFFECTIVE, NO_OVERLAP = "ok", "few_effective_rows", "no_overlap"
DO_NOT_FIT = "propensities_do_not_fit"
_FAR, _SURELY = 0.1, 5.0


class Value(NamedTuple):
    """What a policy is worth; nothing where the log never did what it asks.

    Args:
        dr, dr_low, dr_high: Doubly robust, with its 95 % interval.
        snips: Self-normalised inverse propensity: the seen outcomes alone, weighted.
        ess: Effective sample size: so many rows of equal weight would say as much.
        max_weight: The largest weight of a row.
    """

    dr: float | None
    dr_low: float | None
    dr_high: float | None
    snips: float | None
    ess: float
    max_weight: float
    n: int
    status: str


def value(
    logged: Logged, propensity: np.ndarray, wanted: np.ndarray, *, model: np.ndarray | None = None
) -> Value:
    """Return what a policy would have been worth.

    Args:
        propensity: Of the arm that was drawn, over 0 and up to 1.
        wanted: The arm the policy asks for, a number a row.
        model: What is expected of each row under each arm; learnt, cross-fitted, where not given.

    Source:
        M. Dudik, D. Erhan, J. Langford, L. Li, Doubly robust policy evaluation and optimization,
        Statistical Science 29 (2014), 485-511; A. Swaminathan, T. Joachims, The self-normalized
        estimator for counterfactual learning, NIPS 2015.
    """
    weight = np.where(logged.arm == wanted, 1 / propensity, 0.0)
    return weighted(logged, weight, wanted, model=model)


def weighted(
    logged: Logged, weight: np.ndarray, wanted: np.ndarray, *, model: np.ndarray | None = None
) -> Value:
    """Return what a policy would have been worth that may draw among several ways itself.

    Args:
        weight: The policy's probability of what was done over the log's; 0 and up.
        wanted: The arm the policy asks for, by whichever way, a number a row.
    """
    n = len(wanted)
    ess = float(weight.sum() ** 2 / np.sum(weight**2)) if weight.any() else 0.0
    most = float(weight.max(initial=0.0))
    if not np.isin(wanted, logged.arm).all() or not weight.any():
        return Value(None, None, None, None, ess, most, n, NO_OVERLAP)
    model = expected(logged) if model is None else model
    rows = np.arange(n)
    scores = model[rows, wanted] + weight * (logged.outcome - model[rows, logged.arm])
    found = _at_least(mean_of(scores, logged.unit), logged, weight, model[rows, logged.arm])
    snips = float(np.sum(weight * logged.outcome) / weight.sum())
    return Value(*found, snips, ess, most, n, _status(weight, ess, logged.unit))


def _at_least(found: Interval, logged: Logged, weight: np.ndarray, chance: np.ndarray) -> Interval:
    """Return an interval no narrower than chance alone makes it, of what does or does not happen.

    Where something is rare the rows that count may show none of it, and so no spread at all. Where
    nobody did it, or everybody, one of two more than count may be otherwise (Laplace).
    """
    if not np.isin(logged.outcome, (0, 1)).all():
        return found
    if logged.outcome.min() == logged.outcome.max():
        chance = np.full(len(weight), 1 / (weight.sum() ** 2 / np.sum(weight**2) + 2))
    spread = float(np.sqrt(np.sum(weight**2 * chance * (1 - chance)))) / len(weight)
    half = max(found.high - found.at, float(norm.ppf((1 + SURE) / 2)) * spread)
    return Interval(found.at, found.at - half, found.at + half)


def _status(weight: np.ndarray, ess: float, unit: np.ndarray | None) -> str:
    if ess < FEW:
        return FEW_EFFECTIVE
    mean = mean_of(weight, unit)  # of weights whose propensities are right it is 1
    off = abs(mean.at - 1)
    if off > _FAR and off > _SURELY * (mean.high - mean.at) / 1.96:
        return DO_NOT_FIT
    return OK

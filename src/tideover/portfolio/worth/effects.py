"""An experiment's rows -> what each arm adds to its control, and whether people differ in that."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tideover.portfolio.worth.expected import Logged, expected
from tideover.portfolio.worth.spread import Interval, mean_of
from tideover.rules.lift import Group, lift

NO_DIFFERENCE = "no reliable difference between customers"
BY_CUSTOMER = "a choice by customer is worth more than the best single treatment"
DIFFER = "customers differ in what helps them, but the best single treatment is as good for all"
TOO_FEW = "too few people to tell customers apart"
NOT_ASKED = "no features were given, so customers were not told apart"
BEST, SAME_SHARES = "best_single", "same_shares"
FEW = 100  # people in an arm; with fewer, nothing is said of differences between them


class Personal(NamedTuple):
    """What it is worth to choose by customer.

    Args:
        over: What the gain is over: the best single arm for all (`best_single`), or as many of each
            arm given to people blindly (`same_shares`).
    """

    gain: float | None
    low: float | None
    high: float | None
    verdict: str
    over: str | None = None


def arm_lift(logged: Logged, arm: int, control: int) -> Interval:
    """Return what an arm adds to the control: the difference of their means.

    Of shares, each person a row, by Newcombe's interval (`rules/lift`); else by the spread of
    means, between units where there are any. Where all of them did it, or none, units are counted
    as people: there is no spread that would say how sure that is.
    """
    outcome, theirs, held = logged.outcome, logged.arm == arm, logged.arm == control
    both = theirs | held
    alike = outcome[both].min() == outcome[both].max()
    if (logged.unit is None or alike) and np.isin(outcome, (0, 1)).all():
        found = lift(_group(logged, theirs), _group(logged, held))
        if found is not None:
            return Interval(*found)
    mean, control_mean = outcome[theirs].mean(), outcome[held].mean()
    # each row's part in the difference of the two means, so that units may hold rows of both
    part = np.where(theirs, (outcome - mean) / theirs.sum(),
                    -(outcome - control_mean) / held.sum())  # fmt: skip
    unit = None if logged.unit is None else logged.unit[both]
    spread = mean_of(part[both] * both.sum(), unit)
    half, at = spread.high - spread.at, float(mean - control_mean)
    return Interval(at, at - half, at + half)


def _group(logged: Logged, who: np.ndarray) -> Group:
    """Return how many rows did it; of units, who then are all alike, how many units."""
    rows = int(who.sum())
    n = rows if logged.unit is None else len(np.unique(logged.unit[who]))
    return Group(round(float(logged.outcome[who].sum()) * n / rows), n)


def personal(logged: Logged) -> Personal:
    """Say whether a choice by customer is worth more than none, on people it has not seen.

    For each person others' outcomes say what each arm promises (a model an arm); what a choice is
    worth is measured doubly robust. Two gates, each passed where the gain's interval lies above
    nothing: does the best arm for each beat the best single arm for all; and, where it does not,
    does it matter at all who gets which arm? The second is what a limited number of letters or
    calls can be given out by.

    Args:
        logged: Of an experiment: arms by lot, whose shares are the propensities.
    """
    if logged.traits.shape[1] == 0:
        return Personal(None, None, None, NOT_ASKED)
    people = np.bincount(logged.arm, minlength=logged.arms)
    if people.min() < FEW:
        return Personal(None, None, None, TOO_FEW)
    model = expected(logged)
    rows, share = np.arange(len(logged.arm)), people / people.sum()
    scores = model.copy()
    left = logged.outcome - model[rows, logged.arm]
    scores[rows, logged.arm] += left / share[logged.arm]
    best = int(scores.mean(axis=0).argmax())
    over_best = mean_of(scores[rows, model.argmax(axis=1)] - scores[:, best], logged.unit)
    if over_best.low > 0:
        return Personal(*over_best, BY_CUSTOMER, BEST)
    apart = mean_of(_given_otherwise(model, scores), logged.unit)
    if apart.low > 0:
        return Personal(*apart, DIFFER, SAME_SHARES)
    return Personal(*over_best, NO_DIFFERENCE, BEST)


def _given_otherwise(model: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Return, by person, what is gained by giving arms to whom they promise most above average.

    Against as many of each arm given blindly, so what an arm does on average falls away.
    """
    chosen = (model - model.mean(axis=0)).argmax(axis=1)
    apart = scores - scores.mean(axis=0)
    share = np.bincount(chosen, minlength=scores.shape[1]) / len(chosen)
    return np.asarray(apart[np.arange(len(chosen)), chosen] - apart @ share)

"""When an account will have paid: the chance of each coming week, given not before.

A discrete hazard a week, learnt by the same learner on rows repeated a week; it beat Cox, Weibull
and survival forests on real payers. The curve is scaled to meet the score for 30 days, so the two
never disagree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from tideover.portfolio.scores.boosting import Boosting, Rows, Shape, fit_boosting
from tideover.portfolio.scores.inputs import Facts
from tideover.portfolio.scores.outcomes import WEEKS, Numbers

WEEK = "week"
SHAPE = Shape(rounds=30, leaves=7, rate=0.2, sight=1.0)
AT_A_TIME = 20_000
FEW = 20.0
DAYS = 30


class Timing(NamedTuple):
    """When accounts paid in full: the week 1..12 (NaN: not while seen), and the weeks seen."""

    weeks_to_paid: Numbers
    weeks_seen: Numbers

    @property
    def last(self) -> Numbers:
        """The last week in which an account could still pay before our eyes."""
        return np.where(np.isnan(self.weeks_to_paid), self.weeks_seen, self.weeks_to_paid)


@dataclass(frozen=True)
class Hazard:
    """The chance of paying in full in each week: everyone's, and where learnt, each account's."""

    weekly: tuple[float, ...]
    boosting: Boosting | None = None

    def paid_by(self, facts: Facts, p_paid: Numbers) -> Numbers:
        """Return the probability of having paid in full by the end of each of twelve weeks.

        Args:
            p_paid: The score for 30 days, which the curve meets.
        """
        curves = np.empty((len(facts), WEEKS))
        for start in range(0, len(facts), AT_A_TIME):
            rows = slice(start, start + AT_A_TIME)
            curves[rows] = _met(self._hazards(facts.rows(rows)), p_paid[rows])
        return curves

    def _hazards(self, facts: Facts) -> Numbers:
        if self.boosting is None:
            return np.tile(self.weekly, (len(facts), 1))
        weekly = _repeated(facts.only(self.boosting.names[:-1]))
        return self.boosting.predict(weekly).reshape(-1, WEEKS)


def _met(hazards: Numbers, p_paid: Numbers) -> Numbers:
    unpaid = np.cumsum(np.log1p(-np.clip(hazards, 1e-6, 0.999)), axis=1)
    weeks, rest = divmod(DAYS, 7)
    at_30 = unpaid[:, weeks - 1] + (unpaid[:, weeks] - unpaid[:, weeks - 1]) * rest / 7
    scale = np.log1p(-np.clip(p_paid, 1e-6, 1 - 1e-6)) / at_30
    curves: Numbers = -np.expm1(unpaid * scale[:, None])
    return curves


def _repeated(facts: Facts) -> Facts:
    week = np.tile(np.arange(1.0, WEEKS + 1), len(facts))
    values = np.column_stack([np.repeat(facts.values, WEEKS, axis=0), week])
    return Facts((*facts.names, WEEK), values)


def life_table(timing: Timing) -> tuple[float, ...]:
    """Return everyone's chance of paying in each week, among those still unpaid and seen.

    Examples:
        >>> life_table(Timing(np.array([1.0] * 50 + [np.nan] * 50), np.full(100, 12.0)))[0]
        0.5
    """
    rates: list[float] = []
    for week in range(1, WEEKS + 1):
        paid = float((timing.weeks_to_paid == week).sum())
        at_risk = float((timing.last >= week).sum())
        before = rates[-1] if rates else (paid / at_risk if at_risk else 0.0)
        rates.append((paid + FEW * before) / (at_risk + FEW))
    return tuple(rates)


def fit_hazard(facts: Facts, timing: Timing, *, signs: Sequence[int], seed: int) -> Hazard:
    """Learn when accounts pay, from rows repeated for each week they were seen unpaid."""
    weekly = _repeated(facts)
    at_risk = weekly.of(WEEK) <= np.repeat(timing.last, WEEKS)
    paid = weekly.of(WEEK) == np.repeat(timing.weeks_to_paid, WEEKS)
    rows = Rows(weekly.rows(at_risk), paid[at_risk].astype(float))
    grown = fit_boosting(rows, None, signs=[*signs, 0], seed=seed, shape=SHAPE)
    return Hazard(life_table(timing), grown)

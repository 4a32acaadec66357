"""A scorecard: each input in a few bins, each bin worth some points, points add up.

Readable as a page, good on little data, and the source of reasons. Points are weights of evidence:
the log odds of a bin less the log odds of everyone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tideover.portfolio.scores.calibration import newton, pooled, sigmoid
from tideover.portfolio.scores.inputs import Facts, known
from tideover.portfolio.scores.outcomes import Numbers

FIRST_BINS = 12
FEW = 20.0  # a bin's rate is drawn to everyone's as if by this many rows more
RIDGE = 10.0
MOST_INPUTS = 30
LEAST_WORTH = 0.005  # information value below which an input only adds noise


@dataclass(frozen=True)
class Bins:
    """One input's bins: `edges` between them, weight of evidence of each, the last for not known.

    A value on an edge belongs to the bin above it.
    """

    name: str
    edges: tuple[float, ...]
    evidence: tuple[float, ...]
    worth: float

    def of(self, values: Numbers) -> Numbers:
        """Return the weight of evidence of values."""
        place = np.searchsorted(self.edges, values, side="right")
        found: Numbers = np.take(self.evidence, np.where(np.isnan(values), -1, place))
        return found


@dataclass(frozen=True)
class Scorecard:
    """Points by bin; an account's points add up to the log odds of the outcome."""

    bins: tuple[Bins, ...]
    weights: tuple[float, ...]
    centre: tuple[float, ...]  # mean points of each input, so that points are against the typical
    level: float

    @property
    def names(self) -> tuple[str, ...]:
        """The inputs, in the order of their worth."""
        return tuple(bins.name for bins in self.bins)

    def points(self, facts: Facts) -> Numbers:
        """Return points against the typical account; a column an input of the scorecard."""
        filled = np.empty((len(facts), len(self.bins)), order="F")
        for place, bins in enumerate(self.bins):
            evidence = bins.of(facts.of(bins.name))
            filled[:, place] = self.weights[place] * evidence - self.centre[place]
        return filled

    def predict(self, facts: Facts) -> Numbers:
        """Return the probability of the outcome."""
        return sigmoid(self.level + self.points(facts).sum(axis=1))

    def importance(self, facts: Facts) -> dict[str, float]:
        """Return the share of each input in how far accounts are moved from the typical."""
        moved = np.abs(self.points(facts)).mean(axis=0)
        return dict(zip(self.names, (moved / max(moved.sum(), 1e-12)).tolist(), strict=True))


def fit_scorecard(facts: Facts, outcome: Numbers) -> Scorecard:
    """Learn a scorecard. Of its inputs none tells the opposite of what it tells alone."""
    found = [fit_bins(facts.of(name), outcome, name=name) for name in facts.names]
    chosen = sorted((bins for bins in found if bins.worth >= LEAST_WORTH),
                    key=lambda bins: -bins.worth)[:MOST_INPUTS]  # fmt: skip
    columns = [np.ones(len(outcome)), *(bins.of(facts.of(bins.name)) for bins in chosen)]
    evidence = np.column_stack(columns)
    kept = list(range(len(columns)))
    while True:
        ridge = np.array([0.0] + [RIDGE] * (len(kept) - 1))
        weights = newton(evidence[:, kept], outcome, penalty=ridge, start=np.zeros(len(kept)))
        upright = [place for place, w in zip(kept, weights, strict=True) if place == 0 or w > 0]
        if upright == kept:
            break
        kept = upright
    mean = weights * evidence[:, kept].mean(axis=0)
    return Scorecard(
        bins=tuple(chosen[place - 1] for place in kept[1:]), weights=tuple(weights[1:].tolist()),
        centre=tuple(mean[1:].tolist()), level=float(mean.sum()),
    )  # fmt: skip


def fit_bins(values: Numbers, outcome: Numbers, *, name: str) -> Bins:
    """Cut an input in bins; a number's bins rise or fall throughout, levels stand alone."""
    there = ~np.isnan(values)
    levels = bool(known(name).levels)
    edges = _level_edges(name) if levels else _quantile_edges(values[there])
    place = np.where(there, np.searchsorted(edges, values, side="right"), len(edges) + 1)
    n = np.bincount(place, minlength=len(edges) + 2).astype(np.float64)
    events = np.bincount(place, outcome, minlength=len(edges) + 2).astype(np.float64)
    if not levels:
        size = _merged(n[:-1], events[:-1])
        ends = np.cumsum(size)
        edges = edges[ends[:-1] - 1]
        starts = np.append(ends - size, len(n) - 1)
        n, events = np.add.reduceat(n, starts), np.add.reduceat(events, starts)
    everyone = outcome.mean()
    rate = (events + FEW * everyone) / (n + FEW)
    evidence = np.log(rate / (1 - rate)) - np.log(everyone / (1 - everyone))
    share, rest = n * rate / outcome.sum(), n * (1 - rate) / (1 - outcome).sum()
    return Bins(name, tuple(edges.tolist()), tuple(evidence.tolist()),
                float(((share - rest) * evidence).sum()))  # fmt: skip


def _quantile_edges(values: Numbers) -> Numbers:
    if not len(values):
        return np.array([])
    # Edges are values customers have, and each value lies in one bin.
    edges = np.unique(np.quantile(values, np.arange(1, FIRST_BINS) / FIRST_BINS, method="higher"))
    inner: Numbers = edges[edges > values.min()]
    return inner


def _level_edges(name: str) -> Numbers:
    return np.arange(1.0, len(known(name).levels)) - 0.5


def _merged(n: Numbers, events: Numbers) -> npt.NDArray[np.int64]:
    """Return how many neighbours each bin takes in, by the better of rising and falling."""
    rate = np.divide(events, n, out=np.zeros(len(n)), where=n > 0)
    rising, falling = pooled(rate, n), pooled(-rate, n)
    better = max(rising, falling, key=lambda pools: sum(r * r * w for _, r, w in pools))
    return np.array([size for size, _, _ in better])

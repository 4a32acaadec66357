"""Counts -> zones: by currency, then by the cohorts that earn thresholds of their own."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
import pyarrow as pa

from tideover.portfolio.engine import Engine, Frame
from tideover.portfolio.workspace import ZoneSettings
from tideover.portfolio.zones import gate
from tideover.portfolio.zones.counts import DIMENSIONS, Bands, Counts, balance_counts, bands
from tideover.portfolio.zones.fitted import Cohort, CurvePoint, Fitted, Rate, Status, Threshold
from tideover.portfolio.zones.intervals import intervals
from tideover.portfolio.zones.search import FOLDS, Cuts, Histogram, search
from tideover.rules.zone import ZONES
from tideover.terms.faults import Usage
from tideover.terms.money import MINOR_DIGITS

FEWEST = 5000  # customer-snapshots in a cohort
DEEPEST = 2  # dimensions that describe a cohort: more, and nobody can tell who is meant

Where = tuple[tuple[str, str], ...]
Thresholds = tuple[Threshold, ...]


def learn(
    engine: Engine, history: Frame, settings: ZoneSettings, *, currency: str, seed: int
) -> Fitted:
    """Return the zones that history shows.

    Table in: history, as `balance_counts` reads it.

    Args:
        settings: The utility's own thresholds, for where the data say nothing.
        currency: The utility's own; it has an entry even when history has nothing in it.
        seed: Makes the intervals reproducible.
    """
    edges = bands(engine, history)
    counts = engine.arrow(balance_counts(engine, history, edges))
    return fit(counts, edges, settings, currency=currency, seed=seed)


def fit(
    counts: pa.Table, edges: Bands, settings: ZoneSettings, *, currency: str, seed: int
) -> Fitted:
    """Return the zones that counts of balances show; never across currencies.

    Table in: counts, as `balance_counts` gives them.
    """
    every = Counts.of(counts, edges)
    cohorts: list[Cohort] = []
    for one in sorted({currency, *every.currency}):
        own = fixed_thresholds(settings.own(currency), one)
        cohorts += _Fit(one, own, seed).cohorts(every.where(every.currency == one))
    outcome = f"paid in full within {settings.window_days} days"
    return Fitted(tuple(cohorts), edges, settings.own(currency), seed, outcome)


def fixed_thresholds(own: Mapping[str, Sequence[str]], currency: str) -> Thresholds:
    """Return the utility's own thresholds in a currency, marked as fixed; none it did not state.

    An amount in one currency says nothing about another: 150 euros are not 150 yen.

    Examples:
        >>> [t.at_minor for t in fixed_thresholds({"EUR": ("150.00", "400")}, "EUR")]
        [15000, 40000]
        >>> fixed_thresholds({"EUR": ("150.00", "400")}, "JPY")
        ()
    """
    if currency not in own:
        return ()
    try:
        low, high = (int(Decimal(text).scaleb(MINOR_DIGITS[currency])) for text in own[currency])
    except (ArithmeticError, ValueError, TypeError):
        low = high = 0
    if not 0 < low < high:
        raise Usage("The fixed thresholds are no two rising amounts", where="[zones]",
                    mend='State them as decimals, e.g. yellow_from = "150.00"')  # fmt: skip
    return Threshold(low, low, low, True), Threshold(high, high, high, True)


def histogram_of(counts: Counts) -> Histogram:
    """Return the histogram of some rows of counts."""
    return Histogram.of(counts.balance, counts.fold, counts.n, counts.paid)


@dataclass(frozen=True)
class _Part:
    """Customers that may become a cohort: their counts, and the cuts that hold among them.

    Args:
        cuts_by_fold: Cuts learnt without each fold; none where nothing was learnt.
    """

    where: Where
    counts: Counts
    histogram: Histogram
    thresholds: Thresholds
    cuts_by_fold: Sequence[Cuts] = ((),) * FOLDS

    def split(self, dimension: str) -> Iterator[_Part]:
        """Yield its parts by a dimension; its thresholds hold in them until they earn others."""
        parts = self.counts.cohort[dimension]
        for part in np.unique(parts):
            counts = self.counts.where(parts == part)
            yield replace(self, where=(*self.where, (dimension, str(part))), counts=counts,
                          histogram=histogram_of(counts))  # fmt: skip


@dataclass(frozen=True)
class _Fit:
    """The search for cohorts in one currency."""

    currency: str
    own: Thresholds
    seed: int

    def cohorts(self, counts: Counts) -> list[Cohort]:
        """Return the cohorts of the currency, the whole first."""
        whole = _Part((), counts, histogram_of(counts), self.own)
        size = whole.histogram.size
        if size < FEWEST:
            return [self._told(whole, "too_few" if size else "fixed", None)]
        cuts, by_fold = search(whole.histogram), gate.by_fold(whole.histogram, search)
        one_rate = gate.unseen(whole.histogram, whole.cuts_by_fold)
        gain = gate.unseen(whole.histogram, by_fold).over(one_rate)
        status: Status = "flat"
        if cuts and gain > 0 and gate.bic_gain(whole.histogram, cuts) > 0:
            status, whole = "learnt", self._learnt(whole, cuts, by_fold)
        return [self._told(whole, status, gain), *self._too_few(whole), *self._earned(whole)]

    def _too_few(self, whole: _Part) -> list[Cohort]:
        """Return the parts of the whole that have too little: they keep its thresholds."""
        return [self._told(part, "too_few", None) for dimension in DIMENSIONS
                for part in whole.split(dimension) if part.histogram.size < FEWEST]  # fmt: skip

    def _earned(self, present: _Part) -> list[Cohort]:
        """Return the parts by the one dimension that saves most, and their parts in turn."""
        if len(present.where) == DEEPEST:
            return []
        taken = dict(present.where)
        tried = [self._earning(present, name) for name in DIMENSIONS if name not in taken]
        best = max(tried, key=lambda parts: sum(saved for _, _, saved in parts))
        return [cohort for part, gain, _ in best
                for cohort in (self._told(part, "learnt", gain), *self._earned(part))]  # fmt: skip

    def _earning(self, present: _Part, dimension: str) -> list[tuple[_Part, float, float]]:
        """Return the parts that earn thresholds of their own.

        They must beat the present ones on unseen folds, both with rates learnt in the part: what
        counts is where the thresholds lie. And they must lie elsewhere: where the likelihood falls
        smoothly many cuts do about as well, and a gain alone would split in vain.
        With each part: the share of deviance saved, and the log-likelihood saved.
        """
        earned = []
        for part in present.split(dimension):
            size = part.histogram.size
            if size < FEWEST or size == present.histogram.size:
                continue
            cuts, by_fold = search(part.histogram), gate.by_fold(part.histogram, search)
            old = gate.unseen(part.histogram, present.cuts_by_fold)
            new = gate.unseen(part.histogram, by_fold)
            if not (cuts and new.surely_better(old)):
                continue
            part = self._learnt(part, cuts, by_fold)
            if _elsewhere(part, present.thresholds):
                saved = float((new.loglik - old.loglik).sum())
                earned.append((part, new.over(old), saved))
        return earned

    def _learnt(self, part: _Part, cuts: Cuts, by_fold: Sequence[Cuts]) -> _Part:
        """Return the part with its cuts and their intervals, drawn from a seed of its own."""
        own = zlib.crc32(repr((self.currency, part.where)).encode())
        ends = intervals(part.histogram, cuts, np.random.default_rng([self.seed, own]))
        low, high = (Threshold(cut, *end) for cut, end in zip(cuts, ends, strict=True))
        return replace(part, thresholds=(low, high), cuts_by_fold=by_fold)

    def _told(self, part: _Part, status: Status, gain: float | None) -> Cohort:
        histogram, cuts = part.histogram, tuple(t.at_minor for t in part.thresholds)
        counted = [Rate(int(n), int(paid))
                   for n, paid in zip(*histogram.zone_counts(cuts), strict=True)]  # fmt: skip
        rates = tuple(counted + [Rate(0, 0)] * (len(ZONES) - len(counted)))
        learnt = status == "learnt"
        return Cohort(
            self.currency, part.where, histogram.size, part.thresholds, rates, gain,
            gate.curve_gain(histogram) if gain is not None else None, status,
            gate.warnings(histogram, cuts, part.cuts_by_fold) if learnt else (),
            _curve(histogram),
        )  # fmt: skip


def _elsewhere(part: _Part, present: Thresholds) -> bool:
    """Say whether a present threshold lies outside the interval of a part's own.

    Where the present ones are fixed, or there are none, there is nothing to compare: zones must
    then pass the gate that the whole did not.
    """
    if not present or present[0].fixed:
        return gate.bic_gain(part.histogram, tuple(t.at_minor for t in part.thresholds)) > 0
    return any(not own.low_minor <= other.at_minor <= own.high_minor
               for own, other in zip(part.thresholds, present, strict=True))  # fmt: skip


def _curve(histogram: Histogram) -> tuple[CurvePoint, ...]:
    if not histogram.size:
        return ()
    steps = histogram.coarse(gate.CURVE_POINTS)
    return tuple(CurvePoint(int(b), int(n), int(paid)) for b, n, paid
                 in zip(steps.balance, steps.n.sum(0), steps.paid.sum(0), strict=True))  # fmt: skip

"""Whether the zones still hold: present balances and rates against those of the last fit."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
import pyarrow as pa

from tideover.portfolio.zones.counts import Counts
from tideover.portfolio.zones.fitted import Cohort, Fitted, Rate
from tideover.portfolio.zones.learn import histogram_of
from tideover.portfolio.zones.search import Histogram, Ints
from tideover.rules.zone import ZONES

SHIFTED = 0.25  # population stability index from which balances are another population
MOVED = 0.05  # change of a zone's rate from which, when it is sure, a new fit is called for


@dataclass(frozen=True)
class Change:
    """How much a zone's share of payers changed since the fit, with its 95 % interval."""

    zone: str
    by: float
    low: float
    high: float

    @property
    def sure(self) -> bool:
        """Say whether it is more than chance."""
        return self.low > 0 or self.high < 0

    @property
    def calls_for_refit(self) -> bool:
        """Say whether it is sure, and large enough to matter."""
        return self.sure and abs(self.by) >= MOVED


@dataclass(frozen=True)
class Drift:
    """What changed for one cohort since the fit.

    Args:
        stability: Population stability index of the balances; 0 when only chance moved them.
        n: Customer-snapshots it was judged on.
    """

    cohort: str
    n: int
    stability: float
    changes: tuple[Change, ...]

    @property
    def calls_for_refit(self) -> bool:
        """Say whether the zones should be learnt again."""
        return self.stability >= SHIFTED or any(c.calls_for_refit for c in self.changes)

    @property
    def sentence(self) -> str:
        """Return it in words."""
        balances = "have shifted" if self.stability >= SHIFTED else "lie as they did"
        rates = [f"{c.zone} pays {abs(c.by) * 100:.1f} points {'more' if c.by > 0 else 'less'} "
                 f"({c.low * 100:+.1f} to {c.high * 100:+.1f})"
                 for c in self.changes if c.sure]  # fmt: skip
        advice = "Learn the zones again." if self.calls_for_refit else "The zones hold."
        return (f"{self.cohort}: balances {balances} (index {self.stability:.2f}); "
                f"{', '.join(rates) or 'no zone surely pays differently'}. {advice}")  # fmt: skip


def drift(fitted: Fitted, counts: pa.Table) -> tuple[Drift, ...]:
    """Compare present counts with the last fit, for each cohort with zones of its own.

    Table in: counts, as `balance_counts` gives them with the bands of the fit. A cohort without
        a customer-snapshot is left out.
    """
    every = Counts.of(counts, fitted.bands)
    found = []
    for cohort in fitted.cohorts:
        if cohort.where and cohort.status != "learnt":
            continue
        mine = every.currency == cohort.currency
        for dimension, part in cohort.where:
            mine = mine & (every.cohort[dimension] == part)
        present = histogram_of(every.where(mine))
        if cohort.curve and cohort.thresholds and present.size:
            found.append(_compared(cohort, present))
    return tuple(found)


def _compared(cohort: Cohort, present: Histogram) -> Drift:
    edges = tuple(point.balance_minor for point in cohort.curve[:-1])
    now, _ = present.zone_counts(edges)
    then = np.array([point.n for point in cohort.curve], dtype=np.int64)
    rates = zip(*present.zone_counts(cohort.at_minor), strict=True)
    changes = tuple(
        _change(zone, former, Rate(int(n), int(paid)))
        for zone, former, (n, paid) in zip(ZONES, cohort.rates, rates, strict=True)
        if former.n and n
    )
    return Drift(cohort.name, present.size, _stability(then, now), changes)


def _stability(then: Ints, now: Ints) -> float:
    """Return the population stability index, less what chance alone makes of it.

    Half a person is added to each step, so that an empty one does not count without end.
    """
    before, after = ((x + 0.5) / (x.sum() + 0.5 * len(x)) for x in (then, now))
    index = ((after - before) * np.log(after / before)).sum()
    by_chance = (len(then) - 1) * (1 / then.sum() + 1 / now.sum())
    return max(float(index - by_chance), 0.0)


def _change(zone: str, then: Rate, now: Rate) -> Change:
    """Return a change of rate with Newcombe's interval, which holds for small counts too."""
    p, q = now.paid / now.n, then.paid / then.n
    (p_low, p_high), (q_low, q_high) = now.interval, then.interval
    by = p - q
    return Change(zone, by, by - sqrt((p - p_low) ** 2 + (q_high - q) ** 2),
                  by + sqrt((p_high - p) ** 2 + (q - q_low) ** 2))  # fmt: skip

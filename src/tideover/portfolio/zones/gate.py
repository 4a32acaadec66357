"""Whether zones are there at all, and what they are worth on people not learnt from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log, sqrt

import numpy as np

from tideover.portfolio.zones.search import Cuts, Floats, Histogram, Ints, loglik, quantile_places

CURVE_POINTS = 20
SURE = 3.0  # standard errors over the folds; 13 parts are tried, so two would let one through

Learner = Callable[[Histogram], Cuts]


@dataclass(frozen=True)
class Unseen:
    """How likely each fold of accounts was under cuts and rates learnt from the others."""

    loglik: Floats

    def over(self, other: Unseen) -> float:
        """Return the share of the other's deviance that this one saves."""
        return float(1 - self.loglik.sum() / other.loglik.sum())

    def surely_better(self, other: Unseen) -> bool:
        """Say whether it is better by more than chance between folds."""
        gain = self.loglik - other.loglik
        return bool(gain.mean() > SURE * gain.std(ddof=1) / sqrt(len(gain)))


def unseen(histogram: Histogram, cuts_by_fold: Sequence[Cuts]) -> Unseen:
    """Return how cuts do on each fold; the rates come from the other folds of this histogram.

    Args:
        cuts_by_fold: For each fold, cuts that were learnt without it.
    """
    likelihoods = []
    for fold, cuts in enumerate(cuts_by_fold):
        n, paid = histogram.without(fold).zone_counts(cuts)
        rate = (paid + 0.5) / (n + 1)  # never 0 or 1: one surprise must not cost infinity
        n, paid = histogram.only(fold).zone_counts(cuts)
        likelihoods.append((paid * np.log(rate) + (n - paid) * np.log1p(-rate)).sum())
    return Unseen(np.array(likelihoods))


def unseen_counts(histogram: Histogram, cuts_by_fold: Sequence[Cuts]) -> tuple[Ints, Ints]:
    """Return customer-snapshots and payers in three zones, each fold by the others' cuts."""
    folds = [histogram.only(fold).zone_counts(cuts)
             for fold, cuts in enumerate(cuts_by_fold) if len(cuts) == 2]  # fmt: skip
    n, paid = np.sum(folds, axis=0) if folds else np.zeros((2, 3), dtype=np.int64)
    return n, paid


def by_fold(histogram: Histogram, learn: Learner) -> list[Cuts]:
    """Return the cuts learnt without each fold."""
    return [learn(histogram.without(fold)) for fold in range(len(histogram.n))]


def curve_cuts(histogram: Histogram) -> Cuts:
    """Return cuts into up to 20 equal parts: what a smooth curve could tell at most."""
    places = quantile_places(histogram.n.sum(0), CURVE_POINTS)
    return tuple(int(b) for b in histogram.balance[places] if b < histogram.balance[-1])


def bic_gain(histogram: Histogram, cuts: Cuts, simpler: Cuts = ()) -> float:
    """Return by how much the BIC of cuts is better than that of simpler ones; below zero, worse.

    A zone costs two numbers: its rate and its cut.
    """
    more, less = (float(loglik(*(c.astype(np.float64) for c in histogram.zone_counts(x))).sum())
                  for x in (cuts, simpler))  # fmt: skip
    return 2 * (more - less) - 2 * (len(cuts) - len(simpler)) * log(histogram.size)


def curve_gain(histogram: Histogram) -> float:
    """Return the share of deviance that a 20-step curve saves on unseen folds.

    Zones that save about as much lose nothing; where they save much less, the likelihood falls
    smoothly and there is no real threshold.
    """
    curve = unseen(histogram, by_fold(histogram, curve_cuts))
    return curve.over(unseen(histogram, [()] * len(histogram.n)))


def warnings(histogram: Histogram, cuts: Cuts, cuts_by_fold: Sequence[Cuts]) -> tuple[str, ...]:
    """Return what a manager must know before trusting learnt zones, in sentences."""
    found = []
    n, paid = unseen_counts(histogram, cuts_by_fold)
    if paid[2] * n[1] > paid[1] * n[2]:
        found.append(
            f"Not monotone: on unseen accounts red pays more than yellow "
            f"({paid[2] / n[2]:.1%} against {paid[1] / n[1]:.1%})"
        )
    if any(bic_gain(histogram, cuts, (cut,)) <= 0 for cut in cuts):
        found.append("One drop is clear, the other is no more than chance")
    return tuple(found)

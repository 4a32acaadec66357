"""The two balances at which the likelihood of paying drops most, by exact search over counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

BINS = 200  # cuts tried in the first, exact pass
SMALLEST_SHARE = 0.05  # of the customer-snapshots, in each zone
FOLDS = 5


@dataclass(frozen=True)
class Histogram:
    """How many customer-snapshots stood at each balance, and how many of them paid in full.

    Args:
        balance: Balances that customers had, ascending, each once; minor units.
        n: Customer-snapshots, a row a fold.
        paid: Those of them that paid in full, a row a fold.
    """

    balance: Ints
    n: Ints
    paid: Ints

    @classmethod
    def of(cls, balance: Ints, fold: Ints, n: Ints, paid: Ints) -> Histogram:
        """Gather rows of counts."""
        values, at = np.unique(balance, return_inverse=True)
        sums = np.zeros((2, FOLDS, len(values)), dtype=np.int64)
        np.add.at(sums[0], (fold, at), n)
        np.add.at(sums[1], (fold, at), paid)
        return cls(values, sums[0], sums[1])

    @property
    def size(self) -> int:
        """Return the number of customer-snapshots."""
        return int(self.n.sum())

    def only(self, fold: int) -> Histogram:
        """Return one fold of it."""
        return Histogram(self.balance, self.n[[fold]], self.paid[[fold]])

    def without(self, fold: int) -> Histogram:
        """Return all folds but one."""
        rest = np.arange(len(self.n)) != fold
        return Histogram(self.balance, self.n[rest], self.paid[rest])

    def coarse(self, cells: int) -> Histogram:
        """Return it with at most so many balances, each cell named by its largest balance."""
        last = np.unique(np.append(quantile_places(self.n.sum(0), cells), len(self.balance) - 1))
        first = np.append(0, last[:-1] + 1)
        return Histogram(self.balance[last], np.add.reduceat(self.n, first, axis=1),
                         np.add.reduceat(self.paid, first, axis=1))  # fmt: skip

    def zone_counts(self, cuts: Cuts) -> tuple[Ints, Ints]:
        """Return customer-snapshots, and those that paid, in each zone the cuts make."""
        zone, zones = np.searchsorted(cuts, self.balance, side="left"), len(cuts) + 1
        n = np.bincount(zone, weights=self.n.sum(0), minlength=zones)
        paid = np.bincount(zone, weights=self.paid.sum(0), minlength=zones)
        return n.astype(np.int64), paid.astype(np.int64)


Cuts = tuple[int, ...]  # the largest balance of each zone but the last; none is one zone


def quantile_places(n: Ints, cells: int) -> Ints:
    """Return the places in a row of counts that part it into cells of about equal size."""
    running = np.cumsum(n)
    return np.unique(np.searchsorted(running, np.arange(1, cells) / cells * running[-1]))


def loglik(n: Floats, paid: Floats) -> Floats:
    """Return the log-likelihood of groups at their own rates."""
    return _xlogx(paid) + _xlogx(n - paid) - _xlogx(n)


def _xlogx(x: Floats) -> Floats:
    return x * np.log(np.maximum(x, 0.5))  # counts: what is below one is nought


def search(histogram: Histogram) -> Cuts:
    """Return the two cuts that make three zones likeliest, or none where three cannot be made.

    All pairs of up to 200 quantile cuts are tried, each zone paying no more than the one before
    and holding 5 % or more; then the cuts move over every balance customers have, one after the
    other, between the neighbours of the best pair. A cut means "at most this balance".

    Examples:
        >>> balance = np.arange(1, 301)
        >>> paid = np.where(balance <= 100, 9, np.where(balance <= 200, 5, 1))
        >>> search(Histogram(balance, np.full((1, 300), 10), paid[None]))
        (100, 200)
    """
    pairs = _Pairs(histogram)
    edges = quantile_places(histogram.n.sum(0), BINS)
    edges = edges[edges < len(histogram.balance) - 1]
    first, second = np.triu_indices(len(edges), 1)
    if len(first) == 0:
        return ()
    scores = pairs.scores(edges[first], edges[second])
    best = int(np.argmax(scores))
    if not np.isfinite(scores[best]):
        return ()
    low, high = pairs.refined(edges, int(edges[first[best]]), int(edges[second[best]]))
    return int(histogram.balance[low]), int(histogram.balance[high])


class _Pairs:
    """How likely the counts are under each pair of cuts, given by their places."""

    def __init__(self, histogram: Histogram) -> None:
        self.n = np.cumsum(histogram.n.sum(0), dtype=np.float64)
        self.paid = np.cumsum(histogram.paid.sum(0), dtype=np.float64)
        self.upto = loglik(self.n, self.paid)
        self.above = loglik(self.n[-1] - self.n, self.paid[-1] - self.paid)

    def scores(self, low: Ints, high: Ints) -> Floats:
        """Return the log-likelihood of pairs; minus infinity where a zone breaks the rules."""
        n1, paid1 = self.n[low], self.paid[low]
        n2, paid2 = self.n[high] - n1, self.paid[high] - paid1
        n3, paid3 = self.n[-1] - self.n[high], self.paid[-1] - self.paid[high]
        fewest = SMALLEST_SHARE * self.n[-1]
        allowed = (n1 >= fewest) & (n2 >= fewest) & (n3 >= fewest)
        allowed &= (paid1 * n2 >= paid2 * n1) & (paid2 * n3 >= paid3 * n2)
        likelihood = self.upto[low] + loglik(n2, paid2) + self.above[high]
        return np.where(allowed, likelihood, -np.inf)

    def refined(self, edges: Ints, low: int, high: int) -> tuple[int, int]:
        """Return the best places near a pair, each cut moved in turn until neither moves."""
        low_from, low_to = _neighbours(edges, low)
        high_from, high_to = _neighbours(edges, high)
        former = (-1, -1)
        while former != (low, high):  # the likelihood rises at each move, so this ends
            former = (low, high)
            places = np.arange(low_from, min(low_to, high - 1) + 1)
            low = _best(places, self.scores(places, np.array([high])), low)
            places = np.arange(max(high_from, low + 1), high_to + 1)
            high = _best(places, self.scores(np.array([low]), places), high)
        return low, high


def _neighbours(edges: Ints, place: int) -> tuple[int, int]:
    at = int(np.searchsorted(edges, place))
    return int(edges[max(at - 1, 0)]), int(edges[min(at + 1, len(edges) - 1)])


def _best(places: Ints, scores: Floats, former: int) -> int:
    """Return the best place; the former one unless another is better."""
    better = int(np.argmax(scores))
    return int(places[better]) if scores[better] > scores[places == former].max() else former

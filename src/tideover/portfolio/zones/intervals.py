"""How sure a threshold is: the same search on 500 redrawn histograms."""

from __future__ import annotations

import numpy as np

from tideover.portfolio.zones.search import Cuts, Histogram, search

DRAWS = 500
CELLS = 2000  # fine enough that an interval does not collapse onto one edge
INTERVAL = (2.5, 97.5)  # percentiles

Interval = tuple[int, int]


def intervals(
    histogram: Histogram, cuts: Cuts, rng: np.random.Generator, *, draws: int = DRAWS
) -> tuple[Interval, ...]:
    """Return the 95 % interval of each cut, by multinomial resampling of the histogram.

    Resamples are as large as the sample: smaller ones cover too little (0.66 to 0.77). What the
    intervals cover is measured in `docs/zones.md`. They always hold the cut itself.
    """
    coarse = histogram.coarse(CELLS)
    n, paid = coarse.n.sum(0), coarse.paid.sum(0)
    cells = np.concatenate([paid, n - paid])
    total = int(n.sum())
    found = []
    for _ in range(draws):
        drawn = rng.multinomial(total, cells / total).reshape(2, -1)
        again = search(Histogram(coarse.balance, drawn.sum(0)[None], drawn[:1]))
        if again:
            found.append(again)
    # `lower` and `higher`: the ends are balances customers have, as the cut is.
    every = np.array([*found, cuts])
    low = np.percentile(every, INTERVAL[0], axis=0, method="lower")
    high = np.percentile(every, INTERVAL[1], axis=0, method="higher")
    return tuple((min(int(a), cut), max(int(b), cut))
                 for a, b, cut in zip(low, high, cuts, strict=True))  # fmt: skip

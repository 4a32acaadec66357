"""What ways may be worth, in many draws -> how often each of them is the best, by account.

Where the ways are all combinations of some channels, tones, offers and parts of the day, what they
are worth is a sum over these; so the best is found kind by kind, a tenth of the work.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from tideover.rules.choice import Option

Floats = npt.NDArray[np.float64]
Quick = npt.NDArray[np.float32]
AT_ONCE = 1_000  # accounts; their numbers stay in the processor's own memory


def shares_of_best(
    draws: Quick, accounts: Quick, ways: Sequence[Option], *, leaves: bool
) -> Floats:
    """Return in which share of the draws each way was the best, by account.

    Args:
        draws: What each way brings, by draw, way and trait.
        accounts: Traits, one row each.
        leaves: Leaving alone, which brings nothing, is one more way, and the last.
    """
    sizes = sizes_of(ways)
    found = []
    for at in range(0, len(accounts), AT_ONCE):
        known = accounts[at : at + AT_ONCE]
        places, worth = by_kind(draws, known, sizes) if sizes else one_by_one(draws, known)
        if leaves:
            places = np.where(worth > 0, places, len(ways))
        width = len(ways) + leaves
        counted = np.bincount((places + width * np.arange(len(known))).ravel(),
                              minlength=width * len(known))  # fmt: skip
        found.append(counted.reshape(len(known), width) / len(draws))
    return np.concatenate(found)


def sizes_of(ways: Sequence[Option]) -> tuple[int, ...] | None:
    """Return of how many words of each kind ways are all combinations; none where they are not."""
    words = [tuple(dict.fromkeys(kind)) for kind in zip(*ways, strict=True)]
    if prod(map(len, words)) != len(ways) or tuple(product(*words)) != tuple(ways):
        return None
    return tuple(map(len, words))


def by_kind(draws: Quick, known: Quick, sizes: Sequence[int]) -> tuple[Any, Any]:
    """Return which way is the best, and what it brings, by draw and account."""
    first = draws[:, 0] @ known.T
    places, worth = np.zeros(first.shape, np.int32), first.copy()
    for kind, size in enumerate(sizes):
        stride = prod(sizes[kind + 1 :])
        most, best = np.zeros_like(first), np.zeros_like(places)
        for word in range(1, size):
            more = (draws[:, word * stride] - draws[:, 0]) @ known.T
            np.copyto(best, word * stride, where=more > most)
            np.maximum(most, more, out=most)
        places += best
        worth += most
    return places, worth


def one_by_one(draws: Quick, known: Quick) -> tuple[Any, Any]:
    """Return the same of any ways."""
    every = [known @ coefficients.T for coefficients in draws]
    return np.array([each.argmax(axis=1) for each in every]), np.array(
        [each.max(axis=1) for each in every]
    )

"""Chance of one day, the same under every policy: a number an account, a day and a use."""

from __future__ import annotations

import numpy as np

from tideover.rehearsal.twin.people import Chance, Floats

(ROUND, NOTICED, ANSWERED, ALL_OF_IT, DELAY, COMPLAINS, OPTS_OUT, SIZE, SPEAKS, CHOICE, CHANNEL,
 TONE, WHEN) = range(13)  # fmt: skip
_LIVING = 7_000_000  # apart from the streams that the twin was made up with


def stream(seed: int, day: int, use: int) -> Chance:
    """Return a day's own stream of chance for one use.

    Nothing that a policy does goes in, so that two policies meet the same luck and differ only by
    what they do.
    """
    key = np.random.SeedSequence((seed, _LIVING + use, day))
    return np.random.Generator(np.random.Philox(key))


def numbers(seed: int, day: int, use: int, n: int) -> Floats:
    """Return a number from 0 to 1 for each account."""
    return stream(seed, day, use).random(n)

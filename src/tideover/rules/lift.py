"""What a message added: the difference of two shares, and how sure it is."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

SURE = 0.95  # of an interval
FEW = 30  # people in a group; with fewer, nothing is said of a difference
FEW_OF_EITHER = 5  # who did and who did not, of both groups together


class Group(NamedTuple):
    """How many of a group did something."""

    did: int
    of: int

    @property
    def share(self) -> float | None:
        """Return the share that did; of nobody it is not known."""
        return self.did / self.of if self.of else None


class Lift(NamedTuple):
    """How much larger a share is among those who were to be written to.

    Args:
        at: Difference of the shares, -1 to 1.
        low, high: The ends of its 95 % interval.
    """

    at: float
    low: float
    high: float

    @property
    def may_be_chance(self) -> bool:
        """Whether no difference at all would fit what was seen."""
        return self.low <= 0 <= self.high


def wilson(group: Group, sure: float = SURE) -> tuple[float, float]:
    """Return the interval of a share.

    Args:
        group: At least one person.

    Source:
        E. B. Wilson, Probable inference, the law of succession, and statistical inference, Journal
        of the American Statistical Association 22 (1927), 209-212.

    Examples:
        >>> [round(end, 4) for end in wilson(Group(81, 263))]
        [0.2553, 0.3662]
    """
    z = NormalDist().inv_cdf((1 + sure) / 2)
    share, n = group.did / group.of, group.of
    middle = share + z * z / (2 * n)
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    whole = 1 + z * z / n
    return max(0.0, (middle - half) / whole), min(1.0, (middle + half) / whole)


def lift(treated: Group, held: Group, sure: float = SURE) -> Lift | None:
    """Return the difference of two independent shares with its interval; none where one is of none.

    The interval is made of Wilson's for each share. It keeps to -1 and 1 and holds for small groups
    and for shares near 0 and 1, where the usual one does not.

    Source:
        R. G. Newcombe, Interval estimation for the difference between independent proportions:
        comparison of eleven methods, Statistics in Medicine 17 (1998), 873-890, method 10.

    Examples:
        >>> [round(value, 4) for value in lift(Group(56, 70), Group(48, 80))]
        [0.2, 0.0524, 0.3339]
    """
    if not treated.of or not held.of:
        return None
    one, other = treated.did / treated.of, held.did / held.of
    (low_1, high_1), (low_2, high_2) = wilson(treated, sure), wilson(held, sure)
    at = one - other
    return Lift(
        at,
        at - sqrt((one - low_1) ** 2 + (high_2 - other) ** 2),
        at + sqrt((high_1 - one) ** 2 + (other - low_2) ** 2),
    )


def too_few(treated: Group, held: Group) -> bool:
    """Say whether the groups are too small to tell anything from.

    Examples:
        >>> too_few(Group(4, 10), Group(400, 1000)), too_few(Group(40, 100), Group(30, 100))
        (True, False)
    """
    did = treated.did + held.did
    of = treated.of + held.of
    return min(treated.of, held.of) < FEW or min(did, of - did) < FEW_OF_EITHER

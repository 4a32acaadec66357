"""How many people it takes to see a difference, where it is judged as pages judge it."""

from __future__ import annotations

from math import ceil
from statistics import NormalDist

from tideover.rules.lift import SURE
from tideover.rules.looking import spreads_when_planned


def people_needed(
    base: float, points: float, *, held_share: float = 0.5, sure: float = SURE, power: float = 0.8
) -> int:
    """Return how many people, of both groups together, it takes to see a difference.

    It is seen where an interval that holds at every look leaves no difference out, at the latest
    when all are in. One look at the end would need about half as many, and nobody waits for it.

    Args:
        base: The share that does it anyway; 0 to 1.
        points: The difference to be seen, in points of a hundred; over 0, and with the base at
            most 100.
        held_share: The part that is held out; over 0 and under 1.
        sure: Of the interval; with several arms each has a surer one.
        power: How often a difference of that size is to be seen where there is one.

    Source:
        J. L. Fleiss, B. Levin, M. C. Paik, Statistical Methods for Rates and Proportions, 3rd ed.
        (2003), section 4.2, with the reach of the confidence sequence in place of 1.96.

    Examples:
        >>> people_needed(0.5, 10), people_needed(0.4, 5, held_share=0.2)
        (1473, 9075)
    """
    difference, other = points / 100, base + points / 100
    normal = NormalDist()
    spread_2 = base * (1 - base) / held_share + other * (1 - other) / (1 - held_share)
    reach = spreads_when_planned(sure) + normal.inv_cdf(power)
    return ceil(reach**2 * spread_2 / difference**2)


def points_seen(base: float, people: int, *, held_share: float) -> int | None:
    """Return the smallest difference, in whole points, that so many people suffice for.

    Returns:
        None when even half of a hundred more would not be seen.

    Examples:
        >>> points_seen(0.4, 10_000, held_share=0.2), points_seen(0.4, 12, held_share=0.2)
        (5, None)
    """
    possible = (points for points in range(1, 51) if base + points / 100 <= 1)
    needed = ((points, people_needed(base, points, held_share=held_share)) for points in possible)
    return next((points for points, of in needed if of <= people), None)

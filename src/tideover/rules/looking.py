"""A lift that may be looked at every day, and whether groups came out as large as they were drawn.

An interval of 95 % holds for one look. Whoever looks every day and stops at the first that shows a
difference is wrong far more often: of a thousand campaigns without effect, looked at on thirty
days, more than one in five. A confidence sequence holds at all looks together.
"""

from __future__ import annotations

from math import ceil, log, sqrt
from typing import NamedTuple

from tideover.rules.lift import SURE, Group, Lift, too_few

PLANNED = 1_000  # people for whom a confidence sequence is narrowest, where nobody said
_ALARM = 3.29  # spreads from what was drawn; by chance once in a thousand


def lift_at_any_look(
    treated: Group, held: Group, *, planned: int = PLANNED, sure: float = SURE
) -> Lift | None:
    """Return the difference of two shares with an interval that holds at every look together.

    Args:
        planned: For how many people it is to be narrowest; said beforehand, not after a look.

    Returns:
        None while the groups are too small to tell anything from.

    Source:
        I. Waudby-Smith, D. Arbour, R. Sinha, E. H. Kennedy, A. Ramdas, Time-uniform central limit
        theory and asymptotic confidence sequences, Annals of Statistics 52 (2024), 2613-2640:
        theorem 2.2, and its choice of rho.

    Examples:
        >>> found = lift_at_any_look(Group(470, 1000), Group(410, 1000))
        >>> [round(value, 3) for value in found]
        [0.06, -0.008, 0.128]
    """
    if too_few(treated, held):
        return None
    wrong, n = 1 - sure, treated.of + held.of
    spread = sqrt(_spread_2(treated) / treated.of + _spread_2(held) / held.of)
    half = spread * _spreads(n / planned, wrong)
    at = treated.did / treated.of - held.did / held.of
    return Lift(at, at - half, at + half)


def spreads_when_planned(sure: float = SURE) -> float:
    """Return how many spreads the interval reaches to either side when all who were planned are in.

    An interval for a single look reaches 1.96.

    Examples:
        >>> round(spreads_when_planned(), 3)
        3.035
    """
    return _spreads(1.0, 1 - sure)


def _spreads(of_planned: float, wrong: float) -> float:
    grown = of_planned * (-2 * log(wrong) + log(-2 * log(wrong) + 1))
    return sqrt(2 * (grown + 1) / grown * log(sqrt(grown + 1) / wrong))


def told(
    treated: Group, held: Group, *, did: str = "paid", planned: int = PLANNED, sure: float = SURE
) -> str:
    """Return in one plain sentence whether it helped, as it may be said at every look.

    Args:
        did: What people did, in the past tense.
        planned, sure: As of the interval.

    Examples:
        >>> print(told(Group(94, 200), Group(82, 200)))
        47 of 100 paid; 41 of 100 would have anyway: 6 more, give or take 16; that could be chance.
    """
    if not treated.of or not held.of:
        return "Nothing can be told yet: one of the groups is empty."
    shares = (f"{100 * treated.did / treated.of:.0f} of 100 {did}; "
              f"{100 * held.did / held.of:.0f} of 100 would have anyway")  # fmt: skip
    found = lift_at_any_look(treated, held, planned=planned, sure=sure)
    if found is None:
        return (f"{shares}, but {treated.of:,} and {held.of:,} people are too few to tell a "
                "difference from chance.")  # fmt: skip
    points, give = round(100 * found.at), ceil(50 * (found.high - found.low))
    size = f"{abs(points)} {'more' if points > 0 else 'fewer'}" if points else "no difference"
    sure_of_it = "that could be chance" if found.may_be_chance else "that is more than chance"
    return f"{shares}: {size}, give or take {give}; {sure_of_it}."


def verdict(found: Lift | None) -> str:
    """Return in a word or two whether it helped, by an interval that holds at every look.

    Examples:
        >>> verdict(Lift(0.06, -0.01, 0.13)), verdict(Lift(0.16, 0.09, 0.23)), verdict(None)
        ('Perhaps.', 'Yes, it helped.', 'Too few people to tell.')
    """
    if found is None:
        return "Too few people to tell."
    if found.may_be_chance:
        return "Perhaps." if found.at > 0 else "No help to be seen."
    return "Yes, it helped." if found.at > 0 else "No: fewer paid."


def _spread_2(group: Group) -> float:
    share = (group.did + 1) / (group.of + 2)  # never none: of few, nobody may have done it yet
    return share * (1 - share)


class Ratio(NamedTuple):
    """How many were held out beside how many were to be."""

    held: int
    expected: float
    alarm: bool


def sample_ratio(treated: int, held: int, *, held_share: float) -> Ratio:
    """Return whether the groups are as large as they were drawn, or something lost people.

    A difference this large comes by chance once in a thousand. Where there is an alarm the lift is
    not to be believed: who is missing may be unlike the others.

    Source:
        A. Fabijan and others, Diagnosing sample ratio mismatch in online controlled experiments,
        KDD 2019, 2156-2164.

    Examples:
        >>> [sample_ratio(1000 - held, held, held_share=0.2).alarm for held in (200, 140)]
        [False, True]
    """
    n = treated + held
    expected = n * held_share
    spread = sqrt(n * held_share * (1 - held_share))
    return Ratio(held, expected, spread > 0 and abs(held - expected) > _ALARM * spread)

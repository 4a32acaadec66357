"""How hard the next part of a plan may be: a few signs, counted.

Whoever shows them is offered help. It is no judgement on anybody and decides nothing against
them: it only brings help earlier.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from tideover.rules.arrangement.schedule import Instalment

REMIND_DAYS, HELP_DAYS = 3, 6  # before a part is due: the friendly word, and where help comes along
HIGH = 3
HARDSHIP = frozenset({"hardship", "low_income", "unemployed", "bereavement", "medical_certificate"})
_MISSED, _LATE, _MOVED, _BROKEN, _HARD, _HEAVY = 3, 2, 1, 2, 2, 1
_MOST_LATE, _MOST_MOVED = 2, 2  # more of the same says no more


@dataclass(frozen=True)
class Signs:
    """What is known of a plan that runs.

    Args:
        missed: Parts that were missed and forgiven.
        late: Parts that came after their day.
        moved: How often a day was moved.
        promises_broken: In the last half year.
        part_minor, usual_bill_minor: The next part, and a month's bill; 0 where not known.
        circumstances: Kinds that hold today.
    """

    missed: int = 0
    late: int = 0
    moved: int = 0
    promises_broken: int = 0
    part_minor: int = 0
    usual_bill_minor: int = 0
    circumstances: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Risk:
    """How hard it may be, in points, and by which signs."""

    points: int
    why: tuple[str, ...] = ()

    @property
    def high(self) -> bool:
        """Say whether help is held out before the day."""
        return self.points >= HIGH


def risk(signs: Signs) -> Risk:
    """Return how hard the next part of a plan may be.

    Examples:
        >>> risk(Signs()).high, risk(Signs(missed=1)).high
        (False, True)
        >>> risk(Signs(late=1, circumstances=frozenset({"unemployed"}))).why
        ('late', 'hard')
    """
    usual = signs.usual_bill_minor
    heavy = bool(usual) and signs.part_minor > usual
    found = {
        "missed": _MISSED * min(signs.missed, 1),
        "late": _LATE * min(signs.late, _MOST_LATE),
        "moved": _MOVED * min(signs.moved, _MOST_MOVED),
        "broken": _BROKEN * min(signs.promises_broken, 1),
        "hard": _HARD * bool(signs.circumstances & HARDSHIP),
        "heavy": _HEAVY * heavy,
    }
    return Risk(sum(found.values()), tuple(name for name, points in found.items() if points))


def late_parts(
    parts: Sequence[Instalment], paid: Sequence[tuple[date, int]], day: date
) -> int:  # fmt: skip
    """Return how many parts whose day has passed were not there in full on that day.

    Examples:
        >>> parts = [Instalment(1, date(2026, 4, 1), 50), Instalment(2, date(2026, 5, 1), 50)]
        >>> late_parts(parts, [(date(2026, 4, 3), 50), (date(2026, 5, 1), 50)], date(2026, 5, 2))
        1
    """
    wanted = accumulate(one.amount_minor for one in parts)
    return sum(
        1 for one, sum_ in zip(parts, wanted, strict=True)
        if one.due_on < day and sum(minor for on, minor in paid if on <= one.due_on) < sum_
    )  # fmt: skip

"""A promise to pay: an amount by a day. Kept or broken is worked out from the money."""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import date
from typing import NamedTuple

from tideover.terms.calendar import days

OPEN, KEPT, BROKEN = "open", "kept", "broken"
SUNDAY = frozenset({6})


class Promised(NamedTuple):
    """A promise; the amount in minor units, above zero."""

    made_on: date
    amount_minor: int
    due_on: date


def promise_state(promised: Promised, paid: Sequence[tuple[date, int]], day: date) -> str:
    """Return whether a promise is open, kept or broken at the end of a day.

    It is kept as soon as the money that came in from the day it was made reaches it, by its day;
    broken when its day is over and it was not. It is on time on its day itself.

    Examples:
        >>> mine = Promised(date(2026, 3, 1), 5000, date(2026, 3, 10))
        >>> promise_state(mine, [(date(2026, 3, 10), 5000)], date(2026, 3, 11))
        'kept'
        >>> promise_state(mine, [(date(2026, 3, 11), 5000)], date(2026, 3, 11))
        'broken'
    """
    last = min(day, promised.due_on)
    came = sum(minor for on, minor in paid if promised.made_on <= on <= last)
    if came >= promised.amount_minor:
        return KEPT
    return OPEN if day <= promised.due_on else BROKEN


def remind_on(promised: Promised, quiet: Container[int] = SUNDAY) -> date | None:
    """Return the day of a friendly reminder: the day before, or the last one that is not quiet.

    None where that is no day between.

    Args:
        quiet: Weekdays on which nobody is written to; 0 is Monday.

    Examples:
        >>> remind_on(Promised(date(2026, 3, 2), 5000, date(2026, 3, 9)))
        datetime.date(2026, 3, 7)
    """
    before = promised.due_on - days(1)
    while before.weekday() in quiet:
        before -= days(1)
    return before if before > promised.made_on else None

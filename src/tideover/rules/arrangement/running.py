"""When a payment arrangement ran, derived from the money: from which day to which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import accumulate
from typing import NamedTuple

from tideover.rules.arrangement.schedule import stepped
from tideover.terms.calendar import days
from tideover.terms.money import split


class Terms(NamedTuple):
    """What was agreed, as an export tells it; money in minor units, the interval in a word."""

    agreed_on: date
    total_minor: int
    down_payment_minor: int
    instalments: int
    interval: str
    first_due_on: date


def ran(
    terms: Terms, paid: Sequence[tuple[date, int]], until: date
) -> list[tuple[date, date | None]]:
    """Return the days on which an arrangement ran, both ends among them; no end: it still runs.

    It runs while the money that came in since the agreement reaches every instalment that fell due
    before the day, and not the whole.

    Args:
        paid: Days and minor units of the money that came in and stayed.
        until: The last day that is looked at.

    Examples:
        >>> plan = Terms(date(2026, 3, 1), 2000, 0, 2, "monthly", date(2026, 3, 10))
        >>> ran(plan, [(date(2026, 3, 9), 1000)], date(2026, 4, 30))
        [(datetime.date(2026, 3, 1), datetime.date(2026, 4, 10))]
    """
    money = [(max(day, terms.agreed_on), minor) for day, minor in paid if day >= terms.agreed_on]
    owed = list(_owed(terms))
    turns = {terms.agreed_on, *(day for day, _ in money), *(due + days(1) for due, _ in owed)}
    spans: list[tuple[date, date | None]] = []
    for day in sorted(turn for turn in turns if terms.agreed_on <= turn <= until):
        came = sum(minor for on, minor in money if on <= day)
        wanted = max((sum_ for due, sum_ in owed if due < day), default=0)
        if wanted <= came < terms.total_minor:
            if not spans or spans[-1][1] is not None:
                spans.append((day, None))
        elif spans and spans[-1][1] is None:
            spans[-1] = (spans[-1][0], day - days(1))
    return spans


def _owed(terms: Terms) -> Iterator[tuple[date, int]]:
    """Yield when each instalment is due, and what should have come in by then."""
    parts = split(max(terms.total_minor - terms.down_payment_minor, 0), terms.instalments)
    for number, sum_ in enumerate(accumulate(parts)):
        due = stepped(terms.first_due_on, number, terms.interval)
        yield due, terms.down_payment_minor + sum_

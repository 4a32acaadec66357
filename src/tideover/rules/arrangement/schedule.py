"""When the instalments of a payment arrangement are due, and how much each is."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from tideover.terms.calendar import days
from tideover.terms.money import split

WEEKLY, FORTNIGHTLY, MONTHLY = "weekly", "fortnightly", "monthly"
STEP_DAYS = {WEEKLY: 7, FORTNIGHTLY: 14}
A_YEAR_MONTHS = 12


class Instalment(NamedTuple):
    """One dated share; the down payment is number 0."""

    number: int
    due_on: date
    amount_minor: int


@dataclass(frozen=True)
class Allowed:
    """The days on which an instalment may fall due.

    Args:
        weekdays: 0 is Monday. Banks do not book on the others.
        holidays: Of the account's place.
    """

    weekdays: frozenset[int] = frozenset(range(5))
    holidays: frozenset[date] = frozenset()

    def from_(self, day: date) -> date:
        """Return the day itself where it is allowed, else the next that is.

        Examples:
            >>> Allowed().from_(date(2026, 11, 28))
            datetime.date(2026, 11, 30)
        """
        while day.weekday() not in self.weekdays or day in self.holidays:
            day += days(1)
        return day


def stepped(first: date, number: int, interval: str = MONTHLY) -> date:
    """Return the day that lies so many intervals after a first one.

    A month without that day ends before it: the last day stands in, and only in that month.

    Examples:
        >>> stepped(date(2026, 1, 31), 1), stepped(date(2026, 1, 31), 2)
        (datetime.date(2026, 2, 28), datetime.date(2026, 3, 31))
    """
    if interval != MONTHLY:
        return first + days(STEP_DAYS[interval] * number)
    year, month = divmod(first.year * A_YEAR_MONTHS + first.month - 1 + number, A_YEAR_MONTHS)
    return date(year, month + 1, min(first.day, monthrange(year, month + 1)[1]))


def first_due(today: date, payday: int | None, *, wait_days: int) -> date:
    """Return from which day the first instalment may be due: soon, and just after money comes in.

    Args:
        payday: The day of the month on which money comes in, 1 to 31; none where it is not said.
        wait_days: So long after payday, for the money to have come; without a payday, after today.

    Examples:
        >>> first_due(date(2026, 11, 27), 25, wait_days=2)
        datetime.date(2026, 12, 27)
        >>> first_due(date(2026, 11, 27), None, wait_days=14)
        datetime.date(2026, 12, 11)
    """
    if payday is None:
        return today + days(wait_days)
    month = date(today.year, today.month, 1)
    for number in range(-1, 3):
        begins = stepped(month, number)
        paid = begins.replace(day=min(payday, monthrange(begins.year, begins.month)[1]))
        if paid + days(wait_days) > today:
            return paid + days(wait_days)
    raise AssertionError("a payday comes every month")  # pragma: no cover


@dataclass(frozen=True)
class Rhythm:
    """How the days of a plan follow each other.

    Args:
        first_from: The first instalment is due on this day, or on the next allowed one.
        payday: The other instalments follow this day of the month, not the first one's.
        wait_days: So long after payday.
    """

    first_from: date
    allowed: Allowed = Allowed()
    interval: str = MONTHLY
    payday: int | None = None
    wait_days: int = 0

    def due(self, number: int) -> date:
        """Return the day of an instalment, counted from 0."""
        if self.interval == MONTHLY and self.payday is not None:
            before = self.first_from - days(self.wait_days)
            month = stepped(before.replace(day=1), number)
            last = monthrange(month.year, month.month)[1]
            nominal = month.replace(day=min(self.payday, last)) + days(self.wait_days)
        else:
            nominal = stepped(self.first_from, number, self.interval)
        return self.allowed.from_(nominal)


def scheduled(
    total_minor: int, count: int, rhythm: Rhythm, *, down: Instalment | None = None
) -> tuple[Instalment, ...]:
    """Return instalments that add up exactly; the first ones carry the odd units.

    The days rise strictly, whatever holidays push them on.

    Args:
        total_minor: What is spread, the down payment in it; above zero.
        count: How many instalments follow the down payment; at least one.
        down: The down payment, where there is one.

    Raises:
        ValueError: There are more instalments than units of money.

    Examples:
        >>> first = Rhythm(date(2026, 12, 1))
        >>> [(one.due_on.isoformat(), one.amount_minor) for one in scheduled(1000, 3, first)]
        [('2026-12-01', 334), ('2027-01-01', 333), ('2027-02-01', 333)]
    """
    rest = total_minor - (down.amount_minor if down else 0)
    if count < 1 or rest < count:
        raise ValueError(f"{rest} cannot be spread over {count} instalments")
    found = [down] if down else []
    for number, amount in enumerate(split(rest, count), 1):
        found.append(Instalment(number, _after(found, rhythm.due(number - 1), rhythm), amount))
    return tuple(found)


def _after(before: Sequence[Instalment], day: date, rhythm: Rhythm) -> date:
    if before and day <= before[-1].due_on:
        return rhythm.allowed.from_(before[-1].due_on + days(1))
    return day

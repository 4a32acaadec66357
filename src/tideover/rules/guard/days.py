"""Local days and hours of a zone as instants; working days from the given holidays; seasons.

An instant is whole seconds since 1970, so that hours gone by are real hours across clock changes.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY_S, HOUR_S = 86_400, 3_600
MOST_DAYS = 4_000  # how far ahead a permitted day is looked for: eleven years
SATURDAY = 5
Holidays = Collection[date]


def plus(day: date, count: int) -> date:
    """Return a day so many days later; the calendar's last day where it ends.

    Examples:
        >>> plus(date(2026, 2, 27), 2), plus(date(9999, 12, 30), 60)
        (datetime.date(2026, 3, 1), datetime.date(9999, 12, 31))
    """
    try:
        return day + timedelta(days=count)
    except OverflowError:
        return date.max if count > 0 else date.min


def years_after(day: date, count: int) -> date:
    """Return the same day so many years later; 29 February becomes 28 in a common year.

    Examples:
        >>> years_after(date(2024, 2, 29), 1), years_after(date(2024, 2, 29), -4)
        (datetime.date(2025, 2, 28), datetime.date(2020, 2, 29))
    """
    year = day.year + count
    if not date.min.year <= year <= date.max.year:
        return date.max if count > 0 else date.min
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def instant_of(day: date, minutes: int, zone: ZoneInfo, *, after: int | None = None) -> int:
    """Return the instant of a local time; a time the clocks skip is the end of the gap.

    Args:
        minutes: Of the local day; 1440 is the start of the next.
        after: Where clocks go back a time comes twice: the second, if the first is not after this.

    Examples:
        >>> at = instant_of(date(2026, 3, 29), 150, ZoneInfo("Europe/Amsterdam"))
        >>> datetime.fromtimestamp(at, ZoneInfo("Europe/Amsterdam")).isoformat()
        '2026-03-29T03:00:00+02:00'
    """
    if minutes >= 1440:
        day, minutes = plus(day, 1), 0
    wanted = time(minutes // 60, minutes % 60)
    first = int(datetime.combine(day, wanted, zone).timestamp())
    if datetime.fromtimestamp(first, zone).time() != wanted:
        return _gap_ends(first, zone)
    if after is not None and first <= after:
        return int(datetime.combine(day, wanted.replace(fold=1), zone).timestamp())
    return first


def _gap_ends(inside: int, zone: ZoneInfo) -> int:
    """Return the instant at which the clocks jumped, found by halving."""
    low, high = inside - DAY_S, inside
    was = datetime.fromtimestamp(low, zone).utcoffset()
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == was:
            low = middle
        else:
            high = middle
    return high


def start_of(day: date, zone: ZoneInfo) -> int:
    """Return the first instant of a local day.

    Examples:
        >>> start_of(date(1970, 1, 2), ZoneInfo("UTC"))
        86400
    """
    return instant_of(day, 0, zone)


def is_workday(day: date, holidays: Holidays) -> bool:
    """Say whether a day is Monday to Friday and no public holiday."""
    return day.weekday() < SATURDAY and day not in holidays


def workday(day: date, count: int, holidays: Holidays) -> date:
    """Return the so-many-th working day strictly after a day.

    Examples:
        >>> workday(date(2025, 12, 24), 2, {date(2025, 12, 25)})
        datetime.date(2025, 12, 29)
    """
    for _ in range(count):
        day = workday_from(plus(day, 1), holidays)
    return day


def workday_from(day: date, holidays: Holidays) -> date:
    """Return the day itself if it is a working day, else the next one that is."""
    for _ in range(MOST_DAYS):
        if is_workday(day, holidays):
            break
        day = plus(day, 1)
    return day


def month_day(text: str, year: int) -> date:
    """Return the day of a year that is written as 12-01.

    Examples:
        >>> month_day("12-01", 2026)
        datetime.date(2026, 12, 1)
    """
    return date(min(max(year, 1), 9999), int(text[:2]), int(text[3:]))


def any_year(text: str) -> date:
    """Return a day that is written as 12-01, in a year without a leap day.

    Raises:
        ValueError: There is no such day in every year.
    """
    if len(text) != 5 or text[2] != "-":
        raise ValueError(f"{text!r} is no day of every year; write 12-01")
    return month_day(text, 2023)


def season_began(begins: str, day: date) -> date:
    """Return the latest first day of a season that is not after a day.

    Examples:
        >>> season_began("12-01", date(2026, 3, 31))
        datetime.date(2025, 12, 1)
    """
    this_year = month_day(begins, day.year)
    return this_year if this_year <= day else month_day(begins, day.year - 1)


def next_month_day(text: str, day: date) -> date:
    """Return the first day so written that is not before a day.

    Examples:
        >>> next_month_day("11-30", date(2025, 12, 10))
        datetime.date(2026, 11, 30)
    """
    this_year = month_day(text, day.year)
    return this_year if this_year >= day else month_day(text, day.year + 1)


def in_season(begins: str, through: str, day: date) -> bool:
    """Say whether a day lies in a season, both its days counted in.

    Examples:
        >>> [in_season("12-01", "03-31", d) for d in (date(2026, 3, 31), date(2026, 4, 1))]
        [True, False]
    """
    return day <= next_month_day(through, season_began(begins, day))

"""Days, months and contact hours in the customer's own zone; never reads the clock."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)


def days(count: int) -> timedelta:
    """Return a span of whole days."""
    return timedelta(days=count)


def month_end_before(day: date, months: int = 1) -> date:
    """Return the last day of the month `months` before the day's own month.

    Examples:
        >>> month_end_before(date(2026, 3, 31)), month_end_before(date(2026, 3, 1), 13)
        (datetime.date(2026, 2, 28), datetime.date(2025, 2, 28))
    """
    index = day.year * 12 + (day.month - 1) - (months - 1)
    return date(index // 12, index % 12 + 1, 1) - timedelta(days=1)


def local_instant(day: date, at: time, zone: str) -> datetime:
    """Return the aware instant of a local time; a time the clocks skip moves past the gap.

    Examples:
        >>> local_instant(date(2026, 3, 29), time(2, 30), "Europe/Amsterdam").isoformat()
        '2026-03-29T03:30:00+02:00'
    """
    place = ZoneInfo(zone)
    return datetime.combine(day, at, tzinfo=place).astimezone(ZoneInfo("UTC")).astimezone(place)

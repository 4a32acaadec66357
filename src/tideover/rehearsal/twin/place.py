"""Where the twin lives: its law, clock, money, paydays, ways to pay and holidays."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Place:
    """What differs between countries.

    Args:
        languages: Tag and share.
        paydays: First and last day of the month on which people are paid, and the share of them.
        bonus_months: When holiday pay or a tax refund comes.
        methods: How people pay by themselves, and the share of each.
        postcode: Of the made-up premises; `#` stands for a digit. No real place has these.
        holidays: The public holidays of a year.
    """

    jurisdiction: str
    timezone: str
    currency: str
    languages: Sequence[tuple[str, float]]
    paydays: Sequence[tuple[int, int, float]]
    bonus_months: Sequence[int]
    methods: Sequence[tuple[str, float]]
    postcode: str
    holidays: Callable[[int], Iterator[tuple[date, str]]]


def easter(year: int) -> date:
    """Return Easter Sunday of a year.

    Source:
        The anonymous Gregorian computus (Nature, 20 April 1876).

    Examples:
        >>> easter(2026)
        datetime.date(2026, 4, 5)
    """
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 19 * weekday) // 433
    month = (h + weekday - 7 * m + 90) // 25
    return date(year, month, (h + weekday - 7 * m + 33 * month + 19) % 32)


def dutch_holidays(year: int) -> Iterator[tuple[date, str]]:
    """Yield the public holidays of the Netherlands."""
    sunday = easter(year)
    yield date(year, 1, 1), "Nieuwjaarsdag"
    yield sunday + timedelta(days=1), "Tweede paasdag"
    king = date(year, 4, 27)
    yield king - timedelta(days=king.weekday() == 6), "Koningsdag"
    yield date(year, 5, 5), "Bevrijdingsdag"
    yield sunday + timedelta(days=39), "Hemelvaartsdag"
    yield sunday + timedelta(days=50), "Tweede pinksterdag"
    yield date(year, 12, 25), "Eerste kerstdag"
    yield date(year, 12, 26), "Tweede kerstdag"


def pennsylvanian_holidays(year: int) -> Iterator[tuple[date, str]]:
    """Yield the public holidays of Pennsylvania on which offices are shut."""
    yield date(year, 1, 1), "New Year's Day"
    yield _weekday_of_month(year, 5, 0, -1), "Memorial Day"
    yield date(year, 7, 4), "Independence Day"
    yield _weekday_of_month(year, 9, 0, 1), "Labor Day"
    yield _weekday_of_month(year, 11, 3, 4), "Thanksgiving Day"
    yield date(year, 12, 25), "Christmas Day"


def _weekday_of_month(year: int, month: int, weekday: int, nth: int) -> date:
    if nth < 0:
        last = date(year, month + 1, 1) - timedelta(days=1)
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


NETHERLANDS = Place(
    jurisdiction="NL", timezone="Europe/Amsterdam", currency="EUR",
    languages=(("nl", 0.82), ("en", 0.08), ("tr", 0.04), ("ar", 0.03), ("pl", 0.03)),
    paydays=((22, 28, 0.85), (1, 5, 0.15)),
    bonus_months=(5, 6),
    methods=(("ideal", 0.55), ("bank_transfer", 0.33), ("card", 0.05), ("wallet", 0.05),
             ("other", 0.02)),
    postcode="0### ZZ",
    holidays=dutch_holidays,
)  # fmt: skip

PENNSYLVANIA = Place(
    jurisdiction="US-PA", timezone="America/New_York", currency="USD",
    languages=(("en", 0.88), ("es", 0.10), ("zh", 0.02)),
    paydays=((1, 3, 0.4), (14, 16, 0.4), (25, 28, 0.2)),
    bonus_months=(2, 3),
    methods=(("card", 0.45), ("bank_transfer", 0.30), ("cheque", 0.15), ("cash", 0.06),
             ("wallet", 0.04)),
    postcode="000##",
    holidays=pennsylvanian_holidays,
)  # fmt: skip

PLACES = {place.jurisdiction: place for place in (NETHERLANDS, PENNSYLVANIA)}

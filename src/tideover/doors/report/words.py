"""Numbers, days and codes as a person reads them; every number with its unit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from tideover.terms import money

NBSP = "\u00a0"
MINUS = "\u2212"
UNKNOWN = "not known"
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
           "October", "November", "December")  # fmt: skip


def amount(minor: int, currency: str) -> str:
    """Return an amount of money, grouped by thousands.

    Examples:
        >>> amount(123450, "EUR").replace(NBSP, " "), amount(-5, "EUR").replace(NBSP, " ")
        ('EUR 1,234.50', '−EUR 0.05')
    """
    whole, point, part = money.text(abs(minor), currency).partition(".")
    return f"{MINUS if minor < 0 else ''}{currency}{NBSP}{int(whole):,}{point}{part}"


def change(minor: int, currency: str) -> str:
    """Return by how much money changed, to go before a day.

    Examples:
        >>> change(-150, "EUR").replace(NBSP, " "), change(0, "EUR")
        ('EUR 1.50 less than', 'the same as')
    """
    if not minor:
        return "the same as"
    return f"{amount(abs(minor), currency)} {'more' if minor > 0 else 'less'} than"


def count(number: int, one: str = "", many: str = "") -> str:
    """Return a whole number grouped by thousands, with its unit.

    Examples:
        >>> count(1234), count(1, "account"), count(0, "person", "people")
        ('1,234', '1 account', '0 people')
    """
    if not one:
        return f"{number:,}"
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def change_of(number: int) -> str:
    """Return by how many a count changed, to go before a day.

    Examples:
        >>> change_of(-2), change_of(0)
        ('2 fewer than', 'as many as')
    """
    if not number:
        return "as many as"
    return f"{count(abs(number))} {'more' if number > 0 else 'fewer'} than"


def share(part: float | None, digits: int = 0) -> str:
    """Return a share as a percentage.

    Examples:
        >>> share(0.0664, 1), share(None)
        ('6.6%', 'not known')
    """
    return UNKNOWN if part is None else f"{part * 100:.{digits}f}%"


def of_all(part: int, whole: int) -> str:
    """Return a share of a whole; of nothing it is not known.

    Examples:
        >>> of_all(1, 3), of_all(1, 1000), of_all(0, 0)
        ('33%', 'under 1%', 'not known')
    """
    if whole and 0 < part * 100 < whole:
        return "under 1%"
    return share(part / whole if whole else None)


def between(low: float, high: float) -> str:
    """Return an interval of shares.

    Examples:
        >>> between(0.701, 0.742)
        '70 to 74%'
    """
    return f"{low * 100:.0f} to {high * 100:.0f}%"


def number(value: float | None, digits: int = 3) -> str:
    """Return a measure without a unit; none is not known."""
    return UNKNOWN if value is None else f"{value:,.{digits}f}"


def day(when: date) -> str:
    """Return a day as it is said.

    Examples:
        >>> day(date(2026, 3, 31)).replace(NBSP, " ")
        '31 March 2026'
    """
    return f"{when.day}{NBSP}{_MONTHS[when.month - 1]}{NBSP}{when.year}"


def moment(stated: str) -> str:
    """Return an instant, stated in ISO 8601, as it is said; none is not known.

    Examples:
        >>> moment("2026-03-31T18:05:09+02:00").replace(NBSP, " "), moment("")
        ('31 March 2026, 18:05 (+02:00)', 'not known')
    """
    if not stated:
        return UNKNOWN
    at = datetime.fromisoformat(stated)
    return f"{day(at.date())}, {at:%H:%M} ({at.isoformat()[-6:]})"


def short_month(when: date) -> str:
    """Return the month in three letters.

    Examples:
        >>> short_month(date(2026, 3, 31))
        'Mar'
    """
    return _MONTHS[when.month - 1][:3]


def plain(code: str) -> str:
    """Return a code as words.

    Examples:
        >>> plain("get_back_on_track")
        'Get back on track'
    """
    words = code.replace("_", " ")
    return words[:1].upper() + words[1:]


def listed(words: Sequence[str]) -> str:
    """Return words as a list in a sentence.

    Examples:
        >>> listed(["green", "yellow", "red"])
        'green, yellow and red'
    """
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))

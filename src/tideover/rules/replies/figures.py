"""Days in figures, and the day that a reading of a reply comes to."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date

from tideover.terms.calendar import days

FIGURE = re.compile(
    r"(?<![\w.,/-])(?:\d{4}-\d\d?-\d\d?|\d\d?(?:/\d\d?(?:/(?:20)?\d\d)?|-\d\d?-(?:20)?\d\d"
    r"|-\d\d?|\.\d\d?\.?(?:(?:20)?\d\d)?))(?![\w,/-])"
)
_ORDINAL = re.compile(r"(\d\d?)(?:st|nd|rd|th|e|de|ste|er|eme|ero|o|a|ter|ten)", re.ASCII)
_HALF = "1/2"  # half of it, seldom the first of February
SUNDAY, FRIDAY, MID_MONTH = 6, 4, 15


def coded_figure(word: str, *, on: date, lang: str) -> str:
    """Return a word that no list knows as a code: N15, H15 (the 15th), =20260315, C money, or x.

    Args:
        on: The day the reply was received; a day without a year is the next one.
        lang: In English, 3/4 is the third of April or the fourth of March: whichever comes first.
    """
    if word in "€$£":
        return "C"
    if word.isdigit():
        return f"N{int(word)}" if word.isascii() and len(word) <= 4 else "x"
    if ordinal := _ORDINAL.fullmatch(word):
        return f"H{int(ordinal[1])}"
    if word[0].isdigit() and word != _HALF and FIGURE.fullmatch(word):
        found = min(_dates(word, on=on, either=lang == "en"), default=None)
        return f"={found:%Y%m%d}" if found else "x"
    return "x"


def _dates(word: str, *, on: date, either: bool) -> Iterator[date]:
    """Yield the days from `on` that figures may mean."""
    numbers = [int(part) for part in re.split(r"\D", word) if part]
    if word[:4].isdigit():
        year, month, day = numbers
        orders = [(day, month)]
    else:
        day, month, *given = numbers
        year = (given[0] + 2000 if given[0] < 100 else given[0]) if given else 0
        orders = [(day, month), (month, day)] if either or month > 12 else [(day, month)]
    for day, month in orders:
        with suppress(ValueError):
            found = date(year, month, day) if year else next_date(on, month, day)
            if found >= on:
                yield found


def day_of(reading: re.Match[str], *, on: date, payday: int | None) -> date | None:
    """Return the day that a reading of codes comes to, or None where it comes to none."""
    said = {name[0]: one for name, one in reading.groupdict().items() if one and len(name) == 2}
    name = next(one for one, found in reading.groupdict().items() if found and len(one) > 2)
    number = {letter: int(one) for letter, one in said.items() if one.isdigit()}
    if name == "payday":
        return month_day(on, payday) if payday else None
    with suppress(ValueError, OverflowError):
        return MEANINGS[name](on, number | {"unit": ord(said["u"][1])} if "u" in said else
                              number | {"b": 1} if "b" in said else number)  # fmt: skip
    return None


def next_date(on: date, month: int, day: int) -> date:
    """Return the next day, from `on`, of a month and day; the last of a month that is too short."""
    if not (1 <= month <= 12 and 1 <= day <= 31):
        raise ValueError(f"{day}.{month} is no day")
    year = on.year + ((month, day) < (on.month, on.day))
    return date(year, month, min(day, monthrange(year, month)[1]))


def month_day(on: date, day: int) -> date:
    """Return the next day of that number, from `on`; the last of a month that is too short.

    Examples:
        >>> month_day(date(2026, 2, 20), 31), month_day(date(2026, 12, 20), 15)
        (datetime.date(2026, 2, 28), datetime.date(2027, 1, 15))
    """
    if not 1 <= day <= 31:
        raise ValueError(f"{day} is no day of a month")
    last = monthrange(on.year, on.month)[1]
    if min(day, last) >= on.day:
        return on.replace(day=min(day, last))
    return _in_month(on, 1, day)


def _in_month(on: date, ahead: int, day: int) -> date:
    """Return a day some months ahead; the last of a month that is too short."""
    years, month = divmod(on.month - 1 + ahead, 12)
    year = on.year + years
    return date(year, month + 1, min(day, monthrange(year, month + 1)[1]))


def _monday(on: date, weeks: int) -> date:
    return on - days(on.weekday()) + days(7 * weeks)


def _coming(on: date, weekday: int) -> date:
    """Return the coming weekday; said on that day it is a week later."""
    return on + days((weekday - on.weekday() - 1) % 7 + 1)


def _ahead(on: date, said: dict[str, int]) -> date:
    count = said["n"]
    if said["unit"] == ord("O"):
        return _in_month(on, count, on.day)
    return on + days(count * (7 if said["unit"] == ord("K") else 1))


def _of_month(on: date, said: dict[str, int], day: int) -> date:
    if "m" in said:
        return next_date(on, said["m"], day)
    return _in_month(on, 1, day) if "b" in said else month_day(on, day)


def _with_year(on: date, said: dict[str, int]) -> date:
    if "y" in said:
        return date(said["y"], said["m"], said["d"])
    return next_date(on, said["m"], said.get("d", 1))


def _half_month(on: date, said: dict[str, int]) -> date:
    """Return the next of the two days a month on which wages are paid in Latin America."""
    return month_day(on, MID_MONTH if on.day <= MID_MONTH else 31)


def _friday(on: date, said: dict[str, int]) -> date:
    found = _monday(on, 1 if "b" in said else 0) + days(FRIDAY)
    return found if found >= on else on - days(on.weekday()) + days(SUNDAY)


def _written(on: date, said: dict[str, int]) -> date:
    return date(said["s"] // 10_000, said["s"] // 100 % 100, said["s"] % 100)


MEANINGS: dict[str, Callable[[date, dict[str, int]], date | None]] = {
    "gone": lambda on, said: None,
    "written": _written,
    "day_month": _with_year,
    "month_begin": lambda on, said: _of_month(on, said, 1),
    "month_end": lambda on, said: _of_month(on, said, 31),
    "mid_month": lambda on, said: _of_month(on, said, MID_MONTH),
    "week_end": _friday,
    "next_week_day": lambda on, said: _monday(on, 1) + days(said["w"]),
    "this_week_day": lambda on, said: on + days((said["w"] - on.weekday()) % 7),
    "week_day": lambda on, said: _coming(on, said["w"]),
    "ahead": _ahead,
    "near": lambda on, said: on + days(said["n"]),
    "weekend": lambda on, said: _monday(on, 1 if "b" in said else 0) + days(SUNDAY),
    "weeks": lambda on, said: _monday(on, 1) + days(SUNDAY),
    "months": lambda on, said: _in_month(on, 1, 31),
    "this_week": lambda on, said: _monday(on, 0) + days(SUNDAY),
    "this_month": lambda on, said: _in_month(on, 0, 31),
    "half_month": _half_month,
    "month_day": lambda on, said: month_day(on, said["d"]),
}

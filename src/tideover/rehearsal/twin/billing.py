"""What is used and billed: a year's season, the weather, and each home's own way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from tideover.rehearsal.twin.oregon import OREGON
from tideover.rehearsal.twin.people import Bools, Chance, Floats, People, Span
from tideover.rehearsal.twin.texts import Ints, day_of, number

FIXED_SHARE = 0.15  # of the usual bill: what one pays without using anything
PRICES = (0.26, 1.10, 1.60, 42.0, 0.30)  # a unit of use, in units of currency
UNITS = ("kWh", "m3", "m3", "GJ", "kWh")

_ELECTRICITY, _GAS = OREGON.bill_season["electricity"], OREGON.bill_season["gas"]
_WATER = (0.96, 0.95, 0.96, 0.98, 1.02, 1.07, 1.09, 1.07, 1.02, 0.97, 0.95, 0.96)
_MULTI = tuple((2 * e + g) / 3 for e, g in zip(_ELECTRICITY, _GAS, strict=True))
SEASON = np.array((_ELECTRICITY, _GAS, _WATER, _GAS, _MULTI))


@dataclass(frozen=True)
class Cycle:
    """One round of bills: every account's own day of one month.

    Args:
        number: From 0 at the first month.
        month: 1 to 12.
        issue: When the bill is issued, a day an account.
        before: When the one before it was.
        within: The day lies within the span.
        weather: What this month's cold or heat does to bills, one factor a commodity.
    """

    number: int
    month: int
    issue: Ints
    before: Ints
    within: Bools
    weather: Floats


def cycles(who: People, span: Span, *, weather: Floats) -> Iterator[Cycle]:
    """Yield the rounds of bills that a span touches, first to last."""
    start = day_of(span.first)
    for n in range(months(span)):
        index = start.year * 12 + start.month - 1 + n
        before, issue = (_first_of(month) - 1 + who.issue_day for month in (index - 1, index))
        within = (issue >= span.first) & (issue <= span.last)
        yield Cycle(n, index % 12 + 1, issue, before, within, weather[n])


def _first_of(month: int) -> int:
    return number(date(month // 12, month % 12 + 1, 1))


def months(span: Span) -> int:
    """Return how many calendar months a span touches."""
    start, end = day_of(span.first), day_of(span.last)
    return (end.year - start.year) * 12 + end.month - start.month + 1


def weather(span: Span, chance: Chance) -> Floats:
    """Make up every month's weather, alike for all accounts, as one factor a commodity."""
    swing = chance.normal(0.0, 0.05, (months(span), 1))
    factor: Floats = 1.0 + np.clip(swing, -0.12, 0.12) * np.array([[0.7, 1.3, 0.1, 1.3, 0.9]])
    return factor


@dataclass(frozen=True)
class Bills:
    """The bills of one round, one an account; `issued` says who gets one.

    Args:
        amount: Minor units.
        used: Tenths of the commodity's unit.
        final: The last bill, after the account is closed.
        start, end: First and last day of the period.
    """

    issued: Bools
    amount: Ints
    used: Ints
    final: Bools
    start: Ints
    end: Ints


def bills(who: People, cycle: Cycle, *, cut_off: Bools, chance: Chance) -> Bills:
    """Return what each account is billed in this round."""
    n = len(who)
    end = np.minimum(cycle.issue - 3, who.closed)
    start = np.maximum(cycle.before - 2, who.opened)
    length = end - start + 1
    season = SEASON[who.commodity, cycle.month - 1] * cycle.weather[who.commodity]
    share = season * chance.lognormal(-0.008, 0.13, n) * np.clip(length / 31, 0.1, 1.0)
    share = np.where(cut_off, FIXED_SHARE, share)
    amount = np.rint(who.usual * np.where(who.budget, 1.0, share)).astype(np.int64)
    use = who.usual * np.maximum(share - FIXED_SHARE, 0.0)
    used = np.rint(use / np.take(PRICES, who.commodity) / 10).astype(np.int64)
    return Bills(
        issued=cycle.within & (length > 0), amount=np.maximum(amount, 100), used=used,
        final=who.closed < cycle.issue - 3, start=start, end=end,
    )  # fmt: skip

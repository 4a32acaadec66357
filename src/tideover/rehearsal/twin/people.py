"""Who the customers are, and the reason each of them pays late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from tideover.rehearsal.twin.place import Place
from tideover.rehearsal.twin.texts import Ints, number

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Chance = np.random.Generator

NEVER = number(date(2199, 12, 31))
AREAS = 40

REASONS = ("reliable", "forgot", "payday", "stretched", "crisis", "avoiding", "disputing",
           "moved_out")  # fmt: skip
RELIABLE, FORGOT, PAYDAY, STRETCHED, CRISIS, AVOIDING, DISPUTING, MOVED_OUT = range(8)
# Shares of the reasons in the poorest and in the richest income band; those between lie between.
POOREST = (0.36, 0.15, 0.09, 0.25, 0.070, 0.050, 0.010, 0.020)
RICHEST = (0.62, 0.15, 0.09, 0.05, 0.025, 0.035, 0.015, 0.015)
BANDS = "abcde"

COMMODITIES = ("electricity", "gas", "water", "heat", "multi")
SHARES = (0.50, 0.25, 0.10, 0.05, 0.10)
# A home's mean monthly bill; the first two as in Oregon, the others are assumptions.
USUAL_BILL = (144.0, 76.0, 46.0, 90.0, 189.0)
# The balances at which paying in full becomes rarer, in units of currency: the truth of the zones.
STEPS = ((150.0, 400.0), (80.0, 220.0), (60.0, 150.0), (110.0, 280.0), (220.0, 560.0))
BUSINESS_SHARE, BUSINESS_TIMES = 0.04, 2.5


@dataclass(frozen=True)
class Span:
    """The days the twin covers, as days since 1970-01-01; both ends count."""

    first: int
    last: int

    @property
    def length(self) -> int:
        """Return how many days it covers."""
        return self.last - self.first + 1


@dataclass(frozen=True)
class People:
    """One block of accounts, a row each. What belongs to a customer is alike in all their accounts.

    Args:
        account, customer: Whole numbers, never used again; the ids are made of them.
        leads: The account is its customer's first.
        usual: Mean monthly bill, minor units.
        steps: The two balances at which paying in full becomes rarer, minor units.
        habit: How much readier to pay than others with the same reason, as log odds.
        payday: Day of the month.
        issue_day, term: Day of the month on which bills are issued; days until they are due.
        trouble: First day, and first day after, of a crisis or a dispute; NEVER without one.
        opened, closed: First and last day of supply; NEVER while it is open.
        method: How they pay by themselves; a place in the list of the twin's country.
    """

    account: Ints
    customer: Ints
    leads: Bools
    reason: Ints
    band: Ints
    business: Bools
    commodity: Ints
    area: Ints
    usual: Ints
    steps: tuple[Ints, Ints]
    habit: Floats
    payday: Ints
    issue_day: Ints
    term: Ints
    trouble: tuple[Ints, Ints]
    opened: Ints
    closed: Ints
    autopay: Bools
    budget: Bools
    method: Ints

    def __len__(self) -> int:
        """Return how many accounts there are."""
        return len(self.account)

    def troubled(self, day: Ints) -> Bools:
        """Say who is in a crisis or a dispute on a day of their own."""
        return (self.trouble[0] <= day) & (day < self.trouble[1])


def people(first: int, count: int, *, span: Span, place: Place, chance: Chance) -> People:
    """Make up a block of accounts; an account may belong to the customer of the one before it."""
    account = np.arange(first, first + count)
    second = chance.random(count) < 0.05
    second[0] = False
    second[1:] &= ~second[:-1]
    lead = np.arange(count) - second
    area = chance.integers(0, AREAS, count)[lead]
    band = _band(area, chance)[lead]
    business = (chance.random(count) < BUSINESS_SHARE)[lead]
    reason = _reason(band, chance)[lead]
    commodity = chance.choice(len(SHARES), count, p=SHARES)
    times = np.where(business, BUSINESS_TIMES, 1.0)
    size = chance.lognormal(-0.08, 0.4, count) * times * (0.92 + 0.04 * band)
    opened, closed = _supply(reason, span, chance)
    starts, ends = _trouble(reason, span, chance)
    payday = _paydays(count, place, chance)[lead]
    term = np.where(chance.random(count) < 0.15, 14, 21)
    return People(
        account=account, customer=account[lead], leads=~second, reason=reason, band=band,
        business=business, commodity=commodity, area=area,
        usual=np.rint(np.take(USUAL_BILL, commodity) * size * 100).astype(np.int64),
        steps=_steps(commodity, times),
        habit=chance.normal(0.0, 0.5, count)[lead],
        payday=payday, term=term, issue_day=_issue_day(reason, payday - term, chance),
        trouble=(starts[lead], ends[lead]),
        opened=opened, closed=closed,
        autopay=chance.random(count) < np.take(AUTOPAY, reason),
        budget=chance.random(count) < 0.12,
        method=chance.choice(len(place.methods), count, p=[p for _, p in place.methods])[lead],
    )  # fmt: skip


AUTOPAY = (0.55, 0.0, 0.0, 0.06, 0.35, 0.0, 0.20, 0.25)


def deprivation(area: Ints) -> Floats:
    """Return how poor areas are, from 0 to 1."""
    share: Floats = (area * 17 % AREAS) / (AREAS - 1)
    return share


def _band(area: Ints, chance: Chance) -> Ints:
    wealth = 0.9 - 0.6 * deprivation(area) + chance.normal(0.0, 0.25, len(area))
    fifth: Ints = np.clip(wealth * 5, 0, len(BANDS) - 1).astype(np.int64)
    return fifth


def _reason(band: Ints, chance: Chance) -> Ints:
    rich = np.linspace(0.0, 1.0, len(BANDS))[:, None]
    limits = np.cumsum((1 - rich) * POOREST + rich * RICHEST, axis=1)[:, :-1]
    drawn: Ints = (chance.random(len(band))[:, None] > limits[band]).sum(axis=1)
    return drawn


def _steps(commodity: Ints, times: Floats) -> tuple[Ints, Ints]:
    at = np.take(STEPS, commodity, axis=0) * times[:, None] * 100
    return at[:, 0].astype(np.int64), at[:, 1].astype(np.int64)


def _paydays(count: int, place: Place, chance: Chance) -> Ints:
    pick = chance.choice(len(place.paydays), count, p=[p for _, _, p in place.paydays])
    low, high = np.array([(first, last) for first, last, _ in place.paydays]).T
    payday: Ints = chance.integers(low[pick], high[pick] + 1)
    return payday


def _issue_day(reason: Ints, at_payday: Ints, chance: Chance) -> Ints:
    """Most bills go out early in the month and fall due about payday; for some, just before it."""
    n = len(reason)
    early = chance.random(n) < 0.7
    day = np.where(early, chance.integers(3, 11, n), chance.integers(1, 29, n))
    too_early = (at_payday - chance.integers(1, 6, n) - 1) % 28 + 1
    return np.where(reason == PAYDAY, too_early, day)


def _trouble(reason: Ints, span: Span, chance: Chance) -> tuple[Ints, Ints]:
    """A crisis lasts 6 to 26 weeks, a dispute 8 to 30; it may begin before the first day."""
    n = len(reason)
    weeks = np.where(reason == CRISIS, chance.integers(6, 27, n), chance.integers(8, 31, n))
    start = span.first - 60 + chance.integers(0, max(span.length, 1) + 60, n)
    has = (reason == CRISIS) | (reason == DISPUTING)
    return np.where(has, start, NEVER), np.where(has, start + 7 * weeks, NEVER)


def _supply(reason: Ints, span: Span, chance: Chance) -> tuple[Ints, Ints]:
    """Those who move out leave within the span; a few percent of the others come or go a year."""
    n, years = len(reason), span.length / 365
    ago = chance.integers(30, 6000, n)
    new = chance.random(n) < 0.07 * years / (1 + 0.07 * years)
    within = chance.integers(0, span.length, n)
    opened = np.where(new & (reason != MOVED_OUT), span.first + within, span.first - ago)
    leaves = (reason == MOVED_OUT) | (~new & (chance.random(n) < 0.05 * years))
    return opened, np.where(leaves, span.first + chance.integers(0, span.length, n), NEVER)

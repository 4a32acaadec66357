"""What a place and a policy allow a payment plan to be: ceilings, lengths, last days.

Of several rules the one that is kinder to the customer counts: the lower ceiling, the longer right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from tideover.rules.rulebook import Value
from tideover.terms.money import MINOR_DIGITS

UTILITY, COMMISSION = "utility", "commission"
LESSER, GREATER = "lesser", "greater"


@dataclass(frozen=True)
class PlanFacts:
    """What the rules ask of a customer who wants a plan.

    Args:
        service: What is supplied: electricity, gas, water, heat.
        income_fpl_pct: Income in % of the poverty level; none where it is not known, which counts
            as high, as the commissions count it.
        heats: The home is heated by this service.
    """

    service: str = "electricity"
    income_fpl_pct: Decimal | None = None
    low_income: bool = False
    heats: bool = False


@dataclass(frozen=True)
class When:
    """For whom and at what time of the year a band of a rule holds."""

    income_up_to: Decimal | None = None
    low_income: bool | None = None
    heats: bool | None = None
    services: tuple[str, ...] = ()
    begins: str = ""
    through: str = ""

    def holds(self, facts: PlanFacts, day: date) -> bool:
        """Say whether it holds for a customer on a day; the first and last day are in it."""
        if self.income_up_to is not None and (
            facts.income_fpl_pct is None or facts.income_fpl_pct > self.income_up_to
        ):
            return False
        if self.low_income is not None and facts.low_income != self.low_income:
            return False
        if self.heats is not None and facts.heats != self.heats:
            return False
        if self.services and facts.service not in self.services:
            return False
        if not self.begins:
            return True
        today = f"{day:%m-%d}"
        if self.begins <= self.through:
            return self.begins <= today <= self.through
        return today >= self.begins or today <= self.through


@dataclass(frozen=True)
class Band:
    """One band of a rule: the first that holds counts."""

    when: When
    values: Mapping[str, Value]


@dataclass(frozen=True)
class PlanRule:
    """One rule about plans, with its source."""

    id: str
    title: str
    services: tuple[str, ...]
    citation: str
    source: str
    verified: str
    bands: tuple[Band, ...]

    def on(self, facts: PlanFacts, day: date) -> Mapping[str, Any]:
        """Return what it says for a customer on a day; nothing where it does not hold."""
        if "all" not in self.services and facts.service not in self.services:
            return {}
        for band in self.bands:
            if band.when.holds(facts, day):
                return {name: value.on(day).amount for name, value in band.values.items()}
        return {}


@dataclass(frozen=True)
class PlanBook:
    """The rules about plans of one place, or the utility's own."""

    place: str
    jurisdictions: tuple[str, ...]
    checked_on: date
    rules: tuple[PlanRule, ...]


@dataclass(frozen=True)
class Policy:
    """What the utility decides itself.

    Args:
        months: The lengths that are shown, if the law leaves them.
        longest_months: The longest that a customer can take alone; past it a person decides.
        self_most: The largest debt that a customer can spread alone, in the currency's units.
        unasked_most: The largest debt that a customer can spread alone without a budget, where a
            plan has to fit the household's means, in the currency's units.
        smallest: The smallest instalment, in the currency's units.
        wait_days: After payday, or after today where none is said.
        offer_days: So long an offer stands.
        grace_days: So long after its day an instalment may still come in.
        tolerance: What may be lacking and nothing is missed, in the currency's units.
        forgiven: So many missed instalments are moved to the end, and nothing breaks.
        moves, move_days: So often a date may be moved before it passes, by at most so many days.
        pause_months: A plan may rest so long, once.
        reinstate_days: A broken plan goes on if what was missed comes in by then.
    """

    months: tuple[int, ...] = (2, 3, 4, 6, 9, 12, 18, 24)
    longest_months: int = 12
    self_most: int = 5_000
    unasked_most: int = 500
    smallest: int = 10
    wait_days: int = 2
    first_wait_days: int = 14
    offer_days: int = 14
    grace_days: int = 5
    tolerance: int = 1
    forgiven: int = 1
    moves: int = 3
    move_days: int = 14
    pause_months: int = 2
    reinstate_days: int = 30

    def minor(self, name: str, currency: str) -> int:
        """Return one of its sums in minor units."""
        units: int = getattr(self, name)
        return units * int(10 ** MINOR_DIGITS[currency])


@dataclass(frozen=True)
class Limits:
    """What a plan for one customer may be on one day.

    Args:
        fewest_months: A shorter plan may not be asked for.
        longest_months: The longest that is held out to customers: the policy's or the law's
            ceiling, whichever is lower, but never below what must be offered.
        offered_months: Lengths that must be among what is offered.
        down_most_minor, instalment_most_minor: Ceilings; none where there is none.
        last_due_by: All must be paid by then.
        by_means: The plan must fit what the customer can pay.
        said_by: The rules that say so.
    """

    fewest_months: int = 1
    longest_months: int = 12
    offered_months: tuple[int, ...] = ()
    down_most_minor: int | None = None
    instalment_most_minor: int | None = None
    last_due_by: date | None = None
    by_means: bool = False
    said_by: tuple[PlanRule, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Owing:
    """What a plan would be about.

    Args:
        arrears_minor: Past due on the day; above zero.
        bill_minor: The mean bill a month; 0 where it is not known.
    """

    arrears_minor: int
    currency: str
    bill_minor: int = 0


def limits(
    books: Sequence[PlanBook], facts: PlanFacts, owing: Owing, day: date, policy: Policy
) -> Limits:
    """Return what a plan may be, by every book of the customer's place together."""
    said = [(rule, rule.on(facts, day)) for book in books for rule in book.rules]
    said = [(rule, values) for rule, values in said if values]
    lengths = [int(v["longest_months"]) for _, v in said if "longest_months" in v]
    offered = {int(v["offered_months"]) for _, v in said if "offered_months" in v}
    fewest = max((int(v["fewest_months"]) for _, v in said if "fewest_months" in v), default=1)
    longest = min([policy.longest_months, *lengths])  # a ceiling obliges nobody to go up to it
    return Limits(
        fewest_months=fewest,
        longest_months=max(longest, fewest, *offered) if offered else max(longest, fewest),
        offered_months=tuple(sorted(offered)),
        down_most_minor=_least([_ceiling(v, "down", owing) for _, v in said]),
        instalment_most_minor=_least([_ceiling(v, "instalment", owing) for _, v in said]),
        last_due_by=min((_next(day, v["last_due_by"]) for _, v in said if "last_due_by" in v),
                        default=None),
        by_means=any(v.get("by_means") for _, v in said),
        said_by=tuple(rule for rule, _ in said),
    )  # fmt: skip


def _least(amounts: Sequence[int | None]) -> int | None:
    return min((amount for amount in amounts if amount is not None), default=None)


def _ceiling(values: Mapping[str, Any], of: str, owing: Owing) -> int | None:
    """Return the most that may be asked at once; it protects the customer, so it is rounded down.

    A rule may name a share of the debt, months of the mean bill, or both; then `by` says which of
    the two counts. Where the bill is not known the share alone does.
    """
    found = []
    if f"{of}_pct" in values:
        found.append(int(Decimal(values[f"{of}_pct"]) * owing.arrears_minor // 100))
    if f"{of}_bills" in values and (owing.bill_minor or not found):
        found.append(int(Decimal(values[f"{of}_bills"]) * owing.bill_minor // 1))
    if not found:
        return None
    return max(found) if values.get(f"{of}_by") == GREATER else min(found)


def _next(day: date, month_day: str) -> date:
    """Return the next day of the year so named, the day itself if it is one."""
    month, number = (int(part) for part in month_day.split("-"))
    found = date(day.year, month, number)
    return found if found >= day else date(day.year + 1, month, number)

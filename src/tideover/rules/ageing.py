"""What one account owes at the end of a day: balance, arrears, days past due, ageing buckets.

This is the scalar reference of the contract ("What is owed, as of the end of day D"). The night
computes the same for millions with `portfolio.receivables`; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

BUCKETS = ("current", "d1_30", "d31_60", "d61_90", "d91_120", "d121_plus")
# The largest number of days past due that each bucket but the last still holds.
BUCKET_EDGES = (0, 30, 60, 90, 120)


@dataclass(frozen=True)
class Debit:
    """A bill, or an adjustment that raises what is owed (due on the day it is posted)."""

    id: str
    issued_on: date
    due_on: date
    amount_minor: int


@dataclass(frozen=True)
class Credit:
    """A payment, or an adjustment that lowers what is owed."""

    on: date
    amount_minor: int
    reversed_on: date | None = None

    def counts(self, day: date) -> bool:
        """Say whether it lowers what is owed at the end of a day."""
        return self.on <= day and not (self.reversed_on is not None and self.reversed_on <= day)


@dataclass(frozen=True)
class Owed:
    """What an account owes at the end of a day; minor units of its one currency."""

    balance_minor: int
    arrears_minor: int
    days_past_due: int
    buckets_minor: tuple[int, ...]


def owed(debits: Iterable[Debit], credits: Iterable[Credit], as_of: date) -> Owed:
    """Return what is owed at the end of a day, every credit paying the oldest debit first.

    Args:
        debits: Those with `issued_on` after the day are not counted.
        credits: Those dated after the day, or reversed by then, are not counted.

    Source:
        The CIS export contract, "What is owed, as of the end of day D".

    Examples:
        >>> bill = Debit("B1", date(2026, 1, 1), date(2026, 1, 15), 100_00)
        >>> owed([bill], [Credit(date(2026, 1, 20), 40_00)], date(2026, 2, 1))
        Owed(balance_minor=6000, arrears_minor=6000, days_past_due=17, buckets_minor=(0, 6000, 0, 0, 0, 0))
    """  # noqa: E501
    due = sorted((d for d in debits if d.issued_on <= as_of),
                 key=lambda d: (d.due_on, d.issued_on, d.id))  # fmt: skip
    money = sum(credit.amount_minor for credit in credits if credit.counts(as_of))
    balance = sum(debit.amount_minor for debit in due) - money
    buckets = [0] * len(BUCKETS)
    arrears = days_past_due = 0
    for debit in due:
        paid = min(money, debit.amount_minor)
        money -= paid
        unpaid = debit.amount_minor - paid
        age = (as_of - debit.due_on).days
        buckets[bucket_of(age)] += unpaid
        if unpaid and age > 0:
            arrears += unpaid
            days_past_due = days_past_due or age
    return Owed(balance, arrears, days_past_due, tuple(buckets))


def bucket_of(age_days: int) -> int:
    """Return which ageing bucket an age belongs to, 0 for `current`.

    Examples:
        >>> [bucket_of(age) for age in (-5, 0, 1, 30, 31, 120, 121)]
        [0, 0, 1, 1, 2, 4, 5]
    """
    return sum(age_days > edge for edge in BUCKET_EDGES)

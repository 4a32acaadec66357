"""What is charged for payments that followed a message, and what is given back.

No cure, no pay: a fee for each payment that a written rule attributes, never for one that went
back. Every sum is whole minor units of one currency.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction
from typing import NamedTuple

from tideover.rules.lift import Group, lift, too_few
from tideover.terms.faults import Usage

LINK, WINDOW, INCREMENTAL = "link", "window", "incremental"
RULES = (LINK, WINDOW, INCREMENTAL)


class Terms(NamedTuple):
    """What was agreed.

    Args:
        rule: Which payments count.
        window_days: Within which a payment that names no message counts as following one.
        fee_minor, share: Of each payment; a fixed sum, and a part of it, 0 to 1.
        cap_payment_minor, cap_month_minor: The most for a payment, for a month; 0 is none.
    """

    rule: str
    window_days: int
    fee_minor: int
    share: Decimal
    cap_payment_minor: int
    cap_month_minor: int


def check_terms(terms: Terms) -> None:
    """Refuse terms that say nothing, or something that cannot be.

    Raises:
        Usage: Says which.
    """
    amounts = (terms.fee_minor, terms.cap_payment_minor, terms.cap_month_minor)
    for wrong, name, what in (
        (terms.rule not in RULES, "rule", f"Known are {', '.join(RULES)}"),
        (not 1 <= terms.window_days <= 60, "window_days", "It is from 1 to 60 days"),
        (min(amounts) < 0 or not 0 <= terms.share <= 1, "fee",
         "Fees and caps are not below 0, and a share is at most 1"),
        (not terms.fee_minor and not terms.share, "fee", "Nothing is to be charged"),
    ):  # fmt: skip
        if wrong:
            raise Usage(what, where=f"tideover.toml [success] {name}", mend="See docs/settings.md")


def fee_of(terms: Terms, amount_minor: int) -> int:
    """Return the fee for one payment, before what would have come anyway; rounded down.

    Examples:
        >>> terms = Terms(LINK, 30, 100, Decimal("0.05"), 250, 0)
        >>> fee_of(terms, 1999), fee_of(terms, 9_000_00)
        (199, 250)
    """
    part = (terms.share * amount_minor).to_integral_value(ROUND_FLOOR)
    fee = min(terms.fee_minor + int(part), amount_minor)
    return min(fee, terms.cap_payment_minor) if terms.cap_payment_minor else fee


def charges(fees: Sequence[int], part: Fraction, *, room_minor: int | None) -> list[int]:
    """Return what is charged for each payment in order.

    Args:
        fees: Whole fees; none below 0.
        part: Of all of them that is charged, 0 to 1: what would have come anyway is not.
        room_minor: How much the month's cap leaves; none where there is no cap.

    Returns:
        As many sums as fees, each from 0 to its fee. They come to the part of all fees, rounded
        down, or to the cap.

    Examples:
        >>> charges([100, 100, 100], Fraction(1, 3), room_minor=None)
        [33, 33, 34]
        >>> charges([100, 100, 100], Fraction(1), room_minor=150)
        [100, 50, 0]
    """
    found, whole, so_far = [], 0, 0
    for fee in fees:
        whole += fee
        due = whole * part.numerator // part.denominator
        if room_minor is not None:
            due = min(due, room_minor)
        found.append(due - so_far)
        so_far = due
    return found


class Added(NamedTuple):
    """The part of those who paid that would not have paid anyway, with its interval."""

    part: Fraction
    low: Fraction
    high: Fraction


def added(treated: Group, held: Group) -> Added:
    """Return which part of those who paid did so because of a message; nothing of too few people.

    Examples:
        >>> [float(round(part, 3)) for part in added(Group(500, 1000), Group(400, 1000))]
        [0.2, 0.113, 0.286]
        >>> added(Group(5, 10), Group(1, 10)).part
        Fraction(0, 1)
    """
    found = None if too_few(treated, held) else lift(treated, held)
    if found is None or not treated.did:
        return Added(Fraction(0), Fraction(0), Fraction(0))
    paid = Fraction(treated.did, treated.of)
    at = paid - Fraction(held.did, held.of)
    ends = (Fraction(round(end, 6)).limit_denominator(10**6) for end in (found.low, found.high))
    low, high = (min(max(end / paid, Fraction(0)), Fraction(1)) for end in ends)
    return Added(min(max(at / paid, Fraction(0)), Fraction(1)), low, high)

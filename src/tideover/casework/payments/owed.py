"""What a customer owes now: as the last night says, less all that came in and it does not know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tideover.casework.cases.models import Account, Event, Standing
from tideover.casework.payments.books import pending_minor
from tideover.casework.payments.paying import OURS

_SIDES = {"paid": 1, "payment_reversed": -1}
Told = tuple[str, Mapping[str, Any]]  # an event of the ledger: its kind and facts


@dataclass(frozen=True)
class Owed:
    """What is owed, in minor units of the account's currency; a credit is below zero.

    Args:
        paid_minor: What came in and the night does not know of; it is taken off already.
        as_of: The day of the night that says so; none where no night published the account.
    """

    currency: str
    balance_minor: int
    arrears_minor: int
    paid_minor: int
    as_of: date | None


def moved_minor(told: Iterable[Told]) -> int:
    """Return what came in by events of the ledger, less what went back.

    Examples:
        >>> moved_minor([("paid", {"amount_minor": 500}), ("called", {})])
        500
    """
    return sum(_SIDES[kind] * int(facts["amount_minor"]) for kind, facts in told if kind in _SIDES)


def unknown_minor(pending_minor: int, told: Iterable[Told]) -> int:
    """Return what came in and the night does not know of.

    Args:
        pending_minor: Of our own payments, what the export has not brought.
        told: Events since the night's lake: what others took counts, ours is pending already.

    Examples:
        >>> ours = ("paid", {"amount_minor": 500, "payment_id": "pay-1"})
        >>> unknown_minor(0, [ours, ("paid", {"amount_minor": 300, "payment_id": "P1"})])
        300
    """
    others = (one for one in told if not str(one[1].get("payment_id", "")).startswith(OURS))
    return pending_minor + moved_minor(others)


def owed(account_id: str) -> Owed:
    """Return what a customer owes now."""
    account = Account.objects.get(pk=account_id)
    standing = Standing.objects.select_related("night").filter(pk=account_id).first()
    pending = pending_minor([account_id]).get(account_id, 0)
    if standing is None:
        return Owed(account.currency, -pending, 0, pending, None)
    since = Event.objects.filter(account=account_id, id__gt=standing.night.journal_through,
                                 kind__in=_SIDES)  # fmt: skip
    paid = unknown_minor(pending, since.values_list("kind", "facts"))
    return Owed(account.currency, standing.balance_minor - paid,
                max(standing.arrears_minor - paid, 0), paid, standing.as_of)  # fmt: skip

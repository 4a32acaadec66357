"""What a customer owes now: as the last night says, less all that came in and it does not know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef

from tideover.casework.cases.models import Account, Event
from tideover.casework.payments.books import pending_here
from tideover.casework.payments.paying import OURS
from tideover.casework.prepared import Prepared

_SIDES = {"paid": 1, "payment_reversed": -1}
Told = tuple[str, Mapping[str, Any]]  # an event of the ledger: its kind and facts
_HEARD = "standing__night__journal_through"
_STANDINGS = Prepared(
    lambda account: Account.objects.filter(pk=account).values_list(
        "currency", "standing__as_of", "standing__balance_minor", "standing__arrears_minor",
        _HEARD, pending_here(),
        Exists(Event.objects.filter(account=OuterRef("pk"), id__gt=OuterRef(_HEARD),
                                    kind__in=_SIDES)))
)  # fmt: skip


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
    found = _STANDINGS.rows(account=account_id)
    if not found:
        raise Account.DoesNotExist(account_id)
    currency, as_of, balance, arrears, heard, pending, happened = found[0]
    pending = -(pending or 0)
    if as_of is None:
        return Owed(currency, -pending, 0, pending, None)
    since = _since(account_id, heard) if happened else []
    paid = unknown_minor(pending, since)
    return Owed(currency, balance - paid, max(arrears - paid, 0), paid, as_of)


def _since(account_id: str, heard: int) -> Iterable[Told]:
    rows = Event.objects.filter(account=account_id, id__gt=heard, kind__in=_SIDES)
    return rows.values_list("kind", "facts")

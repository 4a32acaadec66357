"""What a customer owes now: as the last night says, less all that came in and it does not know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tideover.casework.cases.models import Account, Event, Standing
from tideover.casework.payments.books import pending_minor
from tideover.casework.payments.paying import OURS

_SIDES = {"paid": 1, "payment_reversed": -1}


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


def owed(account_id: str) -> Owed:
    """Return what a customer owes now."""
    account = Account.objects.get(pk=account_id)
    standing = Standing.objects.select_related("night").filter(pk=account_id).first()
    paid = pending_minor([account_id]).get(account_id, 0)
    if standing is None:
        return Owed(account.currency, -paid, 0, paid, None)
    paid += _told_by_others(account_id, standing.night.journal_through)
    return Owed(account.currency, standing.balance_minor - paid,
                max(standing.arrears_minor - paid, 0), paid, standing.as_of)  # fmt: skip


def _told_by_others(account_id: str, through: int) -> int:
    """Return what the API told of since the night's lake; our own payments are in the books."""
    rows = Event.objects.filter(account=account_id, id__gt=through, kind__in=_SIDES)
    return sum(
        _SIDES[one.kind] * int(one.facts["amount_minor"])
        for one in rows
        if not str(one.facts.get("payment_id", "")).startswith(OURS)
    )

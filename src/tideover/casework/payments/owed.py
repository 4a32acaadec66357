"""What a customer owes now: as the last night says, less what we saw first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tideover.casework.cases.models import Account, Standing
from tideover.casework.payments.books import pending_minor


@dataclass(frozen=True)
class Owed:
    """What is owed, in minor units of the account's currency; a credit is below zero.

    Args:
        as_of: The day of the night that says so; none where no night published the account.
        pending_minor: Paid, seen here, and not in the export yet; it is taken off already.
    """

    currency: str
    balance_minor: int
    arrears_minor: int
    pending_minor: int
    as_of: date | None


def owed(account_id: str) -> Owed:
    """Return what a customer owes now."""
    account = Account.objects.get(pk=account_id)
    standing = Standing.objects.filter(pk=account_id).first()
    pending = pending_minor([account_id]).get(account_id, 0)
    if standing is None:
        return Owed(account.currency, -pending, 0, pending, None)
    return Owed(
        account.currency, standing.balance_minor - pending,
        max(standing.arrears_minor - max(pending, 0), 0) if pending >= 0
        else standing.arrears_minor - pending,
        pending, standing.as_of,
    )  # fmt: skip

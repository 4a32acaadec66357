"""The ledger of money: what is written when money is seen, goes back, is settled, or is brought.

The utility's own system owns the debt. Here stands only what was seen first, until the export
brings it: so nothing is counted twice, and nobody is asked for what was paid.

pending      seen here and not yet in the export; minus is the customer's credit
receivable   taken over by the export
clearing     at the payment provider
bank         on the utility's bank account
fees         what providers keep
unallocated  on the bank account, and nobody knows whose
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Subquery, Sum

from tideover.casework.bulk import Many
from tideover.casework.payments.models import Journal, Posting
from tideover.casework.prepared import Prepared

PENDING, RECEIVABLE, CLEARING = "pending", "receivable", "clearing"
BANK, FEES, UNALLOCATED, WRITE_OFF = "bank", "fees", "unallocated", "write_off"
BOOKS = (PENDING, RECEIVABLE, CLEARING, BANK, FEES, UNALLOCATED, WRITE_OFF)


@dataclass(frozen=True)
class Side:
    """One side of a journal; above zero is debit."""

    book: str
    amount_minor: int
    account_id: str | None = None
    payment_id: str | None = None


@dataclass(frozen=True)
class Entry:
    """What is to be written.

    Args:
        key: Which thing it was: written once, however often it is told.
        corrects: The number of the journal that this one corrects.
    """

    key: str
    kind: str
    currency: str
    at: datetime
    by: str
    corrects: int | None = None


def write(entry: Entry, *sides: Side) -> Journal | None:
    """Write a journal, or nothing where it stands already.

    Raises:
        ValueError: It does not sum to zero, or a book is not known.
    """
    total = sum(side.amount_minor for side in sides)
    odd = [side.book for side in sides if side.book not in BOOKS]
    if total or odd or len(sides) < 2:
        raise ValueError(f"A journal sums to zero over known books, not {total} {odd}")
    if Journal.objects.filter(key=entry.key).exists():
        return None
    try:
        with transaction.atomic():
            journal = Journal.objects.create(
                key=entry.key, kind=entry.kind, at=entry.at, by=entry.by,
                corrects_id=entry.corrects,
            )  # fmt: skip
            Posting.objects.bulk_create(
                Posting(journal=journal, book=side.book, account_id=side.account_id,
                        payment_id=side.payment_id, currency=entry.currency,
                        amount_minor=side.amount_minor)
                for side in sides if side.amount_minor
            )  # fmt: skip
    except IntegrityError:  # another wrote it meanwhile
        if Journal.objects.filter(key=entry.key).exists():
            return None
        raise
    return journal


_PENDING = Prepared(
    lambda accounts: Posting.objects.filter(account__among=accounts, book=PENDING)
    .values_list("account").annotate(Sum("amount_minor"))
)  # fmt: skip


def pending_minor(account_ids: Collection[str]) -> dict[str, int]:
    """Return what was paid and is not in the export yet, by account; below zero it went back."""
    rows = _PENDING.rows(accounts=Many(account_ids))
    return {account: -minor for account, minor in rows if minor}


def pending_here() -> Subquery:
    """Return, of each account of a query, what stands in the book of what is pending; see above."""
    mine = Posting.objects.filter(account=OuterRef("pk"), book=PENDING).order_by()
    return Subquery(mine.values("account").annotate(minor=Sum("amount_minor")).values("minor"))


def balance_minor(payment_id: str, book: str) -> int:
    """Return what stands in a book for a payment; debit is above zero."""
    found = Posting.objects.filter(payment=payment_id, book=book).aggregate(all=Sum("amount_minor"))
    return int(found["all"] or 0)


def pending_payments(account_ids: Iterable[str]) -> dict[str, int]:
    """Return what is pending of each payment of some accounts, by payment."""
    rows = (
        Posting.objects.filter(account__in=list(account_ids), book=PENDING)
        .exclude(payment=None).values_list("payment").annotate(Sum("amount_minor"))
    )  # fmt: skip
    return {payment: -minor for payment, minor in rows if minor}

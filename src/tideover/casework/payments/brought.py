"""What the export brings of payments that we saw first: counted there from now on, and not here.

Matched by our own ids and reference where the export carries one; else by account, sum and day. In
the export the utility's own system speaks, so its word holds even where the sum is another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum

from tideover.casework.payments.books import PENDING, RECEIVABLE, Entry, Side, write
from tideover.casework.payments.models import Payment, Posting
from tideover.casework.payments.seeing import sums_of
from tideover.terms.calendar import days

EARLIEST_DAYS, LATEST_DAYS = 1, 10  # of a payment in the export, around the day it was begun
BROUGHT, TAKEN_BACK, BY = "brought", "brought_back", "cis"


@dataclass(frozen=True)
class CisPayment:
    """Money of the export: a payment, or a grant that was posted.

    Args:
        received_at: The instant, where the export has one.
    """

    payment_id: str
    account_id: str
    received_on: date
    amount_minor: int
    reversed: bool = False
    received_at: datetime | None = None


def accounts_that_wait() -> list[str]:
    """Return the accounts with a payment that the export has not brought."""
    rows = Posting.objects.filter(book=PENDING).exclude(payment=None)
    open_ones = rows.values("payment", "account").annotate(all=Sum("amount_minor")).exclude(all=0)
    return sorted({str(row["account"]) for row in open_ones})


@transaction.atomic
def bring(rows: Iterable[CisPayment], *, now: datetime) -> int:
    """Take over what the export brings; return how many payments it was. Told again, nothing.

    Call it in the transaction in which what the accounts owe is replaced.
    """
    of_account: dict[str, list[CisPayment]] = defaultdict(list)
    for row in rows:
        of_account[row.account_id].append(row)
    return sum(_bring(account_id, found, now) for account_id, found in sorted(of_account.items()))


def _bring(account_id: str, rows: Sequence[CisPayment], now: datetime) -> int:
    done = 0
    taken = _taken(account_id)
    for row in sorted(rows, key=lambda row: (row.received_on, row.payment_id)):
        mine = taken.get(row.payment_id)
        if mine is not None:
            if row.reversed:
                done += _take_back(mine, row, now)
            continue
        found = _match(_waiting(account_id), row)
        if found is not None:
            payment, pending = found
            _write(BROUGHT, row, payment, pending, now)
            taken[row.payment_id] = payment
            done += 1
    return done


def is_ours(row: CisPayment) -> bool:
    """Say whether a payment of the utility's own system is one that we saw first."""
    return row.payment_id in _taken(row.account_id) or (
        _match(_waiting(row.account_id), row) is not None
    )


def _waiting(account_id: str) -> list[tuple[Payment, int]]:
    """Return payments that wait to be brought, the oldest first, with what is pending of each."""
    rows = Posting.objects.filter(account=account_id, book=PENDING).exclude(payment=None)
    sums: dict[str, int] = dict(rows.values_list("payment").annotate(Sum("amount_minor")))
    open_ones = Payment.objects.filter(pk__in=[pk for pk, minor in sums.items() if minor < 0])
    return [(payment, -sums[payment.pk]) for payment in open_ones.order_by("begun_at", "pk")]


def _match(waiting: Sequence[tuple[Payment, int]], row: CisPayment) -> tuple[Payment, int] | None:
    for payment, pending in waiting:
        if row.payment_id in {payment.pk, payment.reference, payment.provider_id}:
            return payment, pending
    for payment, pending in waiting:
        first = payment.begun_at.date() - days(EARLIEST_DAYS)
        last = payment.begun_at.date() + days(LATEST_DAYS)
        if first <= row.received_on <= last and row.amount_minor in (
            pending, sums_of(payment).paid_minor,
        ):  # fmt: skip
            return payment, pending
    return None


def _taken(account_id: str) -> dict[str, Payment]:
    """Return the export's ids of payments that it brought before."""
    rows = Posting.objects.filter(
        account=account_id, book=RECEIVABLE, journal__key__startswith=f"{BROUGHT}:"
    ).select_related("journal", "payment")
    return {row.journal.key.partition(":")[2]: row.payment for row in rows if row.payment}


def _take_back(payment: Payment, row: CisPayment, now: datetime) -> int:
    """Take over that it went back, where we saw that too."""
    pending = Posting.objects.filter(payment=payment, book=PENDING).aggregate(
        all=Sum("amount_minor"))["all"]  # fmt: skip
    return int(bool(pending) and _write(TAKEN_BACK, row, payment, -pending, now))


def _write(kind: str, row: CisPayment, payment: Payment, minor: int, now: datetime) -> bool:
    entry = Entry(f"{kind}:{row.payment_id}", kind, payment.currency, now, BY)
    return write(
        entry, Side(PENDING, minor, payment.account_id, payment.pk),
        Side(RECEIVABLE, -minor, payment.account_id, payment.pk),
    ) is not None  # fmt: skip

"""What the export brings of payments that we saw first: counted there from now on, and not here.

Matched by our own ids and reference where the export carries one; else by account, sum and day. In
the export the utility's own system speaks, so its word holds even where the sum is another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Min, Sum

from tideover.casework.payments.books import PENDING, RECEIVABLE, Entry, Side, write
from tideover.casework.payments.models import Payment, Posting
from tideover.casework.payments.seeing import sums_of
from tideover.terms.calendar import days

LATEST_DAYS = 10  # of a payment in the export, after the day it was begun
BOOKED_DAYS = 1  # that the export may say before the day of the bank's statement
SLACK = timedelta(minutes=5)  # of two clocks, and of instants that are cut to the minute
BROUGHT, TAKEN_BACK, BY = "brought", "brought_back", "cis"


@dataclass(frozen=True)
class CisPayment:
    """Money of the export: a payment, or a grant that was posted.

    Args:
        received_at: The instant, where the export has one.
        loaded_at: When the export was made that first had it so; none where that is not known.
    """

    payment_id: str
    account_id: str
    received_on: date
    amount_minor: int
    reversed: bool = False
    received_at: datetime | None = None
    loaded_at: datetime | None = None


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
    taken = brought_before(account_id)
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
    return row.payment_id in brought_before(row.account_id) or (
        _match(_waiting(row.account_id), row) is not None
    )


def _waiting(account_id: str) -> list[tuple[Payment, int]]:
    """Return payments that wait to be brought, the oldest first, with what is pending of each."""
    rows = Posting.objects.filter(account=account_id, book=PENDING).exclude(payment=None)
    sums: dict[str, int] = dict(rows.values_list("payment").annotate(Sum("amount_minor")))
    open_ones = Payment.objects.select_related("account").filter(
        pk__in=[pk for pk, minor in sums.items() if minor < 0]
    )
    return [(payment, -sums[payment.pk]) for payment in open_ones.order_by("begun_at", "pk")]


def _match(waiting: Sequence[tuple[Payment, int]], row: CisPayment) -> tuple[Payment, int] | None:
    for payment, pending in waiting:
        if row.payment_id in {payment.pk, payment.reference, payment.provider_id}:
            return payment, pending
    for payment, pending in waiting:
        alike = row.amount_minor in (pending, sums_of(payment).paid_minor)
        if alike and _may_be(payment, row):
            return payment, pending
    return None


def _may_be(payment: Payment, row: CisPayment) -> bool:
    """Say whether a payment of the export came when ours did; not before it was begun."""
    zone, begun = ZoneInfo(payment.account.timezone), _begun(payment)
    first = begun.astimezone(zone).date()
    last = payment.begun_at.astimezone(zone).date() + days(LATEST_DAYS)
    at = instant_of(row, zone)
    known = row.loaded_at if at is None else at + SLACK
    return first <= row.received_on <= last and (known is None or known >= begun)


def _begun(payment: Payment) -> datetime:
    """Return from when on its money may have come; of a bank's line we hear days later."""
    booked = payment.bank_lines.aggregate(first=Min("booked_on"))["first"]
    if booked is None:
        return payment.begun_at
    zone = ZoneInfo(payment.account.timezone)
    earliest = datetime.combine(booked - days(BOOKED_DAYS), time.min, zone)
    return min(payment.begun_at, earliest)


def instant_of(row: CisPayment, zone: ZoneInfo) -> datetime | None:
    """Return when a payment of the export came; none where it says no more than a day."""
    at = row.received_at
    return None if at is None or day_alone(at, zone) else at


def day_alone(at: datetime, zone: ZoneInfo) -> bool:
    """Say whether an instant stands for a day: an export without hours says midnight."""
    return time.min in (at.astimezone(zone).time(), at.astimezone(UTC).time())


def brought_before(account_id: str) -> dict[str, Payment]:
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

"""Payments of a delta, told to the ledger at once: whoever has paid is not chased until tonight."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from tideover.casework.api.bounds import bounds
from tideover.casework.cases.ledger import lock, record
from tideover.casework.cases.models import Account, Event
from tideover.casework.payments.brought import CisPayment, is_ours
from tideover.terms import money
from tideover.terms.tables import TABLES

RECORDED, KNOWN, ELSEWHERE = "recorded", "known_before", "account_not_here"
OLD, ODD = "too_old_to_matter", "not_understood"
STATUSES = TABLES["payments"].column("status").one_of
METHODS = TABLES["payments"].column("method").one_of


@dataclass(frozen=True)
class Payment:
    """A payment of the export, understood."""

    payment_id: str
    account_id: str
    at: datetime
    amount: str
    method: str
    reversed: bool


def take_payments(rows: Iterable[Mapping[str, str]], *, by: str, now: datetime) -> dict[str, int]:
    """Record payments that nobody recorded before, and return what became of all of them.

    Call it inside the transaction that stores the delta. Rows that are not understood wait for
    the load, which quarantines them.
    """
    counts: Counter[str] = Counter()
    by_account: dict[str, list[Payment]] = defaultdict(list)
    since = now - timedelta(days=bounds().payments_count_days)
    for row in rows:
        found = understood(row)
        if found is None:
            counts[ODD] += 1
        elif found.at < since:
            counts[OLD] += 1
        else:
            by_account[found.account_id].append(found)
    here = set(_here(by_account))
    for account_id in sorted(by_account):  # in order, so that two deltas do not wait on each other
        if account_id in here:
            counts.update(_take(account_id, by_account[account_id], by=by, now=now))
        else:
            counts[ELSEWHERE] += len(by_account[account_id])
    return dict(sorted(counts.items()))


def understood(row: Mapping[str, str]) -> Payment | None:
    """Return a row as a payment; none where it is not one."""
    payment_id, account_id = row.get("payment_id", ""), row.get("account_id", "")
    status, method = row.get("status", ""), row.get("method", "") or "other"
    try:
        at = datetime.fromisoformat(row.get("received_at", ""))
    except ValueError:
        return None
    plain = payment_id and account_id and "\0" not in payment_id + account_id
    sound = status in STATUSES and method in METHODS and len(payment_id) <= 200
    if not plain or not sound or at.tzinfo is None or not 1900 <= at.year < 2200:
        return None
    return Payment(payment_id, account_id, at.astimezone(UTC), row.get("amount", ""), method,
                   status == "reversed")  # fmt: skip


def _here(account_ids: Iterable[str]) -> Iterable[str]:
    wanted = sorted(account_ids)
    for first in range(0, len(wanted), 500):
        chunk = wanted[first : first + 500]
        yield from Account.objects.filter(pk__in=chunk).values_list("pk", flat=True)


def _take(account_id: str, payments: list[Payment], *, by: str, now: datetime) -> Counter[str]:
    """Record what is new of one account, whose row is locked so that nobody records it twice."""
    counts: Counter[str] = Counter()
    account = lock(account_id)
    known = _known(account_id, [one.payment_id for one in payments])
    for one in payments:
        try:
            amount_minor = money.minor(one.amount, account.currency)
        except (ValueError, KeyError):
            amount_minor = 0
        kind = "payment_reversed" if one.reversed else "paid"
        if amount_minor <= 0:
            counts[ODD] += 1
            continue
        went_back = one.reversed and ("paid", one.payment_id) not in known
        if (kind, one.payment_id) in known or went_back or _seen_first(one, account, amount_minor):
            counts[KNOWN] += 1
            continue
        known.add((kind, one.payment_id))
        facts = {"payment_id": one.payment_id, "amount_minor": amount_minor}
        more = {} if one.reversed else {"method": one.method, "status": "settled"}
        record(account_id, kind, at=min(one.at, now), by=by, facts=facts | more)
        counts[RECORDED] += 1
    return counts


def _seen_first(one: Payment, account: Account, amount_minor: int) -> bool:
    """Say whether it is a payment that we saw at the provider: it is counted already."""
    day = one.at.astimezone(ZoneInfo(account.timezone)).date()
    found = CisPayment(one.payment_id, account.pk, day, amount_minor, one.reversed, one.at)
    return not one.reversed and is_ours(found)


def _known(account_id: str, payment_ids: list[str]) -> set[tuple[str, str]]:
    """Return what the ledger has of payments: kind and id."""
    told = Event.objects.filter(
        Q(kind="paid") | Q(kind="payment_reversed"), account=account_id
    ).values_list("kind", "facts")
    wanted = set(payment_ids)
    return {
        (kind, str(facts.get("payment_id")))
        for kind, facts in told
        if str(facts.get("payment_id")) in wanted
    }

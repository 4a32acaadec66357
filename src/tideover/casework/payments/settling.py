"""A provider's settlement report beside the ledger and the bank: what differs is a work list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Sum

from tideover.casework.payments.books import (
    CLEARING,
    FEES,
    PENDING,
    RECEIVABLE,
    UNALLOCATED,
    Entry,
    Side,
    write,
)
from tideover.casework.payments.matching import PAYOUT
from tideover.casework.payments.methods import TRANSFER
from tideover.casework.payments.models import (
    BankLine,
    Payment,
    Posting,
    SettlementDifference,
    SettlementLine,
)
from tideover.casework.payments.registry import SANDBOX
from tideover.casework.payments.seeing import sums_of

LATE = timedelta(days=5)  # by then a provider has told what it settles


@dataclass(frozen=True)
class Settled:
    """A line of a provider's report.

    Args:
        line_id: The provider's own.
        amount_minor: Before its fee; below zero where money went back.
        fee_minor: What it keeps; zero or more.
    """

    settlement_id: str
    line_id: str
    provider_id: str
    amount_minor: int
    fee_minor: int
    currency: str
    settled_on: date


@dataclass(frozen=True)
class Difference:
    """Something on which provider, ledger and bank do not agree, and since when."""

    what: str
    where: str
    since: date
    amount_minor: int
    currency: str


def take_report(provider: str, lines: Iterable[Settled]) -> int:
    """Keep the lines of a report, each once; return how many were new."""
    rows = [
        SettlementLine(provider=provider, settlement_id=one.settlement_id, line_id=one.line_id,
                       provider_id=one.provider_id, amount_minor=one.amount_minor,
                       kind="paid" if one.amount_minor > 0 else "back", fee_minor=one.fee_minor,
                       currency=one.currency, settled_on=one.settled_on)
        for one in lines
    ]  # fmt: skip
    mine = SettlementLine.objects.filter(provider=provider)
    before = mine.count()
    SettlementLine.objects.bulk_create(rows, ignore_conflicts=True)
    return mine.count() - before


@transaction.atomic
def match_payouts(provider: str, *, now: datetime) -> int:
    """Find the bank's lines that pay out settlements; return how many were found.

    A payout names its settlement in its reference or text, and its sum is that of the report.
    """
    done = 0
    reports = SettlementLine.objects.filter(provider=provider).values("settlement_id", "currency")
    for report in reports.annotate(all=Sum("amount_minor"), fee=Sum("fee_minor")):
        net = report["all"] - report["fee"]
        waiting = BankLine.objects.select_for_update().filter(
            how="", amount_minor=net, currency=report["currency"])  # fmt: skip
        for line in waiting:
            if report["settlement_id"] in f"{line.reference} {line.text}":
                _post(provider, report["settlement_id"], line, now)
                done += 1
                break
    return done


def _post(provider: str, settlement_id: str, line: BankLine, now: datetime) -> None:
    rows = SettlementLine.objects.filter(provider=provider, settlement_id=settlement_id)
    ours = {payment.provider_id: payment.pk for payment in Payment.objects.filter(
        provider=provider, provider_id__in=rows.values("provider_id"))}  # fmt: skip
    sides = [Side(CLEARING, -row.amount_minor, payment_id=ours.get(row.provider_id))
             for row in rows]  # fmt: skip
    fee = sum(row.fee_minor for row in rows)
    entry = Entry(f"payout:{provider}:{settlement_id}", PAYOUT, line.currency, now, provider)
    write(entry, Side(UNALLOCATED, line.amount_minor), Side(FEES, fee), *sides)
    BankLine.objects.filter(pk=line.pk).update(how=PAYOUT, settled_by=provider)


def differences(provider: str, today: date) -> Iterator[Difference]:
    """Yield on what inbox, report, ledger and bank do not agree; nothing where all is well."""
    rows = SettlementLine.objects.filter(provider=provider)
    reported: dict[str, int] = dict(rows.values_list("provider_id").annotate(Sum("amount_minor")))
    for payment in Payment.objects.filter(provider=provider, paid_minor__gt=0):
        net = sums_of(payment).net_minor
        said = reported.pop(payment.provider_id, None)
        day = payment.begun_at.date()
        if said is None and net and day + LATE < today:
            yield Difference("paid, and in no report", payment.pk, day, net, payment.currency)
        elif said is not None and said != net:
            yield Difference("another sum in the report", payment.pk, day, said - net,
                             payment.currency)  # fmt: skip
    for provider_id, minor in reported.items():
        row = rows.filter(provider_id=provider_id).order_by("settled_on").first()
        if row is not None and minor:
            yield Difference("reported, and we never heard of it", provider_id, row.settled_on,
                             minor, row.currency)  # fmt: skip
    found = rows.values("settlement_id").distinct()
    for report in found.order_by("settlement_id"):
        key = f"payout:{provider}:{report['settlement_id']}"
        mine = rows.filter(settlement_id=report["settlement_id"])
        day = mine.order_by("settled_on").values_list("settled_on", flat=True)[0]
        if day + LATE < today and not Posting.objects.filter(journal__key=key).exists():
            net = sum(row.amount_minor - row.fee_minor for row in mine)
            yield Difference("reported, and not on the bank", report["settlement_id"], day, net,
                             mine[0].currency)  # fmt: skip


@transaction.atomic
def reconcile(*, now: datetime) -> int:
    """Compare inbox, reports, ledger and bank of every provider, and keep what differs.

    The worker does it every day, and whenever a report came in. What agrees by now is gone from
    the worklist by itself; return how many things differ.
    """
    kept: set[int] = set()
    for provider in providers_known():
        mine = SettlementLine.objects.filter(provider=provider)
        if provider == SANDBOX and not mine.exists():  # it moves no money, and reports none
            continue
        match_payouts(provider, now=now)
        for one in differences(provider, now.date()):
            row, _ = SettlementDifference.objects.update_or_create(
                provider=provider, what=one.what, where=one.where[:200], defaults={
                    "since": one.since, "amount_minor": one.amount_minor,
                    "currency": one.currency})  # fmt: skip
            kept.add(row.pk)
    gone = SettlementDifference.objects.exclude(pk__in=kept)
    gone.delete()
    return len(kept)


@dataclass(frozen=True)
class Overview:
    """What a provider's payments come to, in one currency, as each of the three says.

    Args:
        seen_minor: By what providers told us, less what went back.
        ledger_minor: By the ledger of money.
        reported_minor: By its reports.
        banked_minor: Of the reports, what the bank paid out, with the fee.
    """

    currency: str
    seen_minor: int
    ledger_minor: int
    reported_minor: int
    banked_minor: int


def overviews(provider: str) -> list[Overview]:
    """Return the sums of a provider, a currency each."""
    seen: Counter[str] = Counter()
    for payment in Payment.objects.filter(provider=provider, paid_minor__gt=0).iterator():
        seen[payment.currency] += sums_of(payment).net_minor
    of_ours = Posting.objects.filter(payment__provider=provider, book__in=(PENDING, RECEIVABLE))
    ledger = dict(of_ours.order_by().values_list("currency").annotate(Sum("amount_minor")))
    rows = SettlementLine.objects.filter(provider=provider)
    reported = dict(rows.order_by().values_list("currency").annotate(Sum("amount_minor")))
    paid_out = Posting.objects.filter(journal__key__startswith=f"payout:{provider}:", book=CLEARING)
    banked = dict(paid_out.order_by().values_list("currency").annotate(Sum("amount_minor")))
    return [Overview(one, seen[one], -ledger.get(one, 0), reported.get(one, 0), -banked.get(one, 0))
            for one in sorted({*seen, *reported})]  # fmt: skip


def providers_known() -> list[str]:
    """Return the providers with payments or reports; a transfer has none."""
    paid = Payment.objects.exclude(provider=TRANSFER).values_list("provider", flat=True)
    reported = SettlementLine.objects.values_list("provider", flat=True)
    return sorted({*paid.distinct(), *reported.distinct()})

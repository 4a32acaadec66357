"""What must hold of money, looked at on what is really there; each with what a failure means.

The numbers are those of the design's list (I1 to I14). Those of messages and of the inbox are in
`outreach/checks.py`; that all holds after somebody was erased (I13) is seen by looking again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db.models import Count, F, Sum

from tideover.casework.payments.books import BANK, PENDING, RECEIVABLE, UNALLOCATED
from tideover.casework.payments.matching import ASIDE
from tideover.casework.payments.models import Arrangement, BankLine, Journal, Payment, Posting
from tideover.casework.payments.seeing import sums_of
from tideover.rules.arrangement import Allowed

BANK_DAYS = Allowed().weekdays
MOST = 100  # findings a check; a flood says no more than its beginning


@dataclass(frozen=True)
class Finding:
    """Something that does not hold.

    Args:
        where: An id of ours; never a name.
        means: What follows from it.
    """

    invariant: str
    where: str
    means: str


def money_findings() -> list[Finding]:
    """Return all that does not hold of money; nothing where all is well."""
    found: list[Finding] = []
    for check in (balanced, one_currency, ledger_agrees, never_below_nothing, plans_add_up,
                  bank_adds_up):  # fmt: skip
        found += [one for one, _ in zip(check(), range(MOST), strict=False)]
    return found


def balanced() -> Iterator[Finding]:
    """I2: every journal sums to zero in each currency, and has two sides."""
    sums = Posting.objects.values("journal", "currency").annotate(all=Sum("amount_minor"))
    for row in sums.exclude(all=0):
        yield Finding("I2", f"journal {row['journal']}", "money came from nowhere, or went there")
    for journal in Journal.objects.annotate(sides=Count("postings")).filter(sides__lt=2):
        yield Finding("I2", f"journal {journal.pk}", "it was written half")


def one_currency() -> Iterator[Finding]:
    """I14: what stands for an account or a payment is in its own currency."""
    odd = Posting.objects.exclude(account=None).exclude(currency=F("account__currency"))
    odd_of_payment = Posting.objects.exclude(payment=None).exclude(currency=F("payment__currency"))
    for posting in (odd | odd_of_payment).distinct():
        yield Finding("I14", f"posting {posting.pk}", "sums of two currencies were mixed")


def ledger_agrees() -> Iterator[Finding]:
    """I1: what the ledger holds for a payment is what its provider said is left of it."""
    held: dict[Any, int] = dict(
        Posting.objects.filter(book__in=(PENDING, RECEIVABLE)).exclude(payment=None)
        .values_list("payment").annotate(Sum("amount_minor"))
    )  # fmt: skip
    for payment in Payment.objects.filter(paid_minor__gt=0).iterator():
        if -held.pop(payment.pk, 0) != sums_of(payment).net_minor:
            yield Finding("I1", payment.pk, "somebody owes another sum than they are told")
    for payment_id, minor in held.items():
        if minor:
            yield Finding("I1", str(payment_id), "money is counted that nobody said was paid")


def never_below_nothing() -> Iterator[Finding]:
    """I6: what went back of a payment is never more than was paid."""
    for payment in Payment.objects.filter(won_minor__gt=F("disputed_minor")):
        yield Finding("I6", payment.pk, "more came back than was taken")
    more = Payment.objects.filter(refunded_minor__gt=F("paid_minor"))
    for payment in more:
        yield Finding("I6", payment.pk, "more was refunded than was paid: look at the provider")


def plans_add_up() -> Iterator[Finding]:
    """I3: the instalments of a plan are above zero, on rising days of the week on which banks book,
    and add up to it.

    Holidays are not looked at: one may be named after a plan was agreed.
    """
    plans = Arrangement.objects.prefetch_related("instalments")
    for plan in plans.iterator(chunk_size=1000):
        parts = sorted(plan.instalments.all(), key=lambda one: one.number)
        amounts = [one.amount_minor for one in parts]
        if sum(amounts) != plan.total_minor or min(amounts, default=0) <= 0:
            yield Finding("I3", plan.pk, "a plan asks for another sum than was agreed")
        if any(one.due_on >= after.due_on for one, after in pairwise(parts)):
            yield Finding("I3", plan.pk, "the days of a plan do not follow each other")
        if any(one.number and one.due_on.weekday() not in BANK_DAYS for one in parts):
            yield Finding("I3", plan.pk, "money is asked for on a day on which banks do not book")


def bank_adds_up() -> Iterator[Finding]:
    """I4, I7: each line of a bank statement was matched or waits, and stands in the ledger once."""
    written = Posting.objects.filter(book=BANK, journal__key__startswith="bank:")
    posted: Counter[str] = Counter()
    for key, minor in written.values_list("journal__key", "amount_minor").iterator():
        posted[key.split(":")[1]] += minor  # of a batch, what became lines of its own comes off
    for line in BankLine.objects.iterator():
        if posted.pop(line.line_id, 0) != line.amount_minor:
            yield Finding("I7", line.line_id, "a transaction of the bank is not counted")
    for key in posted:
        yield Finding("I7", key, "money is counted that is on no statement")
    waiting = Posting.objects.filter(book=UNALLOCATED).aggregate(all=Sum("amount_minor"))["all"]
    of_lines = BankLine.objects.filter(how__in=("", *ASIDE)).aggregate(all=Sum("amount_minor"))[
        "all"
    ]
    if -(waiting or 0) != (of_lines or 0):
        yield Finding("I4", "unallocated", "what waits for its owner is another sum than its lines")

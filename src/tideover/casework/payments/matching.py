"""Lines of a bank statement -> whose money it is: by our reference, then by account and sum.

What fits nothing waits for a person; nothing is guessed and nothing is dropped. A line that is read
again, from the same file or another, is the same line: the bank's own number of the entry says so.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet, Sum

from tideover.casework.cases.models import Account, OpenDebit
from tideover.casework.payments.books import BANK, CLEARING, UNALLOCATED, Entry, Side, write
from tideover.casework.payments.camt.lines import Line
from tideover.casework.payments.contract import OPEN, PAID, Snapshot
from tideover.casework.payments.methods import TRANSFER
from tideover.casework.payments.models import BankLine, Payment, PlannedInstalment
from tideover.casework.payments.owed import owed
from tideover.casework.payments.paying import BODY, OURS
from tideover.casework.payments.seeing import see
from tideover.terms.faults import Refused
from tideover.terms.reference import rf_reference

KNOWN, WAITING, EARLY = "known_before", "waiting", "early"
REFERENCE, AMOUNT, PERSON, PAYOUT = "reference", "amount", "person", "payout"
SEND_BACK, LEFT = "send_back", "left"  # a person put it aside: nobody's money is settled by that
ASIDE = (SEND_BACK, LEFT)
OPEN_HOW = ("", *ASIDE)  # nobody has it yet
PARTS = "parts"  # of a batch that was booked as one sum: its transactions came, each on its own
# Who else knows whose a reference is; the floor above adds the slips of its letters.
RESOLVERS: list[Callable[[str], str | None]] = []
_WORD = re.compile(r"[^\s,;:/]+")
_MOST_WORDS = 60


def take_lines(lines: Iterable[Line], *, now: datetime, by: str = "bank") -> dict[str, int]:
    """Take in the lines of a statement, each whole or not at all; return what became of them."""
    counts: Counter[str] = Counter()
    alike: Counter[str] = Counter()
    for line in lines:
        if not line.booked and not line.bank_reference:
            counts[EARLY] += 1  # the statement will tell it, and nothing would say it is the same
            continue
        alike[line_id(line)] += 1
        counts[_take(line, alike[line_id(line)], now, by)] += 1
    return dict(sorted(counts.items()))


def line_id(line: Line, number: int = 1) -> str:
    """Return the id of a line: of two that are alike in one file, each has its own.

    The bank's number of the entry tells it, with the position in its batch; what was written with
    it may differ from file to file. Without such a number its place on the statement does.
    """
    by = [line.bank_reference] if line.bank_reference else [
        "", line.place, line.booked_on, line.reference, line.text, line.counterparty]  # fmt: skip
    said = (*by, line.account, line.part, line.amount, line.currency, line.reversal, number)
    return hashlib.sha256("\0".join(map(str, said)).encode()).hexdigest()


@transaction.atomic
def _take(line: Line, number: int, now: datetime, by: str) -> str:
    whole = _whole(line)
    if _counted(line) or (whole is not None and whole.how not in (*OPEN_HOW, PARTS)):
        return KNOWN
    kept, new = BankLine.objects.get_or_create(line_id=line_id(line, number), defaults={
        "bank_account": line.account[:40], "booked_on": line.booked_on or now.date(),
        "amount_minor": line.amount or 0, "currency": line.currency,
        "reference": line.reference[:140], "text": line.text, "counterparty": line.counterparty,
        "reversal": line.reversal, "bank_reference": line.bank_reference[:140], "part": line.part,
    })  # fmt: skip
    if not new:
        return KNOWN
    if not kept.amount_minor:
        return WAITING
    entry = Entry(f"bank:{kept.line_id}", "bank_line", kept.currency, now, by)
    write(entry, Side(BANK, kept.amount_minor), Side(UNALLOCATED, -kept.amount_minor))
    if whole is not None and whole.how != PARTS:
        _out_of(whole, kept, now, by)
    return _whose(kept, now, by)


def _of_entry(line: Line) -> QuerySet[BankLine]:
    """Return what was told of the same entry; nothing where the bank has no number of it."""
    return BankLine.objects.filter(
        bank_account=line.account[:40], bank_reference=line.bank_reference[:140],
        currency=line.currency,
    ).exclude(bank_reference="")  # fmt: skip


def _whole(line: Line) -> BankLine | None:
    """Return the sum in which a transaction of a batch was booked, if it was told so before."""
    found = _of_entry(line).select_for_update().filter(part=0) if line.part else None
    return found.first() if found is not None else None


def _counted(line: Line) -> bool:
    """Say whether a line is the sum of a batch whose transactions were told one by one before."""
    if line.part:
        return False
    parts = _of_entry(line).filter(part__gt=0)
    adds_up = parts.aggregate(all=Sum("amount_minor"))["all"] == line.amount
    return bool(adds_up) or parts.filter(amount_minor=0).exists()


def _out_of(whole: BankLine, part: BankLine, now: datetime, by: str) -> None:
    """Take one transaction out of the sum of its batch, which was booked first and waits."""
    minor = part.amount_minor
    entry = Entry(f"bank:{whole.line_id}:{part.pk}", "bank_part", part.currency, now, by)
    write(entry, Side(BANK, -minor), Side(UNALLOCATED, minor))
    mine = BankLine.objects.filter(pk=whole.pk)
    mine.update(amount_minor=F("amount_minor") - minor)
    mine.filter(amount_minor=0).update(how=PARTS)


def _whose(kept: BankLine, now: datetime, by: str) -> str:
    payment = Payment.objects.filter(reference=kept.reference, provider=TRANSFER).first()
    if payment is not None:
        return _settle(kept, payment, REFERENCE, now, by)
    account_id = next(filter(None, (ask(kept.reference) for ask in RESOLVERS)), None)
    if account_id is not None:
        return _to_account(kept, account_id, REFERENCE, now, by)
    account_id = _by_amount(kept)
    return _to_account(kept, account_id, AMOUNT, now, by) if account_id else WAITING


def _by_amount(line: BankLine) -> str | None:
    """Return the one account that the payer named, if the sum is one that is asked for there."""
    words = set(_WORD.findall(f"{line.reference} {line.text}")[:_MOST_WORDS])
    named = list(Account.objects.filter(pk__in=words, currency=line.currency)[:2])
    if len(named) != 1 or line.amount_minor <= 0:
        return None
    account = named[0]
    now_owed = owed(account.pk)
    asked = {now_owed.balance_minor, now_owed.arrears_minor}
    asked |= set(OpenDebit.objects.filter(account=account).values_list("unpaid_minor", flat=True))
    asked |= set(PlannedInstalment.objects.filter(
        arrangement__account=account, arrangement__ended_at=None)
        .values_list("amount_minor", flat=True))  # fmt: skip
    asked |= set(Payment.objects.filter(account=account, provider=TRANSFER, status=OPEN)
                 .values_list("amount_minor", flat=True))  # fmt: skip
    return account.pk if line.amount_minor in asked else None


def _to_account(line: BankLine, account_id: str, how: str, now: datetime, by: str) -> str:
    """Note money for an account for which no payment was begun."""
    if line.amount_minor <= 0 or Account.objects.get(pk=account_id).currency != line.currency:
        return WAITING
    made = uuid.uuid4().hex
    payment = Payment.objects.create(
        payment_id=f"{OURS}{made}", key=uuid.uuid4(), account_id=account_id,
        amount_minor=line.amount_minor, currency=line.currency, method="bank_transfer",
        reference=rf_reference(made[:BODY].upper()), provider=TRANSFER, by=by, begun_at=now,
    )  # fmt: skip
    return _settle(line, payment, how, now, by)


def _settle(line: BankLine, payment: Payment, how: str, now: datetime, by: str) -> str:
    """Say whose a line is: its money is then seen as any other."""
    if payment.currency != line.currency:
        return WAITING
    BankLine.objects.filter(pk=line.pk).update(
        how=how, payment=payment, account=payment.account_id, settled_by=by
    )
    mine = BankLine.objects.filter(payment=payment)
    came = mine.filter(amount_minor__gt=0).aggregate(all=Sum("amount_minor"))["all"] or 0
    went = -(mine.filter(amount_minor__lt=0).aggregate(all=Sum("amount_minor"))["all"] or 0)
    see(Snapshot("", PAID if came else OPEN, line.currency, came, 0, went, 0, now, payment.pk),
        provider=TRANSFER, now=now)  # fmt: skip
    entry = Entry(f"match:{line.line_id}", "matched", line.currency, now, by)
    write(entry, Side(UNALLOCATED, line.amount_minor),
          Side(CLEARING, -line.amount_minor, payment_id=payment.pk))  # fmt: skip
    return how


@transaction.atomic
def assign(line_id: str, account_id: str, *, by: str, now: datetime) -> None:
    """Say whose a waiting line is; a person does, and two at once do it once.

    Raises:
        Refused: It was settled meanwhile, or its money is of another currency or went out.
    """
    line = BankLine.objects.select_for_update().filter(line_id=line_id, how="").first()
    if line is None or _to_account(line, account_id, PERSON, now, by) == WAITING:
        raise Refused("This transaction cannot be given to that account",
                      mend="See whether somebody settled it meanwhile")  # fmt: skip


def put_aside(line_id: str, how: str, *, by: str) -> None:
    """Say that a waiting line is sent back to its payer, or is left as it is; a person does.

    The money stays unallocated: what the bank sends back comes as a line of its own.

    Raises:
        Refused: It was settled meanwhile, or that is nothing one can do with it.
    """
    waiting = BankLine.objects.filter(line_id=line_id, how="")
    if how not in ASIDE or not waiting.update(how=how, settled_by=by):
        raise Refused("This transaction cannot be put aside",
                      mend="See whether somebody settled it meanwhile")  # fmt: skip


def take_up(line_id: str, *, by: str) -> None:
    """Have a line that was put aside wait again.

    Raises:
        Refused: It was not put aside.
    """
    aside = BankLine.objects.filter(line_id=line_id, how__in=ASIDE)
    if not aside.update(how="", settled_by=by):
        raise Refused("This transaction was not put aside")

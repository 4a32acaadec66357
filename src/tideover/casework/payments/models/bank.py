"""Lines of bank statements and of providers' settlement reports, each kept once."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from tideover.casework.cases.models import Account
from tideover.casework.payments.models.payments import Payment
from tideover.casework.sealed import SealedField


class BankLine(models.Model):
    """A transaction on the utility's bank account. Who paid, and what they wrote, is sealed.

    `how` says by what it was matched: reference, amount, payout, person; empty while it waits. A
    person may put it aside: send_back, left. `parts`: the sum of a batch whose transactions came.

    `bank_reference` is the bank's own number of the entry, `part` which of several in it (from 1).
    """

    line_id = models.CharField(max_length=64, unique=True)
    bank_account = models.CharField(max_length=40)
    booked_on = models.DateField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reference = models.CharField(max_length=140, blank=True, default="")
    text = SealedField(blank=True, default="")
    counterparty = SealedField(blank=True, default="")
    reversal = models.BooleanField(default=False)
    bank_reference = models.CharField(max_length=140, blank=True, default="")
    part = models.PositiveIntegerField(default=0)
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="bank_lines")
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, related_name="bank_lines")
    how = models.CharField(max_length=20, blank=True, default="")
    settled_by = models.CharField(max_length=150, blank=True, default="")
    received_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "bank_line"
        indexes = [models.Index(fields=["how", "booked_on"]),
                   models.Index(fields=["bank_reference"])]  # fmt: skip

    def __str__(self) -> str:
        return self.line_id


class SettlementLine(models.Model):
    """A line of a provider's report: what it paid out to the utility's bank, less its fee."""

    provider = models.CharField(max_length=40)
    settlement_id = models.CharField(max_length=100)
    line_id = models.CharField(max_length=200)
    provider_id = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)  # paid, refunded, disputed, won
    amount_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    settled_on = models.DateField()

    class Meta:
        db_table = "settlement_line"
        constraints = [
            models.UniqueConstraint(fields=["provider", "line_id"], name="one_settlement_line")
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.line_id}"


class SettlementDifference(models.Model):
    """Something on which a provider, the ledger and the bank do not agree; gone once they do."""

    provider = models.CharField(max_length=40)
    what = models.CharField(max_length=60)
    where = models.CharField(max_length=200)
    since = models.DateField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)

    class Meta:
        db_table = "settlement_difference"
        constraints = [models.UniqueConstraint(fields=["provider", "what", "where"],
                                               name="one_settlement_difference")]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.provider} {self.where}: {self.what}"

"""The ledger of money: double entry, rows are added and never changed."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.db.models.functions import Now

from tideover.casework.cases.models import Account
from tideover.casework.payments.models.payments import Payment


class _Added(models.Model):
    """A row that is written once. The database refuses its change as well, by a trigger."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write it, the first time."""
        if not self._state.adding:
            raise TypeError("The ledger of money is added to, never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise TypeError("The ledger of money is added to, never changed")


class Journal(_Added):
    """One thing that happened to money. Its postings sum to zero in each currency.

    `key` says which thing it was, so that it is written once, however often it is told.
    """

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=30)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrected_by")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "money_journal"

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Posting(_Added):
    """One side of a journal; above zero is debit. It may name a customer's account."""

    journal = models.ForeignKey(Journal, models.PROTECT, related_name="postings")
    book = models.CharField(max_length=30)
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="postings")
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, related_name="postings")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()

    class Meta:
        db_table = "money_posting"
        indexes = [
            models.Index(fields=["account", "book"]),
            models.Index(fields=["payment", "book"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(amount_minor=0), name="a_posting_is_of_money"
            )
        ]

    def __str__(self) -> str:
        return f"{self.book} {self.amount_minor} {self.currency}"

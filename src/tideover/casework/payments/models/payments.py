"""A payment that a customer began, and what its provider said of it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from tideover.casework.cases.models import Account


class Payment(models.Model):
    """One attempt to pay. The sums only grow; what is owed for it is read off the ledger."""

    payment_id = models.CharField(max_length=64, primary_key=True)
    key = models.UUIDField(unique=True)  # of the press of a button: pressed twice, it is one
    account = models.ForeignKey(Account, models.PROTECT, related_name="payments")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    method = models.CharField(max_length=40)
    reference = models.CharField(max_length=25, unique=True)
    provider = models.CharField(max_length=40)
    provider_id = models.CharField(max_length=200, blank=True, default="")
    url = models.TextField(blank=True, default="")
    come_back_url = models.TextField(blank=True, default="")
    by = models.CharField(max_length=150)
    begun_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    status = models.CharField(max_length=20, default="open")
    paid_minor = models.BigIntegerField(default=0)
    refunded_minor = models.BigIntegerField(default=0)
    disputed_minor = models.BigIntegerField(default=0)
    won_minor = models.BigIntegerField(default=0)

    class Meta:
        db_table = "payment"
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "provider_id"], condition=~Q(provider_id=""),
                name="one_payment_at_a_provider",
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="a_payment_is_of_money"),
            models.CheckConstraint(
                condition=Q(refunded_minor__gte=0, disputed_minor__gte=0, won_minor__gte=0,
                            paid_minor__gte=0, won_minor__lte=F("disputed_minor")),
                name="sums_of_a_payment_only_grow",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.payment_id


class SandboxPayment(models.Model):
    """A payment at the built-in bank, which moves no money."""

    provider_id = models.CharField(max_length=64, primary_key=True)
    payment_id = models.CharField(max_length=64, unique=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reference = models.CharField(max_length=25)
    come_back_url = models.TextField()
    hook_url = models.TextField()
    tell_at = models.DateTimeField(null=True)  # when its webhook is sent; empty when it was
    language = models.CharField(max_length=5, default="en")
    status = models.CharField(max_length=20, default="open")
    refunded_minor = models.BigIntegerField(default=0)
    disputed_minor = models.BigIntegerField(default=0)
    won_minor = models.BigIntegerField(default=0)
    expires_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "sandbox_payment"

    def __str__(self) -> str:
        return self.provider_id

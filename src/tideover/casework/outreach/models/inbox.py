"""What comes back: stored once, as it came, and processed from here."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from tideover.casework.cases.models import Account
from tideover.casework.outreach.models.outbox import Message
from tideover.casework.sealed import SealedField


class WebhookEvent(models.Model):
    """One event that a provider told us, verified; `event_id` is the provider's own."""

    provider = models.CharField(max_length=40)
    event_id = models.CharField(max_length=200)
    kind = models.CharField(max_length=40)
    body = SealedField()
    received_at = models.DateTimeField(db_default=Now())
    processed_at = models.DateTimeField(null=True)
    # A receipt may come before its message is known to have left: it is looked at again then.
    look_again_at = models.DateTimeField(null=True)
    result = models.CharField(
        max_length=20, blank=True, default=""
    )  # applied, ignored, quarantined
    detail = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        db_table = "webhook_event"
        constraints = [
            models.UniqueConstraint(fields=["provider", "event_id"], name="one_webhook_event")
        ]
        indexes = [
            models.Index(fields=["id"], name="webhook_waiting",
                         condition=models.Q(processed_at__isnull=True)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.provider} {self.event_id}"


class Inbound(models.Model):
    """A message from a customer, with what it seems to mean and what a person said it means."""

    provider = models.CharField(max_length=40)
    provider_id = models.CharField(max_length=200)
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="inbound")
    channel = models.CharField(max_length=20)
    from_mark = models.CharField(max_length=32, db_index=True)
    address = SealedField(blank=True, default="")  # only where nobody could tell whose it is
    text = SealedField()
    received_at = models.DateTimeField()
    language = models.CharField(max_length=5, blank=True, default="")
    intent = models.CharField(max_length=40, blank=True, default="")
    confidence = models.FloatField(default=0)
    sentiment = models.FloatField(default=0)
    opt_out = models.BooleanField(default=False)
    to_person = models.BooleanField(default=True)
    danger = models.BooleanField(default=False)  # perhaps: read before everything else
    promise_on = models.DateField(null=True)
    amount_minor = models.BigIntegerField(null=True)
    meaning = models.CharField(max_length=40, blank=True, default="")  # as a person confirmed it
    confirmed_by = models.CharField(max_length=150, blank=True, default="")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "inbound"
        constraints = [
            models.UniqueConstraint(fields=["provider", "provider_id"], name="one_inbound")
        ]
        indexes = [models.Index(fields=["to_person", "confirmed_at"], name="inbound_waiting")]

    def __str__(self) -> str:
        return f"inbound {self.pk}"


class Placing(models.Model):
    """Whose a reply is that nobody could place, as a person said; rows are added, never changed.

    Without an account it is nobody's we know, for a reason.
    """

    inbound = models.ForeignKey(Inbound, models.PROTECT, related_name="placings")
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="placings")
    reason = models.CharField(max_length=40, blank=True, default="")
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        db_table = "reply_placing"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(account__isnull=False, reason="")
                | (models.Q(account__isnull=True) & ~models.Q(reason="")),
                name="an_account_or_a_reason",
            ),
            models.UniqueConstraint(
                fields=["inbound"], condition=models.Q(account__isnull=False), name="placed_once"
            ),
        ]

    def __str__(self) -> str:
        return f"placing {self.pk}"


class Receipt(models.Model):
    """What a provider said of a message after it left; they come late, twice and out of order."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="receipts")
    outcome = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        db_table = "receipt"
        constraints = [
            models.UniqueConstraint(fields=["message", "outcome", "at"], name="one_receipt")
        ]

    def __str__(self) -> str:
        return self.outcome

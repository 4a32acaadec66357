"""One row a message, with its own status; constraints see to it that nothing leaves twice."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from tideover.casework.cases.models import Account, ContactPoint, Decision, Night
from tideover.casework.sealed import SealedField

QUEUED, CLAIMED, SENDING = "queued", "claimed", "sending"
SENT, FAILED, UNKNOWN = "sent", "failed", "unknown"
CANCELLED, SUPPRESSED, EXPIRED, HELD = "cancelled", "suppressed", "expired", "held"
OPEN = (QUEUED, CLAIMED, HELD)  # nothing was called yet
LEFT = (SENDING, SENT, UNKNOWN)  # it left, or may have
STATUSES = (QUEUED, CLAIMED, SENDING, SENT, FAILED, UNKNOWN, CANCELLED, SUPPRESSED, EXPIRED, HELD)


class Message(models.Model):
    """A message to one customer about one account.

    `key` is handed to the provider and never made anew. `claim_token` is the fence: whoever does
    not hold it any more may not write. `reason` says why it did not leave.
    """

    key = models.UUIDField(unique=True)
    decision = models.OneToOneField(Decision, models.PROTECT, null=True, related_name="message")
    account = models.ForeignKey(Account, models.PROTECT, related_name="messages")
    point = models.ForeignKey(ContactPoint, models.SET_NULL, null=True)
    night = models.ForeignKey(Night, models.PROTECT, null=True)
    journey_step = models.CharField(max_length=100)
    cycle = models.CharField(max_length=40)  # which round of the journey: the day it began
    channel = models.CharField(max_length=20)
    purpose = models.CharField(max_length=40)
    form = models.CharField(max_length=10)
    tone = models.CharField(max_length=20)
    offer = models.CharField(max_length=30, default="none")
    language = models.CharField(max_length=5)
    notice = models.CharField(max_length=40, blank=True, default="")
    send_after = models.DateTimeField()
    expires_at = models.DateTimeField()
    status = models.CharField(max_length=12, default=QUEUED)
    reason = models.CharField(max_length=200, blank=True, default="")
    claim_token = models.UUIDField(null=True)
    claimed_by = models.CharField(max_length=80, blank=True, default="")
    lease_until = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)
    first_try_at = models.DateTimeField(null=True)
    provider = models.CharField(max_length=40, blank=True, default="")
    provider_id = models.CharField(max_length=200, blank=True, default="")
    subject = SealedField(blank=True, default="")
    text = SealedField(blank=True, default="")
    html = SealedField(blank=True, default="")
    text_version = models.CharField(max_length=120, blank=True, default="")
    variant = models.CharField(max_length=40, blank=True, default="", db_default="")
    # the variants it was drawn from by lot, each as likely, joined by ";"; empty: nothing to draw
    drawn_of = models.CharField(max_length=200, blank=True, default="", db_default="")
    check_code = models.CharField(max_length=12, blank=True, default="", db_index=True)
    created_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "message"
        constraints = [
            models.UniqueConstraint(
                fields=["account", "journey_step", "cycle"],
                condition=~Q(status__in=(CANCELLED, SUPPRESSED, EXPIRED)),
                name="one_message_a_step_and_cycle",
            ),
            models.CheckConstraint(condition=Q(status__in=STATUSES), name="a_known_status"),
        ]
        indexes = [
            models.Index(fields=["channel", "send_after", "id"], name="message_due",
                         condition=Q(status=QUEUED)),
            models.Index(fields=["lease_until"], name="message_leased",
                         condition=Q(status__in=(CLAIMED, SENDING))),
            models.Index(fields=["provider", "provider_id"], name="message_at_provider"),
            models.Index(fields=["status", "ended_at"], name="message_ended"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"message {self.pk}"


class Undecided(models.Model):
    """An account to which something happened, and for which nothing was decided since."""

    account = models.OneToOneField(Account, models.CASCADE, primary_key=True)
    event_id = models.BigIntegerField()

    class Meta:
        db_table = "undecided"

    def __str__(self) -> str:
        return str(self.pk)


class SendKey(models.Model):
    """Every decision that was ever handed to a provider: never pruned inside the legal limit."""

    account_id = models.CharField(max_length=200)
    decision_id = models.CharField(max_length=64)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "send_key"
        constraints = [
            models.UniqueConstraint(fields=["account_id", "decision_id"], name="one_send")
        ]

    def __str__(self) -> str:
        return self.decision_id


class Attempt(models.Model):
    """One intent to send: what was known, what the guard said of it, and how it ended."""

    message = models.ForeignKey(Message, models.PROTECT, related_name="tries")
    number = models.IntegerField()
    started_at = models.DateTimeField()
    facts_version = models.BigIntegerField()
    evidence = models.JSONField(default=dict)  # facts, rulebook versions, verdict: to replay it
    outcome = models.CharField(max_length=20, blank=True, default="")
    detail = models.CharField(max_length=300, blank=True, default="")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "attempt"
        constraints = [
            models.UniqueConstraint(fields=["message", "number"], name="one_attempt_a_number")
        ]

    def __str__(self) -> str:
        return f"attempt {self.number}"

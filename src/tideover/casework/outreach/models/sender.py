"""What bounds the sender: rates, circuits, and the hold that stops everything."""

from __future__ import annotations

from django.db import models


class RateBucket(models.Model):
    """Tokens of one channel and sender, shared by all workers."""

    name = models.CharField(max_length=80, primary_key=True)
    tokens = models.FloatField()
    refilled_at = models.DateTimeField()

    class Meta:
        db_table = "rate_bucket"

    def __str__(self) -> str:
        return self.name


class Circuit(models.Model):
    """How a provider has fared lately; while it is open nothing is handed to it."""

    name = models.CharField(max_length=80, primary_key=True)
    failures = models.IntegerField(default=0)
    open_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "circuit"

    def __str__(self) -> str:
        return self.name


class SenderState(models.Model):
    """Whether anything may leave at all. There is one row."""

    held = models.BooleanField(default=False)
    reason = models.CharField(max_length=200, blank=True, default="")
    by = models.CharField(max_length=150, blank=True, default="")
    at = models.DateTimeField(null=True)

    class Meta:
        db_table = "sender_state"

    def __str__(self) -> str:
        return "held" if self.held else "sending"

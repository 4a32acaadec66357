"""The ledger of what happened: rows are added, never changed; a chain of hashes seals them."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from tideover.casework.cases.models.accounts import Account


class Event(models.Model):
    """Something that happened to an account; the words are those of `terms/events.py`."""

    event_id = models.UUIDField(unique=True)
    account = models.ForeignKey(Account, models.PROTECT, db_index=False, related_name="events")
    kind = models.CharField(max_length=30)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    by = models.CharField(max_length=150)  # who says so: a member of staff, `customer`, a channel
    facts = models.JSONField(default=dict)

    class Meta:
        db_table = "event"
        indexes = [
            models.Index(fields=["account", "at"]),
            models.Index(fields=["kind", "at"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"


class Seal(models.Model):
    """The chain over events up to one: each hash is of the one before and of what came since.

    `after_id` names the seal before, so that two sealers cannot both go on from it. `steps` has the
    id of every event in it with the beginning of its hash: where the chain breaks can be told.
    """

    after_id = models.BigIntegerField(unique=True, default=0)
    through_id = models.BigIntegerField(unique=True)
    count = models.IntegerField()
    digest = models.CharField(max_length=64)
    steps = models.TextField(blank=True, default="")
    sealed_at = models.DateTimeField()

    class Meta:
        db_table = "event_seal"

    def __str__(self) -> str:
        return self.digest

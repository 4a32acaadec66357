"""Calls that a person is to make: a message by voice becomes one, with what to say."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from tideover.casework.sealed import SealedField

PERSON = "person"  # the provider of a message that somebody says: no machine does


class CallTask(models.Model):
    """A call on the list; whoever takes it writes down how it went.

    `key` is the message's. What came of the call is an event `called`, like any other call, which
    names the message: the listing and the call are one contact.
    """

    key = models.UUIDField(unique=True)
    number = SealedField()
    language = models.CharField(max_length=5)
    script = SealedField()
    listed_at = models.DateTimeField(db_default=Now())
    taken_by = models.CharField(max_length=150, blank=True, default="")
    taken_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=40, blank=True, default="")
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "call_task"
        indexes = [
            models.Index(fields=["listed_at"], name="calls_to_make",
                         condition=Q(done_at__isnull=True)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"call {self.pk}"

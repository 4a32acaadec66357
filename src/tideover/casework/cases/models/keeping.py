"""What is kept apart: notes in one's own words, silence that outlives a person, erasures, keys."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from tideover.casework.cases.models.accounts import Account
from tideover.casework.sealed import SealedField


class Note(models.Model):
    """What somebody wrote down of an account. The ledger names it; its words can be erased."""

    note_id = models.CharField(max_length=64, primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="notes")
    text = SealedField(blank=True, default="")
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        db_table = "note"

    def __str__(self) -> str:
        return self.note_id


class Suppression(models.Model):
    """An address that wants no messages, by its mark alone: of somebody erased, or a stranger's."""

    mark = models.CharField(max_length=32)
    channel = models.CharField(max_length=20)
    since = models.DateTimeField()

    class Meta:
        db_table = "suppression"
        constraints = [models.UniqueConstraint(fields=["mark", "channel"], name="one_suppression")]

    def __str__(self) -> str:
        return f"{self.channel} {self.mark}"


class Erasure(models.Model):
    """A person who was erased: after a backup is restored they are erased again."""

    customer_id = models.CharField(max_length=200, unique=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "erasure"

    def __str__(self) -> str:
        return self.customer_id


class SealKey(models.Model):
    """A key that sealed something here, by a word it sealed: whether it is at hand can be tried."""

    name = models.CharField(max_length=40, primary_key=True)
    proof = models.TextField()  # a known word, sealed; of the key of marks, its mark
    since = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "seal_key"

    def __str__(self) -> str:
        return self.name

"""What customers ask of people, what they send along, what they wish, and how they were treated."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tideover.casework.cases.models.accounts import Account, Person
from tideover.casework.cases.models.keeping import Note
from tideover.casework.sealed import SealedField


class Request(models.Model):
    """Something a customer asked that a person answers. Its words lie in the note."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="requests")
    kind = models.CharField(max_length=30)
    note = models.ForeignKey(Note, models.SET_NULL, null=True)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=150, blank=True, default="")

    class Meta:
        db_table = "request"
        indexes = [
            models.Index(fields=["asked_at"], name="request_open",
                         condition=Q(answered_at__isnull=True)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.kind


class Referral(models.Model):
    """Somebody who was handed on, with consent: to a programme, or to a debt counsellor.

    How far it is stands in its days: consented, handed over, taken up, ended. `outcome` says how it
    ended.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="referrals")
    kind = models.CharField(max_length=20)  # programme or counsellor
    to = models.CharField(max_length=100)  # the key of the directory
    request = models.OneToOneField(Request, models.SET_NULL, null=True, related_name="referral")
    consented_at = models.DateTimeField()
    handed_over_at = models.DateTimeField(null=True)
    taken_up_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, blank=True, default="")
    granted_minor = models.BigIntegerField(default=0)

    class Meta:
        db_table = "referral"
        indexes = [models.Index(fields=["account", "ended_at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.to}"

    @property
    def step(self) -> str:
        """How far it is, in one word."""
        if self.ended_at:
            return "ended"
        if self.taken_up_at:
            return "taken_up"
        return "handed_over" if self.handed_over_at else "consented"


class Evidence(models.Model):
    """A paper that a customer sent: sealed, under a name of ours, and gone when its time is up."""

    request = models.ForeignKey(Request, models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=10)  # pdf, jpeg or png, by what it is and not by its name
    bytes = models.IntegerField()
    content = SealedField(blank=True, default="")  # in base 64
    sent_at = models.DateTimeField()
    keep_until = models.DateField()

    class Meta:
        db_table = "evidence"

    def __str__(self) -> str:
        return f"{self.kind} of {self.bytes} bytes"


class Wish(models.Model):
    """How a person wants to be written to, beyond what the export says."""

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="wish")
    language = models.CharField(max_length=5, blank=True, default="")
    hour = models.CharField(max_length=10, blank=True, default="")  # morning, afternoon, evening
    named = SealedField(blank=True, default="")  # how to address them
    said_at = models.DateTimeField()

    class Meta:
        db_table = "wish"

    def __str__(self) -> str:
        return self.person_id


class Rating(models.Model):
    """How somebody says they were treated: 0 to 10, and a few words in the note."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="ratings")
    score = models.SmallIntegerField()
    note = models.ForeignKey(Note, models.SET_NULL, null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "rating"
        constraints = [
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=10), name="zero_to_ten")
        ]

    def __str__(self) -> str:
        return str(self.score)

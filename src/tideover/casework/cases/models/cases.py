"""Cases, and the facts that people and customers bring to them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from tideover.casework.cases.models.accounts import Account, Night


class Case(models.Model):
    """From when an account enters treatment until it is cured. Its state is read off the facts."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="cases")
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)

    class Meta:
        db_table = "case_file"
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(closed_on__isnull=True), name="one_open_case"
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="a_case_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"case {self.pk}"


class Decision(models.Model):
    """What a night decided for an account, or what was decided anew after something happened."""

    decision_id = models.CharField(max_length=64, primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, db_index=False, related_name="decisions")
    night = models.ForeignKey(Night, models.PROTECT, db_constraint=False)  # a night writes both
    as_of = models.DateField()
    stage = models.CharField(max_length=100)
    zone = models.CharField(max_length=10)
    rule = models.CharField(max_length=200)
    strategy = models.CharField(max_length=200, blank=True, default="")
    arm = models.CharField(max_length=10)
    treatment = models.CharField(max_length=100)
    channel = models.CharField(max_length=20, blank=True, default="")
    tone = models.CharField(max_length=20, blank=True, default="")
    offer = models.CharField(max_length=30, default="none")
    send_at = models.DateTimeField(null=True)
    propensity = models.FloatField(null=True)
    reasons = models.TextField(blank=True, default="")
    blocked_by = models.TextField(blank=True, default="")
    defer_until = models.DateTimeField(null=True)
    step = models.CharField(
        max_length=100, blank=True, default=""
    )  # of a ladder, where it takes one
    notice = models.CharField(max_length=40, blank=True, default="")  # the kind, where it is one

    class Meta:
        db_table = "decision"
        indexes = [models.Index(fields=["account", "as_of"])]

    def __str__(self) -> str:
        return self.decision_id


class Promise(models.Model):
    """A promise to pay; kept or broken is read off the money.

    `confirmed_by` is empty until a person or the customer confirms what a reply seemed to say.
    `how` is what the last night told the ledger of it: kept, broken, or nothing yet.
    """

    promise_id = models.CharField(max_length=64, primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="promises")
    made_at = models.DateTimeField()
    amount_minor = models.BigIntegerField()
    due_on = models.DateField()
    confirmed_by = models.CharField(max_length=150, blank=True, default="")
    withdrawn_at = models.DateTimeField(null=True)
    how = models.CharField(max_length=10, blank=True, default="", db_default="")

    class Meta:
        db_table = "promise"
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="a_promise_is_of_money")
        ]

    def __str__(self) -> str:
        return self.promise_id


class Hold(models.Model):
    """A time in which nothing is sent to an account, whatever is decided."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="holds")
    reason = models.CharField(max_length=100)
    starts_at = models.DateTimeField()
    until_on = models.DateField(null=True)  # the last day; empty until somebody releases it
    placed_by = models.CharField(max_length=150)
    released_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "hold"

    def __str__(self) -> str:
        return self.reason

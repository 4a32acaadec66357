"""Payment arrangements: what was offered, what was agreed, when each instalment is due."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tideover.casework.cases.models import Account


class ArrangementOffer(models.Model):
    """A plan that can be agreed until a day. `plan` is the plan as it was shown."""

    offer_id = models.CharField(max_length=64, primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="plan_offers")
    offered_at = models.DateTimeField()
    expires_on = models.DateField()
    by = models.CharField(max_length=150)
    plan = models.JSONField()

    class Meta:
        db_table = "arrangement_offer"
        indexes = [models.Index(fields=["account", "expires_on"])]

    def __str__(self) -> str:
        return self.offer_id


class Arrangement(models.Model):
    """An agreement. Kept or broken is read off the money, and written at the end."""

    arrangement_id = models.CharField(max_length=64, primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="arrangements")
    offer = models.OneToOneField(ArrangementOffer, models.PROTECT)
    agreed_at = models.DateTimeField()
    agreed_on = models.DateField()  # at the customer's own place
    agreed_by = models.CharField(max_length=150)
    total_minor = models.BigIntegerField()
    use_minor = models.BigIntegerField(default=0)
    moves = models.IntegerField(default=0)
    forgiven = models.IntegerField(default=0)  # how many missed instalments the night was told of
    paused_from = models.DateField(null=True)
    paused_through = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    how = models.CharField(max_length=20, blank=True, default="")  # kept, broken, cancelled
    brought = models.JSONField(default=list)  # money by the last night: days and minor units

    class Meta:
        db_table = "arrangement"
        constraints = [
            models.UniqueConstraint(fields=["account"], condition=Q(ended_at__isnull=True),
                                    name="one_running_arrangement"),
            models.CheckConstraint(condition=Q(total_minor__gt=0), name="a_plan_is_of_money"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.arrangement_id


class PlannedInstalment(models.Model):
    """One dated share of an arrangement; number 0 is the down payment."""

    arrangement = models.ForeignKey(Arrangement, models.CASCADE, related_name="instalments")
    number = models.IntegerField()
    due_on = models.DateField()
    amount_minor = models.BigIntegerField()

    class Meta:
        db_table = "planned_instalment"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["arrangement", "number"], name="one_instalment"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0),
                                   name="an_instalment_is_of_money"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.number} on {self.due_on}"


class Holiday(models.Model):
    """A day on which a place does not work, as the export says; no instalment falls on it."""

    jurisdiction = models.CharField(max_length=20)
    holiday_on = models.DateField()

    class Meta:
        db_table = "holiday"
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction", "holiday_on"], name="one_holiday")
        ]

    def __str__(self) -> str:
        return f"{self.jurisdiction} {self.holiday_on}"

"""What calls for care: circumstances, and of some the certificate or the agreement behind them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tideover.casework.cases.models.accounts import Account, Person
from tideover.casework.cases.models.asking import Evidence
from tideover.casework.sealed import SealedField


class Circumstance(models.Model):
    """Something about a person that calls for care; the contract's kinds.

    `kind` is sealed, for many kinds are of somebody's health; it is empty once the person took back
    that we may keep it. The ledger names a kind only where that is nothing of this sort.
    """

    circumstance_id = models.CharField(max_length=64, primary_key=True)
    person = models.ForeignKey(Person, models.CASCADE, related_name="circumstances")
    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="circumstances")
    kind = SealedField(blank=True, default="")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    source = models.CharField(max_length=100, blank=True, default="")
    noted_by = models.CharField(max_length=150)
    purpose = models.CharField(max_length=20, blank=True, default="", db_default="")
    consented_at = models.DateTimeField(null=True)  # when the person agreed that we keep it
    withdrawn_at = models.DateTimeField(null=True)  # when they took that back
    review_on = models.DateField(null=True)

    class Meta:
        db_table = "circumstance"
        indexes = [
            models.Index(fields=["review_on"], name="circumstance_review",
                         condition=Q(review_on__isnull=False)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.circumstance_id


class Certificate(models.Model):
    """The certificate behind a circumstance, which lasts until the circumstance does.

    `renewal` counts those of the same arrears from 0; it was seen in writing from `written_on`.
    """

    circumstance = models.OneToOneField(Circumstance, models.CASCADE, primary_key=True)
    received_on = models.DateField()
    renewal = models.SmallIntegerField(default=0)
    written_on = models.DateField(null=True)
    chronic = models.BooleanField(default=False)
    cannot_pay = models.BooleanField(default=False)
    paper = models.ForeignKey(Evidence, models.SET_NULL, null=True)

    class Meta:
        db_table = "certificate"
        constraints = [
            models.CheckConstraint(condition=Q(renewal__gte=0), name="a_renewal_is_counted"),
        ]

    def __str__(self) -> str:
        return f"certificate of {self.received_on}"


class HardshipAgreement(models.Model):
    """What was agreed for the time in which somebody cannot pay; one runs at a time."""

    agreement_id = models.CharField(max_length=64, primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="hardship_agreements")
    circumstance = models.ForeignKey(Circumstance, models.SET_NULL, null=True)
    hold_id = models.BigIntegerField(null=True)  # the rest of outreach that goes with it
    agreed_at = models.DateTimeField()
    agreed_on = models.DateField()  # at the customer's own place
    agreed_by = models.CharField(max_length=150)
    terms = models.CharField(max_length=20)  # pause, lower or use_only
    monthly_minor = models.BigIntegerField(default=0)
    until_on = models.DateField()
    review_on = models.DateField()
    ended_at = models.DateTimeField(null=True)
    how = models.CharField(max_length=20, blank=True, default="")
    brought = models.JSONField(default=list)  # money by the last night: days and minor units

    class Meta:
        db_table = "hardship_agreement"
        constraints = [
            models.UniqueConstraint(fields=["account"], condition=Q(ended_at__isnull=True),
                                    name="one_hardship_agreement"),
            models.CheckConstraint(condition=Q(monthly_minor__gte=0),
                                   name="hardship_not_below_nothing"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, how="") | Q(ended_at__isnull=False) & ~Q(how=""),
                name="hardship_ended_somehow",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.agreement_id

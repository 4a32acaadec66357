"""Accounts as the last night saw them, and the people behind them."""

from __future__ import annotations

from django.db import models

from tideover.casework.sealed import SealedField
from tideover.casework.written import WrittenJson


class Night(models.Model):
    """A night that was published; the newest finished one is what holds."""

    run_id = models.CharField(max_length=64, primary_key=True)
    as_of = models.DateField()
    published_at = models.DateTimeField(null=True)  # empty while it is being loaded
    journal_through = models.BigIntegerField(default=0)  # the last event that its lake had heard of
    accounts = models.IntegerField(default=0)
    messages = models.IntegerField(default=0)

    class Meta:
        db_table = "night"
        indexes = [models.Index(fields=["as_of"])]

    def __str__(self) -> str:
        return f"{self.as_of} {self.run_id}"


class Person(models.Model):
    """A customer: how to address them. Names and addresses are sealed."""

    customer_id = models.CharField(max_length=200, primary_key=True)
    name = SealedField(blank=True, default="")
    postcode = SealedField(blank=True, default="")
    birth_date = SealedField(blank=True, default="")
    language = models.CharField(max_length=20, blank=True, default="")
    segment = models.CharField(max_length=20, blank=True, default="residential")

    class Meta:
        db_table = "person"

    def __str__(self) -> str:
        return self.customer_id


class ContactPoint(models.Model):
    """One way to reach a person, with what they permit."""

    contact_point_id = models.CharField(max_length=200, primary_key=True)
    person = models.ForeignKey(Person, models.CASCADE, related_name="points")
    channel = models.CharField(max_length=20)
    address = SealedField()
    address_mark = models.CharField(max_length=32, db_index=True)
    consent = models.CharField(max_length=20, default="unknown")
    preferred = models.BooleanField(default=False)
    verified = models.BooleanField(default=False)
    failed_at = models.DateTimeField(null=True)  # when it turned out to lead nowhere

    class Meta:
        db_table = "contact_point"

    def __str__(self) -> str:
        return self.contact_point_id


class Account(models.Model):
    """An account. `facts_version` rises with whatever must be heeded before anything leaves."""

    account_id = models.CharField(max_length=200, primary_key=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="accounts")
    currency = models.CharField(max_length=3)
    jurisdiction = models.CharField(max_length=20)
    timezone = models.CharField(max_length=64)
    commodity = models.CharField(max_length=20)
    area_code = models.CharField(max_length=100, blank=True, default="")
    facts_version = models.BigIntegerField(default=0)

    class Meta:
        db_table = "account"

    def __str__(self) -> str:
        return self.account_id


class Standing(models.Model):
    """What the last night says of an account; each night replaces it.

    Of this and of what else is replaced whole, a publication asks once whether its accounts are
    there; the database would ask row by row.

    `situation` is what the guard was told: services, customer, debt, context, history, doubt.
    """

    account = models.OneToOneField(Account, models.CASCADE, primary_key=True, db_constraint=False)
    night = models.ForeignKey(Night, models.PROTECT, db_index=False, db_constraint=False)
    as_of = models.DateField()
    balance_minor = models.BigIntegerField()
    arrears_minor = models.BigIntegerField()
    days_past_due = models.IntegerField()
    zone = models.CharField(max_length=10, blank=True, default="")
    stage = models.CharField(max_length=100, blank=True, default="")
    p_paid_in_full_30d = models.FloatField(null=True)
    p_cure_60d = models.FloatField(null=True)
    p_roll_30d = models.FloatField(null=True)
    reasons = models.TextField(blank=True, default="")
    situation = WrittenJson(default=dict)
    inputs = WrittenJson(default=dict)  # what the strategy was asked with, to ask it again
    strategy = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        db_table = "standing"
        indexes = [models.Index(fields=["night"])]

    def __str__(self) -> str:
        return f"{self.pk} as of {self.as_of}"


class OpenDebit(models.Model):
    """A debit with an unpaid part, as the last night saw it."""

    account = models.ForeignKey(Account, models.CASCADE, db_index=False, db_constraint=False,
                                related_name="open_debits")  # fmt: skip
    debit_id = models.CharField(max_length=200)
    issued_on = models.DateField()
    due_on = models.DateField()
    amount_minor = models.BigIntegerField()
    unpaid_minor = models.BigIntegerField()

    class Meta:
        db_table = "open_debit"
        constraints = [
            models.UniqueConstraint(fields=["account", "debit_id"], name="one_open_debit")
        ]

    def __str__(self) -> str:
        return self.debit_id


class UsageSeen(models.Model):
    """What an account used, as the last night says; each night replaces it.

    `months` has a month's name, its use, and the same month's a year before. `used` and
    `year_before` are of a quarter; `around` says how the use of homes in the same area changed in
    that time, `alike` what homes like it used in the quarter; both need ten homes at least.
    """

    account = models.OneToOneField(Account, models.CASCADE, primary_key=True, db_constraint=False)
    unit = models.CharField(max_length=20, blank=True, default="")
    months = WrittenJson(default=list)
    used = models.FloatField(null=True)
    year_before = models.FloatField(null=True)
    around = models.FloatField(null=True)
    alike = models.FloatField(null=True)
    homes = models.IntegerField(default=0)

    class Meta:
        db_table = "usage_seen"

    def __str__(self) -> str:
        return f"use of {self.pk}"

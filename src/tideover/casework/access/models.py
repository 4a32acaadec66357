"""Teams, who is in them, and who looked at whom."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class Team(models.Model):
    """Some of the staff, and the areas whose accounts they see."""

    name = models.CharField(max_length=80, unique=True)
    areas = models.JSONField(default=list)  # area codes as they begin: ["97", "98"]

    class Meta:
        db_table = "team"

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """In which team somebody is; who is in none sees every account their role lets them see."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="membership"
    )
    team = models.ForeignKey(Team, models.PROTECT, related_name="members")

    class Meta:
        db_table = "team_membership"

    def __str__(self) -> str:
        return f"{self.person} in {self.team}"


class Look(models.Model):
    """Somebody of the staff looked at a customer's page, or was refused it."""

    by = models.CharField(max_length=150, db_index=True)
    at = models.DateTimeField(db_default=Now())
    page = models.CharField(max_length=60)
    account_id = models.CharField(max_length=200, db_index=True)
    customer_id = models.CharField(max_length=200, db_index=True)
    refused = models.BooleanField(default=False)

    class Meta:
        db_table = "look"
        indexes = [models.Index(fields=["-at"], name="look_newest")]

    def __str__(self) -> str:
        return f"{self.by} looked at {self.customer_id}"

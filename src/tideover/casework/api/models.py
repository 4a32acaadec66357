"""Tokens, answers kept by their keys, deltas that came in, and webhooks that go out."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from tideover.casework.cases.models import Event
from tideover.casework.sealed import SealedField


class Token(models.Model):
    """Who may ask what. The token itself is shown once, and only its hash is kept."""

    name = models.CharField(max_length=100, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    made_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)  # to the minute
    minute = models.BigIntegerField(default=0)  # since 1970, the one that `requests` counts
    requests = models.IntegerField(default=0)

    class Meta:
        db_table = "api_token"

    def __str__(self) -> str:
        return self.name


class KeyedRequest(models.Model):
    """A request that may come twice: its answer is kept, sealed, by the key the client gave."""

    token = models.ForeignKey(Token, models.CASCADE, related_name="keyed")
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)  # of method, address and body
    claim = models.UUIDField()
    claimed_at = models.DateTimeField()
    status = models.IntegerField(null=True)  # empty while it is being worked on
    answer = SealedField(blank=True, default="")

    class Meta:
        db_table = "api_keyed_request"
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="one_request_a_key")]
        indexes = [models.Index(fields=["token", "claimed_at"], name="keyed_request_age")]

    def __str__(self) -> str:
        return self.key


class Delta(models.Model):
    """Rows of the export that came by the API; they lie in `incoming/` of the workspace."""

    delta_id = models.CharField(max_length=64, primary_key=True)
    token = models.ForeignKey(Token, models.PROTECT, related_name="deltas")
    came_at = models.DateTimeField()
    rows = models.JSONField(default=dict)  # how many, by table
    payments = models.JSONField(default=dict)  # what became of its payments, in numbers

    class Meta:
        db_table = "api_delta"

    def __str__(self) -> str:
        return self.delta_id


class Subscription(models.Model):
    """A receiver of webhooks: where, for which kinds of events, signed with which secret."""

    subscription_id = models.CharField(max_length=64, primary_key=True)
    url = SealedField()
    secret = SealedField()
    kinds = models.JSONField(default=list)  # empty: all
    sees_care = models.BooleanField(default=False)  # what a circumstance is, not only that it is
    made_by = models.ForeignKey(Token, models.PROTECT, related_name="subscriptions")
    made_at = models.DateTimeField()
    after_id = models.BigIntegerField()  # the last event before it began
    failures = models.IntegerField(default=0)  # in a row
    failing_since = models.DateTimeField(null=True)
    rest_until = models.DateTimeField(null=True)
    disabled_at = models.DateTimeField(null=True)
    disabled_why = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        db_table = "api_subscription"

    def __str__(self) -> str:
        return self.subscription_id


class Delivery(models.Model):
    """One event for one receiver. Of one account the earlier ones go first."""

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(Event, models.PROTECT, related_name="+")
    account_id = models.CharField(max_length=200)
    round = models.IntegerField(default=0)  # 0 at first, then one more a replay
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    claim = models.UUIDField(null=True)
    tries = models.IntegerField(default=0)
    delivered_at = models.DateTimeField(null=True)
    status = models.IntegerField(null=True)  # of the last answer
    detail = models.CharField(max_length=100, blank=True, default="")

    class Meta:
        db_table = "api_delivery"
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "event", "round"], name="one_delivery_a_round"
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], name="delivery_due",
                         condition=Q(delivered_at__isnull=True)),
            models.Index(fields=["subscription", "account_id"], name="delivery_of_account",
                         condition=Q(delivered_at__isnull=True)),
            models.Index(fields=["delivered_at"], name="delivery_age"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"delivery {self.pk}"


class Watermark(models.Model):
    """How far the ledger was read. `pending_id` is read up to once all who wrote then are done."""

    name = models.CharField(max_length=40, primary_key=True)
    through_id = models.BigIntegerField(default=0)
    pending_id = models.BigIntegerField(default=0)
    pending_xid = models.BigIntegerField(default=0)
    pending_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "api_watermark"

    def __str__(self) -> str:
        return f"{self.name} {self.through_id}"

"""A customer's visit, a code sent to an address on file, a link by which somebody else pays."""

from __future__ import annotations

import uuid

from django.db import models

from tideover.casework.cases.models import Account
from tideover.casework.outreach.models import Message, PortalLink
from tideover.casework.payments.models import Payment
from tideover.casework.sealed import SealedField


class Visit(models.Model):
    """Somebody who answered a link's question, for a quarter of an hour from the last page.

    The cookie holds a secret that is kept as a hash. `draft` is what was typed and not sent yet.
    """

    secret_hash = models.CharField(max_length=64, unique=True)
    account = models.ForeignKey(Account, models.CASCADE, related_name="visits")
    link = models.ForeignKey(PortalLink, models.SET_NULL, null=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    proved_at = models.DateTimeField(null=True)  # when a code to an address on file was typed
    draft = SealedField(blank=True, default="")

    class Meta:
        db_table = "portal_visit"

    def __str__(self) -> str:
        return f"visit {self.pk}"


class Code(models.Model):
    """Six digits sent to an address on file; they work once, for ten minutes, five times tried."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="codes")
    message = models.OneToOneField(Message, models.CASCADE)
    sent_at = models.DateTimeField()
    tries = models.SmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "portal_code"

    def __str__(self) -> str:
        return f"code {self.pk}"


class SharedLink(models.Model):
    """A link by which somebody else pays one sum. `payment` is the last one begun by it."""

    key = models.UUIDField(unique=True)
    token_hash = models.CharField(max_length=64, unique=True)
    account = models.ForeignKey(Account, models.CASCADE, related_name="shared_links")
    amount_minor = models.BigIntegerField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    attempt = models.UUIDField(default=uuid.uuid4)  # the key of the payment that goes on
    payment = models.ForeignKey(Payment, models.SET_NULL, null=True)

    class Meta:
        db_table = "shared_link"

    def __str__(self) -> str:
        return f"shared link {self.pk}"

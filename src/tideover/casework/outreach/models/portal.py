"""Links that lead to the portal: a row a link, its token kept as a hash."""

from __future__ import annotations

from django.db import models

from tideover.casework.cases.models import Account
from tideover.casework.outreach.models.outbox import Message


class PortalLink(models.Model):
    """A link that points to one account, for a time. It proves nothing by itself.

    `tries` counts wrong answers to the question that comes with it; at five the link is dead.
    """

    token_hash = models.CharField(max_length=64, unique=True)
    account = models.ForeignKey(Account, models.CASCADE, related_name="portal_links")
    message = models.OneToOneField(Message, models.SET_NULL, null=True, related_name="portal_link")
    purpose = models.CharField(max_length=20)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.SmallIntegerField(default=0)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "portal_link"

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"

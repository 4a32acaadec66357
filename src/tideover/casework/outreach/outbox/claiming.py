"""Claim: a worker takes what is due, for as long as a lease, and pays for it in rate tokens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q

from tideover.casework.bulk import Many
from tideover.casework.outreach.models import Message, SenderState
from tideover.casework.outreach.models.outbox import CLAIMED, QUEUED
from tideover.casework.outreach.outbox.bounds import circuit_open, take_tokens
from tideover.casework.outreach.outbox.sender import Sender


@dataclass(frozen=True)
class Claim:
    """What a worker took.

    Args:
        token: The fence: who does not hold it any more may not write.
        since_s: When, by the worker's monotonic clock.
    """

    token: UUID
    messages: tuple[int, ...]
    at: datetime
    since_s: float


def is_held() -> bool:
    """Say whether nothing may leave at all."""
    return SenderState.objects.filter(held=True).exists()


@transaction.atomic
def claim(sender: Sender) -> Claim | None:
    """Take messages that are due, or none: one transaction, no provider is called."""
    if is_held() or circuit_open(sender.line, sender.clock.now()):
        return None
    since_s, now = sender.clock.monotonic(), sender.clock.now()
    due = (
        Message.objects.select_for_update(skip_locked=True)
        .filter(_its_own(sender), status=QUEUED, channel=sender.channel.channel,
                send_after__lte=now, expires_at__gt=now)
        .order_by("send_after", "id")
        .values_list("id", flat=True)
    )  # fmt: skip
    found = list(due[: sender.policy.claim_at_once])
    terms = sender.channel.terms
    granted = take_tokens(sender.line, len(found), rate_per_s=terms.rate_per_s, now=now)
    if not granted:
        return None
    token = uuid4()
    Message.objects.filter(pk__among=Many(found[:granted])).update(
        status=CLAIMED, claim_token=token, claimed_by=sender.worker, provider=sender.channel.name,
        lease_until=now + sender.policy.lease,
    )  # fmt: skip
    return Claim(token, tuple(found[:granted]), now, since_s)


def _its_own(sender: Sender) -> Q:
    """Return that nobody else's provider may have it: another one would not know its key."""
    return Q(first_try_at__isnull=True) | Q(provider=sender.channel.name)


def held_long(sender: Sender, claim: Claim) -> bool:
    """Say whether so much of the lease is over that nothing may be called any more.

    A worker that slept must not wake up and send: others have taken over what it held.
    """
    return timedelta(seconds=sender.clock.monotonic() - claim.since_s) > sender.policy.lease / 2

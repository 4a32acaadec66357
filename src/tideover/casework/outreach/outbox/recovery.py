"""Recover: what a worker left behind when its lease ran out."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from tideover.casework.cases.ledger import record_all
from tideover.casework.outreach.models import Attempt, Message
from tideover.casework.outreach.models.outbox import CLAIMED, EXPIRED, QUEUED, SENDING, UNKNOWN
from tideover.casework.outreach.outbox.finishing import ambiguous
from tideover.casework.outreach.outbox.intent import contacted, not_sent
from tideover.casework.outreach.outbox.rows import write
from tideover.casework.outreach.outbox.sender import Sender

AT_ONCE = 200


def recover(sender: Sender) -> int:
    """End what was left by workers whose lease is over; return how many messages that were.

    What was claimed and not yet intended was never handed over, so it goes back. What was intended
    may have arrived.
    """
    return _unclaimed(sender) + _ambiguous(sender) + expire(sender)


@transaction.atomic
def _unclaimed(sender: Sender) -> int:
    gone = Q(status=CLAIMED, lease_until__lte=sender.clock.now())
    return Message.objects.filter(gone, channel=sender.channel.channel).update(
        status=QUEUED, claim_token=None, lease_until=None
    )


@transaction.atomic
def _ambiguous(sender: Sender) -> int:
    now = sender.clock.now()
    left = list(
        Message.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(status=SENDING, lease_until__lte=now, channel=sender.channel.channel)
        .select_related("point")
        .order_by("id")[:AT_ONCE]
    )
    for message in left:
        assert message.claim_token is not None
        row, event = ambiguous(sender, message, now, "the worker did not come back")
        write([(message.pk, row)], token=message.claim_token, status=SENDING)
        Attempt.objects.filter(message=message, ended_at__isnull=True).update(
            outcome=row["status"], detail=row["reason"], ended_at=now
        )
        record_all([event] if event else [])
    return len(left)


@transaction.atomic
def expire(sender: Sender) -> int:
    """End messages whose time is over; one that may have arrived is unknown, not expired."""
    now = sender.clock.now()
    late = list(
        Message.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(status=QUEUED, expires_at__lte=now, channel=sender.channel.channel)
        .select_related("point")[:AT_ONCE]
    )
    reason, told = "its time was over before it could leave", []
    for message in late:
        status = UNKNOWN if message.first_try_at else EXPIRED
        told.append(
            contacted(message, now=now, sure=False)
            if status == UNKNOWN
            else not_sent(message, status, reason, now)
        )
        Message.objects.filter(pk=message.pk).update(status=status, reason=reason, ended_at=now)
    record_all(told)
    return len(late)

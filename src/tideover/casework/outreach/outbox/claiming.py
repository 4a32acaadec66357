"""Claim: a worker takes what is due, for as long as a lease, and pays for it in rate tokens.

Messages are taken in the order in which they are due, and each claim looks on from where the last
one of this worker ended. From the head again it would walk over all that was claimed or is being
taken back since some long transaction began, for PostgreSQL keeps those places as long as that one
is open: with a publication that withdraws a large night, more of them at every claim.

A provider's senders have a rate each. Where it has several, a worker looks on to the end before it
comes back to the head, so that one that is busy keeps no other waiting.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.fields.tuple_lookups import TupleGreaterThan

from tideover.casework.bulk import Many
from tideover.casework.outreach.models import Message, SenderState
from tideover.casework.outreach.models.outbox import CLAIMED, QUEUED
from tideover.casework.outreach.outbox.bounds import circuit_open, take_tokens
from tideover.casework.outreach.outbox.sender import Sender

_ORDER = ("send_after", "id")
Due = tuple[datetime, int]


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
    found = _next_due(sender, since_s, now)
    paid = _paid_for(sender, found, now)
    if len(found) == sender.policy.claim_at_once and (paid or sender.has_several_lines):
        # what a line has no tokens for is passed, and come back to
        sender.place.ended = found[-1] if sender.has_several_lines else paid[-1]
    if not paid:
        return None
    token, taken = uuid4(), tuple(pk for _, pk in paid)
    Message.objects.filter(pk__among=Many(taken)).update(
        status=CLAIMED, claim_token=token, claimed_by=sender.worker, provider=sender.channel.name,
        lease_until=now + sender.policy.lease,
    )  # fmt: skip
    return Claim(token, taken, now, since_s)


def _next_due(sender: Sender, since_s: float, now: datetime) -> list[Due]:
    """Return what is due from where this worker's last claim ended, or from the head on.

    What came in behind that place, such as a message that is tried again, waits until the worker is
    through, or for as long as its policy says.
    """
    due, place, many = _due(sender, now), sender.place, sender.policy.claim_at_once
    several = sender.has_several_lines
    soon = since_s - place.from_head_s < sender.policy.longest_onward_s
    if place.ended and (several or soon):
        found = list(due.filter(TupleGreaterThan(_ORDER, place.ended))[:many])
        if len(found) == many:
            return found
        if several and found:
            place.ended = None  # from the head next time
            return found
    place.ended, place.from_head_s = None, since_s
    return list(due[:many])


def _paid_for(sender: Sender, found: list[Due], now: datetime) -> list[Due]:
    """Return the messages for which their lines have tokens, and take these, line by line."""
    lines: dict[str, list[Due]] = {}
    for due, address in _addressed(sender, found):
        lines.setdefault(sender.line_to(address), []).append(due)
    rate_per_s, paid = sender.channel.terms.rate_per_s, list[Due]()
    for line, waiting in sorted(lines.items()):
        paid += waiting[: take_tokens(line, len(waiting), rate_per_s=rate_per_s, now=now)]
    return sorted(paid)


def _addressed(sender: Sender, found: list[Due]) -> list[tuple[Due, str | None]]:
    """Return messages with their addresses, which are opened only where it depends on them."""
    if not sender.has_several_lines:
        return [(due, None) for due in found]
    asked = Message.objects.filter(pk__among=Many([pk for _, pk in found]))
    addresses = dict(asked.values_list("pk", "point__address"))
    return [(due, addresses.get(due[1])) for due in found]


def _due(sender: Sender, now: datetime) -> QuerySet[Message, Due]:
    return (
        Message.objects.select_for_update(skip_locked=True)
        .filter(_its_own(sender), status=QUEUED, channel=sender.channel.channel,
                send_after__lte=now, expires_at__gt=now)
        .order_by(*_ORDER)
        .values_list(*_ORDER)
    )  # fmt: skip


def _its_own(sender: Sender) -> Q:
    """Return that nobody else's provider may have it: another one would not know its key."""
    return Q(first_try_at__isnull=True) | Q(provider=sender.channel.name)


def held_long(sender: Sender, claim: Claim) -> bool:
    """Say whether so much of the lease is over that nothing may be called any more.

    A worker that slept must not wake up and send: others have taken over what it held.
    """
    return timedelta(seconds=sender.clock.monotonic() - claim.since_s) > sender.policy.lease / 2

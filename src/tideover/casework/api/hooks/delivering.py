"""Deliveries: claimed, sent, noted, with a commit between; of one account never out of order."""

from __future__ import annotations

import time
import uuid
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from tideover.casework.api.bounds import bounds
from tideover.casework.api.hooks.envelope import body_of, headers_of
from tideover.casework.api.hooks.fanning import fan_out
from tideover.casework.api.hooks.posting import post
from tideover.casework.api.models import Delivery, Subscription

GONE = 410


def dispatch(limit: int = 50) -> int:
    """Tell receivers what happened, for a moment, as a chore of the worker; return how much."""
    done, ends = fan_out(limit * 20), time.monotonic() + bounds().hook_turn_s
    for _ in range(limit):
        taken = claim(datetime.now(UTC))
        if taken is None:
            break
        deliver(taken)
        done += 1
        if time.monotonic() > ends:
            break
    return done


@transaction.atomic
def claim(now: datetime) -> Delivery | None:
    """Take the next delivery that is due and has no earlier one of its account before it."""
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    ready = Q(subscription__disabled_at=None) & (
        Q(subscription__rest_until=None) | Q(subscription__rest_until__lte=now)
    )
    earlier = Delivery.objects.filter(
        subscription=OuterRef("subscription"), account_id=OuterRef("account_id"),
        delivered_at=None, id__lt=OuterRef("id"),
    )  # fmt: skip
    due = Delivery.objects.filter(free, ready, ~Exists(earlier), delivered_at=None, due_at__lte=now)
    found = due.order_by("due_at", "id").select_for_update(skip_locked=True, of=("self",)).first()
    if found is None:
        return None
    found.claim, found.lease_until = uuid.uuid4(), now + bounds().hook_lease
    found.save(update_fields=["claim", "lease_until"])
    return found


def deliver(taken: Delivery) -> None:
    """Send a delivery that was claimed, and note how it went."""
    whole = Delivery.objects.select_related("subscription", "event__account").get(pk=taken.pk)
    receiver, event, now = whole.subscription, whole.event, datetime.now(UTC)
    body = body_of(event, care=receiver.sees_care)
    status, detail = post(receiver.url, body, headers_of(receiver.secret, event, body, now))
    _note(taken, status, detail)


@transaction.atomic
def _note(taken: Delivery, status: int, detail: str) -> None:
    """Write down how a delivery went, unless somebody else has taken it since."""
    now, sound = datetime.now(UTC), 200 <= status < 300
    receiver = Subscription.objects.select_for_update().filter(pk=taken.subscription_id).first()
    if receiver is None:
        return  # it was ended meanwhile, and its deliveries with it
    mine = Delivery.objects.filter(pk=taken.pk, claim=taken.claim)
    written = mine.update(
        tries=taken.tries + 1, status=status or None, detail=detail[:100], lease_until=None,
        delivered_at=now if sound else None, due_at=now + bounds().rest(taken.tries + 1),
    )  # fmt: skip
    if written:
        _fared(receiver, sound=sound, gone=status == GONE, now=now)


def _fared(receiver: Subscription, *, sound: bool, gone: bool, now: datetime) -> None:
    """Let a receiver rest that does not take what it is sent; after days of it, for good."""
    if sound:
        receiver.failures, receiver.failing_since, receiver.rest_until = 0, None, None
    else:
        receiver.failures += 1
        receiver.failing_since = receiver.failing_since or now
        receiver.rest_until = now + bounds().rest(receiver.failures)
        if gone or now - receiver.failing_since >= bounds().disabled_after:
            receiver.disabled_at = now
            receiver.disabled_why = "it said that it is gone" if gone else "it failed for too long"
    receiver.save()

"""What bounds the sender: tokens that all workers share, and circuits that rest a provider."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from tideover.casework.outreach.models import Circuit, RateBucket
from tideover.casework.outreach.outbox.policy import SendPolicy

BURST_S = 1.0  # so many seconds' worth may be taken at once


@transaction.atomic(savepoint=False)
def take_tokens(name: str, wanted: int, *, rate_per_s: float, now: datetime) -> int:
    """Return for how many messages there are tokens, and take them.

    Args:
        rate_per_s: What the provider takes from one sender.
    """
    if not wanted:
        return 0
    full = max(1.0, rate_per_s * BURST_S)
    bucket, _ = RateBucket.objects.select_for_update().get_or_create(
        name=name, defaults={"tokens": full, "refilled_at": now}
    )
    since_s = max(0.0, (now - bucket.refilled_at).total_seconds())
    tokens = min(full, bucket.tokens + since_s * rate_per_s)
    granted = min(wanted, int(tokens))
    RateBucket.objects.filter(pk=name).update(
        tokens=tokens - granted, refilled_at=max(now, bucket.refilled_at)
    )
    return granted


def give_back(lines: Iterable[str]) -> None:
    """Return the tokens of messages that did not leave after all.

    Args:
        lines: Whose rate each of them was.
    """
    for name, unused in sorted(Counter(lines).items()):
        bucket = RateBucket.objects.select_for_update().filter(pk=name).first()
        if bucket:
            RateBucket.objects.filter(pk=name).update(tokens=bucket.tokens + unused)


def circuit_open(name: str, now: datetime) -> bool:
    """Say whether a provider is being left alone."""
    return Circuit.objects.filter(pk=name, open_until__gt=now).exists()


def told(
    name: str, *, failed: bool, now: datetime, policy: SendPolicy,
    retry_after: timedelta | None = None,
) -> None:  # fmt: skip
    """Count how a provider fared; after several failures, or when it asks, it is left alone."""
    if not failed:
        Circuit.objects.filter(pk=name, failures__gt=0).update(failures=0, open_until=None)
        return
    circuit, _ = Circuit.objects.select_for_update().get_or_create(pk=name)
    circuit.failures += 1
    rest = retry_after
    if rest is None and circuit.failures >= policy.failures_to_open:
        rest = policy.circuit_rest
    if rest is not None:
        circuit.open_until = max(now + rest, circuit.open_until or now)
    circuit.save()

"""What was heard is stored once, as it was said, before anybody acts on it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from tideover.casework.outreach.channels.contract import Heard
from tideover.casework.outreach.models import WebhookEvent
from tideover.casework.payments.contract import PAYMENT_EVENT, Snapshot, Told


def store(provider: str, channel: str, events: Sequence[Heard]) -> None:
    """Store events of a provider; one that was told before is left as it is."""
    WebhookEvent.objects.bulk_create(
        [
            WebhookEvent(provider=provider, event_id=event.event_id, kind=event.kind,
                         body=_said(channel, event))
            for event in events
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def store_payments(provider: str, events: Sequence[Told]) -> None:
    """Store what a payment provider told; what was told before is left as it is."""
    WebhookEvent.objects.bulk_create(
        [
            WebhookEvent(provider=provider, event_id=event.event_id, kind=PAYMENT_EVENT,
                         body=json.dumps(asdict(event), default=datetime.isoformat))
            for event in events
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def told_of_payment(event: WebhookEvent) -> Told:
    """Return what a payment provider told."""
    said: dict[str, Any] = json.loads(event.body)
    snapshot = said.pop("snapshot")
    if snapshot and snapshot["at"]:
        snapshot["at"] = datetime.fromisoformat(snapshot["at"])
    return Told(**said, snapshot=Snapshot(**snapshot) if snapshot else None)


def told(event: WebhookEvent) -> tuple[str, Heard]:
    """Return the channel and the event as it was heard."""
    said: dict[str, Any] = json.loads(event.body)
    channel = said.pop("channel")
    return channel, Heard(**{**said, "at": datetime.fromisoformat(said["at"])})


def _said(channel: str, event: Heard) -> str:
    return json.dumps({"channel": channel, **asdict(event), "at": event.at.isoformat()},
                      ensure_ascii=False)  # fmt: skip

"""What was heard is stored once, as it was said, before anybody acts on it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from tideover.casework.outreach.channels.contract import Heard
from tideover.casework.outreach.models import WebhookEvent


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


def told(event: WebhookEvent) -> tuple[str, Heard]:
    """Return the channel and the event as it was heard."""
    said: dict[str, Any] = json.loads(event.body)
    channel = said.pop("channel")
    return channel, Heard(**{**said, "at": datetime.fromisoformat(said["at"])})


def _said(channel: str, event: Heard) -> str:
    return json.dumps({"channel": channel, **asdict(event), "at": event.at.isoformat()},
                      ensure_ascii=False)  # fmt: skip

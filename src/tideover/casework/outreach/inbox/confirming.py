"""An opt-out is confirmed once, by the channel that it came by."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from tideover.casework.cases.models import Event
from tideover.casework.outreach.models import Inbound, Message

PURPOSE = "opt_out_confirmation"
WITHIN = timedelta(minutes=5)  # 47 CFR 64.1200(a)(12)
_NAMES = uuid.UUID("5b0d2c1e-6a3f-4c1c-9f0b-2d0f4f7b9a11")
Confirm = Callable[[Event, Inbound], None]


def queue_confirmation(event: Event, inbound: Inbound) -> None:
    """Queue the confirmation of an opt-out to the address that it came from; the same once."""
    account = event.account
    point = account.person.points.filter(
        channel=inbound.channel, address_mark=inbound.from_mark, failed_at__isnull=True
    ).first()
    if point is None:
        return
    now: datetime = inbound.received_at
    Message.objects.get_or_create(
        key=uuid.uuid5(_NAMES, str(event.event_id)),
        defaults={
            "account": account, "point": point, "journey_step": PURPOSE, "cycle": str(inbound.pk),
            "channel": inbound.channel, "purpose": PURPOSE, "form": "short", "tone": "friendly",
            "language": (inbound.language or account.person.language or "en")[:5],
            "send_after": now, "expires_at": max(now, event.at) + WITHIN,
        },
    )  # fmt: skip

"""Another channel, once, where the first one does not take a message for good."""

from __future__ import annotations

import uuid
from datetime import datetime

from tideover.casework.cases.models import ContactPoint
from tideover.casework.outreach.models import Message
from tideover.casework.outreach.outbox.waiting import Waiting
from tideover.rules.message import FORMS

INSTEAD = {"whatsapp": "sms"}  # what a customer who gave a mobile number expects next
CONSENT = "granted"


def fall_back(message: Waiting, now: datetime) -> Message | None:
    """Queue a refused message on another channel; none where there is none that may be used.

    It is asked about anew like any other, and it is one step more of the same cycle, so that it
    falls back once.
    """
    channel = INSTEAD.get(message.channel)
    if channel is None or message.expires_at <= now:
        return None
    point = (
        ContactPoint.objects.filter(
            person=message.account.person_id, channel=channel, consent=CONSENT, failed_at=None
        )
        .order_by("-preferred", "pk")
        .first()
    )
    step = f"{message.journey_step[:80]}/{channel}"
    taken = Message.objects.filter(
        account=message.account_id, journey_step=step, cycle=message.cycle
    )
    if point is None or taken.exists():
        return None
    return Message.objects.create(
        key=uuid.uuid5(message.key, channel), account_id=message.account_id, point=point,
        night_id=message.night_id, journey_step=step, cycle=message.cycle, channel=channel,
        purpose=message.purpose, form=FORMS[channel], tone=message.tone, offer=message.offer,
        language=message.language, notice=message.notice, send_after=now,
        expires_at=message.expires_at,
    )  # fmt: skip

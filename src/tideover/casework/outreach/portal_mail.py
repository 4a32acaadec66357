"""What the portal sends at a customer's own request: a new link, or a code that proves an address.

It goes by the outbox like any message, and asks for nothing: so no cap, no quiet hour and no hold
keeps it back, but a STOP of the law does where it binds answers too.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from tideover.casework.cases.models import ContactPoint
from tideover.casework.outreach.models import Message
from tideover.rules.message import FORMS, language_of

LINK, CODE = "portal_link", "portal_code"
WITHIN = {LINK: timedelta(hours=24), CODE: timedelta(minutes=10)}
BY = ("sms", "email", "whatsapp")  # by which an answer comes at once
PAUSE = timedelta(minutes=1)


def reachable(points: list[ContactPoint]) -> list[ContactPoint]:
    """Return the addresses on file by which somebody can be answered at once."""
    return [point for point in points if point.channel in BY and point.failed_at is None]


def send(
    purpose: str, account_id: str, point: ContactPoint, *, at: datetime, language: str = ""
) -> Message:
    """Queue a link or a code to an address on file; asked for again within a minute it is one.

    Args:
        purpose: `LINK` or `CODE`.
        language: To write in; else the person's own, else the place's.
    """
    recent = Message.objects.filter(
        account=account_id, point=point, purpose=purpose, send_after__gt=at - PAUSE
    ).first()
    if recent is not None:
        return recent
    account = point.person.accounts.get(pk=account_id)
    return Message.objects.create(
        key=uuid.uuid4(), account=account, point=point, journey_step=purpose,
        cycle=uuid.uuid4().hex, channel=point.channel, purpose=purpose,
        form=FORMS.get(point.channel, "short"), tone="friendly",
        language=language_of(language or point.person.language, account.jurisdiction),
        send_after=at, expires_at=at + WITHIN[purpose],
    )  # fmt: skip

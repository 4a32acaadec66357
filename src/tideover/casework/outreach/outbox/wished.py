"""The time of day at which somebody wishes to be written to: kept to where the day still has it."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from tideover.casework.outreach.outbox.waiting import Waiting
from tideover.casework.outreach.portal_mail import CODE, LINK

# From when to when, at the customer's place; inside what policy and law allow.
HOURS = {"morning": (8, 12), "afternoon": (12, 17), "evening": (17, 20)}
AT_ONCE = ("opt_out_confirmation", LINK, CODE)


def wished_from(message: Waiting, now: datetime) -> datetime | None:
    """Return from when a message may leave as its customer wished; none where that is now or over.

    What they asked for just now is not kept waiting.
    """
    hours = HOURS.get(message.account.person.wished_hour or "")
    if hours is None or message.purpose in AT_ONCE:
        return None
    local = now.astimezone(ZoneInfo(message.account.timezone))
    begins = datetime.combine(local.date(), time(hours[0]), local.tzinfo)
    return begins if local < begins < message.expires_at else None

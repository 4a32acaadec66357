"""What casework calls things, in the words of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Rows that casework brings into the lake carry it before their id, so that none clashes with one
# of the CIS, which owns the debt. A sent message alone carries the id of its decision.
OURS = "casework-"

EVERYTHING = ("email", "sms", "whatsapp", "voice", "push", "letter")
CHANNEL = "channel"  # the scope of an opt-out from one channel; any other is from everything

# The guard takes these for collection or for service, as `situations/names.py` says.
PURPOSES = {
    "before_due": "service", "day_after_due": "reminder", "yellow_zone": "reminder",
    "help": "plan_offer", "plan_reminder": "reminder", "promise_reminder": "reminder",
    "care_ends": "service", "statutory_notice": "notice",
}  # fmt: skip

# Receipts come late, twice and out of order: the one that says most counts.
OUTCOMES = ("sent", "delivered", "opened", "clicked", "replied", "failed", "bounced")


def channels_of(facts: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the channels that an opt-out is from; where it does not say, from every one.

    Examples:
        >>> channels_of({"scope": "channel", "channel": "sms", "via": "sms"})
        ('sms',)
        >>> len(channels_of({"scope": "everything", "channel": "sms"}))
        6
    """
    channel = facts.get("channel")
    if facts.get("scope", CHANNEL) == CHANNEL and channel in EVERYTHING:
        return (str(channel),)
    return EVERYTHING


def last_outcome(told: list[str]) -> str:
    """Return what is known of a message in the end, in whatever order it was told.

    Examples:
        >>> last_outcome(["opened", "delivered", "complained"])
        'opened'
    """
    return max((word for word in told if word in OUTCOMES), key=OUTCOMES.index, default="sent")

"""Whose the reference on a letter's slip is: it is made from the message's key."""

from __future__ import annotations

import re
from uuid import UUID

from tideover.casework.outreach.authoring import REFERENCE
from tideover.casework.outreach.models import Message

_OURS = re.compile(rf"RF\d{{2}}([0-9A-F]{{{REFERENCE}}})", re.ASCII)


def account_of_slip(reference: str) -> str | None:
    """Return the account of a reference that a letter of ours carried; none where it is none."""
    found = _OURS.fullmatch(reference)
    if not found:
        return None
    first = UUID(found[1] + "0" * (32 - REFERENCE))
    last = UUID(found[1] + "F" * (32 - REFERENCE))
    message = Message.objects.filter(key__gte=first, key__lte=last).first()
    return message.account_id if message else None

"""The outbox, the inbox, and what bounds the sender."""

from tideover.casework.outreach.models.calls import CallTask
from tideover.casework.outreach.models.inbox import Inbound, Placing, Receipt, WebhookEvent
from tideover.casework.outreach.models.outbox import Attempt, Message, SendKey, Undecided
from tideover.casework.outreach.models.portal import PortalLink
from tideover.casework.outreach.models.sender import Circuit, RateBucket, SenderState
from tideover.casework.outreach.models.texts import TextVersion

__all__ = [
    "Attempt", "CallTask", "Circuit", "Inbound", "Message", "Placing", "PortalLink", "RateBucket",
    "Receipt", "SendKey", "SenderState", "TextVersion", "Undecided", "WebhookEvent",
]  # fmt: skip

"""What staff do to the outbox: hold it, release it, and settle what nobody knew.

The command line and the console both come here.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tideover.casework.cases.ledger import record
from tideover.casework.outreach.models import Message, SenderState
from tideover.casework.outreach.models.outbox import FAILED, SENT, UNKNOWN
from tideover.terms.faults import Refused

ONLY = 1  # there is one row


def sender_state() -> SenderState:
    """Return whether anything may leave."""
    return SenderState.objects.filter(pk=ONLY).first() or SenderState(pk=ONLY)


@transaction.atomic
def set_held(held: bool, *, by: str, reason: str, at: datetime) -> None:
    """Stop everything from leaving, or let it leave again.

    Raises:
        Refused: No reason is given, or it is so already.
    """
    if not reason.strip():
        raise Refused("Say why", mend="Those who come after will want to know")
    SenderState.objects.get_or_create(pk=ONLY)
    changed = SenderState.objects.filter(pk=ONLY, held=not held).update(
        held=held, reason=reason.strip()[:200], by=by, at=at
    )
    if not changed:
        raise Refused("The outbox is held already" if held else "The outbox is not held")


@transaction.atomic
def settle(message_id: int, *, arrived: bool, by: str, at: datetime) -> None:
    """Say what became of a message of which nobody knew, as the provider or the customer told.

    Raises:
        Refused: It is known by now.
    """
    status = SENT if arrived else FAILED
    reason = f"settled by {by}"[:200]
    open_ones = Message.objects.filter(pk=message_id, status=UNKNOWN)
    if not open_ones.update(status=status, reason=reason, ended_at=at):
        raise Refused("What became of this message is known by now")
    message = Message.objects.get(pk=message_id)
    facts = {"message_id": message.pk, "channel": message.channel,
             "outcome": "delivered" if arrived else "failed"}  # fmt: skip
    record(message.account_id, "receipt", at=at, by=by, facts=facts)

"""Whose a reply is that nobody could place: a person says so, or that it is nobody's we know.

What is said is added to a table that stands, whichever it is. Placed on an account, a reply goes on
like any other: a STOP counts, outreach rests until somebody says what it means.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from tideover.casework.cases.deeds import Doing
from tideover.casework.cases.ledger import record
from tideover.casework.cases.models import Account
from tideover.casework.outreach.inbox.resting import rest_until_read
from tideover.casework.outreach.inbox.stopping import opt_out
from tideover.casework.outreach.models import Inbound, Placing
from tideover.terms.faults import Refused

NOBODYS = "nobody"  # the meaning of a reply that is nobody's we know
REASONS = {
    "not_found": "No account was found, after looking",
    "no_customer": "Whoever wrote is no customer of ours",
    "wrong_number": "It was meant for somebody else",
    "advert": "Advertising, or sent to many",
    "unreadable": "It says nothing that can be read",
}


def sharing(reply: Inbound) -> QuerySet[Account]:
    """Return the accounts of everyone with the address that a reply came from; mostly none."""
    if not reply.from_mark:
        return Account.objects.none()
    found = Account.objects.filter(person__points__address_mark=reply.from_mark)
    return found.distinct().order_by("pk")


@transaction.atomic
def place(inbound_id: int, doing: Doing) -> None:
    """Say that a reply is of an account; what follows from any reply follows now.

    Raises:
        Refused: Somebody else said whose it is.
    """
    reply = _of_nobody(inbound_id)
    account = doing.lock()
    Placing.objects.create(inbound=reply, account=account, by=doing.by, at=doing.at)
    reply.account, reply.meaning, reply.confirmed_by, reply.confirmed_at = account, "", "", None
    reply.save(update_fields=["account", "meaning", "confirmed_by", "confirmed_at"])
    record(account.pk, "replied", at=reply.received_at, by=doing.by,
           facts={"inbound_id": reply.pk, "channel": reply.channel, "intent": reply.intent,
                  "confidence": round(reply.confidence, 3)})  # fmt: skip
    rest_until_read(reply, doing.at)
    if reply.opt_out:
        opt_out(account.pk, reply.channel, at=reply.received_at, via=reply.channel)


@transaction.atomic
def close_as_nobodys(inbound_id: int, reason: str, *, by: str, at: datetime) -> None:
    """Say that a reply is nobody's we know, and why; it can still be placed later.

    Raises:
        Refused: The reason is none of those there are, or somebody else was quicker.
    """
    if reason not in REASONS:
        raise Refused("That is no reason", mend=f"One of {', '.join(REASONS)}")
    reply = _of_nobody(inbound_id)
    if reply.confirmed_at is not None:
        raise Refused("Somebody else closed this reply meanwhile", where=reply.confirmed_by)
    Placing.objects.create(inbound=reply, reason=reason, by=by, at=at)
    Inbound.objects.filter(pk=reply.pk).update(meaning=NOBODYS, confirmed_by=by, confirmed_at=at)


def _of_nobody(inbound_id: int) -> Inbound:
    reply = Inbound.objects.select_for_update().get(pk=inbound_id)
    if reply.account_id is not None:
        raise Refused("Somebody else said whose this reply is meanwhile")
    return reply

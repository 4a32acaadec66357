"""Links in messages end once all is paid, and after a STOP; whoever is inside stays so."""

from __future__ import annotations

from typing import Any

from tideover.casework.cases.models import Account, Event
from tideover.casework.outreach.links import open_links
from tideover.casework.portal.owing import owing


def heed(event: Event, **unused: Any) -> None:
    """Have links lead nowhere any more, where nothing is left that they are for."""
    account = Account.objects.select_related("person").get(pk=event.account_id)
    links = open_links(event.at)
    if event.kind == "paid" and owing(account).nothing:
        links.filter(account=account).update(expires_at=event.at)
    elif event.kind == "opted_out":
        theirs = links.filter(account__person=account.person_id)
        channel = event.facts.get("channel") if event.facts.get("scope") == "channel" else ""
        (theirs.filter(message__channel=channel) if channel else theirs).update(
            expires_at=event.at)  # fmt: skip

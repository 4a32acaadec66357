"""Whoever wants no more messages gets none: written down at once, whatever else is known."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tideover.casework.cases.ledger import record
from tideover.casework.cases.models import Account, Event


def opt_out_all(accounts: Iterable[str], channel: str, *, at: datetime, via: str) -> None:
    """Write down for everyone who shares an address that it wants no more; lock them first."""
    for account_id in sorted(accounts):
        opt_out(account_id, channel, at=at, via=via)


def opt_out(account_id: str, channel: str, *, at: datetime, via: str) -> Event | None:
    """Write down that a person wants nothing more by a channel; nothing where that stands already.

    Args:
        via: What told us: the channel of a reply, `unsubscribe`, `complaint`, `staff`.
    """
    person = Account.objects.only("person_id").get(pk=account_id).person_id
    if _stopped(person, channel):
        return None
    return record(account_id, "opted_out", at=at, by="customer",
                  facts={"scope": "channel", "channel": channel, "via": via})  # fmt: skip


def _stopped(person_id: str, channel: str) -> bool:
    last = (
        Event.objects.filter(account__person=person_id, kind__in=("opted_out", "opted_in"))
        .order_by("-id").values_list("kind", "facts")
    )  # fmt: skip
    for kind, facts in last[:50]:
        if facts.get("scope") != "channel" or facts.get("channel") in ("", None, channel):
            return bool(kind == "opted_out")
    return False

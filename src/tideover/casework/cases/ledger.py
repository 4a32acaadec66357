"""How anything is written down: the event, in the transaction of the change that it tells.

An event that must be heeded raises the account's `facts_version`, so that a message decided on
older facts does not leave; and whoever queues messages hears of it in the same transaction.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.dispatch import Signal

from tideover.casework.bulk import insert
from tideover.casework.cases.models import Account, Event
from tideover.terms.events import KINDS, check

Entry = dict[str, Any]  # the row of an event

_AT_ONCE = 10_000  # of events written in bulk

happened = Signal()  # sent with `event`, inside the transaction, for events that must be heeded


def lock(account_id: str) -> Account:
    """Return an account whose row nobody else may write until this transaction ends."""
    return Account.objects.select_for_update(no_key=True).get(pk=account_id)


def record(
    account_id: str, kind: str, *, at: datetime, by: str, facts: dict[str, Any] | None = None
) -> Event:
    """Write down what happened to an account; call it inside the transaction of the change.

    Args:
        at: When it happened, aware.
        by: Who says so: a member of staff, `customer`, or the channel that reported it.
        facts: Those that the kind may have; days as ISO text, money in minor units.

    Raises:
        ValueError: The kind or a fact is not one of `terms/events.py`.
    """
    event = Event(**entry(account_id, kind, at=at, by=by, facts=facts))
    heeded = KINDS[kind].heeded
    with transaction.atomic():
        if heeded:
            Account.objects.filter(pk=account_id).update(facts_version=F("facts_version") + 1)
        event.save(force_insert=True)
        if heeded:
            happened.send(sender=Event, event=event)
    return event


def record_all(events: Iterable[Entry]) -> None:
    """Write down many events at once; none may be of a kind that must be heeded."""
    rows = list(events)
    odd = {row["kind"] for row in rows if KINDS[row["kind"]].heeded}
    if odd:
        raise ValueError(f"Written in bulk nobody would heed {', '.join(sorted(odd))}")
    with transaction.atomic(savepoint=False):
        for start in range(0, len(rows), _AT_ONCE):
            insert(Event, rows[start : start + _AT_ONCE])


def entry(
    account_id: str, kind: str, *, at: datetime, by: str, facts: dict[str, Any] | None = None
) -> Entry:
    """Return the row of an event that is not written yet.

    Raises:
        ValueError: The kind or a fact is not one of `terms/events.py`.
    """
    said = facts or {}
    check(kind, said)
    if at.tzinfo is None:
        raise ValueError("The time of an event must be aware")
    return {"event_id": uuid.uuid4(), "account_id": account_id, "kind": kind, "at": at, "by": by,
            "facts": said}  # fmt: skip

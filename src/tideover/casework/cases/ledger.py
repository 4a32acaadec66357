"""How anything is written down: the event, in the transaction of the change that it tells.

An event that must be heeded raises the account's `facts_version`, so that a message decided on
older facts does not leave; and whoever queues messages hears of it in the same transaction.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.dispatch import Signal

from tideover.casework.cases.models import Account, Event
from tideover.terms.events import check

_AT_ONCE = 10_000  # of events written in bulk
_INTO_SQLITE = (
    'INSERT INTO event (event_id, account_id, kind, at, "by", facts) '
    "VALUES (%s, %s, %s, %s, %s, %s)"
)
_INTO_POSTGRES = (
    'INSERT INTO event (event_id, account_id, kind, at, "by", facts) '
    "SELECT a, b, c, d, e, f::jsonb FROM unnest(%s::uuid[], %s::text[], %s::text[], "
    "%s::timestamptz[], %s::text[], %s::text[]) AS t(a, b, c, d, e, f)"
)

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
    event = entry(account_id, kind, at=at, by=by, facts=facts)
    heeded = check(kind, event.facts).heeded
    with transaction.atomic():
        if heeded:
            Account.objects.filter(pk=account_id).update(facts_version=F("facts_version") + 1)
        event.save(force_insert=True)
        if heeded:
            happened.send(sender=Event, event=event)
    return event


def record_all(events: Iterable[Event]) -> None:
    """Write down many events at once; none may be of a kind that must be heeded."""
    found = list(events)
    odd = {event.kind for event in found if check(event.kind, event.facts).heeded}
    if odd:
        raise ValueError(f"Written in bulk nobody would heed {', '.join(sorted(odd))}")
    with transaction.atomic(), connection.cursor() as cursor:
        for start in range(0, len(found), _AT_ONCE):
            _write(cursor, found[start : start + _AT_ONCE])


def _write(cursor: Any, events: list[Event]) -> None:
    """Write events by one statement: a night opens cases by the hundred thousand."""
    postgres = connection.vendor == "postgresql"
    adapted = connection.ops.adapt_datetimefield_value
    rows = [
        (event.event_id if postgres else event.event_id.hex, event.account_id, event.kind,
         event.at if postgres else adapted(event.at), event.by, json.dumps(event.facts))
        for event in events
    ]  # fmt: skip
    if postgres:
        cursor.execute(_INTO_POSTGRES, [list(column) for column in zip(*rows, strict=True)])
    else:
        cursor.executemany(_INTO_SQLITE, rows)


def entry(
    account_id: str, kind: str, *, at: datetime, by: str, facts: dict[str, Any] | None = None
) -> Event:
    """Return an event that is not written yet."""
    said = facts or {}
    check(kind, said)
    if at.tzinfo is None:
        raise ValueError("The time of an event must be aware")
    return Event(event_id=uuid.uuid4(), account_id=account_id, kind=kind, at=at, by=by, facts=said)

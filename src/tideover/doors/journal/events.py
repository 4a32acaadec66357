"""The ledger of events as the journal reads it: all of them, once, none passed over.

The watermark is the number of the last event that was carried. Numbers are drawn when an event is
written and seen when its transaction ends, so on PostgreSQL a lower number can come to light after
a higher one. A number is therefore only passed when no transaction that could still bring a lower
one is under way (docs/decisions/0013-the-journal-waits-for-who-is-writing.md).
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
from django.db import connection

from tideover.casework.cases.models import Event
from tideover.portfolio.lake import write_table
from tideover.terms.faults import StepMissing

AT_ONCE = 20_000
WAIT_S, LOOK_EVERY_S = 120.0, 0.05
# What people wrote, and by what a person could be found again, stays in casework.
_PERSONAL = ("note", "address_mark")
_WHO = ("customer", "night", "journal", "cis")  # any other is a person or a part of casework
SCHEMA = pa.schema([
    ("id", pa.int64()), ("event_id", pa.string()), ("account_id", pa.string()),
    ("kind", pa.string()), ("at", pa.timestamp("us", "UTC")),
    ("recorded_at", pa.timestamp("us", "UTC")), ("by", pa.string()), ("facts", pa.string()),
])  # fmt: skip


class Happened(NamedTuple):
    """One event, as the journal reads it."""

    id: int
    event_id: str
    account_id: str
    kind: str
    at: datetime
    facts: dict[str, Any]


def horizon(tell: Callable[[str], None]) -> int:
    """Return the number up to which every event that will ever be is there to be read.

    Raises:
        StepMissing: Something that writes events takes longer than two minutes.
    """
    if connection.vendor == "postgresql":
        drawn = _one("SELECT last_value FROM event_id_seq")
        _wait_for_writers(tell)
    else:
        drawn = _one("SELECT coalesce(max(id), 0) FROM event")  # one writer: numbers come in order
    return _one(f"SELECT coalesce(max(id), 0) FROM event WHERE id <= {drawn}")


def _wait_for_writers(tell: Callable[[str], None]) -> None:
    """Wait until every transaction has ended that may have drawn a number by now.

    Whoever writes an event holds a lock on the table from before a number is drawn until the
    transaction ends.
    """
    under_way, until = _writers(), time.monotonic() + WAIT_S
    told = False
    while under_way:
        if time.monotonic() > until:
            raise StepMissing("Something that writes events does not come to an end",
                              mend="Wait until it is done, or end it")  # fmt: skip
        if not told:
            tell("waiting for what is being written")
            told = True
        time.sleep(LOOK_EVERY_S)
        under_way &= _writers()


def _writers() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT virtualtransaction FROM pg_locks WHERE locktype = 'relation' AND granted "
            "AND relation = 'event'::regclass AND mode = 'RowExclusiveLock' "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
            "AND pid <> pg_backend_pid()")  # fmt: skip
        return {row[0] for row in cursor.fetchall()}


def _one(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])


def between(after: int, through: int) -> Iterator[list[Event]]:
    """Yield events with numbers above one and up to another, in order, some at a time."""
    while after < through:
        found = list(Event.objects.filter(id__gt=after, id__lte=through).order_by("id")[:AT_ONCE])
        if not found:
            return
        yield found
        after = found[-1].id


def told_of(accounts: Iterable[str], kinds: Iterable[str], through: int) -> Iterator[Happened]:
    """Yield what was ever written of some kinds about some accounts, in the order of numbers."""
    ids = sorted(accounts)
    for start in range(0, len(ids), 500):
        some = Event.objects.filter(account_id__in=ids[start : start + 500], kind__in=list(kinds),
                                    id__lte=through).order_by("id")  # fmt: skip
        yield from map(happened, some.iterator(chunk_size=AT_ONCE))


def happened(event: Event) -> Happened:
    """Return an event as the journal reads it."""
    return Happened(event.id, event.event_id.hex, event.account_id, event.kind, event.at,
                    event.facts)  # fmt: skip


def keep(path: Path, events: list[Event]) -> None:
    """Write events as they are, but for what is personal, as Parquet."""
    rows = [
        {"id": event.id, "event_id": event.event_id.hex, "account_id": event.account_id,
         "kind": event.kind, "at": event.at, "recorded_at": event.recorded_at,
         "by": event.by if event.by in _WHO else "casework",
         "facts": json.dumps({name: value for name, value in event.facts.items()
                              if name not in _PERSONAL}, sort_keys=True)}
        for event in events
    ]  # fmt: skip
    write_table(path, pa.Table.from_pylist(rows, SCHEMA))

"""The chain over the ledger: whoever changes, takes away or adds an event breaks it, at that place.

Each hash is of the one before and of the row as it is written down in one way. It is not made in
the transaction of the event, where all writers would wait for each other, but by a sealer, every
few seconds, over what is committed for good. Sending a head out of the house (printed, by e-mail
to an auditor) holds even those who can write to the database to what was.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from django.db import IntegrityError, connection, transaction
from django.db.models import Max

from tideover.casework.cases.models import Event, Seal

START = sha256(b"Tideover").hexdigest()  # what the first event is chained to
AT_ONCE = 5_000  # events in one seal
_STEP_DIGITS = 12  # of each hash that a seal keeps, to tell where the chain breaks
_POLL_S, _PATIENCE_S = 0.05, 5.0


@dataclass(frozen=True)
class Break:
    """Where the chain does not hold, and how.

    Args:
        event_id: The row in the ledger.
    """

    event_id: int
    what: str


def canonical(event: Event) -> bytes:
    """Return an event as it is chained: every column, in one way of writing."""
    row = [
        event.pk, event.event_id.hex, event.account_id, event.kind, _instant(event.at),
        _instant(event.recorded_at), event.by, event.facts,
    ]  # fmt: skip
    return json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def link(before: str, event: Event) -> str:
    """Return the hash of an event, given the one before it."""
    return sha256(before.encode() + canonical(event)).hexdigest()


def seal(at: datetime, *, at_once: int = AT_ONCE) -> int:
    """Seal what is committed for good and not sealed yet; return how many events that were."""
    through = _settled_through()
    sealed = 0
    while through is not None:
        count = _seal_next(through, at, at_once)
        sealed += count
        if count < at_once:
            break
    return sealed


def _seal_next(through: int, at: datetime, at_once: int) -> int:
    """Seal the next events, one seal; a second sealer at the same place seals nothing."""
    last = Seal.objects.order_by("-through_id").first()
    digest, after = (last.digest, last.through_id) if last else (START, 0)
    rows = Event.objects.filter(id__gt=after, id__lte=through).order_by("id")[:at_once]
    steps: list[tuple[int, str]] = []
    for event in rows:
        digest = link(digest, event)
        steps.append((event.pk, digest[:_STEP_DIGITS]))
    if not steps:
        return 0
    try:
        with transaction.atomic():
            Seal.objects.create(
                after_id=after, through_id=steps[-1][0], count=len(steps), digest=digest,
                steps=json.dumps(steps, separators=(",", ":")), sealed_at=at,
            )  # fmt: skip
    except IntegrityError:
        return 0
    return len(steps)


def _settled_through() -> int | None:
    """Return the last event below which none can appear any more; none where it is not known yet.

    A number is taken before its transaction commits, so a lower one may still be under way. Where
    there is one writer at a time (SQLite) that cannot be. On PostgreSQL whoever may have taken a
    lower number holds a lock on the table; we wait until those have let go, and block nobody.
    """
    newest: int | None = Event.objects.aggregate(newest=Max("id"))["newest"]
    if newest is None or connection.vendor != "postgresql":
        return newest
    writing, patience = _writers(), time.monotonic() + _PATIENCE_S
    while writing & _writers():
        if time.monotonic() > patience:
            return None  # somebody writes for long; the next round seals
        time.sleep(_POLL_S)
    return newest


def _writers() -> set[str]:
    """Return the transactions that write events now, other than this one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT virtualtransaction FROM pg_locks WHERE relation = 'event'::regclass "
            "AND mode = 'RowExclusiveLock' AND granted AND pid <> pg_backend_pid()"
        )
        return {str(row[0]) for row in cursor.fetchall()}


def check(head: str = "") -> list[Break]:
    """Return where the chain does not hold: nothing where it does.

    The first break says where; what comes after it in the same seal cannot be told.

    Args:
        head: A hash that was sent out of the house, and must still be one of the seals.
    """
    breaks: list[Break] = []
    digest, after = START, 0
    heads = set()
    for one in Seal.objects.order_by("through_id").iterator(chunk_size=100):
        if one.after_id != after:
            breaks.append(Break(after, "the seal that follows this event is gone"))
        elif broken := _broken(one, digest):
            breaks.append(broken)
        heads.add(one.digest)
        digest, after = one.digest, one.through_id
    if head and head not in heads:
        breaks.append(Break(after, "no seal has the head that was sent out: seals were taken away"))
    return breaks


def _broken(one: Seal, digest: str) -> Break | None:
    """Return the first event of a seal that is not what was sealed."""
    steps = [(int(number), str(step)) for number, step in json.loads(one.steps or "[]")]
    rows = list(Event.objects.filter(id__gt=one.after_id, id__lte=one.through_id).order_by("id"))
    for event, (number, step) in _side_by_side(rows, steps):
        if event is None:
            return Break(number, "this event was taken away")
        if event.pk < number:
            return Break(event.pk, "this event was put in between")
        if event.pk > number:
            return Break(number, "this event was taken away")
        digest = link(digest, event)
        if digest[:_STEP_DIGITS] != step:
            return Break(number, "this event is not what was written")
    if len(rows) > len(steps):
        return Break(rows[len(steps)].pk, "this event was put in between")
    return None if digest == one.digest else Break(one.through_id, "its seal was changed")


def _side_by_side(
    rows: Sequence[Event], steps: Sequence[tuple[int, str]]
) -> Iterator[tuple[Event | None, tuple[int, str]]]:
    """Yield what was sealed with the row in its place."""
    for place, step in enumerate(steps):
        yield (rows[place] if place < len(rows) else None), step


def head() -> Seal | None:
    """Return the newest seal, whose hash may be sent out of the house."""
    return Seal.objects.order_by("-through_id").first()


def unsealed() -> int:
    """Return how many events wait for a seal."""
    newest = head()
    return Event.objects.filter(id__gt=newest.through_id if newest else 0).count()

"""How far the ledger can be read without missing an event that is still being written.

On PostgreSQL an event with a lower number may be committed after one with a higher. What was seen
is therefore only counted as whole once every transaction that was open then is over.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import connection
from django.db.models import Max

from tideover.casework.api.models import Watermark
from tideover.casework.cases.models import Event

# A number is drawn a moment before its transaction is known to others as writing.
MOMENT = timedelta(seconds=1)


def settled_through(mark: Watermark) -> int:
    """Return up to which event nothing is missing; the row is locked before, and saved after."""
    last = Event.objects.aggregate(last=Max("id"))["last"] or 0
    if connection.vendor != "postgresql":
        return int(last)  # one writer at a time: numbers are committed in order
    now, (oldest, following) = datetime.now(UTC), _transactions()
    done = mark.pending_at is not None and mark.pending_at + MOMENT <= now
    settled = mark.through_id
    if done and oldest >= mark.pending_xid:
        settled, mark.pending_at = max(settled, mark.pending_id), None
    if mark.pending_at is None and last > settled:
        mark.pending_id, mark.pending_xid, mark.pending_at = last, following, now
    return settled


def _transactions() -> tuple[int, int]:
    """Return the oldest transaction that is still open, and the next one to begin."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint "
            "FROM (SELECT pg_current_snapshot() AS s) AS now"
        )
        oldest, following = cursor.fetchone()
    return int(oldest), int(following)

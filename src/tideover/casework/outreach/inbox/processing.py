"""The inbox is worked through: replies first, so that a STOP waits for nothing; payments last."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import OperationalError, transaction
from django.db.models import Q, QuerySet

from tideover.casework.bulk import update
from tideover.casework.outreach.inbox.hearing import Hearing
from tideover.casework.outreach.inbox.payments import take_payments
from tideover.casework.outreach.inbox.receipts import Taken, Waiting, take_receipts
from tideover.casework.outreach.inbox.replies import take_reply
from tideover.casework.outreach.inbox.storing import told
from tideover.casework.outreach.models import WebhookEvent
from tideover.casework.outreach.outbox.clock import DatabaseClock

AT_ONCE, PAYMENTS_AT_ONCE = 200, 500


def process(limit: int = 1_000, hearing: Hearing | None = None) -> int:
    """Work through what waits in the inbox; return how many events were dealt with.

    Several workers may do so at once: none takes an event that another has in hand.

    Args:
        limit: At most so many events.
    """
    hearing, done = hearing or Hearing(), 0
    while done < limit and _next_reply(hearing):
        done += 1
    while done < limit and (count := _next_receipts(min(AT_ONCE, limit - done))):
        done += count
    return done + take_payments(min(PAYMENTS_AT_ONCE, limit))


def _waiting(kind: str) -> QuerySet[WebhookEvent]:
    now = DatabaseClock().now()
    due = Q(look_again_at__isnull=True) | Q(look_again_at__lte=now)
    found = WebhookEvent.objects.filter(due, kind=kind, processed_at__isnull=True)
    return found.select_for_update(skip_locked=True).order_by("id")


@transaction.atomic
def _next_reply(hearing: Hearing) -> bool:
    row = _waiting("inbound").first()
    if row is None:
        return False
    try:
        with transaction.atomic():
            taken = take_reply(_read(row), hearing)
    except OperationalError:
        raise  # the database, not the reply: it stays where it is
    except Exception as error:
        taken = _quarantined(error)
    _write([row], [taken])
    return True


@transaction.atomic
def _next_receipts(most: int) -> int:
    rows = list(_waiting("receipt")[:most])
    if rows:
        _write(rows, _receipts(rows))
    return len(rows)


def _receipts(rows: Sequence[WebhookEvent]) -> list[Taken]:
    """Apply receipts together, or one by one where one of them cannot be."""
    try:
        with transaction.atomic():
            return take_receipts([_read(row) for row in rows], DatabaseClock().now())
    except OperationalError:
        raise
    except Exception as error:
        if len(rows) == 1:
            return [_quarantined(error)]
    return [taken for row in rows for taken in _receipts([row])]


def _read(row: WebhookEvent) -> Waiting:
    channel, event = told(row)
    return Waiting(row.provider, channel, event, row.received_at)


def _quarantined(error: Exception) -> Taken:
    # its words could hold what a customer wrote
    return Taken("quarantined", type(error).__name__)


def _write(rows: Sequence[WebhookEvent], taken: Sequence[Taken]) -> None:
    now, kind = DatabaseClock().now(), rows[0].kind
    told = [
        {"id": row.pk, "look_again_at": one.again_at, "result": one.result,
         "detail": one.detail[:300], "processed_at": None if one.again_at else now}
        for row, one in zip(rows, taken, strict=True)
    ]  # fmt: skip
    update(WebhookEvent, told, still={"kind": kind})

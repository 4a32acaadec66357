"""What payment providers told, taken in one by one: asked first where the body is no proof."""

from __future__ import annotations

from datetime import timedelta

from django.db import OperationalError, transaction
from django.db.models import Q, QuerySet

from tideover.casework.outreach.inbox.storing import told_of_payment
from tideover.casework.outreach.models import WebhookEvent
from tideover.casework.outreach.outbox.clock import DatabaseClock
from tideover.casework.payments.checks import MOST, Finding
from tideover.casework.payments.contract import (
    PAYMENT_EVENT,
    Declined,
    NotReached,
    Snapshot,
)
from tideover.casework.payments.registry import providers
from tideover.casework.payments.seeing import APPLIED, DUPLICATE, QUARANTINED, Seen, see

AGAIN = timedelta(minutes=1)


def take_payments(limit: int) -> int:
    """Take in what waits; return how many events were dealt with."""
    done, last = 0, 0
    for _ in range(limit):
        row = _waiting().filter(pk__gt=last).order_by("id").first()
        if row is None:
            break
        last = row.pk
        done += _take(row)
    return done


def _waiting() -> QuerySet[WebhookEvent]:
    due = Q(look_again_at__isnull=True) | Q(look_again_at__lte=DatabaseClock().now())
    return WebhookEvent.objects.filter(due, kind=PAYMENT_EVENT, processed_at__isnull=True)


def _take(row: WebhookEvent) -> bool:
    """Take one in. The provider is asked before the transaction, so that nobody waits on it."""
    try:
        snapshot = _snapshot(row)
    except NotReached:
        WebhookEvent.objects.filter(pk=row.pk).update(look_again_at=DatabaseClock().now() + AGAIN)
        return False
    except (Declined, ValueError, KeyError, TypeError) as error:
        return _write(row, Seen(QUARANTINED, type(error).__name__))
    with transaction.atomic():
        locked = WebhookEvent.objects.select_for_update(skip_locked=True).filter(
            pk=row.pk, processed_at__isnull=True).first()  # fmt: skip
        if locked is None:  # another worker has it
            return False
        try:
            with transaction.atomic():
                seen = see(snapshot, provider=row.provider, now=DatabaseClock().now())
        except OperationalError:
            raise  # the database, not the event: it stays where it is
        except Exception as error:
            seen = Seen(QUARANTINED, type(error).__name__)
        return _write(row, seen)


def _snapshot(row: WebhookEvent) -> Snapshot:
    told = told_of_payment(row)
    if told.snapshot is not None:
        return told.snapshot
    connected = providers().get(row.provider)
    if connected is None:
        raise NotReached
    return connected.look(told.provider_id)


def _write(row: WebhookEvent, seen: Seen) -> bool:
    row.processed_at, row.result = DatabaseClock().now(), seen.result
    row.detail, row.look_again_at = seen.why[:300], None
    row.save(update_fields=["processed_at", "result", "detail", "look_again_at"])
    return True


def unexplained() -> list[Finding]:
    """I7: what was received of payments is applied, a duplicate, or set aside with its reason."""
    done = WebhookEvent.objects.filter(kind=PAYMENT_EVENT, processed_at__isnull=False)
    odd = done.exclude(result__in=(APPLIED, DUPLICATE, QUARANTINED))
    silent = done.filter(result=QUARANTINED, detail="")
    return [Finding("I7", f"webhook {row.pk}", "a payment was dropped without a word")
            for row in (odd | silent)[:MOST]]  # fmt: skip

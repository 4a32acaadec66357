"""Events of the ledger, laid out for each receiver; and laid out again where one asks for it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import Max, QuerySet

from tideover.casework.api.bounds import bounds
from tideover.casework.api.hooks.settled import settled_through
from tideover.casework.api.models import Delivery, Subscription, Watermark
from tideover.casework.cases.models import Event

MARK = "webhooks"


@transaction.atomic
def fan_out(limit: int) -> int:
    """Lay out events that are new for every receiver that wants them, and return how many."""
    Watermark.objects.get_or_create(name=MARK)
    mark = Watermark.objects.select_for_update().get(name=MARK)
    settled = settled_through(mark)
    new = Event.objects.filter(id__gt=mark.through_id, id__lte=settled).order_by("id")
    receivers = list(Subscription.objects.filter(disabled_at=None))
    events = list(new[:limit]) if receivers else []
    mark.through_id = events[-1].pk if len(events) == limit else max(settled, mark.through_id)
    mark.save()
    for one in receivers:
        lay_out(one, (event for event in events if event.pk > one.after_id))
    if events:
        old = datetime.now(UTC) - bounds().deliveries_kept
        Delivery.objects.filter(delivered_at__lt=old).delete()
    return len(events)


def lay_out(receiver: Subscription, events: Iterable[Event], *, round: int = 0) -> int:
    """Lay out events for one receiver, in their order, and return how many it wants."""
    now = datetime.now(UTC)
    wanted = [
        Delivery(subscription=receiver, event=event, account_id=event.account_id, round=round,
                 due_at=now)
        for event in events
        if not receiver.kinds or event.kind in receiver.kinds
    ]  # fmt: skip
    Delivery.objects.bulk_create(wanted, batch_size=1_000, ignore_conflicts=True)
    return len(wanted)


def replay(receiver: Subscription, events: QuerySet[Event], limit: int) -> int:
    """Lay out again what a receiver was told before, or missed while it was disabled."""
    last = receiver.deliveries.aggregate(last=Max("round"))["last"] or 0
    through = Watermark.objects.filter(name=MARK).first()
    seen = events.filter(id__lte=through.through_id if through else 0).order_by("id")
    return lay_out(receiver, seen[:limit], round=last + 1)


def last_event_id() -> int:
    """Return the last event that a new receiver will not be told of by itself."""
    through = Watermark.objects.filter(name=MARK).first()
    latest = Event.objects.aggregate(last=Max("id"))["last"] or 0
    return max(through.through_id if through else 0, latest)

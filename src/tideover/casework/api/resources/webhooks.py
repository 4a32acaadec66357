"""Receivers of webhooks: made, ended, looked at, told again."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from tideover.casework.api import shapes
from tideover.casework.api.hooks.addresses import Forbidden, looked_up, placed
from tideover.casework.api.hooks.envelope import new_secret
from tideover.casework.api.hooks.fanning import last_event_id, replay
from tideover.casework.api.models import Delivery, Subscription
from tideover.casework.api.once import once
from tideover.casework.api.paging import Page, Paged, page_of
from tideover.casework.api.problems import Problem, unknown
from tideover.casework.api.shapes import Id, Kind, Moment, Number, Said
from tideover.casework.api.tokens import may, sees_care, token_of
from tideover.casework.cases.models import Event

router = Router(tags=["webhooks"])
REPLAYED_AT_ONCE = 10_000


class ReceiverMade(Said):
    """A receiver to tell what happens from now on."""

    url: Annotated[str, Field(min_length=1, max_length=2_000, pattern="^https?://",
                              examples=["https://hooks.example.org/tideover"])]  # fmt: skip
    kinds: list[Kind] = Field(default_factory=list, description="Which events; without any, all")


class ReplayAsked(Said):
    """From where on to tell again: a sequence, or a time at which things were written down."""

    from_sequence: Number | None = None
    since: Moment | None = None


class DeliveriesAsked(Paged):
    """Which deliveries are asked for."""

    delivered: bool | None = None


@router.get("/webhooks", auth=may("read:webhooks"), response=Page[shapes.Receiver])
def list_webhooks(request: HttpRequest, asked: Query[Paged]) -> Any:
    """List receivers."""
    rows, following = page_of(Subscription.objects.all(), ["subscription_id"], asked)
    return {"items": [_told(row) for row in rows], "next": following}


@router.post("/webhooks", auth=may("write:webhooks"), response={201: shapes.NewReceiver})
def make_webhook(request: HttpRequest, body: ReceiverMade) -> Any:
    """Make a receiver. It is told what a circumstance is where this token may read that."""
    return once(request, lambda: _make(request, body), status=201)


@router.get("/webhooks/{webhook_id}", auth=may("read:webhooks"), response=shapes.Receiver)
def one_webhook(request: HttpRequest, webhook_id: Id) -> Any:
    """Return one receiver."""
    return _told(_found(webhook_id))


@router.delete("/webhooks/{webhook_id}", auth=may("write:webhooks"), response={204: None})
def end_webhook(request: HttpRequest, webhook_id: Id) -> Any:
    """End a receiver, with all that it was to be told."""
    _found(webhook_id).delete()
    return HttpResponse(status=204)


@router.post("/webhooks/{webhook_id}/enable", auth=may("write:webhooks"), response=shapes.Receiver)
def enable_webhook(request: HttpRequest, webhook_id: Id) -> Any:
    """Go on with a receiver that was disabled; what it missed meanwhile can be replayed."""
    return once(request, lambda: _enable(webhook_id))


@router.post("/webhooks/{webhook_id}/replay", auth=may("write:webhooks"),
             response={202: shapes.Done})  # fmt: skip
def replay_webhook(request: HttpRequest, webhook_id: Id, body: ReplayAsked) -> Any:
    """Tell a receiver again what happened, up to ten thousand events at once."""
    return once(request, lambda: _replay(webhook_id, body), status=202)


@router.get("/webhooks/{webhook_id}/deliveries", auth=may("read:webhooks"),
            response=Page[shapes.Delivered])  # fmt: skip
def list_deliveries(request: HttpRequest, webhook_id: Id, asked: Query[DeliveriesAsked]) -> Any:
    """List what a receiver was told, and is to be told."""
    rows = Delivery.objects.filter(subscription=_found(webhook_id)).select_related("event")
    if asked.delivered is not None:
        rows = rows.filter(delivered_at__isnull=not asked.delivered)
    shown, following = page_of(rows, ["id"], asked)
    return {"items": [_delivered(row) for row in shown], "next": following}


def _found(webhook_id: str) -> Subscription:
    found = Subscription.objects.filter(pk=webhook_id).first()
    if found is None:
        raise unknown("webhook", "webhook_id")
    return found


def _make(request: HttpRequest, body: ReceiverMade) -> shapes.NewReceiver:
    try:
        looked_up(placed(body.url))
    except Forbidden as error:
        raise Problem(422, f"Nothing is sent there: {error}", where="url",
                      mend="Name an https URL at a public address") from None  # fmt: skip
    made = Subscription.objects.create(
        subscription_id=f"hook-{uuid.uuid4().hex}", url=body.url, secret=new_secret(),
        kinds=sorted(set(body.kinds)), sees_care=sees_care(request),
        made_by=token_of(request), made_at=datetime.now(UTC), after_id=last_event_id(),
    )  # fmt: skip
    return shapes.NewReceiver(**_told(made).model_dump(), secret=made.secret)


def _enable(webhook_id: str) -> shapes.Receiver:
    found = _found(webhook_id)
    found.disabled_at, found.disabled_why = None, ""
    found.failures, found.failing_since, found.rest_until = 0, None, None
    found.save()
    return _told(found)


def _replay(webhook_id: str, body: ReplayAsked) -> shapes.Done:
    if (body.from_sequence is None) == (body.since is None):
        raise Problem(422, "From where on is not said, or said twice", where="from_sequence, since",
                      mend="Send one of the two")  # fmt: skip
    found = _found(webhook_id)
    since = {"recorded_at__gte": body.since} if body.since else {"id__gte": body.from_sequence}
    return shapes.Done(count=replay(found, Event.objects.filter(**since), REPLAYED_AT_ONCE))


def _told(found: Subscription) -> shapes.Receiver:
    return shapes.Receiver(
        webhook_id=found.pk, url=found.url, kinds=found.kinds, circumstances=found.sees_care,
        made_at=found.made_at, failing_since=found.failing_since, disabled_at=found.disabled_at,
        disabled_why=found.disabled_why,
        waiting=found.deliveries.filter(delivered_at=None).count(),
    )  # fmt: skip


def _delivered(found: Delivery) -> shapes.Delivered:
    return shapes.Delivered(
        delivery_id=found.pk, event_id=str(found.event.event_id), sequence=found.event_id,
        kind=found.event.kind, account_id=found.account_id, tries=found.tries,
        due_at=found.due_at, delivered_at=found.delivered_at, status=found.status,
        detail=found.detail, replay=found.round > 0,
    )  # fmt: skip

"""What was heard is stored once, as it was said, before anybody acts on it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction

from tideover.casework.bulk import insert
from tideover.casework.outreach.channels.contract import Heard
from tideover.casework.outreach.channels.reading import MOST_ID
from tideover.casework.outreach.models import WebhookEvent
from tideover.casework.payments.contract import (
    PAYMENT_EVENT,
    STATUSES,
    Provider,
    Snapshot,
    Told,
)
from tideover.casework.together import Rows, Together

MOST_MINOR = 10**14


def store(provider: str, channel: str, events: Sequence[Heard]) -> None:
    """Store events of a provider; one that was told before is left as it is."""
    _add([_row(provider, event.event_id, event.kind, _said(channel, event)) for event in events])


def told_strictly(
    provider: Provider, body: bytes, headers: Mapping[str, str], url: str
) -> list[Told]:
    """Return what a payment provider told, where it fits our tables.

    Raises:
        ValueError: It is not the provider's, or an id or an amount is none.
    """
    try:
        return [_fitting(event) for event in provider.told(body, headers, url)]
    except (KeyError, IndexError, TypeError, AttributeError, OverflowError) as error:
        raise ValueError(f"no event of a payment: {type(error).__name__}") from None


def _fitting(event: Told) -> Told:
    said = event.snapshot
    words = (event.event_id, event.provider_id, *((said.provider_id, said.payment_id,
             said.currency) if said else ()))  # fmt: skip
    sums = (
        (said.paid_minor, said.refunded_minor, said.disputed_minor, said.won_minor) if said else ()
    )
    fits = all(
        isinstance(word, str) and len(word) <= MOST_ID and word.isprintable() for word in words
    )
    if not (fits and event.event_id and event.provider_id):
        raise ValueError("an id of this payment is none")
    if not all(0 <= one <= MOST_MINOR for one in sums) or (said and said.status not in STATUSES):
        raise ValueError("an amount of this payment is none")
    return event


def store_payments(provider: str, events: Sequence[Told]) -> None:
    """Store what a payment provider told; what was told before is left as it is."""
    said = [json.dumps(asdict(event), default=datetime.isoformat) for event in events]
    _add([_row(provider, event.event_id, PAYMENT_EVENT, body)
          for event, body in zip(events, said, strict=True)])  # fmt: skip


def _row(provider: str, event_id: str, kind: str, body: str) -> dict[str, str]:
    return {"provider": provider, "event_id": event_id, "kind": kind, "body": body,
            "result": "", "detail": ""}  # fmt: skip


def _add(rows: Rows) -> None:
    if rows:
        _TOGETHER.store(rows)


def _write(rows: Rows) -> None:
    with transaction.atomic():
        insert(WebhookEvent, rows, unless_there=True)


_TOGETHER = Together(_write)


def told_of_payment(event: WebhookEvent) -> Told:
    """Return what a payment provider told."""
    said: dict[str, Any] = json.loads(event.body)
    snapshot = said.pop("snapshot")
    if snapshot and snapshot["at"]:
        snapshot["at"] = datetime.fromisoformat(snapshot["at"])
    return Told(**said, snapshot=Snapshot(**snapshot) if snapshot else None)


def told(event: WebhookEvent) -> tuple[str, Heard]:
    """Return the channel and the event as it was heard."""
    said: dict[str, Any] = json.loads(event.body)
    channel = said.pop("channel")
    return channel, Heard(**{**said, "at": datetime.fromisoformat(said["at"])})


def _said(channel: str, event: Heard) -> str:
    return json.dumps({"channel": channel, **asdict(event), "at": event.at.isoformat()},
                      ensure_ascii=False)  # fmt: skip

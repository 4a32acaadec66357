"""A provider that signs, and a customer who was written to."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from standardwebhooks.webhooks import Webhook

from tests.casework.channels.adapters import SECRET
from tests.casework.people import account, message
from tideover.casework.cases.models import ContactPoint
from tideover.casework.outreach.addresses import marked
from tideover.casework.outreach.channels.handover.adapter import Handover, Partner
from tideover.casework.outreach.inbox import door
from tideover.casework.outreach.models import Message

NUMBER = "+31612345678"
HOOK = "/hooks/handover"
AT = "2026-03-30T10:00:00+00:00"


@pytest.fixture(autouse=True)
def partner(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have one provider to listen to, of the channel sms."""
    channel = Handover("sms", Partner("https://partner.example", (SECRET,)))
    monkeypatch.setattr(door, "listeners", lambda: {"handover": channel})


@pytest.fixture
def sent(db: Any) -> Message:
    """Return a message that left to a customer, and may have arrived."""
    written = message(account("A1"), status="unknown", provider="handover", provider_id="m1")
    reachable(written)
    return written


def reachable(written: Message, number: str = NUMBER) -> ContactPoint:
    """Have whoever a message is for be reached at a number."""
    point = written.point
    assert point is not None
    point.address, point.address_mark = number, marked("sms", number)
    point.save()
    return point


Told = Callable[..., Any]


@pytest.fixture
def told(client: Client) -> Told:
    """Return what tells the inbox of something, rightly signed."""

    def tell(kind: str, event_id: str, at: str = AT, **facts: Any) -> Any:
        body = json.dumps({"type": f"message.{kind}", "timestamp": at, "data": facts})
        return posted(client, body.encode(), event_id)

    return tell


def posted(client: Client, body: bytes, event_id: str, **headers: str) -> Any:
    """Return the answer to a signed call."""
    now = datetime.now(UTC)
    signature = Webhook(SECRET).sign(event_id, now, body.decode("utf-8", "replace"))
    said = {"webhook-id": event_id, "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": signature, **headers}  # fmt: skip
    return client.post(HOOK, body, content_type="application/json", headers=said)

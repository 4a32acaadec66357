"""An event as it goes out: CloudEvents 1.0 in JSON, signed as Standard Webhooks says."""

from __future__ import annotations

import base64
import json
import secrets
from datetime import datetime

from standardwebhooks.webhooks import Webhook

from tideover.casework.api import told
from tideover.casework.cases.models import Event

SOURCE, TYPE = "/tideover/casework", "tideover.casework."


def new_secret() -> str:
    """Return a secret for a receiver."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def body_of(event: Event, *, care: bool) -> bytes:
    """Return an event as a body. Who of the staff said so is left out."""
    currency = event.account.currency
    return json.dumps({
        "specversion": "1.0", "id": str(event.event_id), "source": SOURCE,
        "type": TYPE + event.kind, "subject": event.account_id, "time": event.at.isoformat(),
        "datacontenttype": "application/json", "partitionkey": event.account_id,
        "sequence": f"{event.pk:020}",
        "data": {"account_id": event.account_id, "kind": event.kind, "currency": currency,
                 "facts": told.facts_of(event, currency, care=care)},
    }).encode()  # fmt: skip


def headers_of(secret: str, event: Event, body: bytes, now: datetime) -> dict[str, str]:
    """Return the headers that prove a body. The id is the event's: repeated, it is the same."""
    name = str(event.event_id)
    return {
        "Content-Type": "application/cloudevents+json; charset=utf-8",
        "User-Agent": "tideover",
        "webhook-id": name,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(name, now, body.decode()),
    }

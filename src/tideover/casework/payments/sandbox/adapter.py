"""The sandbox bank as a provider: its page, its answers, its signed webhooks."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from tideover.casework.payments.contract import (
    PAID,
    Declined,
    Order,
    Page,
    Snapshot,
    Told,
)
from tideover.casework.payments.models import SandboxPayment

STANDS = timedelta(minutes=30)
_HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")


class SandboxBank:
    """The built-in bank. Its payments lie in a table of its own, as another house's would."""

    name = "sandbox"

    def begin(self, order: Order) -> Page:
        """Return its page for a payment; asked again, the same."""
        now = datetime.now(UTC)
        found, _ = SandboxPayment.objects.get_or_create(
            payment_id=order.payment_id,
            defaults={
                "provider_id": f"sb_{secrets.token_hex(12)}", "amount_minor": order.amount_minor,
                "currency": order.currency, "reference": order.reference,
                "come_back_url": order.come_back_url, "hook_url": order.hook_url,
                "language": order.language, "expires_at": now + STANDS, "changed_at": now,
            },
        )  # fmt: skip
        parts = urlsplit(order.come_back_url)
        url = f"{parts.scheme}://{parts.netloc}/sandbox-bank/{found.provider_id}"
        return Page(found.provider_id, url, found.expires_at)

    def look(self, provider_id: str) -> Snapshot:
        """Return what it knows of a payment."""
        found = SandboxPayment.objects.filter(pk=provider_id).first()
        if found is None:
            raise Declined("no such payment")
        return _snapshot(found)

    def verified(self, body: bytes, headers: Mapping[str, str], url: str) -> bool:
        """Say whether a webhook is its own."""
        small = {name.lower(): value for name, value in headers.items()}
        try:
            Webhook(_secret()).verify(body, {name: small.get(name, "") for name in _HEADERS})
        except WebhookVerificationError:
            return False
        return True

    def told(self, body: bytes, headers: Mapping[str, str], url: str = "") -> Sequence[Told]:
        """Return the event of a webhook."""
        said = json.loads(body)
        try:
            at = datetime.fromisoformat(said["at"])
            snapshot = Snapshot(**{**said, "at": at})
        except (KeyError, TypeError) as error:
            raise ValueError("not one of the sandbox bank's") from error
        return [Told(hashlib.sha256(body).hexdigest()[:32], snapshot.provider_id, snapshot)]


def webhook(of: SandboxPayment, now: datetime) -> tuple[bytes, dict[str, str]]:
    """Return the call by which the bank tells of a payment, signed."""
    said = {**asdict(_snapshot(of)), "at": of.changed_at.isoformat()}
    body = json.dumps(said).encode()
    message = hashlib.sha256(body).hexdigest()[:32]
    signature = Webhook(_secret()).sign(message, now, body.decode())
    return body, {"webhook-id": message, "webhook-timestamp": str(int(now.timestamp())),
                  "webhook-signature": signature, "content-type": "application/json"}  # fmt: skip


def _snapshot(of: SandboxPayment) -> Snapshot:
    return Snapshot(
        of.provider_id, of.status, of.currency, of.amount_minor if of.status == PAID else 0,
        of.refunded_minor, of.disputed_minor, of.won_minor, of.changed_at, of.payment_id,
    )  # fmt: skip


def _secret() -> str:
    made = hmac.new(settings.MARK_KEY, b"sandbox bank", hashlib.sha256).digest()
    return base64.b64encode(made).decode()

"""Mollie: a payment or a payment link, on Mollie's page; what happened is always asked for.

Mollie's classic webhook carries an id alone and no signature: it proves nothing, and does nothing
but make us ask. Its newer ones are signed, and checked by Mollie's own validator.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from tideover.casework.payments.contract import (
    CANCELED,
    EXPIRED,
    FAILED,
    OPEN,
    PAID,
    Declined,
    NotReached,
    Order,
    Page,
    Snapshot,
    Told,
)
from tideover.terms import money

LINK = "link"  # a method of ours: a page that stands until it is paid, whoever pays
STATUSES = {"paid": PAID, "canceled": CANCELED, "expired": EXPIRED, "failed": FAILED}
_CLASSIC = re.compile(rb"id=((?:tr|pl)_\w{1,60})", re.ASCII)
_ID = re.compile(r"(?:tr|pl)_\w{1,60}", re.ASCII)
_LOCALES = {"en": "en_GB", "nl": "nl_NL", "es": "es_ES", "fr": "fr_FR"}


@dataclass
class Mollie:
    """A Mollie profile.

    Args:
        secrets: Of its signed webhooks; none where there are only classic ones.
        url: Of Mollie's interface; another one in tests.
    """

    api_key: str
    secrets: tuple[str, ...] = ()
    url: str = "https://api.mollie.com"
    name: str = field(default="mollie", init=False)

    def begin(self, order: Order) -> Page:
        """Return Mollie's page of a payment; asked again within an hour, the same."""
        asked: dict[str, Any] = {
            "description": order.reference, "redirect_url": order.come_back_url,
            "webhook_url": order.hook_url,
            "amount": {"currency": order.currency,
                       "value": money.text(order.amount_minor, order.currency)},
        }  # fmt: skip
        with _told_apart():
            if order.method == LINK:
                link = self._client.payment_links.create(
                    idempotency_key=order.payment_id, request_body=asked)  # fmt: skip
                return Page(link.id, link.links.payment_link.href)
            asked |= {"metadata": {"payment_id": order.payment_id},
                      "locale": _LOCALES.get(order.language, "en_GB")}  # fmt: skip
            if order.method:
                asked["method"] = order.method
            made = self._client.payments.create(
                idempotency_key=order.payment_id, payment_request=asked
            )
        if made.links.checkout is None:
            raise Declined("no page to pay on")
        until = datetime.fromisoformat(made.expires_at) if made.expires_at else None
        return Page(made.id, made.links.checkout.href, until)

    def look(self, provider_id: str) -> Snapshot:
        """Return what Mollie knows of a payment, or of the payments of a link."""
        if not _ID.fullmatch(provider_id):
            raise Declined("no id of Mollie's")
        with _told_apart():
            if provider_id.startswith("tr_"):
                return self._of_payment(self._client.payments.get(payment_id=provider_id))
            return self._of_link(provider_id)

    def _of_link(self, provider_id: str) -> Snapshot:
        link = self._client.payment_links.get(payment_link_id=provider_id)
        listed = self._client.payment_links.list_payments(payment_link_id=provider_id)
        seen = [self._of_payment(one) for one in listed.result.embedded.payments] if listed else []
        paid = any(one.status == PAID for one in seen)
        return Snapshot(
            provider_id, PAID if paid else OPEN, str(link.amount.currency),
            sum(one.paid_minor for one in seen), sum(one.refunded_minor for one in seen),
            sum(one.disputed_minor for one in seen), sum(one.won_minor for one in seen),
        )  # fmt: skip

    def _of_payment(self, payment: Any) -> Snapshot:
        currency = payment.amount.currency
        status = STATUSES.get(str(getattr(payment.status, "value", payment.status)), OPEN)
        disputed = won = 0
        if _minor(payment.amount_charged_back):
            listed = self._client.chargebacks.list(payment_id=payment.id)
            for one in listed.result.embedded.chargebacks:
                disputed += _minor(one.amount)
                won += _minor(one.amount) if one.reversed_at else 0
        marked = payment.metadata if isinstance(payment.metadata, dict) else {}
        return Snapshot(
            payment.id, status, currency, _minor(payment.amount) if status == PAID else 0,
            _minor(payment.amount_refunded), disputed, won,
            payment_id=str(marked.get("payment_id") or ""),
        )  # fmt: skip

    def verified(self, body: bytes, headers: Mapping[str, str], url: str) -> bool:
        """Say whether a signed webhook is Mollie's; a classic one is let in, and proves nothing."""
        small = {name.lower(): value for name, value in headers.items()}
        signature = small.get("x-mollie-signature")
        if not signature:
            return _CLASSIC.fullmatch(body) is not None
        from mollie.utils.webhooks.signature_validator import (
            InvalidSignatureException,
            SignatureValidator,
        )

        if not self.secrets:
            return False
        try:
            text = body.decode("utf-8")
            return bool(SignatureValidator(list(self.secrets)).validate_payload(text, signature))
        except (InvalidSignatureException, UnicodeDecodeError):
            return False

    def told(self, body: bytes, headers: Mapping[str, str], url: str = "") -> Sequence[Told]:
        """Return the payment that must be asked for. A classic webhook has no id of its own."""
        classic = _CLASSIC.fullmatch(body)
        if classic:
            named = classic[1].decode()
            return [Told(f"{named}:{uuid.uuid4().hex}", named)]
        event = json.loads(body)
        try:
            named, event_id = str(event["entityId"]), str(event["id"])
        except (KeyError, TypeError) as error:
            raise ValueError("not one of Mollie's events") from error
        return [Told(event_id[:200], named)] if _ID.fullmatch(named) else []

    @cached_property
    def _client(self) -> Any:
        from mollie import ClientSDK, RetryConfig, Security
        from mollie.utils import BackoffStrategy

        # somebody waits on a page: they can press again, and the inbox asks again by itself
        once = RetryConfig("none", BackoffStrategy(0, 0, 1, 0), False)
        return ClientSDK(security=Security(api_key=self.api_key), server_url=self.url,
                         timeout_ms=20_000, retry_config=once)  # fmt: skip


def _minor(amount: Any) -> int:
    return money.minor(amount.value, amount.currency) if amount else 0


@contextmanager
def _told_apart() -> Iterator[None]:
    """Tell what Mollie refuses from what did not reach it."""
    import httpx
    from mollie.models import APIError, ErrorResponse, NoResponseError, ResponseValidationError

    try:
        yield
    except (ResponseValidationError, NoResponseError) as error:
        raise NotReached(type(error).__name__) from error
    except (APIError, ErrorResponse) as error:
        status = int(getattr(error, "status_code", 0) or 0)
        kind = Declined if status in (400, 404, 409, 410, 422) else NotReached
        raise kind(f"answered {status}") from error
    except httpx.HTTPError as error:
        raise NotReached(type(error).__name__) from error

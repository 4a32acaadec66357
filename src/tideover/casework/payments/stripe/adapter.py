"""Stripe Checkout: a session a payment, on Stripe's page; events by Stripe's own validator."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from tideover.casework.payments.contract import (
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

# Stripe writes these with two digits although they have none (docs.stripe.com/currencies).
_TWO_DIGITS = ("ISK", "UGX")
_OF_A_SESSION = (
    "checkout.session.completed", "checkout.session.expired",
    "checkout.session.async_payment_succeeded",
)  # fmt: skip
_ASKED_FOR = (
    "checkout.session.async_payment_failed", "charge.refunded", "charge.refund.updated",
    "charge.dispute.created", "charge.dispute.updated", "charge.dispute.closed",
    "charge.dispute.funds_withdrawn", "charge.dispute.funds_reinstated",
)  # fmt: skip


@dataclass
class Stripe:
    """A Stripe account.

    Args:
        api_key: Secret, or restricted to Checkout, charges and disputes.
        secrets: Of the webhook endpoint; two while one is being replaced.
        url: Of Stripe; another one in tests.
    """

    api_key: str
    secrets: tuple[str, ...]
    url: str = "https://api.stripe.com"
    name: str = field(default="stripe", init=False)

    def begin(self, order: Order) -> Page:
        """Return the page of a Checkout session; asked again, the same."""
        price = {"currency": order.currency.lower(), "product_data": {"name": order.reference},
                 "unit_amount": _theirs(order.amount_minor, order.currency)}  # fmt: skip
        marked = {"payment_id": order.payment_id, "reference": order.reference}
        asked: dict[str, Any] = {
            "mode": "payment", "line_items": [{"quantity": 1, "price_data": price}],
            "success_url": order.come_back_url, "cancel_url": order.come_back_url,
            "client_reference_id": order.payment_id, "metadata": marked,
            "payment_intent_data": {"metadata": marked, "description": order.reference},
            "locale": order.language,
        }  # fmt: skip
        if order.method:
            asked["payment_method_types"] = [order.method]
        with _told_apart():
            once = {"idempotency_key": order.payment_id}
            made = _plain(self._sessions.create(params=asked, options=once))
        return Page(made["id"], made["url"], datetime.fromtimestamp(made["expires_at"], UTC))

    def look(self, provider_id: str) -> Snapshot:
        """Return what Stripe knows of a session, its charge and its disputes."""
        with _told_apart():
            session_id = provider_id
            if provider_id.startswith("pi_"):
                mine = {"payment_intent": provider_id}
                found = _plain(self._sessions.list(params=mine))["data"]
                if not found:
                    raise Declined("no session of ours")
                session_id = found[0]["id"]
            more = {"expand": ["payment_intent.latest_charge"]}
            session = _plain(self._sessions.retrieve(session_id, params=more))
            intent = session["payment_intent"] or {}
            disputes: list[Any] = []
            if _charge(intent).get("disputed"):
                asked = {"payment_intent": intent["id"]}
                disputes = _plain(self._client.v1.disputes.list(params=asked))["data"]
        return _snapshot(session, intent, disputes)

    def verified(self, body: bytes, headers: Mapping[str, str], url: str) -> bool:
        """Say whether an event is Stripe's, by its own library."""
        import stripe

        small = {name.lower(): value for name, value in headers.items()}
        for secret in self.secrets:
            try:
                stripe.Webhook.construct_event(body, small.get("stripe-signature", ""), secret)
            except (stripe.SignatureVerificationError, ValueError):
                continue
            return True
        return False

    def told(self, body: bytes, headers: Mapping[str, str], url: str = "") -> Sequence[Told]:
        """Return the payment an event is about; what it says is only taken of a session."""
        event = json.loads(body)
        try:
            kind, about = event["type"], event["data"]["object"]
            if kind in _OF_A_SESSION:
                return [Told(event["id"], about["id"], _snapshot(about, {}, []))]
            if kind in _ASKED_FOR:
                session = kind.startswith("checkout.")
                named = about["id"] if session else about["payment_intent"]
                return [Told(event["id"], named)] if named else []
        except (KeyError, TypeError) as error:
            raise ValueError("not one of Stripe's events") from error
        return []

    @cached_property
    def _client(self) -> Any:
        import stripe

        return stripe.StripeClient(self.api_key, base_addresses={"api": self.url},
                                   max_network_retries=1)  # fmt: skip

    @property
    def _sessions(self) -> Any:
        return self._client.v1.checkout.sessions


@contextmanager
def _told_apart() -> Iterator[None]:
    """Tell what Stripe refuses from what did not reach it."""
    import stripe

    try:
        yield
    except (stripe.InvalidRequestError, stripe.CardError) as error:
        raise Declined(type(error).__name__) from error
    except stripe.StripeError as error:
        raise NotReached(type(error).__name__) from error


def _plain(found: Any) -> dict[str, Any]:
    """Return an answer of Stripe's as plain JSON."""
    made: dict[str, Any] = json.loads(json.dumps(found, default=lambda one: one.to_dict()))
    return made


def _charge(intent: Any) -> Any:
    return (intent or {}).get("latest_charge") or {}


def _snapshot(session: Any, intent: Any, disputes: Sequence[Any]) -> Snapshot:
    currency = str(session["currency"]).upper()
    ours: Callable[[Any], int] = lambda amount: _ours(int(amount or 0), currency)  # noqa: E731
    paid = session["payment_status"] == "paid"
    status = PAID if paid else EXPIRED if session["status"] == "expired" else OPEN
    if (
        status == OPEN
        and isinstance(intent, Mapping)
        and intent.get("last_payment_error")
        and (session["status"] == "complete")
    ):
        status = FAILED
    taken = [one for one in disputes if one["status"] not in ("warning_needs_response",
             "warning_under_review", "warning_closed", "prevented")]  # fmt: skip
    return Snapshot(
        session["id"], status, currency, ours(session["amount_total"]) if paid else 0,
        ours(_charge(intent).get("amount_refunded")),
        sum(ours(one["amount"]) for one in taken),
        sum(ours(one["amount"]) for one in taken if one["status"] == "won"),
        payment_id=str((session.get("metadata") or {}).get("payment_id") or ""),
    )  # fmt: skip


def _theirs(minor: int, currency: str) -> int:
    return minor * 100 if currency in _TWO_DIGITS else minor


def _ours(amount: int, currency: str) -> int:
    return amount // 100 if currency in _TWO_DIGITS else amount

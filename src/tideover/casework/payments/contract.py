"""What every payment provider is: how a payment begins, how it is looked up, how it tells us."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

OPEN, PAID, FAILED, EXPIRED, CANCELED = "open", "paid", "failed", "expired", "canceled"
STATUSES = (OPEN, PAID, FAILED, EXPIRED, CANCELED)
PAYMENT_EVENT = "payment"  # the kind of such an event in the inbox


@dataclass(frozen=True)
class Order:
    """A payment as a provider is asked for it; it holds nothing of the person.

    Args:
        payment_id: Ours; the provider's idempotency key is made from it.
        reference: The creditor reference that the bank's statement will carry.
        method: The provider's own word for the method; empty lets the customer choose there.
        come_back_url: Where the provider sends the customer afterwards. It proves nothing.
        hook_url: Where it tells us.
        language: en, nl, es or fr.
    """

    payment_id: str
    amount_minor: int
    currency: str
    reference: str
    method: str
    come_back_url: str
    hook_url: str
    language: str = "en"


@dataclass(frozen=True)
class Page:
    """Where a customer pays: the provider's own page, and its id of the payment."""

    provider_id: str
    url: str
    expires_at: datetime | None = None


@dataclass(frozen=True)
class Snapshot:
    """All that a provider knows of a payment, summed up until now.

    Each sum only grows, so that events that come twice, late or out of order change nothing.

    Args:
        status: open, paid, failed, expired or canceled.
        disputed_minor: Taken back by the payer's bank; `won_minor` of it came back again.
        payment_id: Ours, where the provider gives it back.
    """

    provider_id: str
    status: str
    currency: str
    paid_minor: int = 0
    refunded_minor: int = 0
    disputed_minor: int = 0
    won_minor: int = 0
    at: datetime | None = None
    payment_id: str = ""


@dataclass(frozen=True)
class Told:
    """One event of a provider about a payment.

    Args:
        event_id: The provider's own, or one made of what it said.
        provider_id: Of the payment.
        snapshot: What it says of the payment; none where the provider must be asked.
    """

    event_id: str
    provider_id: str
    snapshot: Snapshot | None = None


class NotReached(Exception):
    """The provider did not answer, or not with anything that can be read."""


class Declined(Exception):
    """The provider does not take this payment, and said so; its words are not for the customer."""


@runtime_checkable
class Provider(Protocol):
    """A payment provider with its hosted pages: no card or account number ever reaches us."""

    name: str

    def begin(self, order: Order) -> Page:
        """Ask for a page on which the customer pays; the same order again gives the same page.

        Raises:
            NotReached, Declined: It cannot be had.
        """

    def look(self, provider_id: str) -> Snapshot:
        """Return what the provider knows of a payment now.

        Raises:
            NotReached, Declined: It does not say.
        """

    def verified(self, body: bytes, headers: Mapping[str, str], url: str) -> bool:
        """Say whether a webhook is the provider's, by its own library; on the raw body."""

    def told(self, body: bytes, headers: Mapping[str, str], url: str = "") -> Sequence[Told]:
        """Return the events of a webhook.

        Raises:
            ValueError: The body is not one of the provider's.
        """

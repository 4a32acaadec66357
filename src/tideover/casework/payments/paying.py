"""A payment from its first press to what became of it: what the portal and the console ask for."""

from __future__ import annotations

import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction

from tideover.casework.cases.models import Account
from tideover.casework.payments.books import pending_payments
from tideover.casework.payments.contract import OPEN, Declined, NotReached, Order
from tideover.casework.payments.methods import TRANSFER, method
from tideover.casework.payments.models import Payment
from tideover.casework.payments.registry import provider, providers
from tideover.casework.payments.seeing import see, sums_of
from tideover.terms.faults import Refused
from tideover.terms.reference import rf_reference

MOST_MINOR = 10_000_000_00
OURS = "pay-"  # how the ids of our payments begin; the CIS has its own
BODY = 16  # of a reference: 64 bits of chance, short enough to type


@dataclass(frozen=True)
class Wanted:
    """What a customer wants to pay.

    Args:
        amount_minor: Above zero; of the account's currency.
        method: The name of a way to pay, see `methods_for`.
        come_back_url: A full address of ours; the provider sends the customer there.
        key: Of the form that was sent: sent twice, it is one payment.
    """

    account_id: str
    amount_minor: int
    method: str
    come_back_url: str
    key: uuid.UUID
    language: str = "en"


@dataclass(frozen=True)
class Begun:
    """A payment that was begun.

    Args:
        url: Where the customer pays; empty for a transfer or at a till, which they do themselves.
        reference: What identifies it on a bank statement, ISO 11649.
    """

    payment_id: str
    url: str
    reference: str


@dataclass(frozen=True)
class State:
    """What is known of a payment.

    Args:
        status: open, paid, failed, expired or canceled.
        net_minor: What was paid of it and stayed.
        pending_minor: What of that the export has not brought yet.
        gone_back_minor: What was refunded, or taken back by the payer's bank.
    """

    payment_id: str
    account_id: str
    status: str
    amount_minor: int
    currency: str
    net_minor: int
    pending_minor: int
    gone_back_minor: int
    reference: str
    url: str


def begin(wanted: Wanted, *, now: datetime, by: str = "customer") -> Begun:
    """Begin a payment, and return where it is paid.

    Raises:
        Refused: The amount or the way to pay cannot be.
        NotReached: The provider does not answer; nothing was paid, and it can be tried again.
    """
    payment = _stored(wanted, now, by)
    if payment.url or method(payment.method).by_reference:
        return Begun(payment.pk, payment.url, payment.reference)
    connected = providers()[payment.provider]
    try:
        page = connected.begin(_order(payment, connected.name, wanted))
    except Declined:
        raise Refused("This way to pay cannot be used just now", mend="Choose another") from None
    Payment.objects.filter(pk=payment.pk, provider_id="").update(
        provider_id=page.provider_id, url=page.url, expires_at=page.expires_at
    )
    return Begun(payment.pk, page.url, payment.reference)


def _stored(wanted: Wanted, now: datetime, by: str) -> Payment:
    """Return the payment of a key; it is written once, before anybody is called."""
    account = Account.objects.get(pk=wanted.account_id)
    connected, way = provider(), method(wanted.method)
    name = TRANSFER if way.by_reference else connected.name
    if not 0 < wanted.amount_minor <= MOST_MINOR:
        raise Refused("This amount cannot be paid", mend="Name an amount above nothing")
    if not way.fits(account.currency, account.jurisdiction) or (
        name != TRANSFER and name not in way.providers
    ):
        raise Refused("This way to pay cannot be used here", mend="Choose another")
    made = uuid.uuid4().hex
    try:
        with transaction.atomic():
            found, _ = Payment.objects.get_or_create(
                key=wanted.key,
                defaults={
                    "payment_id": f"{OURS}{made}", "account": account, "method": way.name,
                    "amount_minor": wanted.amount_minor, "currency": account.currency,
                    "reference": rf_reference(made[:BODY].upper()), "provider": name, "by": by,
                    "come_back_url": wanted.come_back_url, "begun_at": now,
                },
            )  # fmt: skip
    except IntegrityError:
        found = Payment.objects.get(key=wanted.key)
    if (found.account_id, found.amount_minor) != (wanted.account_id, wanted.amount_minor):
        raise Refused("This form was sent before, for something else", mend="Begin again")
    return found


def _order(payment: Payment, name: str, wanted: Wanted) -> Order:
    parts = urlsplit(wanted.come_back_url)
    return Order(
        payment.pk, payment.amount_minor, payment.currency, payment.reference,
        method(payment.method).providers[name], wanted.come_back_url,
        f"{parts.scheme}://{parts.netloc}/hooks/{name}", wanted.language,
    )  # fmt: skip


def state(payment_id: str) -> State:
    """Return what is known of a payment.

    Raises:
        Refused: There is no such payment.
    """
    found = Payment.objects.filter(pk=payment_id).first()
    if found is None:
        raise Refused("There is no such payment")
    sums = sums_of(found)
    pending = pending_payments([found.account_id]).get(found.pk, 0)
    return State(found.pk, found.account_id, sums.status, found.amount_minor, found.currency,
                 sums.net_minor, pending, sums.paid_minor - sums.net_minor, found.reference,
                 found.url)  # fmt: skip


def looked_up(payment_id: str, *, now: datetime) -> State:
    """Return what is known of a payment, after asking its provider where nobody has told us yet.

    For the page a customer comes back to: that they come back proves nothing.
    """
    found = Payment.objects.filter(pk=payment_id).first()
    connected = providers().get(found.provider) if found else None
    if found and connected and found.status == OPEN and found.provider_id:
        with suppress(NotReached, Declined):  # what we know stands; the webhook will tell
            see(connected.look(found.provider_id), provider=connected.name, now=now)
    return state(payment_id)

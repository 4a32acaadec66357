"""What a provider says of a payment goes into the ledger, and outreach rests at once."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import transaction

from tideover.casework.cases.deeds import Doing, hold
from tideover.casework.payments.books import CLEARING, PENDING, Entry, Side, write
from tideover.casework.payments.contract import STATUSES, Snapshot
from tideover.casework.payments.methods import contract_word
from tideover.casework.payments.models import Payment
from tideover.casework.payments.sums import Sums

APPLIED, DUPLICATE, QUARANTINED = "applied", "duplicate", "quarantined"
COOLING_OFF = timedelta(days=7)  # after money was taken back, before anybody is written to
BY = "payments"


@dataclass(frozen=True)
class Seen:
    """What became of what was told.

    Args:
        result: applied, duplicate or quarantined; each event is one of them.
        why: In words for staff, where it is set aside.
        net_minor: What is left of the payment.
    """

    result: str
    why: str = ""
    net_minor: int = 0


@transaction.atomic
def see(told: Snapshot, *, provider: str, now: datetime) -> Seen:
    """Take in what a provider knows of a payment; the order and number of such calls is nothing.

    Money of another currency, or of nobody we know, is set aside with its reason and never dropped.
    """
    payment = _payment(told, provider)
    if payment is None:
        return Seen(QUARANTINED, "no payment of ours")
    why = _odd(told, payment)
    if why:
        return Seen(QUARANTINED, why)
    doing = Doing(payment.account_id, BY, now)
    doing.lock()  # a message that is about to leave waits, and then sees this
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    before = sums_of(payment)
    after = before.grown(told)
    if after == before:
        return Seen(DUPLICATE, net_minor=before.net_minor)
    Payment.objects.filter(pk=payment.pk).update(**asdict(after))
    _post(payment, before, after, told.at or now)
    _tell(payment, before, after, doing)
    return Seen(APPLIED, net_minor=after.net_minor)


def _payment(told: Snapshot, provider: str) -> Payment | None:
    at_provider = Payment.objects.filter(provider=provider)
    found = at_provider.filter(provider_id=told.provider_id).first() if told.provider_id else None
    if found is None and told.payment_id:  # told before the answer to our own call came
        found = at_provider.filter(pk=told.payment_id, provider_id="").first()
    return found


def _odd(told: Snapshot, payment: Payment) -> str:
    if told.currency != payment.currency:
        return f"in {told.currency[:3]}, and {payment.currency} was asked for"
    sums = (told.paid_minor, told.refunded_minor, told.disputed_minor, told.won_minor)
    if min(sums) < 0:
        return "a sum below nothing"
    if told.won_minor > told.disputed_minor:  # its order among others would be something
        return "more won back than was taken"
    return "" if told.status in STATUSES else "a status that is not known"


def sums_of(payment: Payment) -> Sums:
    """Return what is known of a payment."""
    return Sums(payment.status, payment.paid_minor, payment.refunded_minor,
                payment.disputed_minor, payment.won_minor)  # fmt: skip


def _post(payment: Payment, before: Sums, after: Sums, at: datetime) -> None:
    change = after.net_minor - before.net_minor
    if not change:
        return
    said = f"{after.paid_minor}-{after.refunded_minor}-{after.disputed_minor}-{after.won_minor}"
    kind = "payment_seen" if change > 0 else "payment_back"
    entry = Entry(f"{payment.pk}:{said}", kind, payment.currency, at, payment.provider)
    write(entry, Side(CLEARING, change, payment_id=payment.pk),
          Side(PENDING, -change, payment.account_id, payment.pk))  # fmt: skip


def _tell(payment: Payment, before: Sums, after: Sums, doing: Doing) -> None:
    """Tell the ledger of events; what is queued for the account heeds it."""
    change = after.net_minor - before.net_minor
    facts = {"payment_id": payment.pk, "amount_minor": abs(change)}
    if change > 0:
        more = {"method": contract_word(payment.method), "status": "pending_in_cis"}
        doing.tell("paid", facts | more)
    elif change < 0:
        doing.tell("payment_reversed", facts)
        if after.disputed_minor > before.disputed_minor:
            hold(doing, reason="payment", until_on=(doing.at + COOLING_OFF).date())

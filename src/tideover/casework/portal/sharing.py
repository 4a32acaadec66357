"""Links by which somebody else pays: of one sum, for a time, with nothing of the customer in it.

A link leads to the utility's name, the sum and ways to pay. It ends when it was paid, when its time
is over, when the customer takes it back, and when that much is no longer owed.
"""

from __future__ import annotations

import hashlib
import hmac
import uuid
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models.query import QuerySet

from tideover.casework.cases.deeds import Doing
from tideover.casework.outreach.links import hash_of
from tideover.casework.payments.contract import OPEN
from tideover.casework.payments.models import Payment
from tideover.casework.payments.paying import Begun, Wanted, begin
from tideover.casework.portal.models import SharedLink
from tideover.casework.portal.owing import owing
from tideover.terms.faults import Refused

LIFE = timedelta(days=14)
MOST_OPEN = 5
BY = "somebody else"
_BYTES = 16


def token_of(shared: SharedLink) -> str:
    """Return a link's token: 22 letters that nobody without our key can guess."""
    made = hmac.new(settings.SEAL_KEYS[-1][1], b"share:" + shared.key.bytes, hashlib.sha256)
    return urlsafe_b64encode(made.digest()[:_BYTES]).decode().rstrip("=")


@transaction.atomic
def share(doing: Doing, amount_minor: int) -> SharedLink:
    """Make a link by which somebody else pays a sum.

    Raises:
        Refused: That much is not owed, or there are too many links already.
    """
    account = doing.lock()
    if not 0 < amount_minor <= owing(account).all_minor:
        raise Refused("That much is not owed", mend="Choose another amount")
    if running(SharedLink.objects.filter(account=account), doing.at).count() >= MOST_OPEN:
        raise Refused("There are enough links already", mend="Take one back first")
    shared = SharedLink(key=uuid.uuid4(), account=account, amount_minor=amount_minor,
                        made_at=doing.at, expires_at=doing.at + LIFE)  # fmt: skip
    shared.token_hash = hash_of(token_of(shared))
    shared.save()
    doing.tell("link_shared", {"amount_minor": amount_minor})
    return shared


def running(links: QuerySet[SharedLink], now: datetime) -> QuerySet[SharedLink]:
    """Return links that have not ended by time, by their owner, or by being paid."""
    return links.filter(revoked_at=None, expires_at__gt=now).exclude(payment__paid_minor__gt=0)


def link_of(token: str, now: datetime) -> SharedLink | None:
    """Return the link of a token; none where it never was, or has ended."""
    return running(SharedLink.objects.filter(token_hash=hash_of(token)), now).first()


def needed(shared: SharedLink) -> bool:
    """Say whether that much is still owed: nobody pays for what is paid."""
    return shared.amount_minor <= owing(shared.account).all_minor


def take_back(doing: Doing, shared_id: int) -> None:
    """Have a link of the account lead nowhere any more."""
    mine = SharedLink.objects.filter(pk=shared_id, account=doing.account_id, revoked_at=None)
    mine.update(revoked_at=doing.at)


def pay(
    shared: SharedLink, method: str, come_back_url: str, *, language: str, now: datetime
) -> Begun:  # fmt: skip
    """Begin a payment by a link; while one is open the same one is gone on with.

    Raises:
        Refused: The link has ended, or this way to pay cannot be used.
        NotReached: The provider does not answer; nothing was paid.
    """
    key = _key(shared.pk, method, now)
    wanted = Wanted(shared.account_id, shared.amount_minor, method, come_back_url, key, language)
    begun = begin(wanted, now=now, by=BY)
    SharedLink.objects.filter(pk=shared.pk).update(payment=begun.payment_id)
    return begun


@transaction.atomic
def _key(shared_id: int, method: str, now: datetime) -> uuid.UUID:
    """Return the key of the payment that goes on, or of a new one where the last is over."""
    mine = SharedLink.objects.select_for_update().filter(pk=shared_id)
    found = running(mine, now).first()
    if found is None or not needed(found):
        raise Refused("This link has ended")
    last = Payment.objects.filter(key=found.attempt).first()
    if last is not None and (last.status != OPEN or last.method != method):
        found.attempt = uuid.uuid4()
        mine.update(attempt=found.attempt)
    return found.attempt

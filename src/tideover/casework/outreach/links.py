"""The links in messages: 128 bits nobody can guess, kept as a hash; a pointer, never a proof."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache

from django.conf import settings
from django.db.models import F
from django.db.models.query import QuerySet

from tideover.casework.bulk import insert
from tideover.casework.outreach.models import PortalLink
from tideover.casework.outreach.outbox.waiting import AnyMessage
from tideover.casework.sealed import mark

_BYTES = 16
TRIES = 5  # wrong answers that a link outlives, all but one
LIFE = timedelta(days=14)
LETTERS_LIFE = timedelta(days=30)  # it is some days under way, and lies on a table for some more


def token_of(message: AnyMessage) -> str:
    """Return the token of a message's link: 22 letters that nobody without our key can guess.

    It is made from the message's key, so that a message that is written twice has one link.
    """
    return urlsafe_b64encode(_made(b"link:", message)[:_BYTES]).decode().rstrip("=")


def code_of(message: AnyMessage) -> str:
    """Return the six digits that a message with a code carries."""
    return f"{int.from_bytes(_made(b'code:', message)[:8]) % 10**6:06d}"


def _made(purpose: bytes, message: AnyMessage) -> bytes:
    key = settings.SEAL_KEYS[-1][1]
    return hmac.digest(key, purpose + message.key.bytes, "sha256")


def hash_of(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def lay_links(messages: Iterable[AnyMessage], now: datetime) -> None:
    """Have the links of messages that leave lead somewhere; a message sent again keeps its link."""
    insert(PortalLink, [
        {
            "token_hash": hash_of(token_of(message)), "account_id": message.account_id,
            "message_id": message.pk, "purpose": message.purpose[:20], "made_at": now,
            "expires_at": now + (LETTERS_LIFE if message.form == "letter" else LIFE), "tries": 0,
        }
        for message in messages
    ], unless_there=True)  # fmt: skip


def open_links(now: datetime) -> QuerySet[PortalLink]:
    """Return the links that still lead somewhere."""
    return PortalLink.objects.filter(tries__lt=TRIES, revoked_at=None, expires_at__gt=now)


def link_of(token: str, now: datetime) -> PortalLink | None:
    """Return the link of a token; none where it never was, is over, was revoked or guessed at."""
    return open_links(now).filter(token_hash=hash_of(token)).first()


def count_try(link_id: int, now: datetime) -> bool:
    """Count a wrong answer to a link's question, and say whether the link was open until then.

    Counting and asking are one statement: of forty answers at once five are counted.
    """
    return bool(open_links(now).filter(pk=link_id).update(tries=F("tries") + 1))


def answered(link_id: int, now: datetime) -> bool:
    """Forget the wrong answers to a link's question, for the right one was given while it was open.

    Asking whether it is open and forgetting are one statement, as above.
    """
    return bool(open_links(now).filter(pk=link_id).update(tries=0))


def revoke(links: QuerySet[PortalLink], now: datetime) -> int:
    """Have links lead nowhere any more."""
    return links.filter(revoked_at=None).update(revoked_at=now)


def secret() -> bytes:
    """Return the key of check codes."""
    return _secret(settings.MARK_KEY)


@lru_cache(maxsize=8)
def _secret(mark_key: bytes) -> bytes:
    return mark("check codes").encode()

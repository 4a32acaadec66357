"""The links in messages: 128 bits nobody can guess, kept as a hash; a pointer, never a proof."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from functools import lru_cache

from django.conf import settings

from tideover.casework.outreach.outbox.waiting import AnyMessage
from tideover.casework.sealed import mark

_BYTES = 16


def token_of(message: AnyMessage) -> str:
    """Return the token of a message's link: 22 letters that nobody without our key can guess.

    It is made from the message's key, so that a message that is written twice has one link.
    """
    key = settings.SEAL_KEYS[-1][1]
    made = hmac.new(key, b"link:" + message.key.bytes, hashlib.sha256).digest()[:_BYTES]
    return urlsafe_b64encode(made).decode().rstrip("=")


def hash_of(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def secret() -> bytes:
    """Return the key of check codes."""
    return _secret(settings.MARK_KEY)


@lru_cache(maxsize=8)
def _secret(mark_key: bytes) -> bytes:
    return mark("check codes").encode()

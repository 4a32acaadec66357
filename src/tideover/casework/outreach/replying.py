"""Tokens of reply addresses and unsubscribe links: they name a message; only we can make one."""

from __future__ import annotations

import base64
import binascii
import hmac
import uuid

from tideover.casework.sealed import mark

_KEY_LETTERS, _PROOF_LETTERS = 26, 12


def reply_token(key: uuid.UUID) -> str:
    """Return the token of a message; small letters and digits, as mail servers may turn them."""
    named = base64.b32encode(key.bytes).decode().rstrip("=").lower()
    return named + _proof(key)


def key_of(token: str) -> uuid.UUID | None:
    """Return the key of the message that a token names; nothing where we did not make it."""
    said = token.strip().lower()
    if len(said) != _KEY_LETTERS + _PROOF_LETTERS:
        return None
    named, proof = said[:_KEY_LETTERS], said[_KEY_LETTERS:]
    try:
        key = uuid.UUID(bytes=base64.b32decode(named.upper() + "=" * 6))
    except (binascii.Error, ValueError):
        return None
    return key if hmac.compare_digest(proof.encode(), _proof(key).encode()) else None


def _proof(key: uuid.UUID) -> str:
    return mark(f"reply:{key.hex}")[:_PROOF_LETTERS]

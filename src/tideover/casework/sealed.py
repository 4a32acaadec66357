"""Personal columns are sealed at rest: AES-GCM, with the id of the key beside each value.

A sealed value cannot be searched for; where that is needed a *mark* stands beside it, a keyed hash
that only holders of the key can make.
"""

from __future__ import annotations

import base64
import hmac
import os
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

from tideover.terms.faults import StepMissing

_NONCE_BYTES = 12


def seal(text: str) -> str:
    """Return a text sealed with the first key: `ID:BASE64`."""
    name, key = settings.SEAL_KEYS[0]
    nonce = os.urandom(_NONCE_BYTES)
    closed = nonce + _cipher(key).encrypt(nonce, text.encode(), name.encode())
    return f"{name}:{base64.urlsafe_b64encode(closed).decode()}"


@lru_cache(maxsize=16)
def _cipher(key: bytes) -> AESGCM:
    """Return the cipher of a key: making it costs as much as sealing a short text."""
    return AESGCM(key)


def unseal(value: str) -> str:
    """Return what was sealed.

    Raises:
        StepMissing: No key at hand opens it; nothing that names a person may then be sent.
    """
    name, _, closed = value.partition(":")
    key = dict(settings.SEAL_KEYS).get(name)
    raw = base64.urlsafe_b64decode(closed) if key else b""
    try:
        if key is None:
            raise InvalidTag
        return _cipher(key).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], name.encode()).decode()
    except InvalidTag:
        raise StepMissing(
            f"No key at hand opens what key {name!r} sealed",
            where="TIDEOVER_SEAL_KEYS",
            mend="Give the key that was in use when this was written, behind the new one",
        ) from None


def sealed_with(value: str) -> str:
    """Return the id of the key that sealed a value."""
    return value.partition(":")[0]


def mark(text: str) -> str:
    """Return the mark of a value, the same for the same value: 32 hexadecimal digits.

    It has a key of its own, which no rotation of the others changes.
    """
    return hmac.digest(settings.MARK_KEY, b"mark:" + text.encode(), "sha256").hex()[:32]


class SealedField(models.TextField):  # type: ignore[type-arg]
    """A text that is sealed in the database and plain in Python."""

    def from_db_value(self, value: str | None, *unused: Any) -> str | None:
        """Open what the database gave."""
        return unseal(value) if value else value

    def get_prep_value(self, value: Any) -> Any:
        """Seal what goes to the database."""
        return seal(value) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        """Refuse to search: the same text is sealed differently each time."""
        if lookup_name in ("isnull",):
            return super().get_lookup(lookup_name)
        return None

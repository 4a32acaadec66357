"""What a browser says of a security key, where it may be anything."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm


@contextmanager
def _no_fault_of_ours() -> Iterator[None]:
    """Have what no key says be a wrong answer."""
    try:
        yield
    except (KeyError, ValueError, TypeError, AttributeError):
        raise get_adapter().validation_error("incorrect_code") from None


class AddKey(AddWebAuthnForm):  # type: ignore[misc]
    """Takes a new key."""

    def clean(self) -> dict[str, Any]:
        """Return what was said of a key."""
        with _no_fault_of_ours():
            return dict(super().clean())


class AnswerOfKey(AuthenticateWebAuthnForm):  # type: ignore[misc]
    """Takes what a key answers at the second step."""

    def clean_credential(self) -> Any:
        """Return the key."""
        with _no_fault_of_ours():
            return super().clean_credential()

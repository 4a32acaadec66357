"""What a browser says of a security key, where it may be anything."""

from __future__ import annotations

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.forms import AddWebAuthnForm


class AddKey(AddWebAuthnForm):  # type: ignore[misc]
    """Takes a new key; what none of them says is a wrong answer, and no fault of ours."""

    def clean(self) -> dict[str, Any]:
        """Return what was said of a key."""
        try:
            return dict(super().clean())
        except (KeyError, ValueError, AttributeError, RecursionError):
            raise get_adapter().validation_error("incorrect_code") from None

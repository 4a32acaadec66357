"""How allauth behaves here: nobody signs up alone, and secrets of second factors are sealed."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter

from tideover.casework.sealed import seal, unseal


class StaffAccounts(DefaultAccountAdapter):  # type: ignore[misc]
    """Logins are made by an administrator."""

    def is_open_for_signup(self, request: Any) -> bool:
        """Say that nobody signs up by themselves."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: Any) -> None:
        """Send nothing: this has no mailer of its own, and a login may have no address."""


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]
    """What proves a second factor is sealed as personal columns are."""

    def encrypt(self, text: str) -> str:
        """Seal a secret."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open a secret."""
        return unseal(encrypted_text)

    def get_totp_issuer(self) -> str:
        """Return what an authenticator app calls this."""
        return "Tideover"


def name_tried(request: Any, credentials: dict[str, Any] | None = None) -> str | None:
    """Return the name that somebody tries to sign in with: the form has it by another word."""
    name: str | None = (credentials or {}).get("username") or request.POST.get("login")
    return name

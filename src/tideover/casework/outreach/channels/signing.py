"""Webhooks signed by Standard Webhooks, checked by its own library."""

from __future__ import annotations

import binascii
from collections.abc import Mapping, Sequence

from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook, WebhookVerificationError


def signed_with(secrets: Sequence[str], body: bytes, headers: Mapping[str, str]) -> bool:
    """Say whether a body is signed with one of our secrets; two hold while one is replaced."""
    for secret in secrets:
        try:
            Webhook(secret).verify(body, dict(headers), json_parse=False)
        except (WebhookVerificationError, EmptyWebhookSecretError, ValueError, binascii.Error):
            continue
        return True
    return False

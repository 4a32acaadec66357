"""Secrets of second factors, sealed in the table that allauth keeps them in."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction

from tideover.casework.sealed import seal, sealed_with, unseal

SECRETS = ("secret", "seed")


@transaction.atomic
def resealed() -> int:
    """Seal every secret anew that another key than the first sealed; return how many."""
    first, count = settings.SEAL_KEYS[0][0], 0
    for one in Authenticator.objects.select_for_update():
        kept: dict[str, Any] = dict(one.data)
        old = [name for name in SECRETS if kept.get(name) and sealed_with(kept[name]) != first]
        if old:
            Authenticator.objects.filter(pk=one.pk).update(
                data=kept | {name: seal(unseal(kept[name])) for name in old}
            )
        count += len(old)
    return count

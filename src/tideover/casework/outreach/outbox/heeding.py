"""What is queued for an account heeds what happens to it, in the same transaction."""

from __future__ import annotations

from typing import Any

from tideover.casework.cases.models import Event


def heed(event: Event, **unused: Any) -> None:
    """Take back what is queued for the account of an event; what is still right is decided anew."""

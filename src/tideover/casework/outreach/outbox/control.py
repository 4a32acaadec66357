"""What people do with the outbox: look, try again, hold, release."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count

from tideover.casework.outreach.models import Circuit, Message, SenderState
from tideover.casework.outreach.models.outbox import FAILED, QUEUED
from tideover.casework.outreach.outbox.handed import hold, rebuild

__all__ = ["hold", "rebuild", "release", "retry", "status"]
TIME_TO_TRY = timedelta(hours=12)


def status() -> Mapping[str, Any]:
    """Return how many messages are in each status, by channel, and whether anything may leave."""
    counts = Message.objects.values("channel", "status").annotate(messages=Count("id"))
    rows = sorted(counts, key=lambda row: (row["channel"], row["status"]))
    return {**leaving(), "messages": rows}


def leaving() -> Mapping[str, Any]:
    """Return whether anything may leave, and which channels are left alone for a while."""
    state = SenderState.objects.filter(pk=1).first()
    now = datetime.now(UTC)
    return {
        "held": bool(state and state.held),
        "why": state.reason if state and state.held else "",
        "resting": list(Circuit.objects.filter(open_until__gt=now).values("name", "open_until")),
    }


def release(*, by: str) -> None:
    """Let messages leave again."""
    SenderState.objects.update_or_create(
        pk=1, defaults={"held": False, "reason": "", "by": by, "at": datetime.now(UTC)}
    )


@transaction.atomic
def retry(message_id: int) -> bool:
    """Queue a message again that the provider refused; never one that may have arrived."""
    now = datetime.now(UTC)
    failed = Message.objects.filter(pk=message_id, status=FAILED)
    return bool(
        failed.update(
            status=QUEUED,
            reason="",
            attempts=1,
            first_try_at=None,
            ended_at=None,
            send_after=now,
            expires_at=now + TIME_TO_TRY,
        )
    )

"""Messages written in one round trip, each with values of its own, fenced by the claim."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from tideover.casework.bulk import update
from tideover.casework.outreach.models import Message


def write(rows: Sequence[tuple[int, Mapping[str, Any]]], *, token: UUID, status: str) -> None:
    """Set columns of messages that this claim still holds, in this status.

    Args:
        rows: Each a message's id and what to set.
    """
    alike = defaultdict(list)
    for pk, row in rows:
        alike[tuple(row)].append({**row, "id": pk})
    for some in alike.values():
        update(Message, some, still={"claim_token": token, "status": status})

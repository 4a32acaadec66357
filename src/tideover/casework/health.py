"""Whether this can work, for a load balancer and whoever is on duty; nothing about anybody."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from tideover.casework.outreach.outbox import control


@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Say that the database answers, what the outbox does, and how much waits or nobody knows of.

    Where the database is away the answer is 503, from `away.py`, as for every page.
    """
    now = control.status()
    counts: dict[str, int] = {}
    for row in now["messages"]:
        counts[row["status"]] = counts.get(row["status"], 0) + row["messages"]
    answer = JsonResponse(
        {
            "database": "answers",
            "outbox": "held" if now["held"] else "open",
            "queued": counts.get("queued", 0),
            "unknown": counts.get("unknown", 0),
            "channels_resting": [str(one["name"]) for one in now["resting"]],
        }
    )
    answer["Cache-Control"] = "no-store"
    return answer

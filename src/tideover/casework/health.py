"""Whether this can work, for a load balancer and whoever is on duty; nothing about anybody."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from tideover.casework.outreach.outbox import control


@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Say that the database answers, and whether messages may leave.

    It is asked every few seconds, so it counts nothing: `tideover outbox status` does. Where the
    database is away the answer is 503, from `away.py`, as for every page.
    """
    state = control.leaving()
    answer = JsonResponse(
        {
            "database": "answers",
            "outbox": "held" if state["held"] else "open",
            "channels_resting": [str(one["name"]) for one in state["resting"]],
        }
    )
    answer["Cache-Control"] = "no-store"
    return answer

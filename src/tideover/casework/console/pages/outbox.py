"""The outbox as staff see it: what waits, what left, what nobody knows, and the hold."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from tideover.casework.console.forms import ReasonForm
from tideover.casework.console.pages.frame import name_of, now, telling
from tideover.casework.console.words import channel, plain
from tideover.casework.outreach import staff_acts
from tideover.casework.outreach.models import Circuit, Message
from tideover.casework.outreach.models.outbox import OPEN, STATUSES, UNKNOWN


@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """Show the outbox."""
    return _page(request, ReasonForm())


def _page(request: HttpRequest, form: ReasonForm) -> HttpResponse:
    at = now()
    late = Message.objects.filter(status__in=OPEN, send_after__lt=at - timedelta(minutes=15))
    context = {
        "state": staff_acts.sender_state(), "form": form, "counts": _counts(),
        "statuses": [plain(status) for status in STATUSES],
        "reasons": _reasons(), "late": late.count(),
        "unknown": Message.objects.filter(status=UNKNOWN).count(),
        "circuits": Circuit.objects.filter(open_until__gt=at),
    }  # fmt: skip
    return render(request, "console/outbox.html", context, status=422 if form.errors else 200)


def _counts() -> list[tuple[str, list[int]]]:
    """Return how many messages are in each status, by channel."""
    rows = Message.objects.values_list("channel", "status").annotate(n=Count("id")).order_by()
    found: dict[str, dict[str, int]] = {}
    for name, status, count in rows:
        found.setdefault(name, {})[status] = count
    return [(channel(name), [found[name].get(status, 0) for status in STATUSES])
            for name in sorted(found)]  # fmt: skip


def _reasons() -> list[tuple[str, int]]:
    """Return why messages did not leave, the most frequent first."""
    rows = Message.objects.exclude(reason="").values_list("reason").annotate(n=Count("id"))
    return [(reason, count) for reason, count in rows.order_by("-n", "reason")[:12]]


def _turn(request: HttpRequest, *, held: bool, done: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    with telling(request, done):
        reason = form.cleaned_data["reason"]
        staff_acts.set_held(held, by=name_of(request), reason=reason, at=now())
    return redirect("console:outbox")


@require_POST
def outbox_hold(request: HttpRequest) -> HttpResponse:
    """Stop everything from leaving."""
    return _turn(request, held=True, done="The outbox is held. Nothing leaves.")


@require_POST
def outbox_release(request: HttpRequest) -> HttpResponse:
    """Let messages leave again."""
    return _turn(request, held=False, done="The outbox is released.")

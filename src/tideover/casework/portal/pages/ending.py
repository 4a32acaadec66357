"""What happens now: the page after a journey, with its days, and a file for one's calendar."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tideover.casework.cases.asking import may_rate
from tideover.casework.portal.calendar_file import calendar_of
from tideover.casework.portal.frame import Setting, page, setting, visitor


@require_safe
def done(request: HttpRequest, journey: str) -> HttpResponse:
    """Say what was done, what happens now, and when."""
    found, stands = _ended(request, journey), setting(request)
    topic, values = f"{journey}.{found['kind']}", _in_words(found, stands)
    said = stands.speaker
    return page(
        request, "portal/done.html", topic, journey=journey,
        title=said.say(f"{topic}.title", **values), said=said.lines(f"{topic}.said", **values),
        events=_events(journey, found, stands),
        may_rate=journey != "survey" and may_rate(visitor(request).account.pk, stands.today),
    )  # fmt: skip


@require_safe
def calendar(request: HttpRequest, journey: str) -> HttpResponse:
    """Give the days of a journey's end as a file for one's calendar."""
    events = _events(journey, _ended(request, journey), setting(request))
    if not events:
        raise Http404
    here = visitor(request)
    text = calendar_of([(day, words) for words, day in events], made_at=here.now,
                       key=f"{here.visit.pk}-{journey}")  # fmt: skip
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{journey}.ics"'
    return response


def _ended(request: HttpRequest, journey: str) -> dict[str, Any]:
    found = visitor(request).draft.get("done", {}).get(journey)
    if found is None:
        raise Http404
    return dict(found)


def _in_words(found: dict[str, Any], stands: Setting) -> dict[str, Any]:
    """Return what the words of the end may name: days and amounts among it."""
    values: dict[str, Any] = {}
    for name, value in found.items():
        if name.endswith("_on") and value:
            values[name] = date.fromisoformat(value)
        elif name.endswith("_minor"):
            values[name.removesuffix("_minor")] = stands.money(value)
        else:
            values[name] = value
    return values


def _events(journey: str, found: dict[str, Any], stands: Setting) -> list[tuple[str, date]]:
    """Return the days to keep, each with its words, in their order."""
    values, said = _in_words(found, stands), stands.speaker
    topic = f"{journey}.{found['kind']}"
    days = [(said.say(f"{topic}.{name}", **values), day) for name, day in values.items()
            if isinstance(day, date) and said.has(f"{topic}.{name}")]  # fmt: skip
    return sorted(days, key=lambda one: one[1])

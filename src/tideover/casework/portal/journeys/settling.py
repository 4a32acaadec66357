"""A journey's answers are checked, and then what they ask for is done, once.

The row of the visit is locked: who comes second finds no answers there, and is shown what came of
the first press.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tideover.casework.portal import visits
from tideover.casework.portal.fields import Field, Wrong
from tideover.casework.portal.frame import Setting, page, setting, visitor
from tideover.casework.portal.journeys.engine import (
    CHECK,
    Answers,
    Journey,
    asked,
    at_step,
    in_words,
    open_step,
)
from tideover.casework.portal.models import Visit
from tideover.casework.portal.visits import Here
from tideover.terms.faults import Fault

Rows = list[tuple[str, str, str]]
Parts = list[tuple[date, Any]]


def check(request: HttpRequest, journey: Journey, answers: Answers) -> HttpResponse:
    """Show the answers before anything is done; pressing the button does it."""
    stands = setting(request)
    where = open_step(journey, answers, stands)
    if where != CHECK:  # nothing to check: it was done, and somebody went back or pressed twice
        done = visitor(request).draft.get("done", {}).get(journey.name)
        return _on(journey, done["to"]) if done else redirect(at_step(journey, where))
    if request.method == "POST":
        return carry_out(request, journey, request.POST.get("seen", ""))
    return checked(request, journey)


def checked(request: HttpRequest, journey: Journey, wrong: str = "") -> HttpResponse:
    """Return the page on which answers are checked."""
    stands, said = setting(request), setting(request).speaker
    rows, more = _to_check(journey, stands)
    return page(
        request, "portal/check.html", f"{journey.name}.check", rows=rows, more=more,
        seen=_seen(rows, more),
        title=said.maybe(f"{journey.name}.check.title") or said.say("frame.check_title"),
        button=said.say(f"{journey.name}.check.button"), private=journey.private,
        notes=said.lines(f"{journey.name}.check.notes")
        if said.has(f"{journey.name}.check.notes") else [],
        wrong={"": wrong} if wrong else None, back=rows[-1][2] if rows else "",
        status=409 if wrong else 200,
    )  # fmt: skip


def _to_check(journey: Journey, stands: Setting) -> tuple[Rows, Parts]:
    """Return questions with their answers, and the days and amounts that are agreed to."""
    assert stands.here is not None
    answers = stands.here.draft.get(journey.name, {})
    rows = [
        (_question(f"{journey.name}.{step.name}", each, stands, step.shown(answers, stands)),
         each.shown(answers.get(each.name), stands, f"{journey.name}.{step.name}"),
         at_step(journey, step.name))
        for step in asked(journey, answers, stands) for each in step.fields
    ]  # fmt: skip
    return rows, journey.shows(answers, stands) if journey.shows else []


def _seen(rows: Rows, more: Parts) -> str:
    """Return what was shown, as its form carries it: that is agreed to, and nothing else."""
    return hashlib.sha256(repr((rows, more)).encode()).hexdigest()[:32]


def _question(base: str, each: Field, stands: Setting, values: Answers) -> str:
    label = stands.speaker.maybe(f"{base}.{each.name}.label", **values)
    return label or stands.speaker.say(f"{base}.title", **values)


def carry_out(request: HttpRequest, journey: Journey, seen: str = "") -> HttpResponse:
    """Do what the answers ask for, once, and go to the page that says what happens now.

    Args:
        seen: What the page showed that was pressed on. Where money came in meanwhile, or a bill,
            it is shown anew, and nothing is done.
    """
    here, stands = visitor(request), setting(request)
    try:
        with transaction.atomic():
            locked = Visit.objects.select_for_update().get(pk=here.visit.pk)
            if locked.ended_at is not None or locked.draft != here.visit.draft:
                here = _as_locked(here, locked)
            if journey.name not in here.draft:  # pressed twice: the first press did it
                return _on(journey, here.draft.get("done", {}).get(journey.name, {}).get("to", ""))
            if seen and seen != _seen(*_to_check(journey, stands)):
                raise Wrong("changed")
            answers = here.draft.pop(journey.name)
            done = journey.settle(here, answers, stands)
            here.draft.setdefault("done", {})[journey.name] = {
                "kind": done.kind,
                "to": done.to,
                **done.values,
            }
            here.keep()
    except (Fault, Wrong) as why:
        text = in_words(why, stands) if isinstance(why, Wrong) else stands.speaker.say(
            "errors.refused")  # fmt: skip
        return _refused(request, journey, text)
    return _on(journey, done.to)


def _on(journey: Journey, to: str) -> HttpResponse:
    where = to or journey.then
    return redirect(where) if where else redirect("portal:done", journey.name)


def _as_locked(here: Here, locked: Visit) -> Here:
    draft = json.loads(locked.draft) if locked.draft else {}
    here.visit.draft, here.draft = locked.draft, draft
    return here


def _refused(request: HttpRequest, journey: Journey, text: str) -> HttpResponse:
    request.here = visits.here(request)  # type: ignore[attr-defined]  # as it was before
    request.portal_setting = None  # type: ignore[attr-defined]
    if journey.checked:
        return checked(request, journey, text)
    return page(request, "portal/plain.html", "refused", status=409, said=[text])

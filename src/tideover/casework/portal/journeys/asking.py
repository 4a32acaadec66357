"""The pages of a journey's questions; what was typed lies in the visit, sealed, till it is done."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tideover.casework.portal.fields import AMOUNT, Field, Wrong
from tideover.casework.portal.frame import Setting, page, setting, visitor
from tideover.casework.portal.journeys.engine import (
    CHECK,
    Answers,
    Journey,
    Step,
    asked,
    at_step,
    in_words,
    open_step,
)
from tideover.casework.portal.journeys.settling import carry_out, check
from tideover.casework.portal.visits import Here
from tideover.terms.money import text as decimal_text


def view(request: HttpRequest, journey: Journey, step: str = "") -> HttpResponse:
    """Show or take a page of a journey."""
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponse(status=405)
    here, stands = visitor(request), setting(request)
    if elsewhere := journey.elsewhere(stands):
        return redirect(elsewhere)
    answers: Answers = here.draft.get(journey.name, {})
    steps = {one.name: one for one in asked(journey, answers, stands)}
    if not step:
        step = next(iter(steps))
    if step == CHECK and journey.checked:
        return check(request, journey, answers)
    if step not in steps:
        if step in {one.name for one in journey.steps}:
            return redirect(at_step(journey, open_step(journey, answers, stands)))
        raise Http404
    if request.method == "POST":
        return _take(request, journey, steps[step])
    return ask(request, journey, steps[step], _typed(here, journey, step, answers))


def _typed(here: Here, journey: Journey, step: str, answers: Answers) -> Answers:
    """Return what to fill a question in with: a form that came too late, else the answers."""
    late = here.draft.get("kept") or {}
    if late.get("path") in (at_step(journey, step), reverse(f"portal:{journey.name}")):
        here.draft.pop("kept")
        here.keep()
        return {name: value if len(value) > 1 else value[0] for name, value in
                late["typed"].items() if value}  # fmt: skip
    return answers


def ask(
    request: HttpRequest, journey: Journey, step: Step, typed: Answers,
    wrong: dict[str, str] | None = None,
) -> HttpResponse:  # fmt: skip
    """Return the page of a question, with what is wrong with the answers first."""
    stands, base = setting(request), f"{journey.name}.{step.name}"
    answers = visitor(request).draft.get(journey.name, {})
    values = step.shown(answers, stands)
    title = stands.speaker.say(f"{base}.title", **values)
    shown = [
        _shown(each, f"{base}.{each.name}", stands, typed.get(each.name), values)
        | {"wrong": (wrong or {}).get(each.name), "options": each.options(stands, base)}
        for each in step.fields
    ]
    return page(
        request, "portal/question.html", base, status=422 if wrong else 200, title=title,
        why=stands.speaker.lines(f"{base}.why", **values) if stands.speaker.has(f"{base}.why")
        else [],
        fields=shown, wrong=wrong, single=len(shown) == 1, private=journey.private,
        back=_before(journey, step, answers, stands),
        button=stands.speaker.maybe(f"{base}.button") or stands.speaker.say("frame.go_on"),
    )  # fmt: skip


def _shown(
    each: Field, name: str, stands: Setting, typed: Any, values: dict[str, Any]
) -> dict[str, Any]:
    said = stands.speaker
    amount = each.kind == AMOUNT and isinstance(typed, int)
    return {
        "name": each.name, "kind": each.kind, "required": each.required,
        "label": said.maybe(f"{name}.label", **values),
        "hint": said.maybe(f"{name}.hint", **values),
        "value": _plain_amount(typed, stands) if amount else (typed or ""),
        "chosen": typed if isinstance(typed, list) else [typed],
        "autocomplete": each.autocomplete,
    }  # fmt: skip


def _plain_amount(minor: int, stands: Setting) -> str:
    assert stands.here is not None
    return decimal_text(minor, stands.here.account.currency)


def _take(request: HttpRequest, journey: Journey, step: Step) -> HttpResponse:
    """Keep the answers of a page and go on; show it again where one cannot be taken."""
    here, stands = visitor(request), setting(request)
    found, wrong = read(request, step, f"{journey.name}.{step.name}")
    if wrong:
        typed = {name: request.POST.getlist(name) for name in request.POST}
        flat: Answers = {name: v if len(v) > 1 else v[0] for name, v in typed.items() if v}
        return ask(request, journey, step, flat, wrong)
    answers: Answers = {**here.draft.get(journey.name, {}), **found}
    here.draft[journey.name] = answers
    here.keep()
    where = open_step(journey, answers, stands)
    if where == CHECK and not journey.checked:
        return carry_out(request, journey)
    return redirect(at_step(journey, where))


def read(request: HttpRequest, step: Step, base: str) -> tuple[Answers, dict[str, str]]:
    """Return the answers of a form, and what is wrong with the others, in words."""
    stands = setting(request)
    found: Answers = {}
    wrong: dict[str, str] = {}
    for each in step.fields:
        try:
            found[each.name] = each.read(request, stands)
        except Wrong as why:
            wrong[each.name] = in_words(why, stands, f"{base}.{each.name}.wrong")
    return found, wrong


def _before(journey: Journey, step: Step, answers: Answers, stands: Setting) -> str:
    """Return the page before a question."""
    names = [one.name for one in asked(journey, answers, stands)]
    place = names.index(step.name) if step.name in names else 0
    return at_step(journey, names[place - 1]) if place else reverse(journey.back)

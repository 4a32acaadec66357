"""A journey: questions one a page, the answers to check, the deed, and what happens now.

What was typed lies in the visit, sealed, until the deed is done. The deed is done once: the row of
the visit is locked, and who comes second finds no answers there and is shown what came of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tideover.casework.portal.fields import Field, Wrong
from tideover.casework.portal.frame import Setting, page, setting, visitor
from tideover.casework.portal.models import Visit
from tideover.casework.portal.visits import Here
from tideover.terms.faults import Fault

CHECK = "check"
Answers = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """One page with a question.

    Args:
        needed: Whether it is asked, by what was answered before.
        shown: What its words may name.
    """

    name: str
    fields: tuple[Field, ...] = ()
    needed: Callable[[Answers, Setting], bool] = lambda answers, stands: True
    shown: Callable[[Answers, Setting], dict[str, Any]] = lambda answers, stands: {}


@dataclass(frozen=True)
class Done:
    """What came of it, for the page that says what happens now.

    Args:
        kind: Which words: `<journey>.done`, or `<journey>.<kind>` where it ended otherwise.
        values: What they name; days as ISO text under names that end in `_on`, money in minor
            units under names that end in `_minor`.
    """

    kind: str = "done"
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Journey:
    """Questions, and the deed that they lead to.

    Args:
        private: Somebody may have to leave its pages quickly.
        checked: Its answers are shown to be checked; a single question may do without.
        shows: Days and amounts that are agreed to, beside the answers.
        then: The page that follows it, where that is not its own end.
    """

    name: str
    steps: tuple[Step, ...]
    settle: Callable[[Here, Answers, Setting], Done]
    private: bool = False
    checked: bool = True
    back: str = "portal:start"
    then: str = ""
    shows: Callable[[Answers, Setting], list[tuple[date, Any]]] | None = None


def asked(journey: Journey, answers: Answers, stands: Setting) -> list[Step]:
    """Return the questions that are asked, by what was answered so far."""
    return [step for step in journey.steps if step.needed(answers, stands)]


def open_step(journey: Journey, answers: Answers, stands: Setting) -> str:
    """Return the first question without an answer; the check where all have one."""
    for step in asked(journey, answers, stands):
        if any(each.name not in answers for each in step.fields):
            return step.name
    return CHECK


def view(request: HttpRequest, journey: Journey, step: str = "") -> HttpResponse:
    """Show or take a page of a journey."""
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponse(status=405)
    here, stands = visitor(request), setting(request)
    answers: Answers = here.draft.get(journey.name, {})
    steps = {one.name: one for one in asked(journey, answers, stands)}
    if not step:
        step = next(iter(steps))
    if step == CHECK and journey.checked:
        return _check(request, journey, answers)
    if step not in steps:
        if step in {one.name for one in journey.steps}:
            return redirect(_at(journey, open_step(journey, answers, stands)))
        raise Http404
    if request.method == "POST":
        return _take(request, journey, steps[step])
    return ask(request, journey, steps[step], _typed(here, journey, step, answers))


def _typed(here: Here, journey: Journey, step: str, answers: Answers) -> Answers:
    """Return what to fill a question in with: a form that came too late, else the answers."""
    late = here.draft.get("kept") or {}
    if late.get("path") in (_at(journey, step), reverse(f"portal:{journey.name}")):
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
    shown = [_shown(each, base, stands, typed.get(each.name), values, (wrong or {}).get(each.name))
             for each in step.fields]  # fmt: skip
    return page(
        request, "portal/question.html", base, status=422 if wrong else 200, title=title,
        why=stands.speaker.lines(f"{base}.why", **values) if stands.speaker.has(f"{base}.why")
        else [],
        fields=shown, wrong=wrong, single=len(shown) == 1, private=journey.private,
        back=_before(journey, step, answers, stands),
        button=stands.speaker.maybe(f"{base}.button") or stands.speaker.say("frame.go_on"),
    )  # fmt: skip


def _shown(
    each: Field, base: str, stands: Setting, typed: Any, values: dict[str, Any], wrong: str | None
) -> dict[str, Any]:
    said, name = stands.speaker, f"{base}.{each.name}"
    amount = each.kind == "money" and isinstance(typed, int)
    return {
        "name": each.name, "kind": each.kind, "wrong": wrong, "required": each.required,
        "label": said.maybe(f"{name}.label", **values),
        "hint": said.maybe(f"{name}.hint", **values),
        "options": each.options(stands, base) if each.kind in ("one", "some") else (),
        "value": _plain_amount(typed, stands) if amount else (typed or ""),
        "chosen": typed if isinstance(typed, list) else [typed],
        "autocomplete": each.autocomplete,
    }  # fmt: skip


def _plain_amount(minor: int, stands: Setting) -> str:
    from tideover.terms.money import text

    assert stands.here is not None
    return text(minor, stands.here.account.currency)


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
    return redirect(_at(journey, where))


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


def in_words(why: Wrong, stands: Setting, own: str = "") -> str:
    """Return what is wrong in words: the question's own, where it was merely left open."""
    if own and not why.values and stands.speaker.has(own):
        return stands.speaker.say(own)
    name = why.name if "." in why.name else f"errors.{why.name}"
    return stands.speaker.say(name, **why.values)


def _check(request: HttpRequest, journey: Journey, answers: Answers) -> HttpResponse:
    """Show the answers before anything is done; pressing the button does it."""
    stands = setting(request)
    where = open_step(journey, answers, stands)
    if request.method == "POST":
        if where != CHECK and journey.name in visitor(request).draft.get("done", {}):
            return redirect("portal:done", journey.name)
        return carry_out(request, journey) if where == CHECK else redirect(_at(journey, where))
    return redirect(_at(journey, where)) if where != CHECK else checked(request, journey)


def checked(request: HttpRequest, journey: Journey, wrong: str = "") -> HttpResponse:
    """Return the page on which answers are checked."""
    stands, said = setting(request), setting(request).speaker
    answers = visitor(request).draft.get(journey.name, {})
    rows = [
        (_question(said, journey, step, each, stands, answers),
         each.shown(answers.get(each.name), stands, f"{journey.name}.{step.name}"),
         _at(journey, step.name))
        for step in asked(journey, answers, stands) for each in step.fields
    ]  # fmt: skip
    more = journey.shows(answers, stands) if journey.shows else []
    return page(
        request, "portal/check.html", f"{journey.name}.check", rows=rows, more=more,
        title=said.maybe(f"{journey.name}.check.title") or said.say("frame.check_title"),
        button=said.say(f"{journey.name}.check.button"), private=journey.private,
        notes=said.lines(f"{journey.name}.check.notes")
        if said.has(f"{journey.name}.check.notes") else [],
        wrong={"": wrong} if wrong else None, back=rows[-1][2] if rows else "",
        status=409 if wrong else 200,
    )  # fmt: skip


def _question(
    said: Any, journey: Journey, step: Step, each: Field, stands: Setting, answers: Answers
) -> str:
    base = f"{journey.name}.{step.name}"
    values = step.shown(answers, stands)
    return str(
        said.maybe(f"{base}.{each.name}.label", **values) or said.say(f"{base}.title", **values)
    )


def carry_out(request: HttpRequest, journey: Journey) -> HttpResponse:
    """Do what the answers ask for, once, and go to the page that says what happens now."""
    here, stands = visitor(request), setting(request)
    try:
        with transaction.atomic():
            locked = Visit.objects.select_for_update().get(pk=here.visit.pk)
            if locked.ended_at is not None or locked.draft != here.visit.draft:
                here = _as_locked(here, locked)
            answers = here.draft.pop(journey.name, None)
            if answers is None:  # pressed twice: the first press did it
                return _on(journey)
            done = journey.settle(here, answers, stands)
            here.draft.setdefault("done", {})[journey.name] = {"kind": done.kind, **done.values}
            here.keep()
    except (Fault, Wrong) as why:
        text = in_words(why, stands) if isinstance(why, Wrong) else stands.speaker.say(
            "errors.refused")  # fmt: skip
        return _refused(request, journey, text)
    return _on(journey)


def _on(journey: Journey) -> HttpResponse:
    return redirect(journey.then) if journey.then else redirect("portal:done", journey.name)


def _as_locked(here: Here, locked: Visit) -> Here:
    import json

    draft = json.loads(locked.draft) if locked.draft else {}
    here.visit.draft, here.draft = locked.draft, draft
    return here


def _refused(request: HttpRequest, journey: Journey, text: str) -> HttpResponse:
    from tideover.casework.portal import visits

    request.here = visits.here(request)  # type: ignore[attr-defined]  # as it was before
    request.portal_setting = None  # type: ignore[attr-defined]
    if journey.checked:
        return checked(request, journey, text)
    return page(request, "portal/plain.html", "refused", status=409, said=[text])


def _at(journey: Journey, step: str) -> str:
    return reverse(f"portal:{journey.name}_step", kwargs={"step": step})


def _before(journey: Journey, step: Step, answers: Answers, stands: Setting) -> str:
    """Return the page before a question."""
    names = [one.name for one in asked(journey, answers, stands)]
    place = names.index(step.name) if step.name in names else 0
    return _at(journey, names[place - 1]) if place else reverse(journey.back)


def days_of(values: dict[str, Any]) -> dict[str, date]:
    """Return the days that a journey's end names."""
    return {name: date.fromisoformat(value) for name, value in values.items()
            if name.endswith("_on") and value}  # fmt: skip

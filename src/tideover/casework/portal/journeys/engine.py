"""A journey: questions one a page, the answers to check, the deed, and what happens now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse

from tideover.casework.portal.fields import Field, Wrong
from tideover.casework.portal.frame import Setting
from tideover.casework.portal.visits import Here

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
        to: The page it leads to, where that is not the journey's own.
    """

    kind: str = "done"
    values: dict[str, Any] = field(default_factory=dict)
    to: str = ""


@dataclass(frozen=True)
class Journey:
    """Questions, and the deed that they lead to.

    Args:
        private: Somebody may have to leave its pages quickly.
        checked: Its answers are shown to be checked; a single question may do without.
        shows: Days and amounts that are agreed to, beside the answers.
        elsewhere: The page to go to where there is nothing to ask about; empty where there is.
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
    elsewhere: Callable[[Setting], str] = lambda stands: ""


def asked(journey: Journey, answers: Answers, stands: Setting) -> list[Step]:
    """Return the questions that are asked, by what was answered so far."""
    return [step for step in journey.steps if step.needed(answers, stands)]


def open_step(journey: Journey, answers: Answers, stands: Setting) -> str:
    """Return the first question without an answer; the check where all have one."""
    for step in asked(journey, answers, stands):
        if any(each.name not in answers for each in step.fields):
            return step.name
    return CHECK


def at_step(journey: Journey, step: str) -> str:
    """Return the address of a page of a journey."""
    return reverse(f"portal:{journey.name}_step", kwargs={"step": step})


def in_words(why: Wrong, stands: Setting, own: str = "") -> str:
    """Return what is wrong in words: the question's own, where it was merely left open."""
    if own and not why.values and stands.speaker.has(own):
        return stands.speaker.say(own)
    name = why.name if "." in why.name else f"errors.{why.name}"
    return stands.speaker.say(name, **why.values)

"""step_sequence: steps that must have been taken in order, each with its own time to act on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tideover.rules.guard.days import plus
from tideover.rules.guard.primitives.clause import NEVER, Evaluate, Outcome, Terms, until
from tideover.rules.guard.primitives.holds import hold
from tideover.rules.guard.scenario import Event, Moment


def step_sequence(terms: Terms) -> Evaluate:
    """Deny before so many `steps` of the `reminders` count; then wait `wait_days` from the last.

    The first counts; each later one if it is at least `apart_days` after the one counted before.
    Without `reminders` it is a hold (`deny`, `until`).
    """
    if not terms.has("reminders"):
        return hold(terms)
    reminders, steps = terms.events("reminders"), terms.value("steps")
    apart, wait = terms.value("apart_days"), terms.value("wait_days")

    def evaluate(moment: Moment) -> Outcome:
        counted = counting(reminders(moment), apart(moment), steps(moment))
        if len(counted) < steps(moment):
            return NEVER
        return until(moment, plus(counted[-1], wait(moment)))

    return evaluate


def counting(events: Sequence[Event], apart_days: int, most: int) -> list[date]:
    """Return the days of the events that count, at most so many."""
    counted: list[date] = []
    for event in events:
        if len(counted) < most and (not counted or event.day >= plus(counted[-1], apart_days)):
            counted.append(event.day)
    return counted

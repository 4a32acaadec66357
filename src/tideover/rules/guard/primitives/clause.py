"""A clause of a rule as its evaluator sees it: parameters as functions of the moment.

An outcome is nothing (it does not block), an instant (it blocks until then), or `NEVER` (waiting
does not help). Several outcomes come to the greatest of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from math import inf
from typing import Any

from tideover.rules.guard.days import start_of
from tideover.rules.guard.expression import compiled, test_of
from tideover.rules.guard.meaning import (
    DAY,
    EVENT,
    INSTANT,
    NUMBER,
    WORDS,
    Part,
    Run,
    Scope,
    Selection,
    Unclear,
    day_like,
)
from tideover.rules.guard.scenario import Moment

Outcome = float | None
Evaluate = Callable[[Moment], Outcome]
NEVER = inf


@dataclass(frozen=True)
class Terms:
    """The parameters of one clause, and what its expressions may name."""

    params: Mapping[str, Any]
    scope: Scope

    def has(self, name: str) -> bool:
        """Say whether a parameter is stated."""
        return name in self.params

    def test(self, name: str) -> Part:
        """Return a parameter that holds or not."""
        return test_of(self.params[name], self.scope)

    def run(self, name: str) -> Run:
        """Return a parameter that gives a day or an instant.

        Raises:
            Unclear: It gives something else.
        """
        part = compiled(self.params[name], self.scope)
        if part.kind not in (DAY, EVENT, INSTANT):
            raise Unclear(f"{name} is a day or an instant, not {part.kind}")
        return day_like(part)

    def path(self, name: str) -> str:
        """Return a parameter that is the path of a fact.

        Raises:
            Unclear: There is no such fact.
        """
        path = self.params[name]
        if path not in self.scope.kinds:
            raise Unclear(f"{name}: {path!r} is no fact")
        return self.asks(str(path))

    def asks(self, path: str) -> str:
        """Return the path of a fact that is looked up itself, noting that it is asked for."""
        self.scope.kinds[path]
        return path

    def value(self, name: str, check: Callable[[Any], Any] | None = None) -> Run:
        """Return one of the rule's values: a number, or a text that a check lets through.

        Raises:
            Unclear: The rule does not state it, or it is something else.
        """
        if name not in self.scope.values:
            raise Unclear(f"the rule needs a value {name!r}")
        value = self.scope.values[name]
        if value.kind != (WORDS if check else NUMBER):
            raise Unclear(f"the value {name!r} must be {WORDS if check else NUMBER}")
        if check:
            for amount in value.words:
                check(amount)
        return value.run

    def has_value(self, name: str) -> bool:
        """Say whether the rule states a value."""
        return name in self.scope.values

    def events(self, name: str) -> Selection:
        """Return the events that a parameter names."""
        return self.scope.selection(self.params[name])

    def words(self, name: str) -> tuple[Any, ...]:
        """Return a parameter that is a list of words."""
        stated = self.params.get(name, [])
        if not isinstance(stated, list):
            raise Unclear(f"{name} must be a list")
        return tuple(stated)


def until(moment: Moment, found: Any) -> Outcome:
    """Return the outcome of waiting for a day's first instant, or for an instant."""
    if found is None:
        return None
    if isinstance(found, date):
        return None if moment.day >= found else start_of(found, moment.zone)
    return int(found) if found > moment.at else None


def worst(outcomes: list[Outcome]) -> Outcome:
    """Return what several outcomes come to: a denial, else the latest instant.

    Examples:
        >>> worst([None, 5, NEVER]), worst([None, 5, 9]), worst([None])
        (inf, 9, None)
    """
    return max((one for one in outcomes if one is not None), default=None)

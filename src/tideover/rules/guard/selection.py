"""Which events of the past a rule means: a rulebook's filter, as a function of the moment."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from tideover.rules.guard import vocabulary as said
from tideover.rules.guard.expression import compiled, test_of
from tideover.rules.guard.facts import Flat, Unfit, minutes_of
from tideover.rules.guard.meaning import Part, Scope, Selection, Unclear, day_like
from tideover.rules.guard.scenario import Event, Happened, Moment

Passes = Callable[[Event], bool]
Chooses = Callable[[Sequence[Happened]], list[Event]]
Ready = Callable[[Moment], "Chooses | None"]
_OWN = ("type", "if", "since", "later_than", "between", "says", "known")
_OWN_FACTS = {"by": "actor", "debt_id": "debt.id"}
_RUNS, _EDGES = re.compile(r"[\s\-_]+"), " .!?,;:\"'"


def selection(name: str, stated: Any, scope: Scope) -> Selection:
    """Return the events that any of the stated filters lets through, in order of time.

    Args:
        stated: A filter or several: `type`, an event's own facts with what they must be, and
            `if` (only where this holds), `since` and `later_than` (a day), `between` (two local
            times), `says` (keyword messages), `known` (facts that must be there).

    Raises:
        Unclear: A filter names what is not known.
    """
    filters = [stated] if isinstance(stated, dict) else stated
    if not isinstance(filters, list) or not filters:
        raise Unclear(f"events {name}: a filter, or a list of filters, is expected")
    ready = [(_type_of(one), _filter(one, scope)) for one in filters]

    def select(moment: Moment) -> Sequence[Event]:
        kept = moment.scenario.kept
        found: Sequence[Event] | None = kept.get(select)
        if found is None:
            found = kept[select] = _chosen(moment, ready)
        return found

    return select


def _chosen(moment: Moment, ready: Sequence[tuple[str, Ready]]) -> Sequence[Event]:
    found: list[Event] = []
    for kind, make in ready:
        happened = moment.scenario.happened.get(kind)
        passes = make(moment) if happened else None
        if happened and passes:
            found += passes(happened)
    if len(ready) > 1:
        alike = {(event.at, event.order): event for event in found}
        found = [alike[time] for time in sorted(alike)]
    return found


def _type_of(stated: Any) -> str:
    kind = stated.get("type") if isinstance(stated, dict) else None
    if kind not in said.EVENTS:
        raise Unclear(f"a filter of events needs a type, one of {', '.join(said.EVENTS)}")
    return str(kind)


def _filter(stated: Mapping[str, Any], scope: Scope) -> Ready:
    """Return what makes a filter ready for one proposal."""
    form = said.EVENTS[stated["type"]]
    fixed, asked, lists = [], [], []
    for key, wanted in stated.items():
        if key in _OWN:
            continue
        if key not in form.kinds:
            raise Unclear(f"{key!r} is no fact of {stated['type']}")
        if isinstance(wanted, str) and wanted.startswith("= "):
            asked.append((key, compiled(wanted[2:], scope).run))
        elif isinstance(form.kinds[key], list):
            lists.append((key, frozenset(wanted)))
        else:
            fixed.append((key, _allowed(key, wanted, form.kinds[key])))
    more = [*_further(stated, scope)]
    of_actor = {
        actor: tuple(_own(key, allowed, {"actor": actor}) for key, allowed in fixed)
        for actor in said.ACTORS
    }
    only_if = test_of(stated["if"], scope).run if "if" in stated else None

    def ready(moment: Moment) -> Chooses | None:
        if only_if is not None and not only_if(moment):
            return None
        flat = moment.flat
        tests = of_actor[flat["actor"]]
        for key, run in asked:
            tests = (*tests, _own(key, frozenset((run(moment),)), flat))
        further = [make(moment) for make in more]
        return _passing(tests, lists, further, moment.zone)

    return ready


def _own(key: str, allowed: frozenset[Any], flat: Flat) -> tuple[str, frozenset[Any]]:
    """Return the test of a fact that, where an event does not say it, is the proposal's own."""
    own = _OWN_FACTS.get(key)
    return key, allowed | {False} if own and flat.get(own) in allowed else allowed


def _passing(
    tests: Sequence[Any], lists: Sequence[Any], further: Sequence[Passes], zone: ZoneInfo
) -> Chooses:
    """Return what chooses among events: one test after the other, on ever fewer of them."""

    def choose(happened: Sequence[Happened]) -> list[Event]:
        left = happened
        for key, allowed in tests:
            left = [one for one in left if one[2].get(key, False) in allowed]
        for key, wanted in lists:
            left = [one for one in left if wanted.issubset(one[2].get(key, ()))]
        found = [Event(at, order, facts, zone) for at, order, facts in left]
        for passes in further:
            found = [event for event in found if passes(event)]
        return found

    return choose


def _allowed(key: str, wanted: Any, kind: Any) -> frozenset[Any]:
    words = frozenset(wanted if isinstance(wanted, list) else (wanted,))
    if kind == said.TEXT:
        return words
    strange = words - ({True, False} if kind == said.YES else set(kind))
    if strange:
        raise Unclear(f"{key} is never {next(iter(strange))!r}")
    return words


def _further(stated: Mapping[str, Any], scope: Scope) -> Sequence[Callable[[Moment], Passes]]:
    """Return the tests of an event that are more than one of its facts being this or that."""
    found: list[Callable[[Moment], Passes]] = []
    if "since" in stated:
        found.append(_from_day(compiled(stated["since"], scope), strictly=False))
    if "later_than" in stated:
        found.append(_from_day(compiled(stated["later_than"], scope), strictly=True))
    if "between" in stated:
        found.append(_between(*stated["between"]))
    if "says" in stated:
        words = frozenset(stated["says"])
        found.append(lambda m: lambda event: keyword(event.facts["text"]) in words)
    if "known" in stated:
        names = tuple(stated["known"])
        found.append(lambda m: lambda event: all(name in event.facts for name in names))
    return found


def _from_day(day: Part, *, strictly: bool) -> Callable[[Moment], Passes]:
    """Return whether an event is of a day or later; strictly: after it, and never of no day."""
    run = day_like(day)

    def ready(moment: Moment) -> Passes:
        first = run(moment)
        if first is None:
            return lambda event: not strictly
        if strictly:
            return lambda event: event.day > first
        return lambda event: event.day >= first

    return ready


def _between(opens: str, closes: str) -> Callable[[Moment], Passes]:
    try:
        first, end = minutes_of(opens), minutes_of(closes)
    except Unfit as why:
        raise Unclear(f"between: {why}") from None

    def passes(event: Event) -> bool:
        local = event.local
        return first <= local.hour * 60 + local.minute < end

    return lambda m: passes


def keyword(text: str) -> str:
    """Return a message as a keyword is compared.

    Examples:
        >>> keyword('  "Opt-Out"!! '), keyword("please stop")
        ('opt out', 'please stop')
    """
    return _RUNS.sub(" ", text).strip().casefold().strip(_EDGES)

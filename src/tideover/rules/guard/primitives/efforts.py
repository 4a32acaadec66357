"""contact_effort: what must have been tried, when it was complete, and the wait from then on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tideover.rules.guard.days import HOUR_S, plus
from tideover.rules.guard.meaning import Unclear
from tideover.rules.guard.primitives.clause import NEVER, Evaluate, Outcome, Terms, until
from tideover.rules.guard.primitives.holds import hold
from tideover.rules.guard.scenario import Event, Moment

Way = Callable[[Moment], Event | None]
_KEYS: dict[str, Callable[[Event], Any]] = {
    "date": lambda event: event.day,
    "hour": lambda event: event.local.hour,
    "channel": lambda event: event.facts["channel"],
}


def contact_effort(terms: Terms) -> Evaluate:
    """Deny until one of the `ways` is complete; then wait `wait_days` or `wait_hours` from there.

    A way is `{ all = [names] }`, complete when each of the named has happened once; or
    `{ of = name, distinct = ["date", "hour"] }`, complete with two that differ in all of these.
    """
    if not terms.has("ways"):
        return hold(terms)
    ways = [_way(one, terms) for one in terms.words("ways")]
    days = terms.value("wait_days") if terms.has_value("wait_days") else None
    hours = terms.value("wait_hours") if terms.has_value("wait_hours") else None

    def evaluate(moment: Moment) -> Outcome:
        done = [event for event in (way(moment) for way in ways) if event]
        if not done:
            return NEVER
        first = min(done, key=lambda event: event.at)
        if hours is not None:
            return until(moment, first.at + hours(moment) * HOUR_S)
        return until(moment, plus(first.day, days(moment))) if days is not None else None

    return evaluate


def _way(stated: Any, terms: Terms) -> Way:
    if not isinstance(stated, dict) or not set(stated) <= {"all", "of", "distinct"}:
        raise Unclear("a way is { all = [...] } or { of = ..., distinct = [...] }")
    if "all" in stated:
        return _all_of([terms.scope.selection(name) for name in stated["all"]])
    keys = [_KEYS[name] for name in stated.get("distinct", ()) if name in _KEYS]
    if not keys or len(keys) < len(stated["distinct"]):
        raise Unclear(f"distinct names some of {', '.join(_KEYS)}")
    chosen = terms.scope.selection(stated.get("of", ""))
    return lambda moment: two_apart(chosen(moment), keys)


def _all_of(chosen: Sequence[Callable[[Moment], Sequence[Event]]]) -> Way:
    def way(moment: Moment) -> Event | None:
        firsts = [events[0] if (events := one(moment)) else None for one in chosen]
        done = [event for event in firsts if event is not None]
        return max(done, key=lambda event: event.at) if len(done) == len(firsts) else None

    return way


def two_apart(events: Sequence[Event], keys: Sequence[Callable[[Event], Any]]) -> Event | None:
    """Return the first event that differs in all keys from some earlier one.

    Two earlier ones are enough to remember: as long as no two differ in all of two keys, they share
    one of them, and any event apart from one of all is apart from one of the first two.
    """
    seen: list[tuple[Any, ...]] = []
    for event in events:
        mark = tuple(key(event) for key in keys)
        for other in seen:
            if all(a != b for a, b in zip(mark, other, strict=True)):
                return event
        if len(seen) < 2 and mark not in seen:
            seen.append(mark)
    return None

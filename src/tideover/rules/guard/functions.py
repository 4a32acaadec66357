"""What a rulebook's expressions can ask of days and of events, by name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from operator import ge, gt
from typing import Any, NamedTuple

from tideover.rules.guard import vocabulary as said
from tideover.rules.guard.days import (
    HOUR_S,
    any_year,
    in_season,
    next_month_day,
    workday,
    workday_from,
    years_after,
)
from tideover.rules.guard.meaning import (
    DAY,
    EVENT,
    INSTANT,
    KIND,
    LIST,
    LOCAL,
    NUMBER,
    TEST,
    WORDS,
    Part,
    Selection,
    Unclear,
    calculated,
    day_like,
    put_together,
)
from tideover.rules.guard.scenario import Event, Moment


def _of_holidays(work: Callable[..., date]) -> Callable[..., Part]:
    """Return what counts working days, from the holidays that the facts give."""

    def make(*parts: Part) -> Part:
        runs = [day_like(part) for part in parts]

        def run(moment: Moment) -> Any:
            values = [a(moment) for a in runs]
            return None if None in values else work(*values, moment.scenario.holidays)

        return put_together(run, DAY, *parts, LOCAL["holiday"])

    return make


def _or_else(first: Part, other: Part) -> Part:
    a, b = day_like(first), day_like(other)

    def run(moment: Moment) -> Any:
        found = a(moment)
        return b(moment) if found is None else found

    return put_together(run, DAY if first.kind == EVENT else first.kind, first, other)


def _in_season(begins: Part, through: Part) -> Part:
    a, b = begins.run, through.run
    return put_together(lambda m: in_season(a(m), b(m), m.day), TEST, begins, through)


def _hours_after(event: Part, hours: Part) -> Part:
    a, b = event.run, hours.run

    def run(moment: Moment) -> Any:
        found = a(moment)
        return None if found is None else found.at + b(moment) * HOUR_S

    return put_together(run, INSTANT, event, hours)


def _since(seconds: int) -> Callable[[Part], Part]:
    def make(event: Part) -> Part:
        a = event.run

        def run(moment: Moment) -> Any:
            found = a(moment)
            return None if found is None else Decimal(moment.at - found.at) / seconds

        return put_together(run, NUMBER, event)

    return make


def _last_by(days: Any, day: date) -> date | None:
    return max((one for one in days if one <= day), default=None)


class Function(NamedTuple):
    """A function of an expression: what makes it, and the kinds of what it takes.

    With one kind named `ALIKE` it takes any number of things, all of one kind.
    """

    make: Callable[..., Part]
    takes: tuple[str, ...]


ALIKE = "alike"
OF_DAYS: dict[str, Function] = {
    "workday": Function(_of_holidays(workday), (DAY, NUMBER)),
    "workday_from": Function(_of_holidays(workday_from), (DAY,)),
    "years_after": Function(calculated(DAY, years_after), (DAY, NUMBER)),
    "next_month_day": Function(
        calculated(DAY, lambda day, text: next_month_day(text, day)), (DAY, WORDS)
    ),
    "last_by": Function(calculated(DAY, _last_by), (LIST, DAY)),
    "max": Function(calculated("", max), (ALIKE,)),
    "min": Function(calculated("", min), (ALIKE,)),
    "or_else": Function(_or_else, (ALIKE,)),
    "in_season": Function(_in_season, (WORDS, WORDS)),
    "hours_after": Function(_hours_after, (EVENT, NUMBER)),
    "hours_since": Function(_since(HOUR_S), (EVENT,)),
    "seconds_since": Function(_since(1), (EVENT,)),
}


def of_days(name: str, parts: list[Part]) -> Part:
    """Return a function of days or numbers.

    Raises:
        Unclear: It is given too few or too many things, or things of another kind.
    """
    make, takes = OF_DAYS[name]
    kinds = [part.kind for part in parts]
    if takes == (ALIKE,):
        days = [DAY if kind == EVENT else kind for kind in kinds]
        fits = len(set(days)) == 1 and len(days) > 1 and days[0] in (DAY, NUMBER, WORDS)
    else:
        fits = len(kinds) == len(takes) and all(
            kind == wanted or (kind, wanted) == (EVENT, DAY)
            for kind, wanted in zip(kinds, takes, strict=True)
        )
    if not fits:
        raise Unclear(f"{name} takes {', '.join(takes)}; here are {', '.join(kinds)}")
    if name in ("in_season", "next_month_day"):
        for part in parts:
            for text in part.words:
                any_year(text)
    return make(*parts)


OF_EVENTS = ("any", "none", "count", "first", "latest", "after", "not_before")


def of_events(name: str, chosen: list[Selection]) -> Part:
    """Return a function of events that happened.

    `after(a, b)`: one of a is later than the latest of b; `not_before(a, b)`: or at its instant.
    """
    wanted = 2 if name in ("after", "not_before") else 1
    if len(chosen) != wanted:
        raise Unclear(f"{name} asks for {wanted} name(s) of events")
    a = chosen[0]
    history = frozenset(("history",))
    if name == "any":
        return Part(lambda m: bool(a(m)), TEST, history)
    if name == "none":
        return Part(lambda m: not a(m), TEST, history)
    if name == "count":
        return Part(lambda m: len(a(m)), NUMBER, history)
    if name in ("first", "latest"):
        which = 0 if name == "first" else -1

        def pick(moment: Moment) -> Event | None:
            found = a(moment)
            return found[which] if found else None

        return Part(pick, EVENT, history)
    b, later = chosen[1], gt if name == "after" else ge

    def run(moment: Moment) -> bool:
        ones, others = a(moment), b(moment)
        return bool(ones and others and later(ones[-1].at, others[-1].at))

    return Part(run, TEST, history)


def fact_of_event(event: Part, name: str) -> Part:
    """Return a fact of an event, such as the day a notice was received."""
    kinds = [form.kinds[name] for form in said.EVENTS.values() if name in form.kinds]
    if not kinds:
        raise Unclear(f"{name!r} is no fact of an event")
    a = event.run

    def run(moment: Moment) -> Any:
        found = a(moment)
        return None if found is None else found.facts.get(name)

    return Part(run, KIND.get(kinds[0], WORDS) if isinstance(kinds[0], str) else WORDS,
                event.reads)  # fmt: skip

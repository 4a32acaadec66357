"""contact_cap: at most so many contacts in so many local days, and the wait until there is room."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from tideover.rules.guard.days import plus
from tideover.rules.guard.primitives.clause import Evaluate, Outcome, Terms, until
from tideover.rules.guard.primitives.holds import hold
from tideover.rules.guard.scenario import Event, Moment


def contact_cap(terms: Terms) -> Evaluate:
    """Wait for the first day on which the `counted` contacts of the window are below `most`.

    `exempt` events make their own day and the `exempt_days` - 1 after it count for nothing; on such
    a day the cap does not hold at all. `also` names a list of further days of contact.
    """
    if not terms.has("counted"):
        return hold(terms)
    counted, most, window = terms.events("counted"), terms.value("most"), terms.value("window_days")
    exempt = terms.events("exempt") if terms.has("exempt") else None
    exempt_days = terms.value("exempt_days") if exempt else None
    also = terms.path("also") if terms.has("also") else None

    def evaluate(moment: Moment) -> Outcome:
        free: frozenset[date] = frozenset()
        if exempt is not None and exempt_days is not None:
            free = _days_from(exempt(moment), exempt_days(moment))
        if moment.day in free:
            return None
        most_now, days = most(moment), window(moment)
        oldest = plus(moment.day, 1 - days)
        more = moment.flat.get(also, ()) if also else ()
        recent = _latest(counted(moment), more, oldest, free)
        if len(recent) < most_now:
            return None
        return until(moment, plus(recent[most_now - 1], days))

    return evaluate


def _days_from(events: Sequence[Event], count: int) -> frozenset[date]:
    return frozenset(plus(event.day, days) for event in events for days in range(count))


def _latest(
    events: Sequence[Event], more: Iterable[date], oldest: date, free: frozenset[date]
) -> list[date]:
    """Return the days of contact since the oldest that counts, latest first."""
    found = [day for day in more if day >= oldest]
    for event in reversed(events):
        day = event.day
        if day < oldest:
            break
        if day not in free:
            found.append(day)
    return sorted(found, reverse=True)

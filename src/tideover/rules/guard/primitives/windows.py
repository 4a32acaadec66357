"""time_window: hours and days on which something may be done, in one zone or in several at once."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tideover.rules.guard import vocabulary as said
from tideover.rules.guard.days import (
    HOUR_S,
    any_year,
    in_season,
    instant_of,
    plus,
    start_of,
)
from tideover.rules.guard.facts import minutes_of, zone_of
from tideover.rules.guard.meaning import Run, Unclear
from tideover.rules.guard.primitives.clause import NEVER, Evaluate, Outcome, Terms
from tideover.rules.guard.scenario import Moment

DAYS_AHEAD = 4_000  # longer than any closed season


def permitted_days(terms: Terms) -> Any:
    """Return whether a day is permitted: by week day, holiday, eve of one, and closed seasons."""
    days = terms.words("days") or said.WEEK
    if not set(days) <= set(said.WEEK):
        raise Unclear(f"days are some of {', '.join(said.WEEK)}")
    weekdays = frozenset(said.WEEK.index(day) for day in days)
    no_holidays, no_eves = (bool(terms.params.get(name)) for name in ("no_holidays", "no_eves"))
    closed = [_season(pair) for pair in terms.words("closed")]

    def permitted(day: date, moment: Moment) -> bool:
        holidays = moment.scenario.holidays
        return (
            day.weekday() in weekdays
            and not (no_holidays and day in holidays)
            and not (no_eves and plus(day, 1) in holidays)
            and not any(in_season(begins, through, day) for begins, through in closed)
        )

    return permitted


def _season(pair: Any) -> tuple[str, str]:
    try:
        begins, through = pair
        any_year(begins), any_year(through)
    except (TypeError, ValueError):
        raise Unclear(f'closed lists seasons such as ["12-20", "12-31"], not {pair}') from None
    return begins, through


def time_window(terms: Terms) -> Evaluate:
    """Wait for the next instant inside the window, in every zone the person may be in.

    With `stated`, the windows are those that the customer named as inconvenient.
    """
    if terms.has("stated"):
        return _inconvenient(terms.path("stated"))
    opens, closes = (terms.value(name, minutes_of) for name in ("opens", "closes"))
    permitted = permitted_days(terms)
    zones = terms.path("zones") if terms.has("zones") else None
    within = terms.value("search_hours") if terms.has_value("search_hours") else None

    def evaluate(moment: Moment) -> Outcome:
        span = minutes_of(opens(moment)), minutes_of(closes(moment))
        places = _zones(moment, zones)
        if _inside(moment.at, places, span) and permitted(moment.day, moment):
            return None
        return _next(moment, places, span, permitted, within)

    return evaluate


def _zones(moment: Moment, path: str | None) -> tuple[ZoneInfo, ...]:
    others = moment.flat.get(path, ()) if path else ()
    return (moment.zone, *(zone_of(name) for name in others)) if others else (moment.zone,)


def _inside(at: int, zones: tuple[ZoneInfo, ...], span: tuple[int, int]) -> bool:
    for zone in zones:
        local = datetime.fromtimestamp(at, zone)
        if not span[0] <= local.hour * 60 + local.minute < span[1]:
            return False
    return True


def _next(
    moment: Moment, zones: tuple[ZoneInfo, ...], span: tuple[int, int], permitted: Any,
    within: Run | None,
) -> Outcome:  # fmt: skip
    """Return the first instant at which the window opens in one zone and is open in all others."""
    limit = moment.at + within(moment) * HOUR_S if within else NEVER
    ahead = int(within(moment) // 24) + 2 if within else DAYS_AHEAD
    # one zone's days come in order; those of several, a day apart at most, are looked at together
    one_by_one = (range(days, days + 1) for days in range(ahead))
    spans = (range(-1, ahead),) if len(zones) > 1 else one_by_one
    for days in spans:
        opening = (
            instant_of(
                plus(datetime.fromtimestamp(moment.at, zone).date(), n), span[0], zone,
                after=moment.at,
            )
            for zone in zones for n in days
        )  # fmt: skip
        for at in sorted(at for at in opening if moment.at < at <= limit):
            day = datetime.fromtimestamp(at, moment.zone).date()
            if _inside(at, zones, span) and permitted(day, moment):
                return at
    return NEVER


def _inconvenient(path: str) -> Evaluate:
    def evaluate(moment: Moment) -> Outcome:
        weekday = said.WEEK[moment.day.weekday()]
        minute = moment.local.hour * 60 + moment.local.minute
        ends = [
            window["end"]
            for window in moment.flat.get(path, ())
            if weekday in window["days"] and window["start"] <= minute < window["end"]
        ]
        if not ends:
            return None
        return instant_of(moment.day, max(ends), moment.zone, after=moment.at)

    return evaluate


def day_ban(terms: Terms) -> Evaluate:
    """Wait for the next permitted day."""
    permitted = permitted_days(terms)

    def evaluate(moment: Moment) -> Outcome:
        if permitted(moment.day, moment):
            return None
        for days in range(1, DAYS_AHEAD):
            day = plus(moment.day, days)
            if permitted(day, moment):
                return start_of(day, moment.zone)
        return NEVER

    return evaluate

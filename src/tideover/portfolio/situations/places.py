"""What is so at a place: public holidays, and what befell its area."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tideover.portfolio.situations.names import Plain
from tideover.rules.guard.facts import Unfit, zone_of

LONGEST_DAYS = 92
_LISTS = {"outage": "outage_dates", "disaster": "disaster_dates",
          "rate_change": "rate_change_dates"}  # fmt: skip
_ON_A_DAY = ("rate_change",)  # it holds from a day on, however long: only that day befalls anybody
Where = tuple[str, str | None, str]


class Places:
    """The context of accounts by place, area and time zone.

    Args:
        holidays: jurisdiction, holiday_on.
        events: area_code, kind, starts_at, ends_at.
        known: The facts that the rulebooks know, by their paths; a policy of the utility's own may
            lack some that the shipped one declares, and those are not told.
    """

    def __init__(
        self, holidays: Iterable[tuple[Any, ...]], events: Iterable[tuple[Any, ...]], as_of: date,
        *, known: Container[str],
    ) -> None:  # fmt: skip
        self.as_of, self._known = as_of, known
        self._holidays: dict[str, set[str]] = defaultdict(set)
        for place, day in holidays:
            self._holidays[place].add(day)
        self._events: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        for area, *event in events:
            self._events[area].append(tuple(event))
        self._kept: dict[Where, Plain] = {}

    def context(self, where: Where) -> Plain:
        """Return what is so at a jurisdiction, an area and a time zone."""
        found = self._kept.get(where)
        if found is None:
            found = self._kept[where] = self._context(*where)
        return found

    def _context(self, place: str, area: str | None, zone: str) -> Plain:
        told: Plain = {}
        days = self._holidays.get(place, set()) | self._holidays.get(place.split("-")[0], set())
        if days:
            told["public_holidays"] = sorted(days)
        befell: dict[str, set[date]] = defaultdict(set)
        for kind, starts_at, ends_at in self._events.get(area or "", ()):
            until = starts_at if kind in _ON_A_DAY else ends_at
            befell[kind] |= self._days(starts_at, until, zone)
        for kind, name in _LISTS.items():
            if befell[kind] and f"context.{name}" in self._known:
                told[name] = [day.isoformat() for day in sorted(befell[kind])]
        if befell["heat_alert"]:
            told["weather"] = self._heat(befell["heat_alert"])
        return told

    def _heat(self, days: set[date]) -> Plain:
        now = bool({self.as_of, self.as_of + timedelta(days=1)} & days)
        listed = [day.isoformat() for day in sorted(days)]
        alert = {"heat_alert_active": True, "extreme_event": True} if now else {}
        return alert | {"heat_advisory_dates": listed}

    def _days(self, starts_at: datetime, ends_at: datetime | None, zone: str) -> set[date]:
        """Return the local days of what befell an area; what goes on lasts until the day."""
        try:
            local: ZoneInfo = zone_of(zone)
        except Unfit:
            local = ZoneInfo("UTC")
        last = self.as_of if ends_at is None else min(ends_at.astimezone(local).date(), self.as_of)
        first = max(starts_at.astimezone(local).date(), self.as_of - timedelta(days=LONGEST_DAYS))
        return {first + timedelta(days=n) for n in range((last - first).days + 1)}

"""Hours, days and seasons: across clock changes, zones, holidays and leap days."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.rules.guard.books import guard_with, proposal
from tideover.rules.guard.days import instant_of, start_of, workday, years_after

HOURS = 'values.opens = { is = "08:00", unit = "local time" }\n' \
        'values.closes = { is = "21:00", unit = "local time" }\n'  # fmt: skip
SEVERAL = HOURS + 'values.search_hours = { is = 48, unit = "hours" }\n' \
                  'zones = "customer.possible_timezones"\n'  # fmt: skip


def until(rest: str, type: str, **facts: object) -> str | None:
    """Return until when a rule of one line defers, in the customer's local time."""
    given = proposal(**facts)
    found = guard_with(rest, type).verdict(given).until
    if found is None:
        return None
    return datetime.fromtimestamp(found, ZoneInfo(str(given["timezone"]))).isoformat()


@pytest.mark.parametrize(
    ("zone", "day", "first"),
    [
        ("Europe/Amsterdam", date(2026, 3, 29), "2026-03-29T00:00:00+01:00"),
        ("America/Sao_Paulo", date(2018, 11, 4), "2018-11-04T01:00:00-02:00"),  # no midnight
        ("America/Havana", date(2025, 11, 2), "2025-11-02T00:00:00-04:00"),  # midnight twice
        ("Asia/Beirut", date(2022, 3, 27), "2022-03-27T01:00:00+03:00"),
        ("Pacific/Apia", date(2011, 12, 30), "2011-12-31T00:00:00+14:00"),  # no such day
    ],
)
def test_the_first_instant_of_a_day(zone: str, day: date, first: str) -> None:
    at = start_of(day, ZoneInfo(zone))
    assert datetime.fromtimestamp(at, ZoneInfo(zone)).isoformat() == first


def test_a_time_that_comes_twice_is_the_second_after_the_first() -> None:
    zone = ZoneInfo("Europe/Amsterdam")
    first = instant_of(date(2026, 10, 25), 150, zone)
    assert instant_of(date(2026, 10, 25), 150, zone, after=first) - first == 3600


def test_hours_open_at_eight_on_the_day_the_clocks_change() -> None:
    night = "2026-03-28T22:00:00+01:00"
    assert until(HOURS, "time_window", as_of=night) == "2026-03-29T08:00:00+02:00"


def test_hours_are_kept_in_every_zone_a_person_may_be_in() -> None:
    far = {"possible_timezones": ["America/New_York", "Asia/Tokyo"]}
    assert guard_with(SEVERAL, "time_window").verdict(proposal(customer=far)).verdict == "deny"
    near = {"possible_timezones": ["America/New_York"]}
    assert until(SEVERAL, "time_window", customer=near) == "2026-03-10T13:00:00+01:00"


def test_seconds_count_at_the_edges_of_a_window() -> None:
    late = "2026-03-10T20:59:59+01:00"
    assert until(HOURS, "time_window", as_of=late) is None
    late = "2026-03-10T21:00:00+01:00"
    assert until(HOURS, "time_window", as_of=late) == "2026-03-11T08:00:00+01:00"


def test_hours_gone_by_are_real_hours() -> None:
    rest = 'events.visits = { type = "contact", channel = "in_person" }\n' \
           'until = "hours_after(first(visits), 48)"'  # fmt: skip
    visit = {"type": "contact", "at": "2026-03-28T10:00:00+01:00", "channel": "in_person"}
    found = until(rest, "status_hold", as_of="2026-03-29T10:00:00+02:00", history=[visit])
    assert found == "2026-03-30T11:00:00+02:00"


def test_a_named_window_that_ends_at_midnight() -> None:
    evening = {"days": ["tue"], "start": "09:00", "end": "24:00"}
    rest = 'stated = "customer.inconvenient_windows"'
    found = until(rest, "time_window", customer={"inconvenient_windows": [evening]})
    assert found == "2026-03-11T00:00:00+01:00"


def test_working_days_know_only_the_given_holidays() -> None:
    assert workday(date(2025, 12, 24), 2, ()) == date(2025, 12, 26)
    assert workday(date(2025, 12, 24), 2, {date(2025, 12, 25)}) == date(2025, 12, 29)


def test_a_leap_day_has_its_anniversary() -> None:
    assert years_after(date(2024, 2, 29), 3) == date(2027, 2, 28)
    assert years_after(date(9000, 2, 28), 3000) == date.max


def test_a_closed_season_is_waited_out() -> None:
    closed = 'closed = [["03-01", "03-31"]]\ndays = ["mon", "tue"]'
    assert until(closed, "day_ban") == "2026-04-06T00:00:00+02:00"
    always = 'closed = [["01-01", "12-31"]]'
    assert guard_with(always, "day_ban").verdict(proposal()).verdict == "deny"


def test_a_season_that_goes_over_the_new_year() -> None:
    rest = 'values.begins = { is = "10-01", unit = "month-day" }\n' \
           'values.through = { is = "03-31", unit = "month-day" }'  # fmt: skip
    assert until(rest, "season_ban") == "2026-04-01T00:00:00+02:00"
    assert until(rest, "season_ban", as_of="2026-04-01T00:00:00+02:00") is None

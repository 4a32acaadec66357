"""Days and hours are the customer's own, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tideover.terms.calendar import local_instant, month_end_before

days = st.dates(date(1990, 1, 1), date(2100, 12, 31))
zones = st.sampled_from(
    ["Europe/Amsterdam", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"]
)


@given(days, st.integers(1, 60))
def test_a_month_end_is_the_last_day_of_a_month_before(day: date, months: int) -> None:
    end = month_end_before(day, months)
    assert (end + timedelta(days=1)).day == 1
    assert (day.year - end.year) * 12 + day.month - end.month == months


@given(days, st.times().map(lambda t: t.replace(microsecond=0)), zones)
def test_a_local_time_exists_and_is_the_one_asked_for_or_just_after(
    day: date, at: time, zone: str
) -> None:
    instant = local_instant(day, at, zone)
    asked = datetime.combine(day, at)
    late = instant.replace(tzinfo=None) - asked
    assert timedelta(0) <= late <= timedelta(hours=1)
    assert instant.astimezone(UTC).astimezone(instant.tzinfo) == instant


@pytest.mark.parametrize(("day", "at", "said"), [
    (date(2026, 3, 29), time(2, 30), "2026-03-29T03:30:00+02:00"),  # the clocks skip this time
    (date(2026, 10, 25), time(2, 30), "2026-10-25T02:30:00+02:00"),  # it comes twice: the first
    (date(2026, 7, 1), time(8), "2026-07-01T08:00:00+02:00"),
    (date(2026, 1, 1), time(8), "2026-01-01T08:00:00+01:00"),
])  # fmt: skip
def test_an_instant_carries_the_offset_of_its_day(day: date, at: time, said: str) -> None:
    assert local_instant(day, at, "Europe/Amsterdam").isoformat() == said

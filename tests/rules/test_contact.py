"""Nobody is contacted outside the hours of their own place, on any day, in any zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import given
from hypothesis import strategies as st

from tideover.rules.contact import (
    PARTS_OF_DAY,
    Hours,
    capped_until,
    may_use,
    moments,
    moments_after,
    open_parts,
    opening,
)
from tideover.terms.calendar import local_instant

HOURS = Hours(time(8), time(20))
# Clocks change at noon nowhere; these change them at odd hours, by odd spans, or skip a whole day.
ZONES = st.sampled_from(["Europe/Amsterdam", "America/New_York", "Australia/Lord_Howe",
                         "Pacific/Apia", "Asia/Kathmandu", "America/Sao_Paulo", "Africa/Cairo",
                         "Pacific/Kiritimati", "Asia/Tehran"]) | st.sampled_from(
    sorted(available_timezones()))  # fmt: skip
DAYS = st.dates(date(1990, 1, 1), date(2037, 12, 31))
CHANGES = st.sampled_from([date(2026, 3, 29), date(2026, 10, 25), date(2026, 3, 8),
                           date(2026, 11, 1), date(2011, 12, 30)])  # fmt: skip


@given(DAYS | CHANGES, st.sampled_from(sorted(PARTS_OF_DAY)), ZONES)
def test_every_moment_lies_in_its_part_of_the_local_day(day: date, part: str, zone: str) -> None:
    span = PARTS_OF_DAY[part]
    for moment in moments(day, part, zone, HOURS):
        local = moment.astimezone(UTC).astimezone(ZoneInfo(zone))
        assert span.opens <= local.time() < span.closes
        assert local.date() >= day


@given(DAYS, st.times(), ZONES)
def test_an_opening_is_in_hours_never_earlier_and_at_once_where_it_can_be(
    day: date, at: time, zone: str
) -> None:
    instant = datetime.combine(day, at, tzinfo=UTC)
    opened = opening(instant, zone, HOURS)
    assert opened >= instant
    assert HOURS.opens <= opened.timetz().replace(tzinfo=None) < HOURS.closes
    assert opened - instant < timedelta(hours=38)  # a night, and a day that a zone skipped
    local = instant.astimezone(ZoneInfo(zone)).time()
    assert opened == instant or not HOURS.opens <= local < HOURS.closes


@given(DAYS | CHANGES, st.sampled_from(sorted(PARTS_OF_DAY)), ZONES, ZONES)
def test_no_moment_lies_before_the_day_has_ended_for_the_utility_and_at_the_place(
    day: date, part: str, zone: str, utility: str
) -> None:
    ended = local_instant(day + timedelta(days=1), time.min, utility)
    left = moments_after(ended, day + timedelta(days=1), part, zone=zone, hours=HOURS)
    assert left
    assert min(left) >= ended
    first = min(left).astimezone(ZoneInfo(zone))
    assert first.date() > day
    assert PARTS_OF_DAY[part].opens <= first.time() < PARTS_OF_DAY[part].closes


def test_hours_narrower_than_a_part_narrow_it_and_may_close_it() -> None:
    hours = Hours(time(10, 30), time(17))
    assert open_parts(PARTS_OF_DAY, hours) == ("morning", "afternoon")
    mornings = list(moments(date(2026, 3, 29), "morning", "Europe/Amsterdam", hours))
    assert len(mornings) == 30
    assert mornings[0].isoformat() == "2026-03-29T10:30:00+02:00"


def test_unknown_consent_is_enough_for_letters_and_mail_only() -> None:
    needed = ("sms", "whatsapp", "voice")
    channels = ("email", "sms", "whatsapp", "voice", "letter")
    allowed = {word: [c for c in channels if may_use(c, word, needed)]
               for word in ("granted", "unknown", "withdrawn", None)}  # fmt: skip
    assert allowed == {"granted": list(channels), "unknown": ["email", "letter"],
                       "withdrawn": [], None: []}  # fmt: skip


def test_a_contact_stops_counting_a_week_of_hours_later_across_a_change_of_clocks() -> None:
    contact = datetime.fromisoformat("2026-03-25T18:00:00+01:00")
    free = opening(capped_until(contact, 7), "Europe/Amsterdam", HOURS)
    assert free.isoformat() == "2026-04-01T19:00:00+02:00"

"""Zones for one account: up at the threshold, down a tenth below it, worked out from the facts."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tideover.rules.zone import (
    Place,
    days_to_next,
    entered_on,
    entering_yellow_fast,
    place,
    way_back_minor,
)

AT = (120_00, 400_00)
ARREARS = st.integers(0, 600_00)
PATHS = st.lists(ARREARS, min_size=1, max_size=13)


def test_a_balance_at_the_threshold_is_still_in_the_lower_zone() -> None:
    assert [place([0, owed], AT).zone for owed in (120_00, 120_01, 400_00, 400_01)] == [0, 1, 1, 2]


def test_an_account_leaves_a_zone_a_tenth_below_its_threshold() -> None:
    assert place([130_00, 108_01], AT).zone == 1
    assert place([130_00, 108_00], AT).zone == 0


def test_a_balance_that_wobbles_around_a_threshold_moves_nobody() -> None:
    assert place([0, 121_00, 117_00, 122_00, 113_00], AT) == Place(1, 1)


def test_an_account_can_go_from_red_to_green_at_once() -> None:
    assert place([0, 500_00, 0], AT) == Place(0, 2)


@given(path=PATHS)
def test_who_owes_nothing_is_green(path: list[int]) -> None:
    assert place([*path, 0], AT).zone == 0


@given(path=PATHS, more=ARREARS)
def test_owing_more_never_places_an_account_lower(path: list[int], more: int) -> None:
    assert place([*path[:-1], path[-1] + more], AT).zone >= place(path, AT).zone


@given(path=PATHS)
def test_a_zone_is_between_what_the_balance_must_and_may_be(path: list[int]) -> None:
    must = sum(path[-1] > at for at in AT)
    may = sum(path[-1] > way_back_minor(at) for at in AT)
    assert must <= place(path, AT).zone <= may


def test_a_zone_held_at_all_month_ends_has_no_day_of_entry() -> None:
    assert place([500_00] * 13, AT) == Place(2, None)
    assert entered_on(None, date(2026, 3, 15)) is None


def test_a_zone_is_entered_on_the_month_end_that_shows_it_or_today() -> None:
    day = date(2026, 3, 15)
    assert entered_on(place([0] * 12 + [130_00], AT).entered, day) == day
    assert entered_on(place([0] * 10 + [130_00] * 3, AT).entered, day) == date(2026, 1, 31)


def test_days_to_the_next_threshold_need_a_rise_and_a_next_threshold() -> None:
    assert days_to_next(1, 390_00, AT, 50.0) == 20.0
    assert days_to_next(1, 390_00, AT, 0.0) is None
    assert days_to_next(0, 100_00, AT, -5.0) is None
    assert days_to_next(2, 500_00, AT, 50.0) is None


def test_entering_yellow_fast_is_on_the_way_or_just_arrived() -> None:
    assert entering_yellow_fast(0, 60_00, 30.0, just_arrived=False)
    assert not entering_yellow_fast(0, 60_00, 30.5, just_arrived=True)
    assert not entering_yellow_fast(0, 0, None, just_arrived=False)
    assert entering_yellow_fast(1, 130_00, 90.0, just_arrived=True)
    assert not entering_yellow_fast(1, 130_00, 10.0, just_arrived=False)
    assert not entering_yellow_fast(2, 500_00, None, just_arrived=True)

"""The people of a closed loop call those whom a night leaves to them."""

from __future__ import annotations

import numpy as np
import pytest

from tideover.doors.rehearsals.staff import MORE_TIME, VOICE, calls
from tideover.portfolio.choice_settings import CapacitySettings
from tideover.rehearsal.living import Messages, World, lived
from tideover.rehearsal.living.messages import silence, together
from tideover.rehearsal.twin import Plan
from tideover.rehearsal.twin.reach import LETTER
from tideover.rehearsal.twin.texts import day_of

PLAN = Plan(accounts=400, days=240, seed=5)
COST = dict.fromkeys(("email", "sms", "whatsapp", "voice", "letter"), 0)
HALF_AN_HOUR = CapacitySettings(agent_hours=0.5)  # five calls of six minutes


def listed(world: World) -> dict[int, str]:
    """Return everybody, each with a decision."""
    return {row: f"d{row}" for row in range(len(world.state))}


def on_a(weekday: int) -> World:
    """Return a world on whose next day it is so many days after a Monday."""
    world = World(PLAN, 8)
    while day_of(world.today + 1).weekday() != weekday:
        lived(world, silence(), COST)
    return world


@pytest.mark.parametrize(("weekday", "expected"), [(0, 5), (4, 5), (5, 0), (6, 0)])
def test_they_call_on_working_days_as_long_as_their_hours_last(weekday: int, expected: int) -> None:
    world = on_a(weekday)
    assert len(calls(world, listed(world), HALF_AN_HOUR)) == expected


def test_without_hours_in_the_settings_they_call_three_of_a_thousand_a_day() -> None:
    world = on_a(2)
    assert len(calls(world, listed(world), CapacitySettings())) == 3 * PLAN.accounts // 1000


def test_they_begin_with_those_who_owe_most_and_have_no_plan() -> None:
    world = on_a(1)
    said = calls(world, listed(world), HALF_AN_HOUR)
    owing = np.where(world.state.plans.left == 0, world.arrears, 0)
    assert owing[said.row].tolist() == sorted(owing, reverse=True)[:5]
    assert set(said.offer) == {MORE_TIME}
    assert set(said.channel) <= {VOICE, LETTER}
    assert said.names == [f"call-d{row}" for row in said.row]


def test_nobody_is_called_twice_in_a_week() -> None:
    world = on_a(0)
    first = calls(world, listed(world), HALF_AN_HOUR)
    lived(world, first, COST)
    assert not set(calls(world, listed(world), HALF_AN_HOUR).row) & set(first.row)


def test_nobody_who_is_not_on_the_list_is_called() -> None:
    world = on_a(0)
    assert len(calls(world, {}, HALF_AN_HOUR)) == 0


def test_messages_and_calls_of_a_day_leave_together() -> None:
    world = on_a(0)
    called = calls(world, listed(world), HALF_AN_HOUR)
    other = next(row for row in range(len(world.state)) if row not in called.row)
    one = np.array([other])
    both = together((Messages(one, one * 0, one * 0, one * 0, one * 0 + 600, ["m"]), called))
    assert both.row.tolist() == [other, *called.row]
    assert both.names == ["m", *(called.names or ())]
    assert lived(world, both, COST).contacts == 6

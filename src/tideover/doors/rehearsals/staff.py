"""The people of a closed loop's utility: they call those whom a night leaves to a person."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tideover.portfolio.choice_settings import CapacitySettings
from tideover.rehearsal.living import Messages, World
from tideover.rehearsal.living.messages import EMPATHETIC, OFFERS, minute_in
from tideover.rehearsal.twin.reach import CHANNELS, CONSENTS, LETTER
from tideover.rehearsal.twin.texts import day_of

A_THOUSAND = 3  # calls a day for a thousand accounts, where the settings name no hours
WEEK, FRIDAY, AFTERNOON = 7, 4, 1
VOICE, MORE_TIME = CHANNELS.index("voice"), OFFERS.index("extension")


def calls(world: World, listed: Mapping[int, str], capacity: CapacitySettings) -> Messages:
    """Return the calls of tomorrow: those who owe most first, each once a week, on working days.

    Whoever calls asks whether more time would help, and leaves plans that run alone. Who has no
    telephone, or wants no calls, is written a letter by hand, but for who wants no letters either.

    Args:
        listed: The decisions that are for a person, by the place of the account.
    """
    tomorrow, state, arrears = world.today + 1, world.state, world.arrears
    wants = state.consent != CONSENTS.index("withdrawn")
    by_phone = state.has[:, VOICE] & wants[:, VOICE]
    free = (arrears > 0) & (state.sent_since(tomorrow, WEEK) == 0) & (state.plans.left == 0)
    row = np.array(sorted(listed), np.int64)
    row = row[(free & (by_phone | wants[:, LETTER]))[row]]
    row = row[np.argsort(-arrears[row], kind="stable")]
    row = row[: _a_day(world, capacity) if day_of(tomorrow).weekday() <= FRIDAY else 0]
    alike = np.ones(len(row), np.int64)
    names = [f"call-{listed[place]}" for place in row.tolist()]
    return Messages(row, alike * MORE_TIME, alike * EMPATHETIC,
                    np.where(by_phone[row], VOICE, LETTER), minute_in(alike * AFTERNOON),
                    names)  # fmt: skip


def _a_day(world: World, capacity: CapacitySettings) -> int:
    if capacity.agent_hours >= 0:
        return int(capacity.agent_hours * 60 / capacity.minutes_a_call)
    return A_THOUSAND * len(world.state) // 1000

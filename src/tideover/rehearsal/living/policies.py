"""Ways to decide who hears what: nobody, fixed letters, chance, and one who knows the truth."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from tideover.rehearsal.living import luck
from tideover.rehearsal.living.messages import (
    DIRECT,
    FORMAL,
    OFFERS,
    TONES,
    Messages,
    minute_in,
    silence,
)
from tideover.rehearsal.living.state import State
from tideover.rehearsal.living.world import World
from tideover.rehearsal.living.worth import HELPFUL, best, permitted
from tideover.rehearsal.twin.people import Bools
from tideover.rehearsal.twin.reach import CONSENTS, LETTER

NONE, NOTICE_OFFER = OFFERS.index("none"), OFFERS.index("notice")
CAP, CAP_DAYS = 2, 7


class Policy(Protocol):
    """Who is to hear what tomorrow."""

    name: str

    def say(self, world: World) -> Messages:
        """Return the messages of the day after the world's today."""


class Nobody:
    """Leaves everyone alone."""

    name = "nobody"

    def say(self, world: World) -> Messages:
        """Return silence."""
        del world
        return silence()


class Letters:
    """The legacy way: letters on fixed days past due, sterner each time, to all alike."""

    name = "letters"
    reminder, second, first_notice, every = 7, 21, 35, 30

    def say(self, world: World) -> Messages:
        """Return the letters of tomorrow."""
        late = world.state.books.days_past_due(world.today)
        again = (late >= self.first_notice) & ((late - self.first_notice) % self.every == 0)
        due = (late == self.reminder) | (late == self.second) | again
        due &= (world.state.plans.left == 0) & _writable(world.state)
        row = np.flatnonzero(due)
        offer = np.where(again[row], NOTICE_OFFER, NONE)
        tone = np.where(late[row] == self.reminder, DIRECT, FORMAL)
        return Messages(row, offer, tone, np.full(len(row), LETTER),
                        minute_in(np.zeros(len(row), np.int64)))  # fmt: skip


class Random:
    """Writes to all in arrears as often as the cap leaves room; what and how is drawn by lot."""

    name = "random"
    a_night = CAP / CAP_DAYS

    def say(self, world: World) -> Messages:
        """Return tomorrow's draw."""
        state, day = world.state, world.today + 1
        n, seed = len(state), world.seed
        drawn = luck.numbers(seed, day, luck.CHOICE, n)
        row = np.flatnonzero((world.arrears > 0) & _free(state, day) & (drawn < self.a_night)
                             & (state.plans.left == 0))  # fmt: skip
        offer = np.array(HELPFUL)[(drawn[row] / self.a_night * len(HELPFUL)).astype(np.int64)]
        tone = (luck.numbers(seed, day, luck.TONE, n)[row] * len(TONES)).astype(np.int64)
        part = (luck.numbers(seed, day, luck.WHEN, n)[row] * 3).astype(np.int64)
        open_to = permitted(state)[row]
        counts = open_to.sum(axis=1)
        nth = (luck.numbers(seed, day, luck.CHANNEL, n)[row] * counts).astype(np.int64)
        channel = (np.cumsum(open_to, axis=1) > nth[:, None]).argmax(axis=1)
        said = Messages(row, offer, tone, channel, minute_in(part))
        return said.only(counts > 0)


class Oracle:
    """Knows the reason, the intent and the tables of answers: the best message each, or none.

    It looks one message ahead, keeps to consent and to one message a week, and threatens nobody:
    what it holds out is what a strategy may hold out.
    """

    name = "oracle"
    worth_minor = 1_00
    offers = HELPFUL

    def say(self, world: World) -> Messages:
        """Return the messages that bring most, where they bring more than they cost."""
        state, day = world.state, world.today + 1
        pays_soon = (state.own.day <= day + 4) & (state.own.amount >= world.arrears)
        pays_soon |= state.prompted.day < day + 31
        wanted = (world.arrears > 0) & ~pays_soon & (state.plans.left == 0)
        row = np.flatnonzero(wanted & (state.sent_since(day, CAP_DAYS) == 0))
        said, worth = best(world, row, self.offers)
        return said.only(worth > self.worth_minor)


class Threats(Oracle):
    """The oracle with notices among what it may send: what it costs to threaten nobody."""

    name = "threats"
    offers = (*HELPFUL, NOTICE_OFFER)


def _writable(state: State) -> Bools:
    """Say to whom a letter may go at all."""
    may: Bools = state.consent[:, LETTER] != CONSENTS.index("withdrawn")
    return may


def _free(state: State, day: int) -> Bools:
    return state.sent_since(day, CAP_DAYS) < CAP


SIMPLE: dict[str, type[Policy]] = {
    policy.name: policy for policy in (Nobody, Letters, Random, Oracle, Threats)
}

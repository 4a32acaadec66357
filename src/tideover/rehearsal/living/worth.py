"""What a message is worth to one who knows the truth: the oracle's measure, and regret's."""

from __future__ import annotations

import numpy as np

from tideover.rehearsal.living import answers
from tideover.rehearsal.living.answers import Hearers
from tideover.rehearsal.living.messages import OFFERS, REMIND, TONES, Messages, minute_in
from tideover.rehearsal.living.state import State
from tideover.rehearsal.living.world import GRANT, GRANTED, SHARE_OF_A_PART, World
from tideover.rehearsal.twin.behaviour import STEP_FACTOR
from tideover.rehearsal.twin.people import CRISIS, Bools, Floats
from tideover.rehearsal.twin.reach import CHANNELS, CONSENTS, EMAIL, LETTER
from tideover.rehearsal.twin.texts import Ints

HELPFUL = tuple(OFFERS.index(name) for name in ("none", "extension", "plan", "grant"))
EVENING = 2
COMPLAINT_MINOR = 50_00
# What is left of the money by how long it takes: a later payday, a plan in parts, a crisis eased.
LATER, IN_PARTS, EASED, SOURED = 0.9, 0.15, 0.4, 0.2


def best(world: World, row: Ints, offers: tuple[int, ...] = HELPFUL) -> tuple[Messages, Floats]:
    """Return the message that is worth most for each of some accounts, and what it is worth.

    Args:
        offers: Places in OFFERS that may be held out.

    Returns:
        Messages in the order of the accounts; worth minus infinity where none may be sent.
    """
    hearers, open_to = world.hearers(row), permitted(world.state)[row]
    brings = _brings(world, row)
    found = np.full(len(row), -np.inf)
    chosen = np.zeros((3, len(row)), np.int64)
    for offer in offers:
        for tone in range(len(TONES)):
            for channel in range(len(CHANNELS)):
                said = _alike(row, offer, tone, channel)
                gain = _gain(world, said, hearers, brings)
                better = (gain > found) & open_to[:, channel]
                found = np.where(better, gain, found)
                chosen[:, better] = np.array([[offer], [tone], [channel]])
    evening = minute_in(np.full(len(row), EVENING))
    return Messages(row, chosen[0], chosen[1], chosen[2], evening), found


def _alike(row: Ints, offer: int, tone: int, channel: int) -> Messages:
    """Return the same message to some accounts."""
    columns = [np.full(len(row), value) for value in (offer, tone, channel)]
    evening = minute_in(np.full(len(row), EVENING))
    return Messages(row, columns[0], columns[1], columns[2], evening)


def worth_of(world: World, said: Messages) -> tuple[Floats, Floats]:
    """Return what each message is worth, and the best way to treat the same person that day.

    It is asked before the day is lived on which they leave, of those to people in arrears. Leaving
    alone is one of the ways, worth nothing; a notice is none.
    """
    kept = said.only(world.arrears[said.row] > 0)
    if not len(kept):
        return np.zeros(0), np.zeros(0)
    _, most = best(world, kept.row)
    gain = _gain(world, kept, world.hearers(kept.row), _brings(world, kept.row))
    return gain, np.maximum(np.maximum(most, gain), 0.0)


def _gain(world: World, said: Messages, hearers: Hearers, brings: Floats) -> Floats:
    noticed = answers.chance_noticed(said, hearers)
    money = answers.chance_pays(said, hearers) * brings[REMIND]
    taken = answers.chance_takes(said, hearers) * brings[said.gist, np.arange(len(said))]
    complaint = answers.chance_complaint(said, hearers) * COMPLAINT_MINOR
    harm = answers.soured(said, hearers) * world.arrears[said.row] * SOURED
    gain: Floats = noticed * (money + taken) - complaint - harm
    return gain


def _brings(world: World, row: Ints) -> Floats:
    """Return what an answer brings within some weeks by gist, in expectation; minor units."""
    state = world.state
    late = world.arrears[row].astype(np.float64)
    owed = state.books.owed[row]
    step = 1 + sum((owed > at[row]).astype(int) for at in state.base.who.steps)
    whole = np.take(STEP_FACTOR, step)
    money = late * (whole + (1 - whole) * sum(SHARE_OF_A_PART) / 2)
    in_crisis = (state.base.who.reason[row] == CRISIS) & state.troubled(world.today)[row]
    helped = GRANTED * np.minimum(late, sum(GRANT) / 2) + in_crisis * late * EASED
    return np.stack((money, money * LATER, late * IN_PARTS, helped, money))


def permitted(state: State) -> Bools:
    """Say by which channels each may be written to, as the contract has it for consent."""
    granted, unknown = CONSENTS.index("granted"), CONSENTS.index("unknown")
    may: Bools = state.consent == granted
    for channel in (EMAIL, LETTER):
        may[:, channel] |= state.consent[:, channel] == unknown
    may &= state.has
    asked = state.base.how.preferred
    wants = np.flatnonzero(asked >= 0)
    wants = wants[may[wants, asked[wants]]]
    may[wants] = False
    may[wants, asked[wants]] = True
    return may

"""How people answer a message: assumptions, in tables, from which nothing about people is learnt.

docs/closed_loop.md prints them. A message is noticed or not; who noticed it answers with a chance
that depends on why they pay late, on what it holds out, on its tone, and on how often they were
written to.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tideover.rehearsal.living.messages import NOTICE, Messages
from tideover.rehearsal.twin.people import PAYDAY, Bools, Floats
from tideover.rehearsal.twin.texts import Ints

# By channel, in the order of the twin's CHANNELS: the chance that it is noticed.
NOTICED = np.array((0.50, 0.70, 0.70, 0.45, 0.65))
PREFERRED_MORE, MOST_NOTICED = 0.15, 0.95
PART_TIMES = np.array((0.95, 1.0, 1.1))  # morning, afternoon, evening
LETTER_DAYS = 2  # until a letter lies on the mat

# By reason, in the order of people.REASONS: remind, time, plan, help, notice. Every message says
# what is owed and how to pay it, so some simply pay; others take what it holds out.
PAYS = np.array((
    (0.30, 0.25, 0.22, 0.15, 0.30),
    (0.60, 0.50, 0.45, 0.30, 0.55),
    (0.40, 0.20, 0.20, 0.12, 0.35),
    (0.08, 0.06, 0.06, 0.05, 0.08),
    (0.02, 0.02, 0.02, 0.02, 0.01),
    (0.06, 0.05, 0.05, 0.03, 0.50),
    (0.04, 0.03, 0.03, 0.03, 0.05),
    (0.12, 0.10, 0.10, 0.05, 0.12),
))  # fmt: skip
TAKES = np.array((
    (0, 0.08, 0.04, 0.02, 0),
    (0, 0.10, 0.05, 0.02, 0),
    (0, 0.40, 0.10, 0.03, 0),
    (0, 0.15, 0.40, 0.25, 0),
    (0, 0.05, 0.12, 0.45, 0),
    (0, 0.03, 0.08, 0.05, 0),
    (0, 0.02, 0.02, 0.05, 0),
    (0, 0.03, 0.10, 0.03, 0),
))  # fmt: skip
# By reason: friendly, empathetic, direct, formal.
TONE_TIMES = np.array((
    (1.00, 1.00, 1.00, 0.90),
    (1.00, 0.95, 0.95, 0.80),
    (1.00, 1.00, 0.90, 0.80),
    (0.90, 1.00, 0.60, 0.40),
    (0.80, 1.00, 0.40, 0.20),
    (0.70, 0.70, 1.10, 1.30),
    (1.00, 1.00, 0.60, 0.40),
    (1.00, 0.90, 1.00, 1.10),
))  # fmt: skip
FAR_FROM_PAYDAY, BEFORE_PAYDAY, AFTER_PAYDAY = 0.3, 4, 3  # factor; days around payday without it
EACH_LATELY = 0.6  # the chance of an answer, for each message of the last two weeks

# A thousand messages: complaints by reason, and times that by tone.
COMPLAINTS = np.array((0.5, 0.5, 0.5, 1.0, 3.0, 1.0, 10.0, 1.0)) / 1000
COMPLAINT_TONE = np.array((1.0, 0.7, 2.0, 4.0))
NOTICE_COMPLAINTS, LATELY_COMPLAINTS, MOST_COMPLAINTS = 2.0, 1.6, 0.3
OPT_OUTS = 0.002
# What a hard word costs the readiness to pay later, as log odds; by reason, for direct and formal.
SOURS = np.array((0.0, 0.0, 0.0, 0.05, 0.15, 0.0, 0.10, 0.0))
SOUR_TONE = np.array((0.0, 0.0, 1.0, 2.0))


@dataclass(frozen=True)
class Hearers:
    """Those who get a message, a row each, as they are on the day.

    Args:
        mood: Why they would pay late now, a place in people.REASONS.
        lately: Messages they got in the last two weeks.
        prefers: The channel they asked for; -1 where none.
        to_payday: Days until they are paid.
    """

    mood: Ints
    lately: Ints
    prefers: Ints
    to_payday: Ints


def chance_noticed(said: Messages, hearers: Hearers) -> Floats:
    """Return the chance that each message is noticed."""
    chance = NOTICED[said.channel] * PART_TIMES[said.part]
    asked = hearers.prefers == said.channel
    noticed: Floats = np.minimum(chance + PREFERRED_MORE * asked, MOST_NOTICED)
    return noticed


def chance_pays(said: Messages, hearers: Hearers) -> Floats:
    """Return the chance that a message, once noticed, is answered with money, within days."""
    waits = (hearers.mood == PAYDAY) & ~near_payday(hearers)
    chance = PAYS[hearers.mood, said.gist] * np.where(waits, FAR_FROM_PAYDAY, 1.0)
    pays: Floats = chance * _heard(said, hearers)
    return pays


def chance_takes(said: Messages, hearers: Hearers) -> Floats:
    """Return the chance that what a message holds out is taken, by one who noticed it."""
    takes: Floats = TAKES[hearers.mood, said.gist] * _heard(said, hearers)
    return takes


def _heard(said: Messages, hearers: Hearers) -> Floats:
    """Return what tone and too many messages make of a chance."""
    heard: Floats = TONE_TIMES[hearers.mood, said.tone] * EACH_LATELY**hearers.lately
    return heard


def near_payday(hearers: Hearers) -> Bools:
    """Say for whom it is a few days before payday, or just after."""
    since = (30 - hearers.to_payday) % 30
    return (hearers.to_payday <= BEFORE_PAYDAY) | (since <= AFTER_PAYDAY)


def chance_complaint(said: Messages, hearers: Hearers) -> Floats:
    """Return the chance that a message brings a complaint, noticed or not."""
    chance = COMPLAINTS[hearers.mood] * COMPLAINT_TONE[said.tone]
    chance = chance * np.where(said.gist == NOTICE, NOTICE_COMPLAINTS, 1.0)
    often: Floats = np.minimum(chance * LATELY_COMPLAINTS**hearers.lately, MOST_COMPLAINTS)
    return often


def chance_opt_out(said: Messages, hearers: Hearers) -> Floats:
    """Return the chance that a message makes someone withdraw consent to its channel."""
    del said
    often: Floats = np.minimum(OPT_OUTS * LATELY_COMPLAINTS**hearers.lately, MOST_COMPLAINTS)
    return often


def soured(said: Messages, hearers: Hearers) -> Floats:
    """Return what a message takes from the readiness to pay, as log odds."""
    notice = np.where(said.gist == NOTICE, 2.0, 1.0)
    lost: Floats = SOURS[hearers.mood] * SOUR_TONE[said.tone] * notice
    return lost

"""How customers can be reached, and how they said they may be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tideover.rehearsal.twin.people import Chance, People
from tideover.rehearsal.twin.place import Place
from tideover.rehearsal.twin.texts import Ints

CHANNELS = ("email", "sms", "whatsapp", "voice", "letter")
HAVE = (0.85, 0.75, 0.35, 0.70, 1.0)
CONSENTS = ("granted", "unknown", "withdrawn")
# By channel: granted, unknown, withdrawn.
CONSENT_SHARES = ((0.55, 0.38, 0.07), (0.58, 0.30, 0.12), (0.62, 0.26, 0.12), (0.45, 0.43, 0.12),
                  (0.30, 0.695, 0.005))  # fmt: skip
GRANTED, UNKNOWN, WITHDRAWN = range(3)
EMAIL, LETTER = CHANNELS.index("email"), CHANNELS.index("letter")


@dataclass(frozen=True)
class Reach:
    """How each account's customer can be reached: one row an account, one column a channel.

    Args:
        has: There is a contact point.
        consent: A place in CONSENTS.
        preferred: The channel the customer asked for; -1 when they asked for none.
        used: The channel on which they are reminded.
        language: A place in the list of the twin's country.
    """

    has: Any
    consent: Any
    preferred: Ints
    used: Ints
    language: Ints


def reach(who: People, *, place: Place, chance: Chance) -> Reach:
    """Make up how customers can be reached; all accounts of one are reached alike."""
    n, channels = len(who), len(CHANNELS)
    lead = np.arange(n) - ~who.leads
    has = (chance.random((n, channels)) < HAVE)[lead]
    limits = np.cumsum(CONSENT_SHARES, axis=1)[:, :2]
    consent = (chance.random((n, channels, 1)) > limits).sum(axis=2)[lead]
    allowed = has & (consent == GRANTED)
    asked = chance.integers(0, channels, n)[lead]
    wants = allowed[np.arange(n), asked] & (chance.random(n) < 0.6)[lead]
    by_mail = has[:, EMAIL] & (consent[:, EMAIL] != WITHDRAWN)
    used = np.where(wants, asked, np.where(by_mail, EMAIL, LETTER))
    language = chance.choice(len(place.languages), n, p=[p for _, p in place.languages])[lead]
    return Reach(has, consent, np.where(wants, asked, -1), used, language)

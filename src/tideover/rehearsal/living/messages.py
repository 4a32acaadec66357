"""What is said to whom on a day: a batch of messages, a row each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tideover.rehearsal.twin.people import Bools
from tideover.rehearsal.twin.texts import Ints

# What a message holds out. The strategy's offers, and the notice of the legacy way.
OFFERS = ("none", "extension", "plan", "budget_billing", "grant", "counselling", "notice")
GISTS = ("remind", "time", "plan", "help", "notice")
REMIND, TIME, PLAN, HELP, NOTICE = range(len(GISTS))
_GIST_OF = np.array((REMIND, TIME, PLAN, PLAN, HELP, HELP, NOTICE))
TONES = ("friendly", "empathetic", "direct", "formal")
FRIENDLY, EMPATHETIC, DIRECT, FORMAL = range(len(TONES))
PARTS = ("morning", "afternoon", "evening")
_ENDS = (11 * 60, 17 * 60)  # of the parts of the day, in minutes
_MIDDLES = np.array((9 * 60 + 30, 14 * 60, 18 * 60 + 30))


@dataclass(frozen=True)
class Messages:
    """Messages that leave on one day; at most one an account.

    Args:
        row: Places of the accounts.
        offer, tone, channel: Places in OFFERS, TONES, and the twin's CHANNELS.
        minute: Of the day, when it leaves.
        names: The ids of the contacts; none where nobody exports them.
    """

    row: Ints
    offer: Ints
    tone: Ints
    channel: Ints
    minute: Ints
    names: Sequence[str] | None = None

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.row)

    @property
    def gist(self) -> Ints:
        """Return what each comes to, as places in GISTS."""
        return _GIST_OF[self.offer]

    @property
    def part(self) -> Ints:
        """Return the part of the day in which each leaves, as places in PARTS."""
        return np.searchsorted(_ENDS, self.minute, side="right")

    def only(self, which: Bools) -> Messages:
        """Return some of the messages."""
        kept = (
            None if self.names is None else [n for n, k in zip(self.names, which, strict=True) if k]
        )
        return Messages(self.row[which], self.offer[which], self.tone[which],
                        self.channel[which], self.minute[which], kept)  # fmt: skip


def silence() -> Messages:
    """Return no message at all."""
    none = np.zeros(0, np.int64)
    return Messages(none, none, none, none, none)


def minute_in(part: Ints) -> Ints:
    """Return the minute in the middle of parts of the day."""
    return _MIDDLES[part]


def together(said: Sequence[Messages]) -> Messages:
    """Return messages of one day as one batch."""
    row, offer, tone, channel, minute = (
        np.concatenate([getattr(each, name) for each in said])
        for name in ("row", "offer", "tone", "channel", "minute")
    )
    names = [name for each in said for name in each.names or ()]
    return Messages(row, offer, tone, channel, minute, names)

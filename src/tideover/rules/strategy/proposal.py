"""What a row of a strategy proposes: a message and how it may be given, a person, or silence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from tideover.rules.condition import listed
from tideover.rules.contact import CHANNELS, PARTS_OF_DAY

SILENCE = "none"
NEXT_TABLE = "next"
OFFERS = ("none", "extension", "plan", "budget_billing", "grant", "counselling")
TONES = ("friendly", "empathetic", "direct", "formal")
BY = ("message", "person")
WAYS = {"offers": OFFERS, "channels": CHANNELS, "tones": TONES, "parts": tuple(PARTS_OF_DAY)}

_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)


class Notice(NamedTuple):
    """The step of a ladder that a row takes.

    Args:
        kind: What the rulebooks call the notice, as `reminder`; none where they know no such one.
        content: What it says, in the rulebooks' words.
    """

    ladder: str
    step: str
    kind: str | None = None
    content: tuple[str, ...] = ()

    @property
    def is_required(self) -> bool:
        """Whether the law knows it: no budget of contacts of the utility's own puts it off."""
        return self.kind is not None


@dataclass(frozen=True, eq=False)
class Proposal:
    """What a row proposes: a treatment and the ways it may be given, or silence.

    Two are the same when they are one object: they are looked up for every account of a night.

    Args:
        because: The reason in plain words; people read it.
        treatment: `none` is silence; `next` leaves it to the next table.
        channels: None where no message goes out: silence, and what is laid before a person.
        notice: The step that it takes, where it is one of a ladder of notices.
    """

    because: str
    treatment: str = SILENCE
    offers: tuple[str, ...] = ("none",)
    channels: tuple[str, ...] = ()
    tones: tuple[str, ...] = ()
    parts: tuple[str, ...] = tuple(PARTS_OF_DAY)
    notice: Notice | None = None

    @property
    def is_notice(self) -> bool:
        """Whether it is a step of a ladder; nobody is held out from what the law wants sent."""
        return self.notice is not None

    @property
    def is_silence(self) -> bool:
        """Whether no message goes out: nothing is done, or a person takes it up."""
        return not self.channels

    @property
    def is_for_a_person(self) -> bool:
        """Whether a person is to take the account up."""
        return self.is_silence and self.treatment not in (SILENCE, NEXT_TABLE)


def is_name(word: object) -> bool:
    """Say whether a word is of small letters, digits and _, as names of rows and inputs are."""
    return isinstance(word, str) and _NAME.fullmatch(word) is not None


def proposal(cells: Mapping[str, str], treatments: Mapping[str, str]) -> Proposal:
    """Return what the outputs of a row propose.

    Args:
        cells: The outputs that are filled in, by name.
        treatments: Every treatment of the strategy, and whether a message or a person gives it.

    Raises:
        ValueError: An output is missing, out of place or of the wrong type; names it first.
    """
    because, treatment = cells.get("because", ""), cells.get("treatment", SILENCE)
    if not because or ";" in because:
        raise ValueError("because: a row says why, in words without a semicolon")
    ways: dict[str, Any] = {name: _way(name, cells[name]) for name in WAYS if name in cells}
    if treatment in (SILENCE, NEXT_TABLE):
        if ways:
            raise ValueError(f"{next(iter(ways))}: leave it empty, as the treatment is {treatment}")
        return Proposal(because, treatment)
    if treatment not in treatments:
        known = ", ".join((*treatments, SILENCE, NEXT_TABLE))
        raise ValueError(f"treatment: {treatment!r} is none of: {known}")
    sent = {"channels", "tones", "parts"}
    if treatments[treatment] == "person" and sent & set(ways):
        raise ValueError(f"{min(sent & set(ways))}: a person gives {treatment}, so leave it empty")
    if treatments[treatment] == "message" and not {"channels", "tones"} <= set(ways):
        raise ValueError("channels: a message needs channels and tones")
    return Proposal(because, treatment, **ways)


def _way(name: str, cell: str) -> tuple[str, ...]:
    try:
        return listed(cell, WAYS[name])
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None

"""One cell of a decision table: what a fact must be for a row to match."""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass
from math import inf
from typing import Any, Protocol

from tideover.terms.tables import TABLES

Fact = float | str | bool | None

_KINDS = TABLES["circumstances"].column("kind").one_of
_NUMBER = r"(-?\d+(?:\.\d+)?)"
_COMPARISON = re.compile(rf"(<=|>=|<|>)\s*{_NUMBER}", re.ASCII)
_RANGE = re.compile(rf"([\[(])\s*{_NUMBER}\s*\.\.\s*{_NUMBER}\s*([\])])", re.ASCII)


@dataclass(frozen=True)
class Input:
    """One fact that a table may ask about.

    Args:
        kind: `number`, `text` or `boolean`.
        one_of: Every value the text can have.
        circumstances: Kinds of circumstances; the boolean is true while any of them is in force.
    """

    name: str
    kind: str
    one_of: tuple[str, ...] = ()
    circumstances: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if keyword.iskeyword(self.name):
            raise ValueError(f"{self.name!r} is a word of Python and cannot name an input")
        if not all(isinstance(word, str) for word in (*self.one_of, *self.circumstances)):
            raise ValueError("one_of and circumstances are lists of texts")
        if self.kind not in ("number", "text", "boolean"):
            raise ValueError("type must be number, text or boolean")
        if (self.kind == "text") != bool(self.one_of):
            raise ValueError("text, and only text, says in one_of which values there are")
        if self.circumstances and self.kind != "boolean":
            raise ValueError("circumstances give a boolean")
        unknown = set(self.circumstances) - set(_KINDS)
        if unknown:
            raise ValueError(f"{min(unknown)} is none of the circumstances: {', '.join(_KINDS)}")


class Condition(Protocol):
    """What a fact must be. It never holds on a missing fact."""

    def holds(self, fact: Fact) -> bool:
        """Say whether the fact is so."""

    def covers(self, other: Any) -> bool:
        """Say whether this holds wherever the other does."""

    def meets(self, other: Any) -> bool:
        """Say whether there is a fact on which both hold."""

    def source(self, name: str) -> str:
        """Return the same test of a variable as Python text."""


@dataclass(frozen=True)
class Between:
    """A number between two ends.

    Args:
        low: The lower end, and 0 when it counts itself or 1 when only what is over it does.
        high: The upper end, and 0 when it counts itself or -1 when only what is under it does.
    """

    low: tuple[float, int] = (-inf, 0)
    high: tuple[float, int] = (inf, 0)

    def holds(self, fact: Fact) -> bool:
        """Say whether the number lies between; NaN does not."""
        return isinstance(fact, int | float) and self.low <= (fact, 0) <= self.high

    def covers(self, other: Between) -> bool:
        """Say whether the other's numbers are all among these."""
        return self.low <= other.low and other.high <= self.high

    def meets(self, other: Between) -> bool:
        """Say whether there is a number in both."""
        return max(self.low, other.low) <= min(self.high, other.high)

    def source(self, name: str) -> str:
        """Return the comparison as Python text; False for NaN."""
        low = f"{self.low[0]!r} {'<' if self.low[1] else '<='} " if self.low[0] > -inf else ""
        high = f" {'<' if self.high[1] else '<='} {self.high[0]!r}" if self.high[0] < inf else ""
        return f"{low}{name}{high}"

    def __str__(self) -> str:
        low = f"{'over' if self.low[1] else 'at least'} {self.low[0]:g}"
        high = f"{'under' if self.high[1] else 'at most'} {self.high[0]:g}"
        if self.low == self.high:
            return f"{self.low[0]:g}"
        stated = [end for end, (at, _) in ((low, self.low), (high, self.high)) if abs(at) < inf]
        return " and ".join(stated)


@dataclass(frozen=True)
class Among:
    """A text or a boolean that is one of several."""

    words: tuple[str | bool, ...]

    def holds(self, fact: Fact) -> bool:
        """Say whether the fact is among them."""
        return fact in self.words

    def covers(self, other: Among) -> bool:
        """Say whether the other's words are all among these."""
        return set(other.words) <= set(self.words)

    def meets(self, other: Among) -> bool:
        """Say whether there is a word in both."""
        return not set(other.words).isdisjoint(self.words)

    def source(self, name: str) -> str:
        """Return the test as Python text."""
        if len(self.words) > 1:
            return f"{name} in {self.words!r}"
        return f"{name} == {self.words[0]!r}"

    def __str__(self) -> str:
        return " or ".join(in_words(word) for word in self.words)


def condition(cell: Any, asked: Input) -> Condition:
    """Return the condition that a cell of a table states about an input.

    Numbers: `">= 3"`, `"< 0.5"`, `"[1..30]"` (round brackets leave an end out), or a bare number.
    Texts: a word or a list of words. Booleans: true or false.

    Raises:
        ValueError: The cell is not of the input's type; says what was expected.

    Examples:
        >>> str(condition("[1..30)", Input("days_past_due", "number")))
        'at least 1 and under 30'
        >>> condition(">= 0.9", Input("p", "number")).source("p")
        '0.9 <= p'
    """
    if asked.kind == "number":
        return _between(cell)
    if asked.kind == "boolean":
        if not isinstance(cell, bool):
            raise ValueError(f"{cell!r} must be true or false")
        return Among((cell,))
    words = tuple(cell) if isinstance(cell, list) else (cell,)
    unknown = [word for word in words if word not in asked.one_of]
    if unknown or not words:
        raise ValueError(f"{cell!r} must be one or some of: {', '.join(asked.one_of)}")
    return Among(words)


def in_words(fact: Fact) -> str:
    """Return a fact as people say it.

    Examples:
        >>> in_words(True), in_words(None), in_words(float("nan")), in_words(0.25)
        ('yes', 'not known', 'not known', '0.25')
    """
    if isinstance(fact, bool):
        return "yes" if fact else "no"
    if fact is None or fact != fact:  # NaN is the one number unlike itself
        return "not known"
    return fact if isinstance(fact, str) else f"{fact:.3g}"


def _between(cell: Any) -> Between:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return Between((float(cell), 0), (float(cell), 0))
    text = cell.strip() if isinstance(cell, str) else ""
    if found := _COMPARISON.fullmatch(text):
        sign, number = found[1], float(found[2])
        if sign[0] == ">":
            return Between(low=(number, int(sign == ">")))
        return Between(high=(number, -int(sign == "<")))
    if found := _RANGE.fullmatch(text):
        made = Between(
            (float(found[2]), int(found[1] == "(")), (float(found[3]), -int(found[4] == ")"))
        )
        if not made.meets(made):
            raise ValueError(f"{cell!r} holds for no number")
        return made
    raise ValueError(
        f'{cell!r} must be a number, a comparison like ">= 3" or a range like "[1..30]"'
    )

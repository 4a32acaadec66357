"""One cell of a decision table: what a fact must be for a row to match."""

from __future__ import annotations

import keyword
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import inf
from typing import Protocol

from tideover.terms.tables import TABLES

Fact = float | str | bool | None

NUMBERS, WORDS, YES_NO = ("money", "days", "share", "number"), ("category", "zone"), "yes_no"
KINDS = (*NUMBERS, *WORDS, YES_NO)
ZONES = ("green", "yellow", "red")
_SAID = {"yes": True, "true": True, "no": False, "false": False}
_CIRCUMSTANCES = TABLES["circumstances"].column("kind").one_of
_NUMBER = r"(-?\d{1,15}(?:\.\d{1,9})?%?)"
_BARE = re.compile(_NUMBER, re.ASCII)
_COMPARISON = re.compile(rf"(<=|>=|<|>)\s*{_NUMBER}", re.ASCII)
_RANGE = re.compile(rf"([\[(])\s*{_NUMBER}\s*\.\.\s*{_NUMBER}\s*([\])])", re.ASCII)


@dataclass(frozen=True)
class Input:
    """One fact that a table may ask about.

    Args:
        kind: `money` (whole minor units), `days` (whole), `share` (0 to 1), `number`, `category`,
            `zone` or `yes_no`.
        one_of: Every word a category can have.
        circumstances: Kinds of circumstances; a `yes_no` is yes while any of them is in force.
        digits: Of money, how many digits its currency has after the point.
        currency: Of money; an amount in another one is not known.
    """

    name: str
    kind: str
    one_of: tuple[str, ...] = ()
    circumstances: tuple[str, ...] = ()
    digits: int = 0
    currency: str = ""

    def __post_init__(self) -> None:
        if keyword.iskeyword(self.name):
            raise ValueError(f"{self.name!r} is a word of Python and cannot name an input")
        if not all(isinstance(word, str) for word in (*self.one_of, *self.circumstances)):
            raise ValueError("one_of and circumstances are lists of texts")
        if self.kind not in KINDS:
            raise ValueError(f"type must be one of {', '.join(KINDS)}")
        if (self.kind in WORDS) != bool(self.one_of):
            raise ValueError("a category, and only a category, says in one_of which words it has")
        if self.circumstances and self.kind != YES_NO:
            raise ValueError("circumstances give a yes_no")
        unknown = set(self.circumstances) - set(_CIRCUMSTANCES)
        if unknown:
            known = ", ".join(_CIRCUMSTANCES)
            raise ValueError(f"{min(unknown)} is none of the circumstances: {known}")

    @property
    def is_number(self) -> bool:
        """Whether its facts are numbers."""
        return self.kind in NUMBERS

    @property
    def is_whole(self) -> bool:
        """Whether its facts are whole numbers, so that over 3 means at least 4."""
        return self.kind in ("money", "days")

    @property
    def column(self) -> str:
        """Return the column of the night it is read from; money is in minor units there."""
        return f"{self.name}_minor" if self.kind == "money" else self.name

    def say(self, fact: Fact) -> str:
        """Return a fact of this input as people say it.

        Examples:
            >>> Input("arrears", "money", digits=2).say(12050), Input("late", "yes_no").say(True)
            ('120.50', 'yes')
        """
        if isinstance(fact, int | float) and not isinstance(fact, bool) and fact == fact:
            return _figure(float(fact), self.digits)
        return in_words(fact)


class Condition(Protocol):
    """What a fact must be. It never holds on a missing fact."""

    def holds(self, fact: Fact) -> bool:
        """Say whether the fact is so."""

    def source(self, name: str) -> str:
        """Return the same test of a variable as Python text."""


@dataclass(frozen=True)
class Between:
    """A number between two ends.

    Args:
        low: The lower end, and 0 when it counts itself or 1 when only what is over it does.
        high: The upper end, and 0 when it counts itself or -1 when only what is under it does.
        digits: Of money in minor units, how many digits stand after the point; for reading only.
    """

    low: tuple[float, int] = (-inf, 0)
    high: tuple[float, int] = (inf, 0)
    digits: int = field(default=0, compare=False)

    def holds(self, fact: Fact) -> bool:
        """Say whether the number lies between; NaN does not."""
        return isinstance(fact, int | float) and self.low <= (fact, 0) <= self.high

    def source(self, name: str) -> str:
        """Return the comparison as Python text; False for NaN."""
        low = f"{self.low[0]!r} {'<' if self.low[1] else '<='} " if self.low[0] > -inf else ""
        high = f" {'<' if self.high[1] else '<='} {self.high[0]!r}" if self.high[0] < inf else ""
        return f"{low}{name}{high}"

    def __str__(self) -> str:
        if self.low == self.high:
            return _figure(self.low[0], self.digits)
        low = f"{'over' if self.low[1] else 'at least'} {_figure(self.low[0], self.digits)}"
        high = f"{'under' if self.high[1] else 'at most'} {_figure(self.high[0], self.digits)}"
        stated = [end for end, (at, _) in ((low, self.low), (high, self.high)) if abs(at) < inf]
        return " and ".join(stated)


@dataclass(frozen=True)
class Among:
    """A word, or yes or no, that is one of several."""

    words: tuple[str | bool, ...]

    def holds(self, fact: Fact) -> bool:
        """Say whether the fact is among them."""
        return fact in self.words

    def source(self, name: str) -> str:
        """Return the test as Python text."""
        if len(self.words) > 1:
            return f"{name} in {self.words!r}"
        return f"{name} == {self.words[0]!r}"

    def __str__(self) -> str:
        return " or ".join(in_words(word) for word in self.words)


def condition(cell: str, asked: Input) -> Condition:
    """Return the condition that a cell of a table states about an input.

    Numbers: `>= 3`, `< 0.5`, `[1..30]` (round brackets leave an end out), or a bare number; shares
    also as `10%`, money as decimals of the currency. Words: one, or several with `;` between them.
    Yes or no: `yes` or `no`.

    Raises:
        ValueError: The cell is not of the input's type; says what was expected.

    Examples:
        >>> str(condition("[1..30)", Input("debt_months", "number")))
        'at least 1 and under 30'
        >>> condition(">= 90%", Input("p", "share")).source("p")
        '0.9 <= p'
        >>> condition("> 7.50", Input("arrears", "money", digits=2)).source("arrears")
        '751 <= arrears'
    """
    if asked.is_number:
        return _between(cell, asked)
    if asked.kind == YES_NO:
        if cell.lower() not in _SAID:
            raise ValueError(f"{cell!r} must be yes or no")
        return Among((_SAID[cell.lower()],))
    return Among(listed(cell, asked.one_of))


def listed(cell: str, one_of: Sequence[str]) -> tuple[str, ...]:
    """Return the words of a cell, which stand with `;` between them.

    Raises:
        ValueError: A word is not one of those there are, or is said twice.
    """
    words = tuple(word.strip() for word in cell.split(";"))
    if not set(words) <= set(one_of):
        raise ValueError(f"{cell!r} must be one or some of: {', '.join(one_of)}")
    if len(set(words)) < len(words):
        raise ValueError(f"{cell!r} says a word twice")
    return words


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


def number(text: str, asked: Input) -> float:
    """Return a number as an input counts it: money in minor units, shares from 0 to 1.

    Raises:
        ValueError: The number is not one that the input can have.
    """
    if not _BARE.fullmatch(text):
        raise ValueError(f"{text!r} is no number")
    if text.endswith("%") and asked.kind != "share":
        raise ValueError(f"{text!r} is a share, and {asked.name} is {asked.kind}")
    exact = Decimal(text.rstrip("%")) / (100 if text.endswith("%") else 1)
    if asked.kind == "share" and not 0 <= exact <= 1:
        raise ValueError(f"{text!r} is no share from 0 to 1, or 0% to 100%")
    exact = exact.scaleb(asked.digits)
    if not asked.is_whole:
        return float(exact)
    if exact != int(exact):
        least = f"{asked.digits} digits after the point" if asked.digits else "a whole number"
        raise ValueError(f"{text!r} must be {least}, since {asked.name} is {asked.kind}")
    return int(exact)


def _figure(value: float, digits: int) -> str:
    return f"{value / 10**digits:.{digits}f}" if digits else f"{value:.6g}"


def _between(cell: str, asked: Input) -> Between:
    if _BARE.fullmatch(cell):
        at = number(cell, asked)
        return Between((at, 0), (at, 0), asked.digits)
    if found := _COMPARISON.fullmatch(cell):
        sign, at = found[1], number(found[2], asked)
        low = (at, int(sign == ">")) if sign[0] == ">" else (-inf, 0)
        high = (at, -int(sign == "<")) if sign[0] == "<" else (inf, 0)
    elif found := _RANGE.fullmatch(cell):
        low = (number(found[2], asked), int(found[1] == "("))
        high = (number(found[3], asked), -int(found[4] == ")"))
    else:
        raise ValueError(
            f"{cell!r} must be a number, a comparison like >= 3 or a range like [1..30]"
        )
    if asked.is_whole:  # over 3 is at least 4, so that rows which touch leave no gap
        low, high = (low[0] + low[1], 0), (high[0] + high[1], 0)
    if low > high:
        raise ValueError(f"{cell!r} holds for no number")
    return Between(low, high, asked.digits)

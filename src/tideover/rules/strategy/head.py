"""`strategy.toml`: who wrote the strategy, what its tables may speak of, and in which order."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NoReturn

from tideover.rules.condition import ZONES, Input
from tideover.rules.strategy.proposal import BY, NEXT_TABLE, SILENCE, is_name
from tideover.rules.strategy.table import HITS, OUTPUTS
from tideover.terms.faults import Refused
from tideover.terms.money import MINOR_DIGITS

HEAD_FILE = "strategy.toml"
LADDERS = ("most_severe", "one_at_a_time")
RESERVED = {"stage", "id", "rule", *OUTPUTS}  # columns with a meaning of their own
LARGEST_TEXT_BYTES = 256_000
LARGEST_SHARE = 0.5  # more, and the challenger is the champion
MOST_INPUTS, MOST_TABLES, MOST_STAGES = 60, 20, 20


@dataclass(frozen=True)
class Ordered:
    """A table as the head names it.

    Args:
        ladder: `most_severe` or `one_at_a_time`.
        steps: Of a table that goes one step at a time: the ladder it climbs, also an input.
    """

    name: str
    hit: str
    ladder: str
    steps: str | None


@dataclass(frozen=True)
class Challenge:
    """Whose accounts a strategy takes over to be compared with, and what share of them."""

    of: str
    share: float


@dataclass(frozen=True)
class Head:
    """What `strategy.toml` states."""

    name: str
    author: str
    description: str
    stages: Mapping[str, int]
    inputs: tuple[Input, ...]
    treatments: Mapping[str, str]
    tables: tuple[Ordered, ...]
    challenge: Challenge | None


def parse_head(text: str) -> Head:
    """Return what a `strategy.toml` states.

    Raises:
        Refused: A section or a word is missing, unknown, or of the wrong type.
    """
    stated = toml(text, HEAD_FILE)
    known(stated, ("name", "author", "description", "currency", "stages", "inputs", "treatments",
                   "tables", "challenge"), "")  # fmt: skip
    name, author, description = (_said(stated, word) for word in ("name", "author", "description"))
    if not is_name(name):
        refuse("name must be in small letters, digits and _", "")
    currency = stated.get("currency")
    if currency is not None and currency not in MINOR_DIGITS:
        refuse("currency is no currency", "", mend='Write it as currency = "EUR"')
    inputs = tuple(_inputs(stated.get("inputs", {}), currency))
    tables = tuple(_tables(stated.get("tables", []), {i.name for i in inputs}))
    return Head(name, author, description, _stages(stated.get("stages", {})), inputs,
                dict(_treatments(stated.get("treatments", {}))), tables,
                _challenge(stated.get("challenge")))  # fmt: skip


def toml(text: str, file: str) -> Mapping[str, Any]:
    """Return what a file of TOML says.

    Raises:
        Refused: It is too large, no TOML, or nested too deeply to be read.
    """
    if len(text.encode()) > LARGEST_TEXT_BYTES:
        raise Refused(f"The file has more than {LARGEST_TEXT_BYTES:,} bytes", where=file,
                      mend="Keep tables in their own files")  # fmt: skip
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Refused(f"The file is no TOML: {error}", where=file,
                      mend="Mend what stands there") from None  # fmt: skip
    except (RecursionError, ValueError) as error:  # dates and numbers beyond what Python holds
        why = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise Refused(f"The file cannot be read: {why}", where=file,
                      mend="Write it as the shipped strategy is") from None  # fmt: skip


def _stages(stated: Any) -> Mapping[str, int]:
    where, first_days = "[stages]", list(mapping(stated, "[stages]").values())
    if not 1 <= len(first_days) <= MOST_STAGES or not all(map(is_name, stated)):
        refuse(f"There are 1 to {MOST_STAGES} stages, named in small letters", where)
    if first_days[0] != 0 or not all(type(day) is int and day < 40_000 for day in first_days):
        refuse("The first stage must begin at day 0, and every stage at a whole day", where,
               mend="For example: before_due = 0, then early = 1")  # fmt: skip
    if any(a >= b for a, b in pairwise(first_days)):
        refuse("Stages must stand in the order of their days", where, mend="Put the worst last")
    return dict(stated)


def _inputs(stated: Any, currency: str | None) -> Iterator[Input]:
    if len(mapping(stated, "[inputs]")) > MOST_INPUTS:
        refuse(
            f"There are at most {MOST_INPUTS} inputs", "[inputs]", mend="Take out what is unused"
        )
    for name, said in stated.items():
        where = f"[inputs] {name:.80}"
        if not is_name(name) or name in RESERVED:
            refuse(f"{name!r:.80} cannot name an input", where,
                   mend="Use small letters, digits and _; `stage` comes from [stages]")  # fmt: skip
        known(said, ("type", "one_of", "circumstances"), where)
        kind = said.get("type", "")
        if kind == "money" and currency is None:
            refuse("Money needs a currency", where, mend='Say currency = "EUR" at the top')
        unit = currency if currency and kind == "money" else ""
        one_of = ZONES if kind == "zone" else _listed(said, "one_of", where)
        try:
            yield Input(name, kind, one_of, _listed(said, "circumstances", where),
                        MINOR_DIGITS.get(unit, 0), unit)  # fmt: skip
        except (TypeError, ValueError) as error:
            refuse(str(error)[:300], where, mend="Write it as docs/strategy.md shows")


def _listed(said: Mapping[str, Any], name: str, where: str) -> tuple[str, ...]:
    words = said.get(name, [])
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        refuse(f"{name} is a list of texts", where, mend=f'Write it as {name} = ["a", "b"]')
    if any(not word or word != word.strip() or ";" in word for word in words):
        refuse(f"A word of {name} is empty, or holds a semicolon", where, mend="Take that out")
    if len(set(words)) < len(words):
        refuse(f"{name} says a word twice", where, mend="Take one out")
    return tuple(words)


def _treatments(stated: Any) -> Iterator[tuple[str, str]]:
    for name, said in mapping(stated, "[treatments]").items():
        where = f"[treatments] {name:.80}"
        if not is_name(name) or name in (SILENCE, NEXT_TABLE):
            refuse(f"{name!r:.80} cannot name a treatment", where,
                   mend=f"{SILENCE} and {NEXT_TABLE} are taken; use small letters")  # fmt: skip
        known(said, ("by", "about"), where)
        _said(said, "about", where)
        if said.get("by") not in BY:
            refuse(f"by must be one of {', '.join(BY)}", where, mend='Write it as by = "message"')
        yield name, said["by"]


def _tables(stated: Any, inputs: set[str]) -> Iterator[Ordered]:
    if not isinstance(stated, list) or not 1 <= len(stated) <= MOST_TABLES:
        refuse(f"There are 1 to {MOST_TABLES} tables", "[[tables]]", mend="Begin with [[tables]]")
    seen: set[str] = set()
    taken = inputs | RESERVED
    for number, said in enumerate(stated, 1):
        where = f"[[tables]] {number}"
        known(said, ("name", "hit", "ladder", "steps"), where)
        name, hit, ladder, steps = (said.get(n) for n in ("name", "hit", "ladder", "steps"))
        if not is_name(name) or name in seen:
            refuse("A table needs a name of its own, in small letters, digits and _", where)
        if hit not in HITS:
            refuse("hit must be said", where, mend=f"Write one of {', '.join(HITS)}")
        if ladder not in LADDERS:
            refuse("ladder must be said", where, mend=f"Write one of {', '.join(LADDERS)}")
        if (ladder == "one_at_a_time") != (steps is not None):
            refuse("A table that goes one_at_a_time, and only that one, names its steps", where,
                   mend='Say steps = "reminders" for steps in reminders.csv')  # fmt: skip
        if steps is not None and (not is_name(steps) or steps in taken | seen):
            refuse("steps needs a name of its own, in small letters, digits and _", where)
        seen |= {name, steps or name}
        yield Ordered(name, hit, ladder, steps)


def _challenge(stated: Any) -> Challenge | None:
    if stated is None:
        return None
    known(stated, ("of", "share"), "[challenge]")
    of, share = stated.get("of"), stated.get("share")
    if not is_name(of):
        refuse("of names the strategy that is challenged", "[challenge]", mend='Say of = "default"')
    if not isinstance(share, float) or not 0 < share <= LARGEST_SHARE:
        refuse(f"share is a part over 0 and at most {LARGEST_SHARE}", "[challenge]",
               mend="Say share = 0.1")  # fmt: skip
    return Challenge(of, share)


def _said(stated: Mapping[str, Any], word: str, where: str = "") -> str:
    found = stated.get(word)
    if not isinstance(found, str) or not found.strip() or len(found) > 2_000:
        refuse(f"{word} is missing, or no text", where, mend=f'Say {word} = "..."')
    return found


def mapping(said: Any, where: str, file: str = HEAD_FILE) -> Mapping[str, Any]:
    """Return what must be a table of names and values, or refuse it."""
    if not isinstance(said, dict):
        refuse("This must be a table of names and values", where, file=file)
    return said


def known(said: Any, names: Sequence[str], where: str, file: str = HEAD_FILE) -> None:
    """Refuse a name that is not known at this place."""
    unknown = next((name for name in mapping(said, where, file) if name not in names), None)
    if unknown is not None:
        mend = f"Known are {', '.join(names)}"
        refuse(f"{unknown!r:.80} is not known here", where, mend=mend, file=file)


def refuse(what: str, where: str, *, mend: str = "", file: str = HEAD_FILE) -> NoReturn:
    """Refuse a place of a file.

    Raises:
        Refused: Always.
    """
    raise Refused(what, where=f"{file}, {where}" if where else file,
                  mend=mend or "Write it as docs/strategy.md shows")  # fmt: skip

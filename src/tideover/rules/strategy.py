"""Decision tables as data: the facts of an account in, the row that decides out."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from typing import Any

from tideover.rules.condition import Condition, Fact, Input, condition
from tideover.rules.contact import CHANNELS, PARTS_OF_DAY
from tideover.terms.faults import Usage

POLICY_FILE = "policy.toml"
SILENCE = "none"
OFFERS = ("none", "extension", "plan", "budget_billing", "grant", "counselling")
TONES = ("friendly", "empathetic", "direct", "formal")
HITS = ("first", "unique")

_NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)


@dataclass(frozen=True, eq=False)
class Proposal:
    """What a row proposes: a treatment and the ways it may be given, or silence.

    Two are the same when they are one object: they are looked up for every account of a night.

    Args:
        because: The reason in plain words; people read it.
        treatment: `none` is silence, which has no ways.
    """

    because: str
    treatment: str = SILENCE
    offers: tuple[str, ...] = ("none",)
    channels: tuple[str, ...] = ()
    tones: tuple[str, ...] = ()
    parts: tuple[str, ...] = tuple(PARTS_OF_DAY)

    @property
    def is_silence(self) -> bool:
        """Whether nobody is to be contacted."""
        return self.treatment == SILENCE


_WORDS = {"offers": OFFERS, "channels": CHANNELS, "tones": TONES, "parts": tuple(PARTS_OF_DAY)}


@dataclass(frozen=True)
class Row:
    """One row of the table: when all its conditions hold, this is proposed."""

    id: str
    when: Mapping[str, Condition]
    then: Proposal

    def failing(self, facts: Mapping[str, Fact]) -> str | None:
        """Return the first input whose condition does not hold; none when the row matches."""
        return next((n for n, cell in self.when.items() if not cell.holds(facts[n])), None)

    def covers(self, other: Row) -> bool:
        """Say whether this row matches wherever the other does."""
        return all(n in other.when and cell.covers(other.when[n]) for n, cell in self.when.items())

    def meets(self, other: Row) -> bool:
        """Say whether there are facts on which both rows match."""
        return all(cell.meets(other.when[n]) for n, cell in self.when.items() if n in other.when)


@dataclass(frozen=True)
class Policy:
    """A decision table that has been checked.

    Args:
        stages: First day past due of each stage, ascending from 0.
        row_of: The table as one function: values of the inputs, in their order, to a row's index.
            A missing number is NaN, a missing text None; no condition holds on either.
    """

    stages: Mapping[str, int]
    inputs: tuple[Input, ...]
    rows: tuple[Row, ...]
    row_of: Callable[..., int] = field(compare=False, repr=False)

    def judge(self, facts: Mapping[str, Fact]) -> Row:
        """Return the row that decides on one account."""
        return self.rows[self.row_of(*(facts[i.name] for i in self.inputs))]

    def walk(self, facts: Mapping[str, Fact]) -> Iterator[tuple[Row, str | None]]:
        """Yield the rows looked at, each with the input that ruled it out; the last one decides."""
        for row in self.rows:
            failing = row.failing(facts)
            yield row, failing
            if failing is None:
                return


def parse_policy(text: str) -> Policy:
    """Return the decision table a `policy.toml` states.

    Raises:
        Usage: An input, a row or a word is not known or of the wrong type, the catch-all row is
            missing, a row can never decide (`first`), or two rows meet (`unique`).

    Examples:
        >>> policy = parse_policy('''
        ... hit = "first"
        ... [stages]
        ... early = 0
        ... [inputs]
        ... debt_months = { type = "number" }
        ... [[row]]
        ... id = "much"
        ... when = { debt_months = ">= 3" }
        ... treatment = "get_back_on_track"
        ... offers = ["plan"]
        ... channels = ["letter"]
        ... tones = ["empathetic"]
        ... because = "owes three bills or more"
        ... [[row]]
        ... id = "otherwise"
        ... because = "owes little"
        ... ''')
        >>> policy.judge({"stage": "early", "debt_months": 3.0}).id
        'much'
    """
    try:
        stated = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Usage(f"The policy is no TOML: {error}", where=POLICY_FILE) from None
    _known(stated, ("hit", "stages", "inputs", "row"), "")
    if stated.get("hit") not in HITS:
        raise _wrong("hit must be said", "", mend=f"Write one of {', '.join(HITS)}")
    stages = _stages(stated.get("stages", {}))
    inputs = (Input("stage", "text", one_of=tuple(stages)), *_inputs(stated.get("inputs", {})))
    rows = tuple(_rows(stated.get("row", []), {i.name: i for i in inputs}))
    _check_rows(rows, hit=stated["hit"])
    return Policy(stages, inputs, rows, _compiled(inputs, rows))


def _stages(stated: Any) -> Mapping[str, int]:
    first_days = list(_mapping(stated, "[stages]").values())
    if not first_days or first_days[0] != 0 or not all(type(day) is int for day in first_days):
        raise _wrong(
            "The first stage must begin at day 0, and every stage at a whole day",
            "[stages]",
            mend="For example: before_due = 0, then early = 1",
        )
    if any(a >= b for a, b in pairwise(first_days)):
        raise _wrong("Stages must stand in the order of their days", "[stages]")
    return dict(stated)


def _inputs(stated: Any) -> Iterator[Input]:
    for name, said in _mapping(stated, "[inputs]").items():
        where = f"[inputs] {name}"
        if not _NAME.fullmatch(name) or name == "stage":
            raise _wrong(
                f"{name!r} cannot name an input",
                where,
                mend="Use small letters, digits and _; `stage` comes from [stages]",
            )
        _known(said, ("type", "one_of", "circumstances"), where)
        try:
            yield Input(
                name, said.get("type", ""), _listed(said, "one_of"), _listed(said, "circumstances")
            )
        except ValueError as error:
            raise _wrong(str(error), where) from None


def _listed(said: Mapping[str, Any], name: str) -> tuple[Any, ...]:
    words = said.get(name, [])
    if not isinstance(words, list):
        raise ValueError(f"{name} is a list")
    return tuple(words)


def _rows(stated: Iterable[Mapping[str, Any]], inputs: Mapping[str, Input]) -> Iterator[Row]:
    seen = set()
    for number, said in enumerate(stated, 1):
        _known(said, ("id", "when", "because", "treatment", *_WORDS), f"row {number}")
        row_id = said.get("id")
        where = f"row {row_id or number}"
        if not isinstance(row_id, str) or not _NAME.fullmatch(row_id) or row_id in seen:
            raise _wrong("A row needs an id of its own, in small letters, digits and _", where)
        seen.add(row_id)
        _known(said.get("when", {}), tuple(inputs), where)
        when = {}
        for name, cell in said.get("when", {}).items():
            try:
                when[name] = condition(cell, inputs[name])
            except ValueError as error:
                raise _wrong(str(error), f"{where}, {name}") from None
        yield Row(row_id, when, _proposal(said, where))


def _proposal(said: Mapping[str, Any], where: str) -> Proposal:
    because, treatment = said.get("because"), said.get("treatment", SILENCE)
    if not isinstance(because, str) or not because.strip() or ";" in because:
        raise _wrong("A row says why, in words without a semicolon", where, mend="Add because")
    if not isinstance(treatment, str) or not _NAME.fullmatch(treatment):
        raise _wrong("A treatment is named in small letters, digits and _", where)
    ways = {}
    for name, words in _WORDS.items():
        if name not in said:
            continue
        ways[name] = tuple(said[name]) if isinstance(said[name], list) else ()
        if not ways[name] or not set(ways[name]) <= set(words):
            raise _wrong(f"{name} must be a list of some of: {', '.join(words)}", where)
        if len(set(ways[name])) < len(ways[name]):
            raise _wrong(f"{name} says a word twice, which would make it likelier", where)
    if treatment == SILENCE and ways:
        raise _wrong(
            "Silence has no offers, channels, tones or parts",
            where,
            mend="Name a treatment, or leave them out",
        )
    if treatment != SILENCE and not {"channels", "tones"} <= set(ways):
        raise _wrong("A treatment needs channels and tones", where)
    return Proposal(because, treatment, **ways)


def _check_rows(rows: tuple[Row, ...], *, hit: str) -> None:
    if not rows or rows[-1].when:
        raise _wrong(
            "The last row must have no conditions, so that every account has a row",
            "",
            mend="End with a [[row]] that has an id and because, and no when",
        )
    for earlier, later in combinations(rows if hit == "first" else rows[:-1], 2):
        if hit == "unique" and earlier.meets(later):
            raise _wrong(
                f"Row {later.id} meets row {earlier.id}: both match some accounts",
                "",
                mend='Narrow one of them, or say hit = "first"',
            )
        if earlier.covers(later):
            raise _wrong(
                f"Row {later.id} can never decide: row {earlier.id} always does before",
                "",
                mend="Move it up, or take it out",
            )


def _compiled(inputs: tuple[Input, ...], rows: tuple[Row, ...]) -> Callable[..., int]:
    """Return the table as a function; ten times as fast as reading the rows each time.

    Every name and value in its text has been checked to be one of ours, so nothing a policy says
    is run as a program. Rows that never meet need no other function than `first`.
    """
    lines = [f"def row_of({', '.join(i.name for i in inputs)}):"]
    for index, row in enumerate(rows[:-1]):
        test = " and ".join(cell.source(name) for name, cell in row.when.items())
        lines.append(f"    if {test}: return {index}")
    lines.append(f"    return {len(rows) - 1}")
    made: dict[str, Any] = {"__builtins__": {}}
    exec("\n".join(lines), made)
    row_of: Callable[..., int] = made["row_of"]
    return row_of


def _mapping(said: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(said, dict):
        raise _wrong("This must be a table of names and values", where)
    return said


def _known(said: Any, names: tuple[str, ...], where: str) -> None:
    unknown = next((name for name in _mapping(said, where) if name not in names), None)
    if unknown is not None:
        raise _wrong(f"{unknown} is not known here", where, mend=f"Known are {', '.join(names)}")


def _wrong(what: str, where: str, *, mend: str = "") -> Usage:
    return Usage(what, where=f"{POLICY_FILE}, {where}" if where else POLICY_FILE, mend=mend)

"""A rulebook's text as dated, sourced values and stated rules, or a refusal that says where.

The text is handed in; whoever opens the file hands down its name, so that a refusal can say it.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from tideover.rules.forms import MOST_DEEP, MOST_TEXT, Forms, deep, known_are

MOST_RULES = 2_000
FACT_KINDS = ("yes", "text", "number", "whole", "day", "days")
ACTORS = ("any", "utility", "collector")
CLASSES = ("residential", "business")
_ID, _NAME = re.compile(r"[A-Z][A-Z0-9-]*", re.ASCII), re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_BOOK = ("place", "name", "jurisdictions", "checked_on", "uses", "events", "facts", "rule")
_RULE = ("id", "number", "title", "type", "actor", "services", "actions", "classes", "citation",
         "source", "verified", "in_force_from", "in_force_until", "when", "define", "events",
         "values", "clause", "jurisdictions")  # fmt: skip
_VALUE = ("is", "unit", "from", "source")
Params = Mapping[str, Any]


@dataclass(frozen=True)
class Version:
    """What a value is from a day on, and who says so."""

    begins: date | None
    amount: Any
    source: str


@dataclass(frozen=True)
class Value:
    """A number, a day of the year or a yes of a rule, with its unit, as it was over time."""

    name: str
    unit: str
    versions: tuple[Version, ...]

    def on(self, day: date) -> Version:
        """Return the version that holds on a day.

        Examples:
            >>> old, new = Version(None, 95, "a"), Version(date(2024, 1, 1), 90, "b")
            >>> Value("hot_f", "°F", (old, new)).on(date(2023, 12, 31)).amount
            95
        """
        found = self.versions[0]
        for version in self.versions[1:]:
            if version.begins is not None and version.begins <= day:
                found = version
        return found


@dataclass(frozen=True)
class Clause:
    """One part of a rule: a type of the catalogue, when it has something to say, and parameters."""

    type: str
    when: str
    params: Params


@dataclass(frozen=True)
class StatedRule:
    """A rule as its rulebook states it."""

    id: str
    number: int
    title: str
    type: str
    actor: str
    services: tuple[str, ...]
    actions: tuple[str, ...]
    classes: tuple[str, ...]
    jurisdictions: tuple[str, ...]
    citation: str
    source: str
    verified: str
    in_force_from: date | None
    in_force_until: date | None
    when: str
    define: Mapping[str, str]
    events: Params
    values: Mapping[str, Value]
    clauses: tuple[Clause, ...]


@dataclass(frozen=True)
class Rulebook:
    """The rules of one place.

    Args:
        version: The first sixteen hex digits of the SHA-256 of its text.
        checked_on: The day until which someone vouches for it.
        uses: Places whose named events it uses too.
        facts: Kinds of facts that it asks for and the vocabulary lacks, by path.
    """

    place: str
    name: str
    jurisdictions: tuple[str, ...]
    checked_on: date
    version: str
    uses: tuple[str, ...]
    events: Params
    facts: Mapping[str, str]
    rules: tuple[StatedRule, ...]


def parse_rulebook(
    text: str, file: str, *, types: Mapping[str, frozenset[str]], actions: Sequence[str]
) -> Rulebook:
    """Return the rulebook a text states.

    Args:
        file: Its name, for refusals.
        types: The known types of rules, with the parameters each takes.
        actions: The known types of action.

    Raises:
        Refused: The text is no TOML, too large or too deep; a field or a type is not known; a value
            lacks its unit or lies out of range.
    """
    said = _Reader(file, types, tuple(actions))
    return said.book(said.toml(text), hashlib.sha256(text.encode()).hexdigest()[:16])


@dataclass(frozen=True)
class DatedValues(Forms):
    """Reads a file of dated values: its TOML, and each value with its unit, days and source."""

    def toml(self, text: str) -> Params:
        """Return what a text states, its numbers exact."""
        if len(text) > MOST_TEXT:
            raise self.wrong(f"A rulebook is at most {MOST_TEXT:,} characters", mend="Split it")
        try:
            stated = tomllib.loads(text, parse_float=Decimal)
        except (tomllib.TOMLDecodeError, ValueError, ArithmeticError) as error:
            raise self.wrong(f"The rulebook is no TOML: {str(error)[:200]}") from None
        except RecursionError:
            stated = None
        if stated is None or deep(stated) > MOST_DEEP:
            raise self.wrong(f"A rulebook is nested at most {MOST_DEEP} deep")
        return stated

    def values(self, one: Params, where: str, source: str) -> Mapping[str, Value]:
        """Return the values under `values`, by name; without one of its own, with this source."""
        found = {}
        for name, stated in self.table(one, "values", where).items():
            versions = stated if isinstance(stated, list) else [stated]
            place = f"{where}, value {name}"
            if not _NAME.fullmatch(name) or not versions:
                raise self.wrong("A value is named in small letters, digits and _", place)
            read = [self.version(version, place, source) for version in versions]
            begins = [version.begins for version in read]
            if begins[0] is not None or any(day is None for day in begins[1:]):
                raise self.wrong("The first version has no `from`, and every later one has", place)
            if begins[1:] != sorted(filter(None, begins)):
                raise self.wrong("Versions stand in the order of their days", place)
            found[name] = Value(name, self.text(versions[0], "unit", place), tuple(read))
        return found

    def version(self, stated: Any, place: str, source: str) -> Version:
        """Return what a value is from a day on."""
        self.known(stated, _VALUE, place)
        amount = stated.get("is")
        if not isinstance(amount, bool | int | Decimal | str) or (
            isinstance(amount, int | Decimal) and not -(10**12) <= amount <= 10**12
        ):
            raise self.wrong("A value is a number up to 1e12, a yes, or text", place)
        begins = self.day(stated, "from", place, needed=False)
        return Version(begins, amount, str(stated.get("source") or source))


@dataclass(frozen=True)
class _Reader(DatedValues):
    types: Mapping[str, frozenset[str]]
    actions: tuple[str, ...]

    def book(self, stated: Params, version: str) -> Rulebook:
        self.known(stated, _BOOK, "")
        rules = stated.get("rule", [])
        if not isinstance(rules, list) or not rules or len(rules) > MOST_RULES:
            raise self.wrong(f"A rulebook has 1 to {MOST_RULES:,} rules, each under [[rule]]")
        places = self.words(stated, "jurisdictions", "")
        return Rulebook(
            place=self.text(stated, "place", ""), name=self.text(stated, "name", ""),
            jurisdictions=places, checked_on=self.day(stated, "checked_on", ""), version=version,
            uses=self.words(stated, "uses", "", ()), events=self.table(stated, "events", ""),
            facts=self.facts(stated), rules=tuple(self.rules(rules, places)),
        )  # fmt: skip

    def facts(self, stated: Params) -> Mapping[str, str]:
        facts = self.table(stated, "facts", "")
        for path, kind in facts.items():
            if kind not in FACT_KINDS:
                raise self.wrong(f"A fact is one of {', '.join(FACT_KINDS)}", f"[facts] {path}")
        return facts

    def rules(self, stated: Sequence[Any], places: tuple[str, ...]) -> Iterator[StatedRule]:
        seen: set[str] = set()
        for index, one in enumerate(stated, 1):
            if not isinstance(one, dict):
                raise self.wrong("A rule is a table", f"rule {index}")
            rule_id = one.get("id")
            if not isinstance(rule_id, str) or not _ID.fullmatch(rule_id) or rule_id in seen:
                raise self.wrong("A rule needs an id of its own, in capitals", f"rule {index}")
            seen.add(rule_id)
            yield self.rule(one, f"rule {rule_id}", places)

    def rule(self, one: Params, where: str, places: tuple[str, ...]) -> StatedRule:
        kind = self.type_of(one, where)
        self.known(one, (*_RULE, *self.types[kind]), where)
        source = self.text(one, "source", where)
        number, verified = one.get("number"), one.get("verified")
        if type(number) is not int or not 0 < number < 1_000_000:
            raise self.wrong("A rule needs a number above zero, its place in the order", where)
        if verified not in ("yes", "partly", "no"):
            raise self.wrong("A rule says whether it was verified: yes, partly or no", where)
        actions = self.words(one, "actions", where)
        strange = [name for name in actions if name not in self.actions]
        if strange:
            raise self.wrong(f"{strange[0]!r} is no action", where, known_are(self.actions))
        return StatedRule(
            id=one["id"], number=number, title=self.text(one, "title", where), type=kind,
            actor=self.one_of(one, "actor", ACTORS, where),
            services=self.words(one, "services", where, ("all",)), actions=actions,
            classes=self.classes(one, where),
            jurisdictions=self.words(one, "jurisdictions", where, places),
            citation=self.text(one, "citation", where), source=source, verified=verified,
            in_force_from=self.day(one, "in_force_from", where, needed=False),
            in_force_until=self.day(one, "in_force_until", where, needed=False),
            when=self.expression(one, where), define=self.table(one, "define", where),
            events=self.table(one, "events", where), values=self.values(one, where, source),
            clauses=self.clauses(one, kind, where),
        )  # fmt: skip

    def clauses(self, one: Params, kind: str, where: str) -> tuple[Clause, ...]:
        """Return the clauses of a rule; one that states none is its own."""
        stated = one.get("clause")
        if stated is None:
            return (Clause(kind, "", self.params(one, kind)),)
        own = self.params(one, kind)
        if own or not isinstance(stated, list) or not stated:
            raise self.wrong("With [[rule.clause]] all parameters stand in the clauses", where)
        found = []
        for index, clause in enumerate(stated, 1):
            place = f"{where}, clause {index}"
            inner = self.type_of(clause, place) if "type" in clause else kind
            self.known(clause, ("type", "when", *self.types[inner]), place)
            found.append(Clause(inner, self.expression(clause, place), self.params(clause, inner)))
        return tuple(found)

    def params(self, one: Params, kind: str) -> Params:
        return {k: v for k, v in one.items() if k in self.types[kind]}

    def expression(self, one: Params, where: str) -> str:
        text = one.get("when", "")
        if not isinstance(text, str):
            raise self.wrong("`when` is text", where)
        return text

    def type_of(self, one: Params, where: str) -> str:
        kind = one.get("type")
        if not isinstance(kind, str) or kind not in self.types:
            mend = known_are(self.types)
            raise self.wrong(f"{kind!r} is no type of rule", where, mend)
        return kind

    def classes(self, one: Params, where: str) -> tuple[str, ...]:
        found = self.words(one, "classes", where, ("residential",))
        if not set(found) <= set(CLASSES):
            raise self.wrong("classes are residential and business", where)
        return found

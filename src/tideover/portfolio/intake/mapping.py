"""The utility's own export in our words: what `mapping.toml` says, checked, as plain facts.

A *feed* says how rows of one source file become rows of one table. Without a mapping every table
is fed from the source of its own name, column by column.
"""

from __future__ import annotations

import codecs
import hashlib
import tomllib
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from tideover.terms.faults import Usage
from tideover.terms.tables import CARRIED, TABLES, Table

MAPPING_FILE = "mapping.toml"
NOWHERE = "nowhere"


@dataclass(frozen=True)
class Profile:
    """How a source writes what it writes.

    Args:
        dates: strptime forms of its days; none is ISO 8601.
        times: strptime forms of its times; none is ISO 8601.
        nulls: Texts that mean a missing value, beside the empty one.
        timezone: Where clocks stood that wrote times without an offset; empty refuses such times.
    """

    encoding: str = "utf-8"
    delimiter: str = ","
    decimal: str = "."
    grouping: str = ""
    dates: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    nulls: tuple[str, ...] = ()
    timezone: str = ""


@dataclass(frozen=True)
class Origin:
    """Where the text of one canonical column comes from.

    Args:
        columns: Source columns, joined by `by` where there are several.
        constant: The same text in every row; then no column is read.
        values: Source text to canonical text; `*` is for all that are not named.
        plus_days: For days: so many days later.
    """

    columns: tuple[str, ...] = ()
    by: str = ""
    before: str = ""
    after: str = ""
    constant: str | None = None
    values: tuple[tuple[str, str], ...] = ()
    plus_days: int = 0
    profile: Profile = field(default_factory=Profile)


@dataclass(frozen=True)
class Condition:
    """Which rows are routed: those with an amount below zero, or with one of some values."""

    column: str
    values: tuple[str, ...] = ()
    negative: bool = False
    profile: Profile = field(default_factory=Profile)


@dataclass(frozen=True)
class Feed:
    """How rows of a source become rows of a table.

    Args:
        home: The table whose rows the source's are; another than `table` for routed rows.
        only: Rows that satisfy one of these; none is every row.
        unless: Rows that satisfy one of these go elsewhere.
        present: Canonical columns without which a source row says nothing here.
    """

    table: str
    source: str
    home: str
    origins: Dictionary[str, Origin] = field(default_factory=dict)
    only: tuple[Condition, ...] = ()
    unless: tuple[Condition, ...] = ()
    present: tuple[str, ...] = ()
    profile: Profile = field(default_factory=Profile)

    def origin(self, column: str) -> Origin:
        """Return where a column comes from: as mapped, else the source column of its own name."""
        return self.origins.get(column) or Origin((column,), profile=self.profile)

    @property
    def wanted(self) -> frozenset[str]:
        """Return the source columns this feed may read."""
        origins = [self.origin(c.name) for c in TABLES[self.table].columns]
        named = {name for origin in origins for name in origin.columns}
        return frozenset(named | {c.column for c in (*self.only, *self.unless)})

    @property
    def demanded(self) -> frozenset[str]:
        """Return the source columns the mapping names; a file without them is refused."""
        named = {name for origin in self.origins.values() for name in origin.columns}
        return frozenset(named | {c.column for c in (*self.only, *self.unless)})


@dataclass(frozen=True)
class Mapping:
    """All feeds, and the profile of every source."""

    feeds: tuple[Feed, ...]
    profiles: Dictionary[str, Profile]
    sha256: str

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the sources that feed anything, in the order of the tables they feed first."""
        return tuple(dict.fromkeys(feed.source for feed in self.feeds))

    def of(self, table: str) -> tuple[Feed, ...]:
        """Return the feeds of a table."""
        return tuple(feed for feed in self.feeds if feed.table == table)

    def profile(self, source: str) -> Profile:
        """Return how a source writes."""
        return self.profiles.get(source, Profile())


def read_mapping(path: Path) -> Mapping:
    """Return what a workspace's mapping says; where there is none, names are the contract's own."""
    return parse_mapping(path.read_text(encoding="utf-8") if path.is_file() else "")


def parse_mapping(text: str) -> Mapping:
    """Return what a `mapping.toml` says.

    Raises:
        Usage: It is no TOML, or names what is not known.

    Examples:
        >>> mapping = parse_mapping('[tables.bills.columns]\\nbill_id = "INVOICE_NO"')
        >>> mapping.of("bills")[0].origin("bill_id").columns
        ('INVOICE_NO',)
    """
    try:
        stated = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Usage(f"The mapping is no TOML: {error}", where=MAPPING_FILE) from None
    _only_known(stated, ("files", "tables", "carried"), MAPPING_FILE)
    profiles = {name: _profile(said, Profile(), f"files.{name}")
                for name, said in stated.get("files", {}).items()}  # fmt: skip
    tables = stated.get("tables", {})
    _only_known(tables, tuple(t for t in TABLES if t != CARRIED.name), f"{MAPPING_FILE} [tables]")
    feeds = [feed for table in TABLES.values() if table is not CARRIED
             for feed in _table_feeds(table, tables.get(table.name, {}), profiles)]  # fmt: skip
    for name, said in stated.get("carried", {}).items():
        feeds.append(_carried_feed(name, said, profiles))
    return Mapping(tuple(feeds), profiles, hashlib.sha256(text.encode()).hexdigest())


def _table_feeds(
    table: Table, said: dict[str, Any], profiles: Dictionary[str, Profile]
) -> list[Feed]:
    where = f"tables.{table.name}"
    _only_known(said, ("source", "columns", "rows", "route"), where)
    source = said.get("source", table.name)
    profile = profiles.get(source, Profile())
    shared = _origins(table, said.get("columns", {}), profile, where)
    routes = [_route(route, profile, f"{where}.route") for route in said.get("route", ())]
    away = tuple(condition for condition, _, _ in routes)
    feeds = []
    for block in said.get("rows") or [{}]:
        own = {**shared, **_origins(table, block, profile, f"{where}.rows")}
        feeds.append(Feed(table.name, source, table.name, own, unless=away, profile=profile))
        for number, (condition, goal, columns) in enumerate(routes):
            if goal != NOWHERE:
                routed = _origins(TABLES[goal], columns, profile, f"{where}.route")
                inherited = {name: own[name] for name in own if TABLES[goal].has(name)}
                feeds.append(Feed(goal, source, table.name, {**inherited, **routed},
                                  (condition,), away[:number], profile=profile))  # fmt: skip
    return feeds


def _route(said: dict[str, Any], profile: Profile, where: str) -> tuple[Condition, str, Any]:
    _only_known(said, ("to", "negative", "column", "values", "columns"), where)
    goal = said.get("to", "")
    if goal != NOWHERE and goal not in TABLES:
        raise Usage(f"Rows cannot be routed to {goal!r}", where=where,
                    mend=f"to is a table, or {NOWHERE!r}")  # fmt: skip
    column = said.get("negative") or said.get("column")
    if not column or ("negative" in said) == ("values" in said):
        raise Usage("A route says which rows it takes", where=where,
                    mend="negative = COLUMN, or column = COLUMN with values = [...]")  # fmt: skip
    values = tuple(said.get("values", ()))
    return Condition(column, values, "negative" in said, profile), goal, said.get("columns", {})


def _carried_feed(name: str, said: dict[str, Any], profiles: Dictionary[str, Profile]) -> Feed:
    where = f"carried.{name}"
    _only_known(said, ("source", "account_id", "value", "measured_on"), where)
    if not {"source", "value", "measured_on"} <= said.keys():
        raise Usage("A carried column needs source, value and measured_on", where=where)
    profile = profiles.get(said["source"], Profile())
    columns = {c: said[c] for c in ("account_id", "value", "measured_on") if c in said}
    origins = _origins(CARRIED, {**columns, "name": {"constant": name}}, profile, where)
    return Feed(CARRIED.name, said["source"], CARRIED.name, origins, present=("value",),
                profile=profile)  # fmt: skip


def _origins(table: Table, said: Any, profile: Profile, where: str) -> dict[str, Origin]:
    _only_known(said, tuple(c.name for c in table.columns), f"{where}.columns")
    return {name: _origin(one, profile, f"{where}.columns.{name}") for name, one in said.items()}


def _origin(said: Any, profile: Profile, where: str) -> Origin:
    if isinstance(said, str):
        return Origin((said,), profile=profile)
    own = ("from", "join", "by", "before", "after", "constant", "values", "plus_days")
    of_profile = ("decimal", "grouping", "dates", "times", "nulls", "timezone")
    _only_known(said, (*own, *of_profile), where)
    if sum(key in said for key in ("from", "join", "constant")) != 1:
        raise Usage("A column has one of from, join and constant", where=where)
    wanted = {"join": list, "values": dict, "plus_days": int}
    for key, value in said.items():
        if not isinstance(value, wanted.get(key, object)):
            raise Usage(f"{key} cannot be {value!r}", where=where)
    columns = tuple(said["join"]) if "join" in said else (said["from"],) if "from" in said else ()
    constant = str(said["constant"]) if "constant" in said else None
    profile = _profile({k: said[k] for k in of_profile if k in said}, profile, where)
    return Origin(columns, said.get("by", ""), said.get("before", ""), said.get("after", ""),
                  constant, tuple(said.get("values", {}).items()), said.get("plus_days", 0),
                  profile)  # fmt: skip


def _profile(said: dict[str, Any], base: Profile, where: str) -> Profile:
    _only_known(said, tuple(f.name for f in fields(Profile)), where)
    stated: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in said.items()}
    for key, value in stated.items():
        if not isinstance(value, type(getattr(base, key))):
            raise Usage(f"{key} cannot be {value!r}", where=f"{MAPPING_FILE} {where}")
    profile: Profile = replace(base, **stated)
    try:
        codecs.lookup(profile.encoding)
    except LookupError:
        raise Usage(f"Unknown encoding {profile.encoding!r}", where=where) from None
    if len(profile.delimiter) != 1 or not profile.delimiter.isascii() or profile.delimiter == '"':
        raise Usage("The delimiter is one ASCII character, not a quote", where=where)
    if profile.decimal not in (".", ",") or profile.grouping == profile.decimal:
        raise Usage("decimal is '.' or ',', and grouping another character", where=where)
    if profile.times and not profile.timezone:
        raise Usage("times need a timezone: where the clocks stood", where=where)
    if profile.timezone and profile.timezone not in available_timezones():
        raise Usage(f"Unknown timezone {profile.timezone!r}", where=where,
                    mend="An IANA name, as Europe/Amsterdam")  # fmt: skip
    return profile


def _only_known(said: Any, known: tuple[str, ...], where: str) -> None:
    if not isinstance(said, dict):
        raise Usage("A table of names and values is expected", where=where)
    for key in said:
        if key not in known:
            raise Usage(f"Unknown name {key!r}", where=where, mend=f"Known are {', '.join(known)}")

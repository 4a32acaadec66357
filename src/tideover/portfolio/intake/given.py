"""The mapping as SQL: from staged source rows to rows of a table, every column canonical text.

What does not fit its profile is marked, not guessed: the mark makes the row fail its check, and
says what was expected.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tideover.portfolio.duck import quoted
from tideover.portfolio.intake.folder import SourceFile
from tideover.portfolio.intake.mapping import Condition, Feed, Origin, Profile
from tideover.portfolio.intake.reading import LINE, RAGGED
from tideover.terms.tables import TABLES, Column, Kind, Table

SEQ, FILE = "__seq", "__file"
UNFIT = "\x1a"  # ASCII: substitute, a character in place of one that is invalid
_MARK = f"{UNFIT}([^{UNFIT}]*){UNFIT}"  # around the words for what was expected
_LOCAL_TIMES = ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S.%f",
                "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M",
                "%Y-%m-%d")  # fmt: skip
_OFFSET = "'.*[0-9]{2}:[0-9]{2}.*(Z|[+-][0-9]{2}:[0-9]{2})'"


@dataclass(frozen=True)
class Staged:
    """A source file as text rows in Parquet, with their place in it.

    Args:
        columns: Its columns that something reads; `typed` and `floats` as `reading.Opened` says.
        ignored: Its columns that nothing reads.
    """

    file: SourceFile
    path: Path
    columns: frozenset[str]
    typed: frozenset[str]
    floats: frozenset[str]
    ignored: frozenset[str]

    @property
    def shape(self) -> tuple[tuple[str, ...], ...]:
        """Return what must be equal for files to be read by one statement."""
        return tuple(tuple(sorted(names)) for names in (self.columns, self.typed, self.floats))


def name(column: str) -> str:
    """Return a column's name in SQL."""
    return '"' + column.replace('"', '""') + '"'


def given(table: Table, feeds: Sequence[Feed], staged: Sequence[Staged]) -> list[str]:
    """Return statements whose rows together are what the staged files give for a table.

    Every row has the table's columns as text, `file`, `line`, `ragged`, a `seq` that no other row
    has and that grows in file order, and `floats`: the columns that were binary floats.
    """
    selects = []
    for number, feed in enumerate(feeds):
        for files in _shapes(file for file in staged if file.file.source == feed.source):
            columns = [f"{_expression(feed.origin(c.name), c, files[0])} AS {name(c.name)}"
                       for c in table.columns]  # fmt: skip
            place = (f"{name(FILE)} AS file, {name(LINE)} AS line, {name(RAGGED)} AS ragged, "
                     f"{name(SEQ)} * {len(feeds)} + {number} AS seq, "
                     f"{_floats(table, feed, files[0])} AS floats")  # fmt: skip
            selects.append(f"SELECT {', '.join(columns)}, {place} FROM {_rows(files)} "
                           f"WHERE {_only(feed, files[0])}")  # fmt: skip
    return selects


def amounts(feeds: Sequence[Feed], staged: Sequence[Staged], column: Column | None) -> list[str]:
    """Return statements whose rows are the files' own, before routing: file and amount as text."""
    selects = []
    for feed in feeds:
        for files in _shapes(file for file in staged if file.file.source == feed.source):
            amount = _expression(feed.origin(column.name), column, files[0]) if column else "NULL"
            present = _only(feed, files[0]) if feed.present else "true"
            selects.append(f"SELECT {name(FILE)} AS file, CAST({amount} AS VARCHAR) AS amount "
                           f"FROM {_rows(files)} WHERE {present}")  # fmt: skip
    return selects


def source_of(feed: Feed, column: Column, there: frozenset[str]) -> str:
    """Return where a column comes from, in words; empty where from nowhere."""
    origin = feed.origin(column.name)
    if origin.constant is not None:
        return f"always {origin.constant!r}"
    return " + ".join(origin.columns) if there.issuperset(origin.columns) else ""


def _shapes(staged: Iterable[Staged]) -> list[list[Staged]]:
    shapes: dict[object, list[Staged]] = {}
    for file in staged:
        shapes.setdefault(file.shape, []).append(file)
    return list(shapes.values())


def _rows(files: Sequence[Staged]) -> str:
    return f"read_parquet([{', '.join(quoted(str(file.path)) for file in files)}])"


def _floats(table: Table, feed: Feed, file: Staged) -> str:
    """Return the canonical columns that come straight from binary floats, as `;a;b;`."""
    found = []
    for column in table.columns:
        read = feed.origin(column.name).columns
        if column.kind in ("money", "number") and len(read) == 1 and read[0] in file.floats:
            found.append(column.name)
    return quoted(f";{';'.join(found)};") if found else "CAST(NULL AS VARCHAR)"


def _only(feed: Feed, file: Staged) -> str:
    told = [f"({' OR '.join(_holds(c, file) for c in feed.only)})"] if feed.only else []
    told += [f"NOT {_holds(condition, file)}" for condition in feed.unless]
    for column in feed.present:
        at = TABLES[feed.table].column(column)
        told.append(f"({_expression(feed.origin(column), at, file)}) IS NOT NULL")
    return " AND ".join(told) or "true"


def _holds(condition: Condition, file: Staged) -> str:
    origin = Origin((condition.column,), profile=condition.profile)
    if condition.negative:
        return f"coalesce(starts_with({_expression(origin, _AMOUNT, file)}, '-'), false)"
    values = ", ".join(quoted(value) for value in condition.values)
    return f"coalesce({_expression(origin, _ANY, file)} IN ({values}), false)"


_AMOUNT, _ANY = Column("amount", "money"), Column("text")


def _expression(origin: Origin, column: Column, file: Staged) -> str:
    """Return the SQL of one column's canonical text."""
    if origin.constant:
        return quoted(origin.constant)
    if origin.constant == "" or not file.columns.issuperset(origin.columns):
        return "CAST(NULL AS VARCHAR)"
    parts = [_with_nulls(name(source), origin.profile) for source in origin.columns]
    text = f" || {quoted(origin.by)} || ".join(parts)
    if origin.values:
        text = _mapped(text, origin.values)
    if not file.typed.issuperset(origin.columns):
        text = _in_profile(text, column.kind, origin.profile)
    elif column.kind == "datetime" and origin.profile.timezone:
        text = _time(text, origin.profile)
    if origin.plus_days:
        later = f"strftime(TRY_CAST({text} AS DATE) + {origin.plus_days:d}, '%Y-%m-%d')"
        text = f"coalesce({later}, {text})"
    before = f"{quoted(origin.before)} || " if origin.before else ""
    after = f" || {quoted(origin.after)}" if origin.after else ""
    return f"{before}{text}{after}"


def _with_nulls(text: str, profile: Profile) -> str:
    if not profile.nulls:
        return text
    nulls = ", ".join(quoted(null) for null in profile.nulls)
    return f"(CASE WHEN {text} NOT IN ({nulls}) THEN {text} END)"


def _mapped(text: str, values: Sequence[tuple[str, str]]) -> str:
    named = " ".join(f"WHEN {text} = {quoted(a)} THEN {quoted(b)}" for a, b in values if a != "*")
    rest = quoted(dict(values)["*"]) if "*" in dict(values) else text
    return f"nullif(CASE WHEN {text} IS NULL THEN NULL {named} ELSE {rest} END, '')"


def _in_profile(text: str, kind: Kind, profile: Profile) -> str:
    if kind == "date" and profile.dates:
        day = f"strftime(try_strptime({text}, {_list(profile.dates)}), '%Y-%m-%d')"
        return _fitting(text, day, f"is no day as {' or '.join(profile.dates)}, from 1900 to 2199")
    if kind == "datetime" and profile.timezone:
        return _time(text, profile)
    if kind in ("money", "number") and (profile.decimal, profile.grouping) != (".", ""):
        return _decimal(text, profile)
    return text


def _time(text: str, profile: Profile) -> str:
    """Return a time with its offset; a local one is a time of the profile's timezone."""
    forms = _list(profile.times or _LOCAL_TIMES)
    moment = f"timezone({quoted(profile.timezone)}, try_strptime({text}, {forms}))"
    written = f"strftime(timezone('UTC', {moment}), '%Y-%m-%dT%H:%M:%S.%f+00:00')"
    fitting = _fitting(text, written, f"is no time as {' or '.join(profile.times)}"
                       if profile.times else "is no time as 2026-03-31T18:05:00")  # fmt: skip
    return f"(CASE WHEN regexp_full_match({text}, {_OFFSET}) THEN {text} ELSE {fitting} END)"


def _decimal(text: str, profile: Profile) -> str:
    point, group = re.escape(profile.decimal), re.escape(profile.grouping)
    whole = f"([0-9]+|[0-9]{{1,3}}({group}[0-9]{{3}})+)" if group else "[0-9]+"
    plain = f"replace({text}, {quoted(profile.grouping)}, '')" if group else text
    fits = f"regexp_full_match({text}, {quoted(f'-?{whole}({point}[0-9]+)?')})"
    pointed = f"replace({plain}, {quoted(profile.decimal)}, '.')"
    grouped = f"with {profile.grouping!r} between thousands" if group else "without grouping"
    told = f"is no decimal with {profile.decimal!r} before its decimals and {grouped}"
    return _fitting(text, f"CASE WHEN {fits} THEN {pointed} END", told)


def _fitting(text: str, canonical: str, expected: str) -> str:
    mark = quoted(f"{UNFIT}{expected}, as the mapping says{UNFIT}")
    return f"coalesce({canonical}, {mark} || {text})"


def as_written(text: str) -> str:
    """Return SQL for a text without the mark of one that does not fit its profile."""
    return f"replace(regexp_replace({text}, {quoted(_MARK)}, ''), {quoted(UNFIT)}, '')"


def expected(text: str) -> str:
    """Return SQL for what a text that does not fit its profile had to be; empty where it fits."""
    return f"regexp_extract({text}, {quoted(_MARK)}, 1)"


def _list(forms: Sequence[str]) -> str:
    return f"[{', '.join(quoted(form) for form in forms)}]"

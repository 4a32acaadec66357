"""A strategy: a folder of reviewable text, checked whole before any of it counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from tideover.rules.condition import Among, Input
from tideover.rules.guard.contract import DELIVERIES
from tideover.rules.strategy.completeness import check_table
from tideover.rules.strategy.head import HEAD_FILE, Challenge, Head, Ordered, parse_head, refuse
from tideover.rules.strategy.ladder import Ladder, ladder
from tideover.rules.strategy.policy import Policy, policy
from tideover.rules.strategy.proposal import NEXT_TABLE, SILENCE, Notice
from tideover.rules.strategy.table import Columns, Row, Table
from tideover.terms.faults import Refused

CASES_FILE = "cases.toml"


@dataclass(frozen=True)
class Strategy:
    """A strategy that has been checked.

    Args:
        ladders: The ladders of notices, by the input that says where an account stands on one.
        texts: The files it was read from, by name.
    """

    head: Head
    policy: Policy
    ladders: Mapping[str, Ladder]
    texts: Mapping[str, str]

    @property
    def name(self) -> str:
        """Return its name."""
        return self.head.name

    @property
    def challenge(self) -> Challenge | None:
        """Return whose accounts it takes a share of, if it does."""
        return self.head.challenge

    @property
    def hash(self) -> str:
        """Return a hash of all its files."""
        return hash_of(self.texts)


def hash_of(texts: Mapping[str, str]) -> str:
    """Return a hash of files, whatever their order."""
    whole = "\0".join(f"{name}\0{texts[name]}" for name in sorted(texts))
    return sha256(whole.encode()).hexdigest()


def parse_strategy(texts: Mapping[str, str]) -> Strategy:
    """Return the strategy that a folder states.

    Args:
        texts: Its files, by name: `strategy.toml`, one CSV a table or ladder, `cases.toml`.

    Raises:
        Refused: A file is missing or belongs to nothing, a word is unknown or of the wrong type, or
            a table has a gap, an overlap, or a row that can never decide.

    Examples:
        >>> head = '''
        ... name = "small"
        ... author = "Ann"
        ... description = "An example."
        ... stages = { before_due = 0, early = 1 }
        ... inputs = { debt_months = { type = "number" } }
        ... treatments = { catch_up = { by = "message", about = "A plan." } }
        ... tables = [{ name = "owed", hit = "first", ladder = "most_severe" }]
        ... '''
        >>> owed = '''id,debt_months,treatment,offers,channels,tones,because
        ... much,>= 3,catch_up,plan,letter,empathetic,owes three bills or more
        ... otherwise,,none,,,,owes little
        ... '''
        >>> strategy = parse_strategy({"strategy.toml": head, "owed.csv": owed})
        >>> strategy.policy.judge({"stage": "early", "debt_months": 3.0}).id
        'much'
    """
    head = parse_head(_text(texts, HEAD_FILE))
    ladders = {t.steps: ladder(t.steps, _text(texts, f"{t.steps}.csv"))
               for t in head.tables if t.steps is not None}  # fmt: skip
    stage = Input("stage", "category", one_of=tuple(head.stages))
    steps = tuple(Input(name, "category", one_of=one.places) for name, one in ladders.items())
    inputs = (stage, *head.inputs, *steps)
    columns = Columns({i.name: i for i in inputs}, head.treatments)
    tables = tuple(_table(columns, ordered, texts) for ordered in head.tables)
    _check_names(tables, texts, ladders)
    for number, (table, ordered) in enumerate(zip(tables, head.tables, strict=True), 1):
        check_table(table, is_last=number == len(tables))
        if ordered.steps is not None:
            _check_steps(table, ladders[ordered.steps])
    _check_used(head, tables)
    tables = tuple(_noticed(table, ladders) for table in tables)
    return Strategy(head, policy(head.name, head.stages, inputs, tables), ladders, dict(texts))


def _table(columns: Columns, ordered: Ordered, texts: Mapping[str, str]) -> Table:
    text = _text(texts, f"{ordered.name}.csv")
    return columns.table(ordered.name, text, hit=ordered.hit, ladder=ordered.steps)


def _text(texts: Mapping[str, str], file: str) -> str:
    if file not in texts:
        raise Refused("The strategy lacks a file", where=file, mend="Put it beside the others")
    return texts[file]


def _check_names(
    tables: tuple[Table, ...], texts: Mapping[str, str], ladders: Mapping[str, Ladder]
) -> None:
    named = {HEAD_FILE, CASES_FILE, *(table.file for table in tables)}
    named |= {climbed.file for climbed in ladders.values()}
    strange = sorted(set(texts) - named)
    if strange:
        raise Refused("The file belongs to no table of the strategy", where=strange[0],
                      mend=f"Name it in [[tables]] of {HEAD_FILE}, or take it away")  # fmt: skip
    seen: dict[str, str] = {}
    for table in tables:
        for row in table.rows:
            if row.id in seen:
                row.line.refuse(
                    f"There is a row {row.id} in {seen[row.id]} already",
                    column="id",
                    mend="Give it an id of its own, since decisions name their row",
                )
            seen[row.id] = table.file


def _check_steps(table: Table, climbed: Ladder) -> None:
    """Refuse a table of notices that sends something out of turn, or never sends a step."""
    sent: set[str | bool] = set()
    steps = {step.id for step in climbed.steps}
    for row in table.rows:
        places = _places(row, climbed)
        if row.then.treatment not in (SILENCE, NEXT_TABLE):
            if len(places) != 1 or places[0] not in steps:
                row.line.refuse("The row acts, and names not one step of the ladder",
                                column=climbed.name, mend="Name one step")  # fmt: skip
            sent.update(places)
    missing = [step.id for step in climbed.steps if step.id not in sent]
    if missing:
        raise Refused(f"No row takes step {missing[0]}, so the ladder would end there",
                      where=table.file, mend="Write a row for it")  # fmt: skip


def _noticed(table: Table, ladders: Mapping[str, Ladder]) -> Table:
    """Return a table whose rows say which step they take, and what notice that is."""
    if table.ladder is None:
        return table
    climbed = ladders[table.ladder]
    return replace(table, rows=tuple(_taking(row, climbed) for row in table.rows))


def _taking(row: Row, climbed: Ladder) -> Row:
    if row.then.treatment in (SILENCE, NEXT_TABLE):
        return row
    step = climbed.step(str(_places(row, climbed)[0]))
    strange = sorted(set(row.then.channels) - set(DELIVERIES))
    if step.notice is not None and strange:
        row.line.refuse(f"A notice cannot be given by {strange[0]}", column="channels",
                        mend=f"Write some of {', '.join(DELIVERIES)}")  # fmt: skip
    notice = Notice(climbed.name, step.id, step.notice, step.content)
    return replace(row, then=replace(row.then, notice=notice))


def _places(row: Row, climbed: Ladder) -> tuple[str | bool, ...]:
    """Return the places on a ladder for which a row may match."""
    cell = row.when.get(climbed.name)
    return cell.words if isinstance(cell, Among) else climbed.places


def _check_used(head: Head, tables: tuple[Table, ...]) -> None:
    used = {row.then.treatment for table in tables for row in table.rows}
    unused = [name for name in head.treatments if name not in used]
    if unused:
        refuse("No row proposes this treatment", f"[treatments] {unused[0]}",
               mend="Take it out, or write a row for it")  # fmt: skip

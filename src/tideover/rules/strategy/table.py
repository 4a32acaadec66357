"""A decision table: its rows, which of them count, and what a file may say of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tideover.rules.condition import Condition, Fact, Input, condition
from tideover.rules.strategy.proposal import (
    NEXT_TABLE,
    WAYS,
    Proposal,
    is_name,
    proposal,
)
from tideover.rules.strategy.sheet import Line, lines

HITS = ("first", "unique")
OUTPUTS = ("treatment", *WAYS, "because")


@dataclass(frozen=True)
class Row:
    """One row of a table: when all its conditions hold, this is proposed.

    Args:
        line: The row as it was written.
    """

    id: str
    when: Mapping[str, Condition]
    then: Proposal
    line: Line

    @property
    def goes_on(self) -> bool:
        """Whether the row leaves the account to the next table."""
        return self.then.treatment == NEXT_TABLE

    def failing(self, facts: Mapping[str, Fact]) -> str | None:
        """Return the first input whose condition does not hold; none when the row matches."""
        return next((n for n, cell in self.when.items() if not cell.holds(facts[n])), None)


@dataclass(frozen=True)
class Table:
    """One table of a strategy.

    Args:
        hit: `first`: rows are read from the top; `unique`: no two match the same account.
        inputs: What its rows ask, in the order of its columns.
        ladder: The ladder of notices that it climbs one step at a time; none where the most
            severe row that holds counts.
    """

    name: str
    hit: str
    inputs: tuple[Input, ...]
    rows: tuple[Row, ...]
    ladder: str | None = None

    @property
    def file(self) -> str:
        """Return the name of its file."""
        return f"{self.name}.csv"

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns of its file, in the file's order."""
        return self.rows[0].line.columns


@dataclass(frozen=True)
class Columns:
    """What the tables of a strategy may speak of.

    Args:
        treatments: Every treatment, and whether a message or a person gives it.
    """

    inputs: Mapping[str, Input]
    treatments: Mapping[str, str]

    def table(self, name: str, text: str, *, hit: str, ladder: str | None) -> Table:
        """Return a table that a file states; whether its rows fit together is not asked yet.

        Raises:
            Refused: A column, a cell or an id is not what it must be.
        """
        file = f"{name}.csv"
        known = ("id", *self.inputs, *OUTPUTS)
        written = lines(file, text, known=known, needed=("id", "treatment", "because"))
        rows = tuple(self._row(line) for line in written)
        columns: Sequence[str] = written[0].columns if written else ()
        asked = tuple(self.inputs[column] for column in columns if column in self.inputs)
        return Table(name, hit, asked, rows, ladder)

    def _row(self, line: Line) -> Row:
        row_id = line.cells.get("id", "")
        if not is_name(row_id):
            line.refuse("A row needs an id, in small letters, digits and _", column="id")
        return Row(row_id, dict(self._conditions(line)), self._proposal(line), line)

    def _conditions(self, line: Line) -> Iterator[tuple[str, Condition]]:
        for name, cell in line.cells.items():
            if name in self.inputs:
                try:
                    yield name, condition(cell, self.inputs[name])
                except ValueError as error:
                    line.refuse(f"The cell {error}", column=name, mend="Write it so")

    def _proposal(self, line: Line) -> Proposal:
        outputs = {name: cell for name, cell in line.cells.items() if name in OUTPUTS}
        try:
            return proposal(outputs, self.treatments)
        except ValueError as error:
            column, _, what = str(error).partition(": ")
            line.refuse(what[:1].upper() + what[1:], column=column)

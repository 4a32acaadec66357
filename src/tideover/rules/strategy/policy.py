"""The tables of a strategy as one function: an account's facts in, the row that decides out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tideover.rules.condition import Fact, Input
from tideover.rules.strategy.table import Row, Table


@dataclass(frozen=True)
class Policy:
    """Decision tables that have been checked, in the order they are asked.

    Args:
        stages: First day past due of each stage, ascending from 0.
        row_of: The tables as one function: values of the inputs, in their order, to a row's index.
            A missing number is NaN, a missing word None, a missing yes or no is no.
        name: Of the strategy; decisions name it.
    """

    stages: Mapping[str, int]
    inputs: tuple[Input, ...]
    tables: tuple[Table, ...]
    row_of: Callable[..., int] = field(compare=False, repr=False)
    name: str = ""

    @property
    def rows(self) -> tuple[Row, ...]:
        """Return the rows of all tables, as `row_of` counts them."""
        return tuple(row for table in self.tables for row in table.rows)

    def judge(self, facts: Mapping[str, Fact]) -> Row:
        """Return the row that decides on one account."""
        return self.rows[self.row_of(*(facts[i.name] for i in self.inputs))]

    def rows_of(self, columns: Sequence[Sequence[Fact]]) -> list[int]:
        """Return the index of the row that decides on each account of a batch.

        Args:
            columns: The values of each input, in the policy's order, one an account.
        """
        return list(map(self.row_of, *columns))

    def walk(self, facts: Mapping[str, Fact]) -> Iterator[tuple[Row, str | None]]:
        """Yield the rows looked at, each with the input that ruled it out; the last one decides."""
        for table in self.tables:
            for row in table.rows:
                failing = row.failing(facts)
                yield row, failing
                if failing is None:
                    break
            if not row.goes_on:
                return


def policy(
    name: str, stages: Mapping[str, int], inputs: tuple[Input, ...], tables: tuple[Table, ...]
) -> Policy:
    """Return the tables as a policy; they have been checked."""
    return Policy(stages, inputs, tables, _compiled(inputs, tables), name)


def stage_of(stages: Mapping[str, int], days_past_due: float) -> str:
    """Return the most severe stage that holds; what is not past due stands in the first.

    Examples:
        >>> stage_of({"before_due": 0, "early": 1, "late": 61}, 60)
        'early'
    """
    days = days_past_due if days_past_due == days_past_due else 0
    return [stage for stage, first in stages.items() if first <= days or first == 0][-1]


def _compiled(inputs: tuple[Input, ...], tables: tuple[Table, ...]) -> Callable[..., int]:
    """Return the tables as a function; ten times as fast as reading the rows each time.

    Every name and value in its text has been checked to be one of ours, so nothing a strategy says
    is run as a program. Rows of a `unique` table never meet, so they need no other function.
    """
    lines, index = [f"def row_of({', '.join(i.name for i in inputs)}):"], 0
    for table in tables:
        lines.append("    while True:")  # left by `break`, on to the next table
        for row in table.rows:
            tests = [cell.source(name) for name, cell in row.when.items()]
            then = "break" if row.goes_on else f"return {index}"
            lines.append(f"        if {' and '.join(tests) or True}: {then}")
            index += 1
    made: dict[str, Any] = {"__builtins__": {}}
    exec("\n".join(lines), made)
    row_of: Callable[..., int] = made["row_of"]
    return row_of

"""A delta in the form of the contract: files named for tables, with columns of theirs."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tideover.casework.api.problems import Problem
from tideover.terms.tables import CARRIED, TABLES, Table

NAMES = tuple(name for name in TABLES if name != CARRIED.name)
Cell = str | int | bool | None


def check_columns(name: str, columns: Sequence[str], *, where: str) -> Table:
    """Return a table whose columns these are.

    Raises:
        Problem: There is no such table, or a column is none of it, twice there, or wanting.
    """
    if name not in NAMES:
        raise Problem(422, "That is no table of the contract", where=where,
                      mend=f"One of {', '.join(NAMES)}")  # fmt: skip
    table = TABLES[name]
    known = {column.name for column in table.columns}
    if not set(columns) <= known or len(set(columns)) != len(columns):
        raise Problem(422, f"{name} has columns that the contract does not know, or one twice",
                      where=where, mend=f"Of {', '.join(sorted(known))}")  # fmt: skip
    missing = [column for column in table.key if column not in columns]
    if missing:
        raise Problem(422, f"{name} lacks {', '.join(missing)}, which tells its rows apart",
                      where=where, mend="Send whole rows, with their ids")  # fmt: skip
    return table


def write_rows(path: Path, name: str, rows: Sequence[Mapping[str, Cell]]) -> int:
    """Write rows as the CSV of a table, and return how many."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    check_columns(name, columns, where=f"tables.{name}")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows([{column: _text(cell) for column, cell in row.items()} for row in rows])
    return len(rows)


def count_rows(path: Path, name: str) -> int:
    """Return how many rows the CSV of a table has.

    Raises:
        Problem: It is no such CSV.
    """
    rows = read_rows(path, name)
    return sum(1 for _ in rows)


def read_rows(path: Path, name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of the CSV of a table, each by its columns.

    Raises:
        Problem: It is no such CSV.
    """
    where = f"{name}.csv"
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.reader(file, strict=True)
            columns = next(lines, [])
            check_columns(name, columns, where=where)
            for line in lines:
                if line:
                    yield dict(zip(columns, line, strict=False))
    except (UnicodeDecodeError, csv.Error):
        raise Problem(422, "That is no CSV in UTF-8", where=where,
                      mend="Commas, double quotes, a header") from None  # fmt: skip


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    return str(cell).lower() if isinstance(cell, bool) else str(cell)


Filled = Callable[[Path], dict[str, int]]


def of_rows(tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> Filled:
    """Return what writes rows into a folder, and says how many of each table there were."""

    def fill(folder: Path) -> dict[str, int]:
        return {
            name: write_rows(folder / f"{name}.csv", name, rows)
            for name, rows in tables.items()
            if rows
        }

    return fill

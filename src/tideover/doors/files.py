"""Tables as CSV files that are either absent, old, or complete."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from tideover.portfolio.files import appearing
from tideover.terms import money

if TYPE_CHECKING:  # Arrow is imported where it is used: see doors/commands
    import pyarrow as pa

ROWS_AT_ONCE = 50_000


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows as CSV, UTF-8 with `\\n`; on any failure, such as a full disk, leave no file."""
    with whole(path) as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


@contextmanager
def whole(path: Path) -> Iterator[IO[str]]:
    """Give a file to write that comes to be when all is written; on any failure there is none."""
    with appearing(path) as unfinished, open(unfinished, "w", encoding="utf-8", newline="") as out:
        yield out


def rows_of(table: pa.Table, columns: Sequence[str]) -> Iterator[list[Any]]:
    """Yield a table's rows as cells of text; money in the row's own currency, nulls empty.

    Args:
        columns: Names as the file has them; `x` also finds `x_minor` and is written as decimal.
    """
    currency = table["currency"] if "currency" in table.column_names else None
    for start in range(0, table.num_rows, ROWS_AT_ONCE):
        piece = table.slice(start, ROWS_AT_ONCE)
        units = currency.slice(start, ROWS_AT_ONCE).to_pylist() if currency is not None else []
        yield from zip(*[_cells(piece, name, units) for name in columns], strict=True)


def _cells(piece: pa.Table, name: str, units: Sequence[str]) -> list[Any]:
    import pyarrow as pa

    if name not in piece.column_names:
        amounts = piece[f"{name}_minor"].to_pylist()
        return [money.text(amount, unit) for amount, unit in zip(amounts, units, strict=True)]
    values = piece[name].to_pylist()
    if pa.types.is_floating(piece.schema.field(name).type):
        return ["" if value is None else f"{value:.6f}" for value in values]
    return [value.isoformat() if isinstance(value, date) else value for value in values]


def in_order(tables: Iterable[pa.Table]) -> pa.Table:
    """Return tables as one, ordered by account_id byte by byte."""
    import pyarrow as pa

    return pa.concat_tables(chain(tables)).sort_by("account_id")


def aligned_text(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return rows as a plain table for a terminal."""
    if not rows:
        return "(nothing)"
    names = list(rows[0])
    cells = [names, *[[str(row[name]) for name in names] for row in rows]]
    widths = [max(len(line[k]) for line in cells) for k in range(len(names))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    )

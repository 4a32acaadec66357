"""The one door to an engine: DuckDB embedded, Spark by configuration.

Definitions are written once, in the subset of the PySpark DataFrame API that SQLFrame offers on
DuckDB, as functions of an `Engine` that take and give tables. On Spark the same functions run
natively; see `docs/decisions/0002-one-definition-two-engines.md`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import duckdb
import pyarrow as pa
import sqlframe.duckdb.functions as duck_functions
from sqlframe.duckdb import DuckDBSession, Window

Frame = Any  # a PySpark DataFrame, or SQLFrame's of the same interface
BATCH_ROWS = 100_000


class Engine(Protocol):
    """What a step may ask of an engine."""

    F: Any
    Window: Any

    def view(self, name: str, parts: Sequence[Path], schema: pa.Schema) -> None:
        """Name the rows of Parquet parts; no parts is an empty table of that schema."""

    def view_arrow(self, name: str, table: pa.Table) -> None:
        """Name the rows of an Arrow table."""

    def table(self, name: str) -> Frame:
        """Return a named table as a frame to define others from."""

    def arrow(self, frame: Frame) -> pa.Table:
        """Compute a frame whole; for small results."""

    def write(self, frame: Frame, path: Path) -> None:
        """Compute a frame into one Parquet file that appears only when it is complete."""


class DuckEngine:
    """DuckDB in this process; definitions are compiled once to SQL, then run a bucket at a time."""

    F = duck_functions
    Window = Window

    def __init__(self, *, scratch: Path, threads: int = 2, memory: str = "2GB") -> None:
        scratch.mkdir(parents=True, exist_ok=True)
        self._connection = duckdb.connect()
        for setting, value in (
            ("threads", threads), ("memory_limit", memory), ("temp_directory", str(scratch)),
            ("preserve_insertion_order", False), ("enable_progress_bar", False),
            ("TimeZone", "UTC"),
        ):  # fmt: skip
            self._connection.execute(f"SET {setting} = '{value}'")
        self._session = DuckDBSession(conn=self._connection)

    def view(self, name: str, parts: Sequence[Path], schema: pa.Schema) -> None:
        """Name the rows of Parquet parts; no parts is an empty table of that schema."""
        if not parts:
            self.view_arrow(name, schema.empty_table())
            return
        files = ", ".join(quoted(str(part)) for part in parts)
        self._replace(name, f"SELECT * FROM read_parquet([{files}], union_by_name = true)")

    def view_arrow(self, name: str, table: pa.Table) -> None:
        """Name the rows of an Arrow table."""
        self._connection.register(f"{name}__rows", table)
        self._replace(name, f"SELECT * FROM {name}__rows")

    def _replace(self, name: str, select: str) -> None:
        self._connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {select}")

    def table(self, name: str) -> Frame:
        """Return a named table as a frame to define others from."""
        return self._session.table(name)

    def compiled(self, frame: Frame) -> str:
        """Return a frame's SQL, to run again over other rows of the same views.

        SQLGlot's optimiser is left off: it drops the casts that keep sums in 64 bits.
        """
        return str(frame.sql(dialect="duckdb", optimize=False))

    def arrow(self, frame: Frame) -> pa.Table:
        """Compute a frame whole; for small results."""
        return self.query(self.compiled(frame))

    def write(self, frame: Frame, path: Path) -> None:
        """Compute a frame into one Parquet file that appears only when it is complete."""
        self.write_sql(self.compiled(frame), path)

    def write_sql(self, sql: str, path: Path) -> None:
        """Compute SQL into one Parquet file that appears only when it is complete."""
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{path.name}.unfinished")
        self._connection.execute(
            f"COPY ({sql}) TO {quoted(str(unfinished))} (FORMAT parquet, COMPRESSION zstd)"
        )
        os.replace(unfinished, path)

    def query(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> pa.Table:
        """Run SQL of the embedded engine and return its rows; for intake and small results."""
        return self._connection.execute(sql, parameters).to_arrow_table()

    def run(self, sql: str) -> None:
        """Run a statement of the embedded engine."""
        self._connection.execute(sql)

    def batches(self, sql: str) -> Iterator[pa.RecordBatch]:
        """Stream the rows of SQL; a second connection is needed to write meanwhile."""
        yield from self._connection.sql(sql).to_arrow_reader(BATCH_ROWS)

    def close(self) -> None:
        """Let go of the engine's memory and files."""
        self._connection.close()


def quoted(text: str) -> str:
    """Return text as an SQL string literal.

    Examples:
        >>> quoted("it's")
        "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"

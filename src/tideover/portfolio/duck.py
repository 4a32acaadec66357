"""DuckDB, embedded: the engine that is used where none is named."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import sqlframe.duckdb.functions as duck_functions
from sqlframe.duckdb import DuckDBSession
from sqlframe.duckdb import Window as DuckWindow
from sqlglot import MappingSchema

from tideover.portfolio.engine import BATCH_ROWS, MONTH_ENDS, Column, Frame, Kernel
from tideover.terms.calendar import month_end_before


class DuckEngine:
    """DuckDB in this process.

    A definition is compiled once, to a view over views; days are variables of the connection. So
    the next bucket, or another day, only points the lowest views elsewhere or sets the variables:
    compiling costs a second or two, running a bucket a fraction of one.
    """

    F: Any = duck_functions
    Window: Any = DuckWindow

    def __init__(self, *, scratch: Path, threads: int = 2, memory: str = "2GB") -> None:
        scratch.mkdir(parents=True, exist_ok=True)
        self._connection = duckdb.connect()
        for setting, value in (
            ("threads", threads), ("memory_limit", memory), ("temp_directory", str(scratch)),
            ("preserve_insertion_order", False), ("enable_progress_bar", False),
            ("TimeZone", "UTC"),
        ):  # fmt: skip
            self._connection.execute(f"SET {setting} = '{value}'")
        # SQLFrame keeps one session a class and process; an engine has its own.
        session_of_its_own = type("EngineSession", (DuckDBSession,), {})
        self._session = session_of_its_own(conn=self._connection)
        self._renewed: set[str] = set()  # names that stand for other rows since they were looked at
        self._frames: dict[str, Frame] = {}  # of definitions; making one costs tens of ms
        self._defined: set[str] = set()
        self._statements: list[tuple[str, str]] = []
        self._compiled = scratch / "compiled"

    def view(
        self, name: str, parts: Sequence[Path], schema: pa.Schema, *, only: str = "true",
        fill: bool = False,
    ) -> None:  # fmt: skip
        """Name the rows of Parquet parts, or those an SQL condition keeps."""
        if not parts:
            self.view_arrow(name, schema.empty_table())
            return
        files = ", ".join(quoted(str(part)) for part in parts)
        rows = f"read_parquet([{files}], union_by_name = true, hive_partitioning = false)"
        select = f"SELECT * FROM {rows} WHERE {only}"
        if fill:
            self._connection.register(f"{name}__none", schema.empty_table())
            select = f"{select} UNION ALL BY NAME SELECT * FROM {name}__none"
        self._replace(name, select)

    def view_arrow(self, name: str, table: pa.Table) -> None:
        """Name the rows of an Arrow table."""
        self._connection.register(f"{name}__rows", table)
        self._replace(name, f"SELECT * FROM {name}__rows")

    def _replace(self, name: str, select: str) -> None:
        self._renewed.add(name)
        self._connection.execute(f"CREATE OR REPLACE VIEW {name} AS {select}")

    def table(self, name: str) -> Frame:
        """Return a named table as a frame to define others from."""
        if name in self._renewed:
            # SQLFrame remembers the columns that a name once had, and looks at it no more.
            self._session.catalog._schema = MappingSchema()
            self._renewed.clear()
        return self._session.table(name)

    def at(self, as_of: date) -> None:
        """Set the day that definitions are asked for."""
        self.as_of = as_of
        named = {"as_of": as_of} | {
            f"month_end_{k}": month_end_before(as_of, k) for k in range(1, MONTH_ENDS + 1)
        }
        for name, day in named.items():
            self._connection.execute(f"SET VARIABLE {name} = DATE '{day}'")

    def know(self, until: date) -> None:
        """Set the last day of which anything is known."""
        self._connection.execute(f"SET VARIABLE known_until = DATE '{until}'")

    def known_until(self) -> Column:
        """Return the last day of which anything is known."""
        return self.F.expr("getvariable('known_until')")

    def ago(self, days: int = 0) -> Column:
        """Return the day that is asked for, or one so many days before it."""
        as_of = self.F.expr("getvariable('as_of')")
        return self.F.date_sub(as_of, days) if days else as_of

    def month_end(self, back: int) -> Column:
        """Return the last day of the month so many months before; 1 is the latest one over."""
        return self.F.expr(f"getvariable('month_end_{back}')")

    def define(self, name: str, make: Callable[[], Frame], *, kept_as: str = "") -> Frame:
        """Name a frame, so that others build on the name and it can be looked at."""
        if name not in self._defined:
            before = len(self._statements)
            kept = self._compiled / f"{name}-{_fingerprint(kept_as)}.json"
            if kept_as and kept.is_file():
                for view, select in json.loads(kept.read_text(encoding="utf-8")):
                    self._define(view, select)
            else:
                self._define(name, self.compiled(make()))
                if kept_as:
                    self._keep(kept, before)
        return self._frame(name)

    def _frame(self, name: str) -> Frame:
        """Return a named table whose columns never change as a frame."""
        if name not in self._frames:
            self._frames[name] = self.table(name)
        return self._frames[name]

    def _define(self, name: str, select: str) -> None:
        if name not in self._defined:
            self._replace(name, select)
            self._statements.append((name, select))
            self._defined.add(name)

    def _keep(self, path: Path, since: int) -> None:
        path.parent.mkdir(exist_ok=True)
        unfinished = path.with_suffix(f".{os.getpid()}")
        unfinished.write_text(json.dumps(self._statements[since:]), encoding="utf-8")
        os.replace(unfinished, path)

    def beside(self, name: str, left: str, others: Mapping[str, str]) -> Frame:
        """Name a table with others joined to its left: each by its key, unmatched rows null.

        As text, because compiling a chain of joins of wide frames takes seconds.
        """
        joins = " ".join(f"LEFT JOIN {other} USING ({key})" for other, key in others.items())
        self._define(name, f"SELECT * FROM {left} {joins}")
        return self._frame(name)

    def by_account(
        self, name: str, tables: tuple[str, str], kernel: Kernel, schema: pa.Schema
    ) -> Frame:
        """Name what a kernel makes of two named tables, handed all rows of an account together."""
        left, right = (self.rows(table) for table in tables)
        self.view_arrow(name, kernel(left, right))
        return self._frame(name)

    def compiled(self, frame: Frame) -> str:
        """Return a frame's SQL, to run again over other rows of the same views.

        SQLGlot's optimiser is left off: it drops the casts that keep sums in 64 bits.
        """
        return str(frame.sql(dialect="duckdb", optimize=False))

    def arrow(self, frame: Frame) -> pa.Table:
        """Compute a frame whole; for small results."""
        return self.query(self.compiled(frame))

    def rows(self, name: str) -> pa.Table:
        """Compute a named table whole; for small results."""
        return self.query(f"SELECT * FROM {name}")

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

    def scatter(self, frame: Frame, folder: Path, *, by: str) -> None:
        """Compute a frame into one folder for each value of a column, `<by>=<value>`."""
        folder.mkdir(parents=True, exist_ok=True)
        self._connection.execute(
            f"COPY ({self.compiled(frame)}) TO {quoted(str(folder))} (FORMAT parquet, "
            f"COMPRESSION lz4, PARTITION_BY ({by}), OVERWRITE_OR_IGNORE)"
        )

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> pa.Table:
        """Run SQL of the embedded engine and return its rows; for intake and small results."""
        return self._connection.sql(sql, params=list(parameters) or None).to_arrow_table()

    def run(self, sql: str) -> None:
        """Run a statement of the embedded engine."""
        self._connection.execute(sql)

    def batches(self, sql: str) -> Iterator[pa.RecordBatch]:
        """Stream the rows of SQL; a second connection is needed to write meanwhile."""
        yield from self._connection.sql(sql).to_arrow_reader(BATCH_ROWS)

    def close(self) -> None:
        """Let go of the engine's memory and files."""
        self._connection.close()


@cache
def _fingerprint(kept_as: str) -> str:
    """Return a hash of all that a compiled definition depends on: words, code, compilers."""
    told = hashlib.sha256(kept_as.encode())
    for package in ("duckdb", "sqlframe", "sqlglot"):
        told.update(version(package).encode())
    for source in sorted(Path(__file__).parent.rglob("*.py")):
        told.update(source.read_bytes())
    return told.hexdigest()[:16]


def quoted(text: str) -> str:
    """Return text as an SQL string literal.

    Examples:
        >>> quoted("it's")
        "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"

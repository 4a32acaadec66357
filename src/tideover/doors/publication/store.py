"""Rows on their way into casework's database: laid aside by the million, then put in place.

What is laid aside lies in tables named `staged_...` that only this publication sees: temporary ones
on PostgreSQL, filled by COPY; a scratch file beside the database on SQLite. So the transaction that
puts rows in place reads no file and computes nothing.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pcsv
from django.db import connection, transaction

STAGED = "staged_"
_LOCK = 0x71DE0  # of all advisory locks of this database, the one of whoever publishes
_SQLITE_CACHE_KB = 262_144


class Store:
    """A database to publish into; use it in `opened`."""

    def stage(self, table: str, columns: Sequence[str], more: Sequence[str] = (), *,
              name: str = "") -> None:  # fmt: skip
        """Make room for rows of a table, anew.

        Args:
            columns: Of the table, as the database names them.
            more: SQL of further columns, such as `arrears_minor > 0 AS owes`.
            name: What it is called, where not as the table.
        """
        listed, staged = ", ".join((*columns, *more)), f"{STAGED}{name or table}"
        self.run(f"DROP TABLE IF EXISTS {staged}")
        self._make(staged, f"SELECT {listed} FROM {table}")

    def fill(self, table: str, rows: pa.Table) -> None:
        """Lay rows aside; their columns are named as the database names them."""
        if rows.num_rows:
            self._copy(f"{STAGED}{table}", rows)

    def empty(self, table: str) -> None:
        """Let go of what was laid aside for a table."""
        self.run(f"DELETE FROM {STAGED}{table}")

    def run(self, statement: str, values: Sequence[Any] = ()) -> int:
        """Run a statement; return how many rows it touched."""
        with connection.cursor() as cursor:
            cursor.execute(statement, list(values) or None)
            return int(cursor.rowcount)

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return what a statement yields."""
        with connection.cursor() as cursor:
            cursor.execute(statement, list(values) or None)
            return list(cursor.fetchall())

    def put(self, *statements: str) -> int:
        """Run statements in one transaction; return how many rows they touched."""
        with transaction.atomic():
            return sum(self.run(statement) for statement in statements)

    def settle(self, *tables: str) -> None:
        """Tell the planner what was laid aside for some tables, before rows are joined to it."""

    def _make(self, name: str, select: str) -> None:
        raise NotImplementedError

    def _copy(self, name: str, rows: pa.Table) -> None:
        raise NotImplementedError


class Postgres(Store):
    """PostgreSQL: temporary tables, which are gone with the connection and write no log."""

    def _make(self, name: str, select: str) -> None:
        self.run(f"CREATE TEMP TABLE {name} AS {select} WITH NO DATA")

    def _copy(self, name: str, rows: pa.Table) -> None:
        names = ", ".join(rows.column_names)
        with connection.cursor() as cursor:
            way = f"COPY {name} ({names}) FROM STDIN (FORMAT csv)"
            with cursor.copy(way) as copy:
                for batch in rows.to_batches(max_chunksize=65_536):
                    text = io.BytesIO()
                    pcsv.write_csv(batch, text, pcsv.WriteOptions(include_header=False))
                    copy.write(text.getvalue())

    def empty(self, table: str) -> None:
        """Let go of it at once; what is deleted row by row is read again by each that follows."""
        self.run(f"TRUNCATE {STAGED}{table}")

    def settle(self, *tables: str) -> None:
        """Tell the planner what was laid aside; it knows nothing of temporary tables by itself."""
        for table in tables:
            self.run(f"ANALYZE {STAGED}{table}")


class Sqlite(Store):
    """SQLite: a file of its own, so that what is laid aside does not pass through the log."""

    def _make(self, name: str, select: str) -> None:
        self.run(f"CREATE TABLE staged.{name} AS {select} LIMIT 0")

    def _copy(self, name: str, rows: pa.Table) -> None:
        names, marks = ", ".join(rows.column_names), ", ".join("?" * rows.num_columns)
        raw = connection.connection
        raw.execute("BEGIN")
        for batch in rows.to_batches(max_chunksize=65_536):
            columns = [_as_sqlite(column).to_pylist() for column in batch.columns]
            raw.executemany(f"INSERT INTO staged.{name} ({names}) VALUES ({marks})",
                            zip(*columns, strict=True))  # fmt: skip
        raw.execute("COMMIT")


def _as_sqlite(column: pa.Array) -> pa.Array:
    """Return days and instants as Django writes them there: text, in universal time."""
    if pa.types.is_timestamp(column.type):
        return column.cast(pa.timestamp("s"), safe=False).cast(pa.string())
    return column.cast(pa.string()) if pa.types.is_date(column.type) else column


@contextmanager
def opened(scratch: Path) -> Iterator[Store]:
    """Open casework's database to publish into; leave nothing laid aside behind.

    Args:
        scratch: A folder where SQLite may lay rows aside.
    """
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        with _alone_in_postgres():
            yield Postgres()
        return
    scratch.mkdir(parents=True, exist_ok=True)
    aside = scratch / "staged.sqlite3"
    aside.unlink(missing_ok=True)  # of one that was killed
    store = Sqlite()
    former = store.rows("PRAGMA cache_size")[0][0]
    store.run("ATTACH DATABASE %s AS staged", [str(aside)])
    try:
        for pragma in ("staged.journal_mode = OFF", "staged.synchronous = OFF",
                       f"cache_size = -{_SQLITE_CACHE_KB}"):  # fmt: skip
            store.run(f"PRAGMA {pragma}")
        yield store
    finally:
        store.run("DETACH DATABASE staged")
        store.run(f"PRAGMA cache_size = {former}")
        store.run("PRAGMA wal_checkpoint(TRUNCATE)")
        aside.unlink(missing_ok=True)


@contextmanager
def _alone_in_postgres() -> Iterator[None]:
    """Keep out whoever publishes from another machine; a lost connection leaves no lock."""
    from tideover.terms.faults import StepMissing

    store = Store()
    if not store.rows("SELECT pg_try_advisory_lock(%s)", [_LOCK])[0][0]:
        raise StepMissing("Another publication is running", mend="Wait until it is done")
    try:
        for setting in ("work_mem = '128MB'", "temp_buffers = '256MB'"):
            store.run(f"SET {setting}")
        yield
    finally:
        if connection.is_usable():
            store.run("DISCARD TEMP")
            store.run("RESET work_mem")
            store.run("SELECT pg_advisory_unlock(%s)", [_LOCK])

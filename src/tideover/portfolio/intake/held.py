"""Quarantine: rows that were read and not accepted, each with its first fault, and the doubt.

An entry leaves when its key is accepted later, or its row comes again. Orphans are tried again at
every load. Entries lie in the vault, with their whole text; the lake knows only whom they touch.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.parquet as pq

from tideover.portfolio.duck import DuckEngine, quoted
from tideover.portfolio.intake.arrivals import Arrivals
from tideover.portfolio.intake.checks import key_sql
from tideover.portfolio.intake.given import as_written, expected, name
from tideover.portfolio.lake import Lake, write_table
from tideover.terms.tables import TABLES, Table

VALUE_LIMIT = 1_000
DOUBTING = ("bills", "payments", "adjustments")
_SHOWN = ("table", "key", "file", "line", "column", "value", "reason")
# `entry` tells which row it is: its key, or its whole text where the key is missing.
_ENTRIES = pa.schema([*((column, pa.int64() if column == "line" else pa.string())
                        for column in _SHOWN), ("entry", pa.string()), ("orphan", pa.bool_()),
                      ("floats", pa.string()),
                      ("texts", pa.map_(pa.string(), pa.string()))])  # fmt: skip


def quarantine(lake: Lake) -> pa.Table:
    """Return the rows in quarantine now, in a stable order.

    Table out: one row a row in quarantine
        table, key, file, column, value, reason  str
        line  int64, from 1: where the row begins in its file
    """
    if not lake.manifest.quarantine:
        return pa.schema([_ENTRIES.field(column) for column in _SHOWN]).empty_table()
    path = lake.vault / lake.manifest.quarantine
    return pq.read_table(path, columns=list(_SHOWN)).combine_chunks()


def show_old(engine: DuckEngine, lake: Lake) -> None:
    """Make a view `old_entries` of the quarantine as it was."""
    old = lake.manifest.quarantine
    engine.view("old_entries", [lake.vault / old] if old else [], _ENTRIES)
    engine.run("CREATE OR REPLACE TEMP TABLE entries AS SELECT * FROM old_entries LIMIT 0")


def orphans(engine: DuckEngine, table: Table) -> list[str]:
    """Return statements that give a table's orphans once more, as `given.given` does."""
    waiting = f'old_entries WHERE orphan AND "table" = {quoted(table.name)}'
    if not engine.query(f"SELECT 1 FROM {waiting} LIMIT 1").num_rows:
        return []
    columns = ", ".join(f"texts[{quoted(c.name)}] AS {name(c.name)}" for c in table.columns)
    return [f"SELECT {columns}, file, line, CAST(NULL AS VARCHAR) AS ragged, "
            f"-row_number() OVER (ORDER BY file DESC, line DESC, key DESC) AS seq, floats "
            f"FROM {waiting}"]  # fmt: skip


def enter(engine: DuckEngine, arrivals: Arrivals, *, forget: bool) -> None:
    """Add to `entries` what a table has in quarantine after this load.

    Args:
        forget: A full load: what was there before and did not come again is gone.
    """
    table, new = arrivals.table, _new_entries(arrivals)
    if new:
        engine.run(f"INSERT INTO entries {new}")
    if forget:
        return
    kept = f'SELECT * FROM old_entries WHERE "table" = {quoted(table.name)}'
    engine.run(
        f"INSERT INTO entries {kept} AND entry NOT IN (SELECT entry FROM entries "
        f'WHERE "table" = {quoted(table.name)}) AND entry NOT IN ({_accepted(arrivals)})'
    )


def keep_others(engine: DuckEngine, loaded: Sequence[str]) -> None:
    """Add to `entries` what was there of tables that this load did not touch."""
    listed = ", ".join(quoted(table) for table in loaded)
    engine.run(f'INSERT INTO entries SELECT * FROM old_entries WHERE "table" NOT IN ({listed})')


def _accepted(arrivals: Arrivals) -> str:
    """Return SQL for the entries of a table whose key was accepted in this load."""
    if not arrivals.buckets:
        return "SELECT '' WHERE false"
    key = key_sql(arrivals.table, "a")
    return (f"SELECT {key} FROM {arrivals.rows()} AS a WHERE {key} IN (SELECT entry "
            f'FROM old_entries WHERE "table" = {quoted(arrivals.table.name)})')  # fmt: skip


def _new_entries(arrivals: Arrivals) -> str:
    """Return SQL for the entries of rows that this load put into quarantine.

    An orphan that was tried again in vain gives way to a row of its key that came with the load.
    """
    if not arrivals.faulty:
        return ""
    faults = arrivals.faults
    orphans = ", ".join(str(fault.orphan) for fault in faults)
    column, text, reason = _told(arrivals)
    key = " || ';' || ".join(f"coalesce(texts[{quoted(c)}], '')" for c in arrivals.table.key)
    entry = "coalesce(key, chr(31) || CAST(texts AS VARCHAR))"
    came = f"SELECT {entry} FROM {arrivals.faulty} WHERE seq >= 0"
    return (f'SELECT {quoted(arrivals.table.name)} AS "table", {key} AS key, file, line, '
            f'{column} AS "column", substr({as_written(text)}, 1, {VALUE_LIMIT}) AS value, '
            f"{reason} || coalesce(': it ' || ragged, '') AS reason, "
            f"{entry} AS entry, "
            f"list_value({orphans})[fault] AS orphan, floats, texts "
            f"FROM {arrivals.faulty} AS e WHERE (seq >= 0 OR ({entry} NOT IN ({came}) "
            f"AND {entry} NOT IN ({_accepted(arrivals)}))) AND {_last_word(arrivals)}")  # fmt: skip


def _told(arrivals: Arrivals) -> tuple[str, str, str]:
    """Return SQL for the column of a faulty row's fault, its text, and the reason."""
    columns = ", ".join(quoted(fault.column) for fault in arrivals.faults)
    reasons = ", ".join(quoted(fault.reason) for fault in arrivals.faults)
    column = f"list_value({columns})[fault]"
    text = f"coalesce(texts[{column}], '')"
    return column, text, f"coalesce(nullif({expected(text)}, ''), list_value({reasons})[fault])"


def _last_word(arrivals: Arrivals) -> str:
    """Return SQL that is true of a faulty row unless its key is accepted further on in the load.

    The row counts as quarantined, and leaves quarantine at once: the last in file order wins.
    """
    if not arrivals.buckets:
        return "true"
    key = key_sql(arrivals.table, "a")
    later = (f"SELECT {key} AS key, max(seq) AS seq FROM {arrivals.rows()} AS a WHERE {key} IN "
             f"(SELECT key FROM {arrivals.faulty} WHERE seq >= 0) GROUP BY ALL")  # fmt: skip
    return f"NOT EXISTS (SELECT 1 FROM ({later}) AS l WHERE l.key = e.key AND l.seq > e.seq)"


def write_entries(engine: DuckEngine, lake: Lake, run_id: str) -> None:
    """Write `entries` to the vault and name them in the (working) manifest."""
    lake.manifest.quarantine = ""
    if engine.query("SELECT 1 FROM entries LIMIT 1").num_rows:
        lake.manifest.quarantine = f"quarantine-{run_id}.parquet"
        ranks = ", ".join(quoted(table) for table in TABLES)
        order = f'list_position(list_value({ranks}), "table"), file, line, key, entry'
        engine.write_sql(f"SELECT * FROM entries ORDER BY {order}",
                         lake.vault / lake.manifest.quarantine)  # fmt: skip


def write_doubts(engine: DuckEngine, lake: Lake, run_id: str) -> None:
    """Write whose rows are in quarantine: `account_no, account_id, rows`; nobody chases them."""
    listed = ", ".join(quoted(table) for table in DOUBTING)
    doubts = engine.query(
        "SELECT a.account_no, a.account_id, count(*) AS rows FROM entries AS e "
        "JOIN known_accounts AS a ON a.account_id = e.texts['account_id'] "
        f'WHERE e."table" IN ({listed}) GROUP BY ALL ORDER BY a.account_no'
    )
    lake.manifest.doubts = ""
    if doubts.num_rows:
        lake.manifest.doubts = f"doubts-{run_id}.parquet"
        write_table(lake.root / lake.manifest.doubts, doubts)


def fault_counts(engine: DuckEngine, arrivals: Arrivals) -> list[tuple[str, str, int]]:
    """Return how often each fault was found in the rows read; the most frequent first."""
    if not arrivals.faulty:
        return []
    column, _, reason = _told(arrivals)
    found = engine.query(f'SELECT {column} AS "column", {reason} AS reason, count(*) AS rows '
                         f"FROM {arrivals.faulty} WHERE seq >= 0 GROUP BY 1, 2, fault "
                         "ORDER BY rows DESC, fault, reason")  # fmt: skip
    return list(zip(*found.to_pydict().values(), strict=True))

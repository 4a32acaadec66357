"""Staged rows -> arrivals: every row of a table either sound, in its bucket, or with its fault.

Arrivals lie in scratch, one folder a bucket; rows with a fault lie in bucket -1, with their text.
Rows that were in quarantine as orphans and are tried again have a place (`seq`) below zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tideover.portfolio.duck import DuckEngine, quoted
from tideover.portfolio.intake.checks import (
    DIGITS_SQL,
    Fault,
    fault_sql,
    faults,
    key_sql,
    lake_columns,
    meanings,
)
from tideover.portfolio.intake.given import name
from tideover.portfolio.lake import BUCKET_SQL, Lake, lake_schema
from tideover.terms.tables import TABLES, Table

FAULTY = -1
_DUPLICATE_SEARCH_ROWS = 30_000_000


@dataclass(frozen=True)
class Arrivals:
    """The rows of one table that came with a load, checked.

    Args:
        by_file: Accepted and quarantined rows of each file.
        healed: Orphans of earlier loads that are accepted now.
    """

    table: Table
    folder: Path
    buckets: tuple[int, ...]
    by_file: dict[str, tuple[int, int]]
    healed: int

    def rows(self, bucket: int | None = None) -> str:
        """Return SQL that reads the sound rows, of one bucket or of all."""
        wanted = self.buckets if bucket is None else (bucket,)
        return _read([self.folder / f"bucket={b}" / "*.parquet" for b in wanted])

    @property
    def faulty(self) -> str:
        """Return SQL that reads the rows with a fault; empty where there are none."""
        folder = self.folder / f"bucket={FAULTY}"
        return _read([folder / "*.parquet"]) if folder.is_dir() else ""

    @property
    def faults(self) -> list[Fault]:
        """Return what the numbers in column `fault` mean, from 1."""
        return faults(self.table)


def _read(patterns: Sequence[Path]) -> str:
    listed = ", ".join(quoted(str(pattern)) for pattern in patterns)
    return f"read_parquet([{listed}], hive_partitioning = false)"


def arrive(engine: DuckEngine, table: Table, given: Sequence[str], *, folder: Path,
           buckets: int) -> Arrivals:  # fmt: skip
    """Check the rows that were given for a table, once, and lay them out by bucket.

    Needs `know_customers` and `know_accounts` of the state so far.
    """
    raw = ", ".join(f"{quoted(c.name)}: g.{name(c.name)}" for c in table.columns)
    keys = " AND ".join(f"g.{name(column)} IS NOT NULL" for column in table.key)
    understood = f"SELECT *, {', '.join(meanings(table))} FROM ({_known(table, given)}) AS g"
    checked = f"SELECT *, {fault_sql(faults(table))} AS fault FROM ({understood}) AS g"
    engine.run(
        f"COPY (SELECT {', '.join(lake_columns(table))}, account_no, seq, file, fault, "
        f"CASE WHEN fault IS NULL THEN {_bucket(table, buckets)} ELSE {FAULTY} END AS bucket, "
        f"CASE WHEN fault IS NULL THEN NULL ELSE MAP {{{raw}}} END AS texts, "
        f"CASE WHEN fault IS NULL OR NOT ({keys}) THEN NULL ELSE {key_sql(table, 'g')} END AS key, "
        f"CASE WHEN fault IS NULL THEN NULL ELSE line END AS line, "
        f"CASE WHEN fault IS NULL THEN NULL ELSE floats END AS floats, ragged "
        f"FROM ({checked}) AS g) "
        f"TO {quoted(str(folder))} (FORMAT parquet, PARTITION_BY (bucket), OVERWRITE true)"
    )
    found = sorted(int(path.name.removeprefix("bucket=")) for path in folder.glob("bucket=*"))
    counts = engine.query(
        "SELECT file, count(*) FILTER (WHERE fault IS NULL) AS sound, count(*) AS everything, "
        f"seq < 0 AS retried FROM {_read([folder / '*' / '*.parquet'])} GROUP BY ALL"
    ).to_pylist() if found else []  # fmt: skip
    by_file = {c["file"]: (c["sound"], c["everything"] - c["sound"])
               for c in counts if not c["retried"]}  # fmt: skip
    healed = sum(c["sound"] for c in counts if c["retried"])
    sound = tuple(bucket for bucket in found if bucket != FAULTY)
    return Arrivals(table, folder, sound, by_file, healed)


def _known(table: Table, given: Sequence[str]) -> str:
    """Return SQL that joins given rows to what is known of their account and customer."""
    known = {"account_no": "BIGINT", "account_currency": "VARCHAR", "account_digits": "INTEGER",
             "account_timezone": "VARCHAR", "account_bucket": "INTEGER"}  # fmt: skip
    joins, columns = "", ", ".join(f"CAST(NULL AS {kind}) AS {c}" for c, kind in known.items())
    if table.has("account_id"):
        which = "former_accounts" if table.name == "accounts" else "known_accounts"
        joins += f" LEFT JOIN {which} AS a ON g.account_id = a.account_id"
        columns = ", ".join(f"a.{c}" for c in known)
    if table.has("customer_id") and table.name != "customers":
        joins += " LEFT JOIN known_customers AS c ON g.customer_id = c.customer_id"
        columns += ", c.customer_id IS NOT NULL AS customer_known"
    return f"SELECT g.*, {columns} FROM ({' UNION ALL '.join(given)}) AS g{joins}"


def _bucket(table: Table, buckets: int) -> str:
    if not table.owner:
        return "0"
    if table.owner == "account_id" and table.name != "accounts":
        return "account_bucket"
    return BUCKET_SQL.format(id=f"g.{table.owner}", buckets=buckets)


def know_customers(engine: DuckEngine, lake: Lake) -> None:
    """Make `known_customers`: those who stand in the lake now."""
    engine.view("customers_now", lake.parts("customers"), lake_schema(TABLES["customers"]))
    engine.run("CREATE OR REPLACE TEMP TABLE known_customers AS "
               "SELECT customer_id FROM customers_now WHERE until_load_no IS NULL")  # fmt: skip


def know_accounts(engine: DuckEngine, lake: Lake) -> None:
    """Make `known_accounts`: those who stand in the lake now."""
    _accounts(engine, lake, "known_accounts", "WHERE until_load_no IS NULL")


def know_former_accounts(engine: DuckEngine, lake: Lake) -> None:
    """Make `former_accounts`: the last that was known of each account, withdrawn ones too."""
    _accounts(engine, lake, "former_accounts", "QUALIFY row_number() OVER "
              "(PARTITION BY account_id ORDER BY until_load_no DESC NULLS FIRST) = 1")  # fmt: skip


def _accounts(engine: DuckEngine, lake: Lake, made: str, which: str) -> None:
    engine.view("accounts_now", lake.parts("accounts"), lake_schema(TABLES["accounts"]))
    bucket = BUCKET_SQL.format(id="account_id", buckets=max(lake.manifest.buckets, 1))
    engine.run(
        f"CREATE OR REPLACE TEMP TABLE {made} AS "
        "SELECT account_id, account_no, currency AS account_currency, "
        f"{DIGITS_SQL.format(currency='currency')}::INTEGER AS account_digits, "
        f"timezone AS account_timezone, {bucket} AS account_bucket FROM accounts_now {which}"
    )


def know_moved_accounts(engine: DuckEngine) -> None:
    """Make `moved_accounts`: those whose timezone is no longer what it was before this load."""
    engine.run(
        "CREATE OR REPLACE TEMP TABLE moved_accounts AS "
        "SELECT k.account_no, k.account_timezone, k.account_bucket FROM known_accounts AS k "
        "JOIN former_accounts AS f USING (account_no) "
        "WHERE k.account_timezone <> f.account_timezone"
    )


def number_accounts(engine: DuckEngine, arrivals: Arrivals, first: int) -> int:
    """Make `new_accounts`, a dense number each in file order; return the number after the last."""
    engine.run("CREATE OR REPLACE TEMP TABLE new_accounts (account_id VARCHAR, new_no BIGINT)")
    if arrivals.buckets:
        engine.run(
            "INSERT INTO new_accounts "
            f"SELECT account_id, {first - 1} + row_number() OVER (ORDER BY min(seq)) "
            f"FROM {arrivals.rows()} WHERE account_no IS NULL GROUP BY account_id"
        )
    return first + int(engine.query("SELECT count(*) AS n FROM new_accounts")["n"][0].as_py())


def find_losers(engine: DuckEngine, arrivals: Arrivals) -> None:
    """Make `losers`: places of sound rows whose key comes again later in the load.

    Hashes of keys are counted a part at a time, since a whole load's keys may not fit in memory.
    """
    key = key_sql(arrivals.table, "a")
    rows = sum(sound for sound, _ in arrivals.by_file.values())
    turns = rows // _DUPLICATE_SEARCH_ROWS + 1 if arrivals.buckets else 0
    engine.run("CREATE OR REPLACE TEMP TABLE losers (seq BIGINT)")
    for turn in range(turns):
        mine = f"hash({key}) % {turns} = {turn}"
        twice = (f"SELECT hash({key}) FROM {arrivals.rows()} AS a WHERE {mine} "
                 "GROUP BY 1 HAVING count(*) > 1")  # fmt: skip
        engine.run(
            f"INSERT INTO losers SELECT seq FROM {arrivals.rows()} AS a WHERE hash({key}) IN "
            f"({twice}) QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY seq DESC) > 1"
        )

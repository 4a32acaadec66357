"""Arrivals -> parts: what stands now, and until when what stood before was known.

A bucket at a time. A new version is added as a part of its own; where an old version ends, or
parts have become many, the bucket is written again as one part. Parts never change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from tideover.portfolio.duck import DuckEngine
from tideover.portfolio.intake.arrivals import Arrivals
from tideover.portfolio.intake.checks import key_sql, local_day
from tideover.portfolio.intake.given import name
from tideover.portfolio.lake import (
    BUCKET_SQL,
    LOCAL_DAYS,
    VERSION_COLUMNS,
    Lake,
    lake_schema,
    vault_schema,
)
from tideover.terms.tables import Table

PARTS_LIMIT = 16
SINCE_EVER = date(1900, 1, 1)
_VERSIONS = tuple(column for column, _ in VERSION_COLUMNS)


@dataclass(frozen=True)
class Stamp:
    """What every version of one load is marked with; `day` is the UTC day of its time.

    Args:
        is_journal: The rows are casework's own; no row of the CIS gives way to one of them.
        journals: The numbers of earlier such loads; an export does not withdraw their rows.
    """

    load_no: int
    run_id: str
    day: date
    time: str
    is_journal: bool = False
    journals: tuple[int, ...] = ()

    @property
    def ours(self) -> str:
        """Return SQL that says of a version, by its load_no, whether it is casework's own."""
        listed = ", ".join(map(str, self.journals))
        return f"load_no IN ({listed})" if listed else "false"

    @property
    def part(self) -> str:
        """Return the name of this load's parts."""
        return f"{self.load_no:06d}-{self.run_id}.parquet"


def merge(engine: DuckEngine, lake: Lake, arrivals: Arrivals, stamp: Stamp, *,
          withdraws: bool) -> int:  # fmt: skip
    """Write a table's new parts and name them in the (working) manifest.

    Needs `losers`, `moved_accounts`, and for accounts `new_accounts`.

    Args:
        withdraws: A full load: keys that are absent from it are withdrawn.

    Returns:
        How many of the rows read were already so.
    """
    table = arrivals.table
    _held_keys(engine, arrivals)
    _find_elsewhere(engine, lake, arrivals)
    unchanged = 0
    for bucket in _touched(engine, lake, arrivals, withdraws):
        _show(engine, lake, arrivals, bucket)
        unchanged += _sort_out(engine, table, bucket, stamp, withdraws=withdraws)
        _write(engine, lake, table, bucket=bucket, stamp=stamp)
    return unchanged


def _held_keys(engine: DuckEngine, arrivals: Arrivals) -> None:
    """Make `held`: keys that came but are in quarantine; they are not absent."""
    rows = f"SELECT key FROM {arrivals.faulty} WHERE key IS NOT NULL" if arrivals.faulty else \
        "SELECT CAST(NULL AS VARCHAR) AS key WHERE false"  # fmt: skip
    engine.run(f"CREATE OR REPLACE TEMP TABLE held AS SELECT DISTINCT key FROM ({rows})")


def _find_elsewhere(engine: DuckEngine, lake: Lake, arrivals: Arrivals) -> None:
    """Make `elsewhere`: versions of arriving keys that lie in another bucket, so they moved."""
    table = arrivals.table
    mine, theirs = key_sql(table, "i"), key_sql(table, "e")
    engine.run("CREATE OR REPLACE TEMP TABLE elsewhere "
               "(key VARCHAR, bucket INTEGER, stands BOOLEAN)")  # fmt: skip
    if not arrivals.buckets or len(lake.manifest.parts.get(table.name, {})) == 0:
        return
    if lake.manifest.buckets == 1 or not table.owner:
        return
    engine.run("CREATE OR REPLACE TEMP TABLE newcomers (key VARCHAR, bucket INTEGER)")
    for bucket in arrivals.buckets:
        _show(engine, lake, arrivals, bucket)
        engine.run(f"INSERT INTO newcomers SELECT {mine}, {bucket} FROM incoming AS i "
                   f"WHERE {mine} NOT IN (SELECT {theirs} FROM existing AS e)")  # fmt: skip
    engine.view("everywhere", lake.parts(table.name), lake_schema(table))
    there = BUCKET_SQL.format(id=f"e.{table.owner}", buckets=lake.manifest.buckets)
    engine.run(f"INSERT INTO elsewhere SELECT n.key, {there}, e.until_load_no IS NULL "
               f"FROM everywhere AS e JOIN newcomers AS n ON n.key = {theirs} "
               f"WHERE {there} <> n.bucket")  # fmt: skip


def _touched(engine: DuckEngine, lake: Lake, arrivals: Arrivals, withdraws: bool) -> Sequence[int]:
    """Return the buckets in which anything can change."""
    left = engine.query("SELECT DISTINCT bucket FROM elsewhere WHERE stands")["bucket"].to_pylist()
    there = {int(bucket) for bucket in lake.manifest.parts.get(arrivals.table.name, {})}
    again = moved_buckets(engine) & there if arrivals.table.name in LOCAL_DAYS else set()
    return sorted({*arrivals.buckets, *left, *again, *(there if withdraws else ())})


def moved_buckets(engine: DuckEngine) -> set[int]:
    """Return the buckets of accounts whose timezone changed in this load."""
    found = engine.query("SELECT DISTINCT account_bucket AS bucket FROM moved_accounts")
    return set(found["bucket"].to_pylist())


def _show(engine: DuckEngine, lake: Lake, arrivals: Arrivals, bucket: int) -> None:
    """Make views of one bucket: `existing`, `existing_vault`, `incoming`."""
    table = arrivals.table
    parts = lake.parts(table.name, bucket)
    engine.view("existing", parts, lake_schema(table))
    vault = [lake.vault / part.relative_to(lake.root) for part in parts] if has_vault(table) else []
    engine.view("existing_vault", vault, vault_schema(table))
    if bucket not in arrivals.buckets:
        engine.view_arrow("incoming", _no_arrivals(table))
        return
    number = "a.account_no" if table.name != "accounts" else "coalesce(a.account_no, n.new_no)"
    join = "" if table.name != "accounts" else "LEFT JOIN new_accounts AS n USING (account_id) "
    engine.run("CREATE OR REPLACE VIEW incoming AS "
               f"SELECT a.* REPLACE ({number} AS account_no) "
               f"FROM {arrivals.rows(bucket)} AS a {join}"
               "WHERE a.seq NOT IN (SELECT seq FROM losers)")  # fmt: skip


def _no_arrivals(table: Table) -> pa.Table:
    fields = {field.name: field.type for schema in (lake_schema(table), vault_schema(table))
              for field in schema}  # fmt: skip
    return pa.schema([*fields.items(), ("seq", pa.int64())]).empty_table()


def has_vault(table: Table) -> bool:
    """Say whether a table has identity columns, which lie in the vault."""
    return any(column.identity for column in table.columns)


def _sort_out(engine: DuckEngine, table: Table, bucket: int, stamp: Stamp, *,
              withdraws: bool) -> int:  # fmt: skip
    """Make `gone`, keys whose version ends, and `fresh`, keys with a new one; count the others."""
    mine, theirs = key_sql(table, "i"), key_sql(table, "e")
    engine.run(f"CREATE OR REPLACE TEMP TABLE standing AS SELECT {theirs} AS key, row_hash, "
               f"{stamp.ours} AS ours FROM existing AS e WHERE until_load_no IS NULL")  # fmt: skip
    engine.run(f"CREATE OR REPLACE TEMP TABLE arrived AS SELECT {mine} AS key, row_hash, seq "
               "FROM incoming AS i")  # fmt: skip
    engine.run("CREATE OR REPLACE TEMP TABLE fresh AS SELECT a.key, "
               f"CASE WHEN a.key IN (SELECT {theirs} FROM existing AS e) "
               "OR a.key IN (SELECT key FROM elsewhere) "
               f"THEN DATE '{stamp.day}' ELSE DATE '{SINCE_EVER}' END AS since "
               "FROM arrived AS a ANTI JOIN standing AS s "
               "ON a.key = s.key AND a.row_hash = s.row_hash"
               f"{_BESIDE if stamp.is_journal else ''}")  # fmt: skip
    absent = " UNION SELECT key FROM standing WHERE key NOT IN (SELECT key FROM arrived) " \
             "AND key NOT IN (SELECT key FROM held) AND NOT ours" if withdraws else ""  # fmt: skip
    engine.run("CREATE OR REPLACE TEMP TABLE gone AS "
               "SELECT s.key FROM standing AS s SEMI JOIN fresh AS f ON s.key = f.key "
               "UNION SELECT key FROM elsewhere "
               f"WHERE bucket = {bucket} AND stands{absent}")  # fmt: skip
    same = "arrived AS a SEMI JOIN standing AS s ON a.key = s.key AND a.row_hash = s.row_hash"
    return _count(engine, f"{same} WHERE a.seq >= 0")


# Casework's own rows come to lie beside those of the CIS, never in the place of one.
_BESIDE = (" WHERE a.key NOT IN (SELECT key FROM standing WHERE NOT ours) "
           "AND a.key NOT IN (SELECT key FROM elsewhere WHERE stands)")  # fmt: skip


def _write(engine: DuckEngine, lake: Lake, table: Table, *, bucket: int, stamp: Stamp) -> None:
    """Write the bucket's new part, of fresh rows or of all, in the lake and in the vault."""
    names = lake.manifest.parts.setdefault(table.name, {}).get(str(bucket), [])
    moved = table.name in LOCAL_DAYS and bucket in moved_buckets(engine)
    whole = moved or _count(engine, "gone") > 0 or len(names) >= PARTS_LIMIT - 1
    if whole and not names and not _count(engine, "fresh"):
        return
    if not whole and not _count(engine, "fresh"):
        return
    path = lake.folder(table.name, bucket) / stamp.part
    engine.write_sql(_part(table, lake_schema(table), "existing", whole, stamp), path)
    if has_vault(table):
        mirror = lake.vault / path.relative_to(lake.root)
        engine.write_sql(_part(table, vault_schema(table), "existing_vault", whole, stamp), mirror)
    lake.manifest.parts[table.name][str(bucket)] = [stamp.part] if whole else [*names, stamp.part]


def _count(engine: DuckEngine, of: str) -> int:
    return int(engine.query(f"SELECT count(*) AS n FROM {of}")["n"][0].as_py())


def _part(table: Table, schema: pa.Schema, existing: str, whole: bool, stamp: Stamp) -> str:
    """Return SQL for the rows of a new part, sorted so that an account's rows lie together."""
    columns = [column for column in schema.names if column not in _VERSIONS]
    listed = ", ".join(f"i.{name(column)}" for column in columns)
    rows = (f"SELECT {listed}, {stamp.load_no}::INTEGER AS load_no, "
            "NULL::INTEGER AS until_load_no, f.since AS known_from, NULL::DATE AS known_until, "
            "i.row_hash FROM incoming AS i "
            f"JOIN fresh AS f ON f.key = {key_sql(table, 'i')}")  # fmt: skip
    if whole:
        rows = f"{_kept(table, columns, existing, stamp)} UNION ALL {rows}"
    dated = [column.name for column in table.columns if column.kind in ("date", "datetime")]
    order = ["account_no", *dated[:1], *table.key, "load_no"]
    by = ", ".join(name(column) for column in order if column in schema.names)
    return f"SELECT * FROM ({rows}) ORDER BY {by}"


def _kept(table: Table, columns: Sequence[str], existing: str, stamp: Stamp) -> str:
    """Return SQL for the versions there were, ended where they end, with days at today's place."""
    moment, day = LOCAL_DAYS.get(table.name, ("", ""))
    here = {column: f"e.{name(column)}" for column in columns}
    join = ""
    if day in here:
        local = local_day(f"e.{moment}", "m.account_timezone")
        here[day] = f"coalesce({local}, e.{day}) AS {day}"
        join = " LEFT JOIN moved_accounts AS m ON m.account_no = e.account_no"
    ends = "(e.until_load_no IS NULL AND g.key IS NOT NULL)"
    return (f"SELECT {', '.join(here.values())}, e.load_no, "
            f"CASE WHEN {ends} THEN {stamp.load_no} ELSE e.until_load_no END AS until_load_no, "
            f"e.known_from, CASE WHEN {ends} THEN DATE '{stamp.day}' ELSE e.known_until END "
            f"AS known_until, e.row_hash FROM {existing} AS e "
            f"LEFT JOIN gone AS g ON g.key = {key_sql(table, 'e')}{join}")  # fmt: skip

"""Which accounts later loads touched, so that a night run again computes only those anew.

A night depends on its day, and most features slide with the day; so what an earlier night of the
same day found still holds for an account when no row that it reads has changed since.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tideover.doors.night.desk import READ
from tideover.portfolio.lake import Lake
from tideover.terms.tables import TABLES as CANONICAL

IN_DOUBT = "in_doubt"  # the rule of an account that is in doubt
WHOSE = {"account_id": "account_no", "customer_id": "customer_id", "": "area_code"}
BY_OTHER_KEYS = {"facts": "subject_id", "holidays": "jurisdiction"}


@dataclass(frozen=True)
class Former:
    """A finished night of the same day with the same models, strategies and settings."""

    folder: Path
    lake_version: int

    def part(self, table: str, bucket: int) -> Path:
        """Return the file of a table's bucket."""
        return self.folder / table / f"bucket={bucket}.parquet"


def changed_accounts(lake: Lake, former: Former) -> Iterator[pa.Array]:
    """Yield for every bucket the accounts with a row that a load since a former night touched.

    A row of a customer, an area or a place touches its accounts, so does doubt that came or went;
    an account that is touched touches those of the same customer, for they share one cap.
    """
    since, buckets = former.lake_version, range(lake.manifest.buckets)
    doubts = _doubts(lake)
    own, of_customers, of_areas, of_subjects, of_places = (
        [name for name in READ if _key(name) == key]
        for key in ("account_no", "customer_id", "area_code", "subject_id", "jurisdiction")
    )
    subjects = _touched(lake, of_subjects, since)
    of_many = {"area_code": _touched(lake, of_areas, since), "account_id": subjects,
               "jurisdiction": _touched(lake, of_places, since)}  # fmt: skip
    themselves = [
        _of_each((_touched(lake, own, since, bucket), _doubted(former, doubts, bucket),
                  *(_with(lake, bucket, key, wanted) for key, wanted in of_many.items())))
        for bucket in buckets
    ]  # fmt: skip
    customers = _of_each((
        _touched(lake, of_customers, since), subjects,
        *(_customers(lake, bucket, themselves[bucket]) for bucket in buckets),
    ))  # fmt: skip
    for bucket in buckets:
        yield _of_each((themselves[bucket], _with(lake, bucket, "customer_id", customers)))


def _key(table: str) -> str:
    """Return what tells whom the rows of a table touch."""
    return BY_OTHER_KEYS.get(table, WHOSE[CANONICAL[table].owner])


def _of_each(found: Sequence[pa.Array | pa.ChunkedArray]) -> pa.Array:
    """Return every key that is in any of several lists, once."""
    return pc.unique(pa.chunked_array([c for each in found for c in _chunks(each)], found[0].type))


def _with(lake: Lake, bucket: int, key: str, wanted: pa.Array) -> pa.ChunkedArray:
    """Return the accounts of a bucket that have, or had, one of these customers, areas, places."""
    if not len(wanted):
        return pa.chunked_array([], pa.int64())
    accounts = _read(lake.parts("accounts", bucket), ["account_no", key])
    return accounts.filter(pc.is_in(accounts[key], wanted))["account_no"]


def _customers(lake: Lake, bucket: int, touched: pa.Array) -> pa.ChunkedArray:
    """Return the customers of some accounts of a bucket, former ones too."""
    if not len(touched):
        return pa.chunked_array([], pa.string())
    accounts = _read(lake.parts("accounts", bucket), ["account_no", "customer_id"])
    return accounts.filter(pc.is_in(accounts["account_no"], touched))["customer_id"]


def _touched(lake: Lake, tables: list[str], since: int, bucket: int | None = None) -> pa.Array:
    """Return the keys of rows that came or ended after a version; of tables with the same key."""
    key = _key(tables[0])
    keys = []
    for table in tables:
        # A load writes parts of its own, also where it ends a version: older parts are as before.
        newer = [part for part in lake.parts(table, bucket) if int(part.name[:6]) > since]
        rows = _read(newer, [key, "load_no", "until_load_no"])
        came = pc.greater(rows["load_no"], since)
        ended = pc.fill_null(pc.greater(rows["until_load_no"], since), False)
        keys += _chunks(rows.filter(pc.or_(came, ended))[key])
    kind = pa.int64() if key == "account_no" else pa.string()
    return pc.unique(pa.chunked_array(keys, kind))


def _read(parts: list[Path], columns: list[str]) -> pa.Table:
    tables = [pq.ParquetFile(part).read(columns=columns) for part in parts]
    empty = pa.schema([(name, pa.int64() if name.endswith("_no") else pa.string())
                       for name in columns]).empty_table()  # fmt: skip
    return pa.concat_tables(tables, promote_options="permissive") if tables else empty


def _chunks(column: pa.Array | pa.ChunkedArray) -> list[pa.Array]:
    return list(column.chunks) if isinstance(column, pa.ChunkedArray) else [column]


def _doubts(lake: Lake) -> pa.Array:
    """Return the accounts that are in doubt now."""
    name = lake.manifest.doubts
    if not name:
        return pa.array([], pa.string())
    return pc.unique(pq.ParquetFile(lake.root / name).read(columns=["account_id"])["account_id"])


def _doubted(former: Former, doubts: pa.Array, bucket: int) -> pa.Array:
    """Return the accounts of a bucket that were in doubt in a former night, or that are now."""
    decided = pq.ParquetFile(former.part("decisions", bucket)).read(columns=["account_id", "rule"])
    before = decided.filter(pc.equal(decided["rule"], IN_DOUBT))["account_id"]
    if not len(before) and not len(doubts):
        return pa.array([], pa.int64())
    known = _read([former.part("receivables", bucket)], ["account_no", "account_id"])
    both = pa.array([*before.to_pylist(), *doubts.to_pylist()], pa.string())
    return known.filter(pc.is_in(known["account_id"], both))["account_no"]


def merged(before: Mapping[str, pa.Table], anew: Mapping[str, pa.Table],
           numbers: pa.Array) -> dict[str, pa.Table]:  # fmt: skip
    """Return former tables with the rows of changed accounts replaced, ordered by account_no."""
    ids = before["receivables"].select(["account_no", "account_id"])
    tables = {}
    for name, former in before.items():
        both = [former, anew[name].cast(former.schema)]
        no, new_no = (_numbers(table, anew["receivables"], ids) for table in both)
        kept = np.flatnonzero(~np.isin(no, numbers.to_numpy()))
        rows = np.concatenate([kept, np.arange(len(no), len(no) + len(new_no))])
        order = np.argsort(np.concatenate([no[kept], new_no]), kind="stable")
        # every row is copied once, to its place
        tables[name] = pa.concat_tables(both).take(pa.array(rows[order]))
    return tables


def _numbers(table: pa.Table, *by_id: pa.Table) -> Any:
    """Return the account_no of each row, also of a table that only has account_id."""
    if "account_no" in table.column_names:
        return table["account_no"].to_numpy()
    ids = pa.concat_tables([each.select(["account_no", "account_id"]) for each in by_id])
    place = pc.index_in(table["account_id"], ids["account_id"].combine_chunks())
    return ids["account_no"].take(place).to_numpy()

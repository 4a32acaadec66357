"""Which accounts later loads touched, so that a night run again computes only those anew.

A night depends on its day, and most features slide with the day; so what an earlier night of the
same day found still holds for an account when no row that it reads has changed since.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tideover.doors.night.desk import Desk
from tideover.portfolio.engine import Column, Engine, Frame
from tideover.portfolio.features import TABLES
from tideover.portfolio.lake import Lake
from tideover.portfolio.reach import TABLES as REACH_TABLES
from tideover.terms.tables import TABLES as CANONICAL

READ = sorted({*TABLES, *REACH_TABLES})
IN_DOUBT = "in_doubt"  # the rule of an account that is in doubt


def changed_accounts(desk: Desk, bucket: int, since: int) -> list[int]:
    """Return the accounts of a bucket with a row that a load after version `since` touched.

    The lake's tables must be shown whole; a row of a customer or of an area touches its accounts.
    """
    engine = desk.engine
    accounts = engine.table("accounts").select("account_no", "customer_id", "area_code")
    found: list[Frame] = []
    for name in READ:
        touched = engine.table(name).where(_touched(engine, since))
        table = CANONICAL[name]
        if table.owner == "account_id":
            found.append(touched.select("account_no"))
        else:
            key = "customer_id" if table.owner else "area_code"
            found.append(accounts.join(touched.select(key), on=key).select("account_no"))
    numbers = [engine.arrow(frame)["account_no"] for frame in found]
    return sorted({no for column in numbers for no in column.to_pylist()})


def _touched(engine: Engine, since: int) -> Column:
    f = engine.F
    ended = f.coalesce(f.col("until_load_no") > f.lit(since), f.lit(False))
    return (f.col("load_no") > f.lit(since)) | ended


def doubted(former: pa.Table, lake: Lake) -> list[str]:
    """Return the accounts that a former night's decisions say were in doubt, or that are now."""
    before = former.filter(pc.equal(former["rule"], IN_DOUBT))["account_id"].to_pylist()
    name = lake.manifest.doubts
    now = pq.read_table(lake.root / name)["account_id"].to_pylist() if name else []
    return sorted({*before, *now})


def merged(before: Mapping[str, pa.Table], anew: Mapping[str, pa.Table],
           numbers: pa.Array) -> dict[str, pa.Table]:  # fmt: skip
    """Return former tables with the rows of changed accounts replaced, ordered by account_no."""
    ids = before["receivables"].select(["account_no", "account_id"])
    tables = {}
    for name, former in before.items():
        rows = []
        for table in (former, anew[name].cast(former.schema)):
            if "account_no" not in table.column_names:
                table = _numbered(table, anew["receivables"], ids)
            rows.append(table)
        kept = rows[0].filter(pc.invert(pc.is_in(rows[0]["account_no"], numbers)))
        tables[name] = (
            pa.concat_tables([kept, rows[1]]).sort_by("account_no").select(former.column_names)
        )
    return tables


def _numbered(table: pa.Table, *by_id: pa.Table) -> pa.Table:
    """Add account_no to a table that only has account_id."""
    ids = pa.concat_tables([each.select(["account_no", "account_id"]) for each in by_id])
    place = pc.index_in(table["account_id"], ids["account_id"].combine_chunks())
    return table.append_column("account_no", ids["account_no"].take(place))

"""The cap over all accounts of a customer, whichever buckets they lie in."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tideover.doors.night.desk import Desk
from tideover.portfolio.decisions.withheld import FULL, Rows, too_many, withheld
from tideover.portfolio.lake import write_table
from tideover.portfolio.reach import siblings
from tideover.portfolio.reach.siblings import SIBLINGS, TABLES

OF_DECISIONS = ["account_id", "arm", "arrears_minor", "strategy", "rule"]


def siblings_of(desk: Desk) -> pa.Table:
    """Return the accounts that share their customer with others; once a night, over all buckets."""
    engine, contact = desk.engine, desk.workspace.settings.contact
    engine.at(desk.as_of)
    desk.lake.show(engine, TABLES)
    engine.define("siblings_found",
                  lambda: siblings(engine, cap=contact.cap, cap_days=contact.cap_days),
                  kept_as=f"siblings {contact}")  # fmt: skip
    return engine.rows("siblings_found").cast(SIBLINGS).sort_by("account_no")


def keep_to_cap(folder: Path, sharing: pa.Table, cap: int, required: Rows) -> None:
    """Take back what a night decided beyond a customer's cap; doing so twice changes nothing.

    Args:
        required: The rows of strategies that send notices the law requires, which nothing caps.
    """
    if not sharing.num_rows:
        return
    parts = sorted((folder / "decisions").glob("bucket=*.parquet"))
    theirs = [_of(part, sharing) for part in parts]
    left = too_many(pa.concat_tables(theirs), sharing, cap, required=required)
    for part, mine in zip(parts, theirs, strict=True):
        if left.intersection(mine["account_id"].to_pylist()):
            decided = pq.ParquetFile(part).read()
            write_table(part, withheld(decided, left, FULL, anew=True))


def _of(part: Path, sharing: pa.Table) -> pa.Table:
    decided = pq.ParquetFile(part).read(columns=OF_DECISIONS)
    ids = sharing["account_id"].combine_chunks()
    return decided.filter(pc.is_in(decided["account_id"], ids))

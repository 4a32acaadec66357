"""Accounts and their totals -> what each account owes at the end of a day.

`rules/ageing.py` is the reference; `totals/kernel.py` does the sums.
"""

from __future__ import annotations

import pyarrow as pa

from tideover.portfolio import totals
from tideover.portfolio.engine import Engine, Frame
from tideover.portfolio.lake import standing

TABLES = ("accounts", *totals.TABLES)


def owed(engine: Engine) -> pa.Table:
    """Return the receivables of the day the engine is at, computed, and with them the totals.

    Both are named in the engine, for features reads them.
    """
    totals.totals(engine)
    engine.define("owed", lambda: receivables(engine), kept_as="owed")
    found = engine.rows("owed")
    engine.view_arrow("receivables", found)
    return found


def receivables(engine: Engine) -> Frame:
    """Return what each account owes at the end of the day the engine is at.

    Table in: view accounts of the lake, and totals of the day.
    Table out: one row an account, key account_no
        balance_minor      int64, minor units; below zero it is the customer's credit
        arrears_minor      int64, unpaid and due before the day
        days_past_due      int32, of the oldest unpaid debit due before the day; 0 when none
        current_minor .. d121_plus_minor  int64, unpaid by age; they add up to max(balance, 0)

    Source:
        The CIS export contract, "What is owed, as of the end of day D".
    """
    f = engine.F
    accounts = standing(engine.table("accounts"), engine).select(
        "account_no", "account_id", "currency"
    )
    sums = engine.table("totals").select("account_no", *totals.OWED, "oldest_due_on")
    return accounts.join(sums, on="account_no", how="left").select(
        "account_no", "account_id", "currency",
        engine.ago().alias("as_of"),
        *[f.coalesce(f.col(name), f.lit(0)).cast("bigint").alias(name) for name in totals.OWED[:2]],
        f.coalesce(f.datediff(engine.ago(), f.col("oldest_due_on")), f.lit(0))
        .cast("int").alias("days_past_due"),
        *[f.coalesce(f.col(name), f.lit(0)).cast("bigint").alias(name) for name in totals.OWED[2:]],
    )  # fmt: skip

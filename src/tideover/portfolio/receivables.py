"""Accepted rows -> what each account owes at the end of a day.

Credits pay the oldest debits first, so what is unpaid among debits due before any day x is
`max(0, debits due before x - all credits)`: plain sums, no sort. Only the days past due of the
accounts in arrears need their debits in order. `rules/ageing.py` is the reference.
"""

from __future__ import annotations

import pyarrow as pa

from tideover.portfolio.engine import Column, Engine, Frame
from tideover.portfolio.lake import standing

TABLES = ("accounts", "bills", "payments", "adjustments")
MONEY = ("balance_minor", "arrears_minor", "current_minor", "d1_30_minor", "d31_60_minor",
         "d61_90_minor", "d91_120_minor", "d121_plus_minor")  # fmt: skip
EDGES = (0, 30, 60, 90, 120)  # days past due above which each bucket of arrears begins


def owed(engine: Engine) -> pa.Table:
    """Return the receivables of the day the engine is at, computed.

    The sums are computed first and once: both the amounts and the oldest unpaid debits need them.
    """
    sums = engine.define("owed_sums_of_day", lambda: owed_sums(engine), kept_as="owed_sums")
    engine.view_arrow("owed_sums", engine.arrow(sums))
    return engine.arrow(engine.define("owed", lambda: receivables(engine), kept_as="owed"))


def receivables(engine: Engine) -> Frame:
    """Return what each account owes at the end of the day the engine is at.

    Table in: views accounts, bills, payments, adjustments of the lake, and owed_sums of the day.
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
    sums = engine.table("owed_sums")
    oldest = engine.define("oldest_unpaid", lambda: _oldest_unpaid(engine, sums))
    owed = accounts.join(sums, on="account_no", how="left").join(
        oldest, on="account_no", how="left"
    )
    bucket = [f"{name}_minor" for name in ("d1_30", "d31_60", "d61_90", "d91_120", "d121_plus")]
    older = [f.coalesce(f.col(f"unpaid_{k}"), f.lit(0)) for k in range(5)]
    everything = f.greatest(f.coalesce(f.col("balance"), f.lit(0)), f.lit(0))
    edges = [everything, *older, f.lit(0)]
    return owed.select(
        "account_no", "account_id", "currency",
        engine.ago().alias("as_of"),
        f.coalesce(f.col("balance"), f.lit(0)).cast("bigint").alias("balance_minor"),
        older[0].cast("bigint").alias("arrears_minor"),
        f.coalesce(f.datediff(engine.ago(), f.col("oldest_due_on")), f.lit(0))
        .cast("int").alias("days_past_due"),
        *[(edges[k] - edges[k + 1]).cast("bigint").alias(name)
          for k, name in enumerate(["current_minor", *bucket])],
    )  # fmt: skip


def debits(engine: Engine) -> Frame:
    """Return every debit known by a day: account_no, due_on, amount_minor."""
    f = engine.F
    bills = standing(engine.table("bills"), engine).where(f.col("issued_on") <= engine.ago())
    raised = standing(engine.table("adjustments"), engine).where(
        (f.col("posted_on") <= engine.ago()) & (f.col("amount_minor") > f.lit(0))
    )
    return bills.select("account_no", "due_on", "amount_minor").unionByName(
        raised.select("account_no", f.col("posted_on").alias("due_on"), "amount_minor")
    )


def credits(engine: Engine) -> Frame:
    """Return every credit that counts at the end of a day: account_no, credit_minor."""
    f = engine.F
    day = engine.ago()
    reversed_by_then = (f.col("status") == f.lit("reversed")) & (f.col("reversed_on") <= day)
    paid = standing(engine.table("payments"), engine).where(
        (f.col("received_on") <= day) & ~f.coalesce(reversed_by_then, f.lit(False))
    )
    lowered = standing(engine.table("adjustments"), engine).where(
        (f.col("posted_on") <= day) & (f.col("amount_minor") < f.lit(0))
    )
    return paid.select("account_no", f.col("amount_minor").alias("credit_minor")).unionByName(
        lowered.select("account_no", (f.lit(0) - f.col("amount_minor")).alias("credit_minor"))
    )


def owed_sums(engine: Engine) -> Frame:
    """Return each account's balance, credits, and what is unpaid beyond each ageing edge."""
    f = engine.F
    # unpaid_0: due before the day; unpaid_1: more than 30 days before; and so on.
    starts = [engine.ago(edge) for edge in EDGES]
    no_money, never = f.lit(0).cast("bigint"), f.lit(None).cast("date")
    ledger = debits(engine).select(
        "account_no", "due_on", "amount_minor", no_money.alias("credit_minor")
    ).unionByName(credits(engine).select(
        "account_no", never.alias("due_on"), no_money.alias("amount_minor"), "credit_minor"
    ))  # fmt: skip
    due = [f.sum(f.when(f.col("due_on") < start, f.col("amount_minor")).otherwise(f.lit(0)))
           .cast("bigint").alias(f"due_{k}") for k, start in enumerate(starts)]  # fmt: skip
    sums = ledger.groupBy("account_no").agg(
        f.sum("amount_minor").cast("bigint").alias("debit"),
        f.sum("credit_minor").cast("bigint").alias("credit"),
        *due,
    )
    return sums.select(
        "account_no", "credit", (f.col("debit") - f.col("credit")).alias("balance"),
        *[f.greatest(f.col(f"due_{k}") - f.col("credit"), f.lit(0)).alias(f"unpaid_{k}")
          for k in range(5)],
        *[f.col(f"due_{k}") for k in range(1, 5)],
    )  # fmt: skip


def _oldest_unpaid(engine: Engine, sums: Frame) -> Frame:
    """Return the due date of the first unpaid debit, for accounts in arrears.

    The sums tell its ageing bucket already, so only the debits of that bucket are put in order.
    """
    f, window = engine.F, engine.Window
    behind = sums.where(f.col("unpaid_0") > f.lit(0)).select(
        "account_no",
        _of_oldest_bucket(engine, [f.col(f"due_{k}") for k in range(1, 5)] + [f.lit(0)])
        .alias("due_earlier"),
        _of_oldest_bucket(engine, [engine.ago(edge) for edge in EDGES[1:]] + [f.lit(None)])
        .cast("date").alias("due_from"),
        _of_oldest_bucket(engine, [engine.ago(edge) for edge in EDGES]).alias("due_before"),
        "credit",
    )  # fmt: skip
    in_bucket = (f.col("due_on") < f.col("due_before")) & f.coalesce(
        f.col("due_on") >= f.col("due_from"), f.lit(True)
    )
    by_due = (
        engine.define("debits_behind", lambda: debits(engine).join(behind, on="account_no"))
        .where(in_bucket)
        .groupBy("account_no", "credit", "due_earlier", "due_on")
        .agg(f.sum("amount_minor").cast("bigint").alias("amount_minor"))
    )  # fmt: skip
    in_order = window.partitionBy("account_no").orderBy(f.col("due_on").asc())
    running = by_due.withColumn(
        "debit_so_far",
        f.col("due_earlier") + f.sum("amount_minor").over(in_order).cast("bigint"),
    )
    return (
        running.where(f.col("debit_so_far") > f.col("credit"))
        .groupBy("account_no")
        .agg(f.min("due_on").alias("oldest_due_on"))
    )


def _of_oldest_bucket(engine: Engine, by_bucket: list[Column]) -> Column:
    """Return the value that belongs to the oldest ageing bucket with an unpaid part."""
    f = engine.F
    value = f.when(f.col("unpaid_4") > f.lit(0), by_bucket[4])
    for k in (3, 2, 1):
        value = value.when(f.col(f"unpaid_{k}") > f.lit(0), by_bucket[k])
    return value.otherwise(by_bucket[0])

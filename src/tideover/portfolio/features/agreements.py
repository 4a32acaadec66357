"""Promises and payment arrangements: kept or broken, derived from money, never believed."""

from __future__ import annotations

from tideover.portfolio.engine import Column, Engine, Frame
from tideover.portfolio.instalments import owed_of_arrangement
from tideover.portfolio.lake import known, standing
from tideover.portfolio.movements import coming_in

YEAR, TWO_YEARS = 365, 730


def money_in(engine: Engine) -> Frame:
    """Return the money that came in from customers by the day: account_no, at, day, paid_minor."""
    f = engine.F
    returned = f.coalesce(f.col("reversed_on") <= engine.ago(), f.lit(False))
    return coming_in(engine).where((f.col("day") <= engine.ago()) & ~returned).select(
        "account_no", "at", "day", "paid_minor"
    )  # fmt: skip


def _count(engine: Engine, condition: Column, name: str) -> Column:
    f = engine.F
    return f.sum(f.when(condition, f.lit(1)).otherwise(f.lit(0))).cast("int").alias(name)


def promises(engine: Engine) -> Frame:
    """Return promises kept and broken in a year, and whether one is open; one row an account."""
    f = engine.F
    made = standing(engine.table("promises"), engine).where(
        (f.col("made_on") <= engine.ago()) & (f.col("due_on") > engine.ago(YEAR))
    ).select("account_no", "promise_id", "made_at", "made_on", "due_on",
             "amount_minor")  # fmt: skip
    money = engine.define("money_in", lambda: money_in(engine))
    since = f.coalesce(f.col("at") > f.col("made_at"), f.col("day") >= f.col("made_on"))
    counts = since & (f.col("day") <= f.col("due_on"))
    each = made.join(money, on="account_no", how="left").groupBy(
        "account_no", "promise_id", "due_on", "amount_minor"
    ).agg(
        f.sum(f.when(counts, f.col("paid_minor")).otherwise(f.lit(0))).cast("bigint").alias("paid")
    )  # fmt: skip
    kept = f.col("paid") >= f.col("amount_minor")
    over = f.col("due_on") < engine.ago()
    return each.groupBy("account_no").agg(
        _count(engine, kept, "promises_kept_12m"),
        _count(engine, ~kept & over, "promises_broken_12m"),
        f.max(f.when(~kept & ~over, f.lit(1)).otherwise(f.lit(0))).alias("promise_open"),
    )


def plans(engine: Engine) -> Frame:
    """Return arrangements broken in two years, and whether one runs; one row an account.

    An instalment due before the day that the money since the agreement does not reach breaks it.
    """
    f = engine.F
    agreed = known(engine.table("arrangements"), engine).where(
        (f.col("agreed_on") <= engine.ago()) & (f.col("agreed_on") > engine.ago(TWO_YEARS))
    )
    owed = owed_of_arrangement(engine, engine.ago())
    terms = agreed.select(
        "account_no", "arrangement_id", "agreed_on", "status", "total_minor",
        owed.alias("owed_by_now"),
    )  # fmt: skip
    money = engine.define("money_in", lambda: money_in(engine))
    since = f.when(f.col("day") >= f.col("agreed_on"), f.col("paid_minor")).otherwise(f.lit(0))
    each = terms.join(money, on="account_no", how="left").groupBy(
        "account_no", "arrangement_id", "status", "total_minor", "owed_by_now"
    ).agg(f.sum(since).cast("bigint").alias("paid"))  # fmt: skip
    stopped = f.col("status") == f.lit("cancelled")
    behind = f.coalesce(f.col("paid"), f.lit(0)) < f.col("owed_by_now")
    running = ~behind & ~stopped & (f.coalesce(f.col("paid"), f.lit(0)) < f.col("total_minor"))
    return each.groupBy("account_no").agg(
        _count(engine, behind & ~stopped, "plans_broken_24m"),
        f.max(f.when(running, f.lit(1)).otherwise(f.lit(0))).alias("plan_active"),
    )

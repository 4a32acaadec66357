"""What else happened after a decision: promises, plans, asking for silence, complaints, supply."""

from __future__ import annotations

from tideover.portfolio.engine import Engine, Frame
from tideover.portfolio.instalments import owed_of_arrangement
from tideover.portfolio.lake import standing
from tideover.portfolio.movements import CAME_IN, RETURNED, movements
from tideover.portfolio.outcomes.windows import KEYS, counted, within


def promised(engine: Engine) -> Frame:
    """Return promises made within each window: decision_id, window_days, promises."""
    f = engine.F
    made = standing(engine.table("promises"), engine).select("account_no", "made_on")
    every = f.count(f.lit(1)).cast("int").alias("promises")
    return within(engine, made, "made_on", name="promises_made").groupBy(*KEYS).agg(every)


def agreed(engine: Engine) -> Frame:
    """Return plans agreed within each window, and whether the money kept up with them.

    Table out: decision_id, window_days
        plans       int32
        plans_kept  int32, of which the money reached every instalment due before the window's end
    """
    f, col = engine.F, engine.F.col
    plans = standing(engine.table("arrangements"), engine).where(
        col("status") != f.lit("cancelled")
    ).select("account_no", "arrangement_id", "agreed_on", "total_minor", "down_payment_minor",
             "instalments", "interval", "first_due_on")  # fmt: skip
    of_windows = within(engine, plans, "agreed_on", name="plans_agreed")
    ends = f.date_add(col("as_of"), col("seen_days"))
    due = of_windows.select(
        *KEYS, "account_no", "arrangement_id", "agreed_on", ends.alias("ends_on"),
        owed_of_arrangement(engine, ends).alias("owed_by_end"),
    )  # fmt: skip
    paid = engine.define("movements", lambda: movements(engine)).select(
        "account_no", "day", "moved_minor", "why", "since"
    )
    counts = (col("day") >= col("agreed_on")) & (col("day") < col("ends_on"))
    is_money = counts & col("why").isin(CAME_IN, RETURNED)
    both = engine.define("plans_and_money", lambda: due.join(paid, on="account_no", how="left"))
    each = both.groupBy(
        *KEYS, "arrangement_id", "owed_by_end"
    ).agg(f.sum(f.when(is_money, f.lit(0) - col("moved_minor")).otherwise(f.lit(0)))
          .cast("bigint").alias("paid"))  # fmt: skip
    kept = col("paid") >= col("owed_by_end")
    return each.groupBy(*KEYS).agg(f.count(f.lit(1)).cast("int").alias("plans"),
                                   counted(engine, kept, "plans_kept"))  # fmt: skip


def silenced(engine: Engine) -> Frame:
    """Return customers who withdrew consent within each window: decision_id, window_days, optouts.

    The day is that of the withdrawal where the export tells it, else the day the load told it.
    """
    f, col = engine.F, engine.F.col
    day = f.coalesce(col("consent_at").cast("date"), col("known_from"))
    withdrawn = standing(engine.table("contact_points"), engine).where(
        col("consent") == f.lit("withdrawn")
    ).select("customer_id", day.alias("withdrawn_on"))  # fmt: skip
    joined = withdrawn.join(_customers(engine), on="customer_id")
    theirs = engine.define("withdrawn_accounts", lambda: joined)
    every = f.count(f.lit(1)).cast("int").alias("optouts")
    return within(engine, theirs, "withdrawn_on", name="withdrawals").groupBy(*KEYS).agg(every)


def complained(engine: Engine) -> Frame:
    """Return complaints that began within each window: decision_id, window_days, complaints.

    A complaint that names no account is about each of the customer's.
    """
    f, col = engine.F, engine.F.col
    begun = standing(engine.table("circumstances"), engine).where(
        col("kind") == f.lit("complaint")
    ).select("customer_id", f.col("account_id").alias("about"), "starts_on")  # fmt: skip
    joined = begun.join(_customers(engine), on="customer_id")
    theirs = engine.define("complaints_and_accounts", lambda: joined).where(
        col("about").isNull() | (col("about") == col("account_id"))
    )
    every = f.count(f.lit(1)).cast("int").alias("complaints")
    return within(engine, theirs, "starts_on", name="complaints_begun").groupBy(*KEYS).agg(every)


def cut(engine: Engine) -> Frame:
    """Return what happened to supply within each window.

    Table out: decision_id, window_days, notices, disconnections, reconnections
    """
    f, col = engine.F, engine.F.col
    steps = standing(engine.table("service_steps"), engine).select(
        "account_no", "occurred_on", "step"
    )
    named = {"notice_issued": "notices", "disconnected": "disconnections",
             "reconnected": "reconnections"}  # fmt: skip
    return (
        within(engine, steps, "occurred_on", name="steps_taken")
        .groupBy(*KEYS)
        .agg(*[counted(engine, col("step") == f.lit(step), name) for step, name in named.items()])
    )


def _customers(engine: Engine) -> Frame:
    """Return whose each account is, as it stands: account_no, account_id, customer_id."""
    return standing(engine.table("accounts"), engine).select(
        "account_no", "account_id", "customer_id"
    )

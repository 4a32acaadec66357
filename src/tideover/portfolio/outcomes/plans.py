"""Plans agreed after a decision, and whether the money kept up with them."""

from __future__ import annotations

from tideover.portfolio.engine import Engine, Frame
from tideover.portfolio.instalments import owed_of_arrangement
from tideover.portfolio.lake import standing
from tideover.portfolio.movements import CAME_IN, RETURNED
from tideover.portfolio.outcomes.windows import KEYS


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
    joined = plans.where(col("agreed_on") > engine.ago()).join(
        engine.table("asked"), on="account_no"
    )
    both = engine.define("plans_and_windows", lambda: joined)
    after = f.datediff(col("agreed_on"), col("as_of"))
    of_windows = both.where((after > f.lit(0)) & (after <= col("seen_days")))
    ends = f.date_add(col("as_of"), col("seen_days"))
    due = of_windows.select(
        *KEYS, "account_no", "arrangement_id", "agreed_on", ends.alias("ends_on"),
        owed_of_arrangement(engine, ends).alias("owed_by_end"),
    )  # fmt: skip
    paid = engine.table("recent_movements").where(
        (col("day") > engine.ago()) & col("why").isin(CAME_IN, RETURNED)
    ).select("account_no", "day", "moved_minor")  # fmt: skip
    in_time = due.join(paid, on="account_no", how="left")
    with_money = engine.define("plans_and_money", lambda: in_time)
    counts = (col("day") >= col("agreed_on")) & (col("day") < col("ends_on"))
    each = with_money.groupBy(*KEYS, "arrangement_id", "owed_by_end").agg(
        f.sum(f.when(counts, f.lit(0) - col("moved_minor")).otherwise(f.lit(0)))
        .cast("bigint")
        .alias("paid")
    )
    kept = col("paid") >= col("owed_by_end")
    return each.groupBy(*KEYS).agg(
        f.count(f.lit(1)).cast("int").alias("plans"),
        f.sum(f.when(kept, f.lit(1)).otherwise(f.lit(0))).cast("int").alias("plans_kept"),
    )

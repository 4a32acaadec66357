"""-> what followed a past day, to learn from: who paid, cured, rolled on, or became late.

The windows follow the contract ("Words"): money that came in counts, other credits censor an
account, and a window that is not over yet says nothing.
"""

from __future__ import annotations

from datetime import date

from tideover.portfolio.engine import Column, Engine, Frame
from tideover.portfolio.movements import CAME_IN, OTHER_CREDIT, RETURNED, movements

ROLL_DAYS, CURE_DAYS, WEEKS = 30, 60, 12
BUCKET_STARTS = (1, 31, 61, 91, 121)  # days past due


def followups(engine: Engine, until: date, *, paid_days: int = 30) -> Frame:
    """Return what followed the day the engine is at, as known at the end of `until`.

    Args:
        until: The last day of which anything is known.
        paid_days: The window in which arrears count as paid in full; 30 unless the utility says.

    Table in: views receivables (of the day), receivables_later (30 days on), and the lake's.
    Table out: one row an account in arrears, or with a bill to come; key account_no
        paid_in_full_30d, cured_60d, rolled_30d  0 or 1; null when censored, or not yet known
        late_30d        0 or 1, of accounts without arrears: behind 30 days later
        weeks_to_paid   int32, 1..12; null when the arrears were not paid in what was seen
        weeks_seen      int32, 0..12; how many weeks the account could be watched
    """
    engine.know(until)
    f = engine.F
    now = engine.table("receivables").where(
        (f.col("arrears_minor") > f.lit(0)) | (f.col("current_minor") > f.lit(0))
    ).select("account_no", "as_of", "arrears_minor", "days_past_due")  # fmt: skip
    later = engine.table("receivables_later").select(
        "account_no", f.col("arrears_minor").alias("later_minor"),
        f.col("days_past_due").alias("later_days"),
    )  # fmt: skip
    followed = engine.define("followed", lambda: _followed(engine, paid_days))
    all_of = now.join(later, on="account_no", how="left").join(
        followed, on="account_no", how="left"
    )
    both = engine.define("followups_joined", lambda: all_of)
    return both.select("account_no", "as_of", *_outcomes(engine, paid_days))


def _outcomes(engine: Engine, paid_days: int) -> list[Column]:
    f, end = engine.F, engine.known_until()
    behind = f.col("arrears_minor") > f.lit(0)
    paid_over = engine.ago(-paid_days) <= end
    month_over = engine.ago(-ROLL_DAYS) <= end
    cure_over = engine.ago(-CURE_DAYS) <= end
    other = {window: f.coalesce(f.col(f"other_{window}"), f.lit(0)) < f.lit(0)
             for window in ("paid", "roll", "cure")}  # fmt: skip
    paid = f.coalesce(f.col("came_in"), f.lit(0)) >= f.col("arrears_minor")
    cured = f.coalesce(f.col("lowest"), f.lit(1)) <= f.lit(0)
    rolled = _bucket(engine, "later_days") > _bucket(engine, "days_past_due")
    weeks = f.least(f.floor(f.datediff(end, engine.ago()) / f.lit(7)), f.lit(WEEKS))
    week = f.ceil(f.col("paid_after_days") / f.lit(7.0)).cast("int")
    return [
        _flag(engine, behind & paid_over & ~other["paid"], paid, "paid_in_full_30d"),
        _flag(engine, behind & cure_over & ~other["cure"], cured, "cured_60d"),
        _flag(engine, behind & month_over & ~other["roll"], rolled, "rolled_30d"),
        _flag(engine, ~behind & month_over, f.col("later_minor") > f.lit(0), "late_30d"),
        f.when(behind & (week <= weeks), week).alias("weeks_to_paid"),
        f.when(behind, weeks).cast("int").alias("weeks_seen"),
    ]


def _flag(engine: Engine, known: Column, true: Column, name: str) -> Column:
    f = engine.F
    return f.when(known, f.when(true, f.lit(1)).otherwise(f.lit(0))).cast("int").alias(name)


def _bucket(engine: Engine, days: str) -> Column:
    f = engine.F
    steps = [f.when(f.col(days) >= f.lit(start), f.lit(1)).otherwise(f.lit(0))
             for start in BUCKET_STARTS]  # fmt: skip
    return steps[0] + steps[1] + steps[2] + steps[3] + steps[4]


def _followed(engine: Engine, paid_days: int) -> Frame:
    """Return sums and running sums of the movements after the day, for accounts in arrears."""
    f, window = engine.F, engine.Window
    seen_days = max(paid_days, 7 * WEEKS)
    by_day = engine.define("movements_after", lambda: _by_day(engine, seen_days))
    in_order = window.partitionBy("account_no").orderBy(f.col("day").asc())
    running = by_day.select(
        "account_no", "arrears_minor", "day", "came_in", "other",
        (f.col("arrears_minor") + f.sum("moved").over(in_order)).cast("bigint").alias("left"),
        f.sum("came_in").over(in_order).cast("bigint").alias("in_so_far"),
    )  # fmt: skip
    windows = {"paid": paid_days, "roll": ROLL_DAYS, "cure": CURE_DAYS}
    within = {name: f.col("day") <= engine.ago(-days) for name, days in windows.items()}
    nothing = f.lit(0)
    after = f.datediff(f.col("day"), engine.ago())
    return running.groupBy("account_no").agg(
        f.sum(f.when(within["paid"], f.col("came_in")).otherwise(nothing)).cast("bigint")
        .alias("came_in"),
        *[f.sum(f.when(inside, f.col("other")).otherwise(nothing)).cast("bigint")
          .alias(f"other_{name}") for name, inside in within.items()],
        f.min(f.when(within["cure"], f.col("left"))).alias("lowest"),
        f.min(f.when(f.col("in_so_far") >= f.col("arrears_minor"), after))
        .alias("paid_after_days"),
    )  # fmt: skip


def _by_day(engine: Engine, seen_days: int) -> Frame:
    f = engine.F
    behind = engine.table("receivables").where(f.col("arrears_minor") > f.lit(0)).select(
        "account_no", "arrears_minor"
    )  # fmt: skip
    after = engine.define("movements", lambda: movements(engine)).where(
        (f.col("day") > engine.ago()) & (f.col("day") <= engine.ago(-seen_days))
    )
    joined = engine.define("movements_of_behind", lambda: after.join(behind, on="account_no"))
    moved = f.col("moved_minor")

    # A payment that came in and went back in the window is nothing; one from before does not count.
    is_returned = (f.col("why") == f.lit(RETURNED)) & (f.col("since") > engine.ago())
    is_money = (f.col("why") == f.lit(CAME_IN)) | f.coalesce(is_returned, f.lit(False))
    is_other = f.col("why") == f.lit(OTHER_CREDIT)
    return joined.groupBy("account_no", "arrears_minor", "day").agg(
        f.sum("moved_minor").cast("bigint").alias("moved"),
        f.sum(f.when(is_money, f.lit(0) - moved).otherwise(f.lit(0)))
        .cast("bigint")
        .alias("came_in"),
        f.sum(f.when(is_other, moved).otherwise(f.lit(0))).cast("bigint").alias("other"),
    )

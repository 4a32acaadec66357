"""-> what came in after a day from everyone, in arrears or not: whether a message was answered.

Money that came in, paid in full and censored are the contract's ("Words"), as in `followups`.
"""

from __future__ import annotations

from datetime import date

from tideover.portfolio.engine import Engine, Frame
from tideover.portfolio.lake import standing
from tideover.portfolio.movements import CAME_IN, OTHER_CREDIT, RETURNED, movements

TABLES = ("accounts", "bills", "payments", "adjustments", "contacts")


def responses(engine: Engine, until: date, *, days: int = 30) -> Frame:
    """Return what followed the day the engine is at, as known at the end of `until`.

    Args:
        until: The last day of which anything is known.
        days: The window.

    Table in: views receivables (of the day), and the lake's.
    Table out: one row an account; key account_no
        paid_anything  0 or 1: money came in within the days after the day; null when censored, or
            the window is not over
        paid_in_full   0 or 1: it reaches the arrears of the day; null also without arrears
        censored       boolean: what is owed went down by other than money that came in
        contacts       int32, outbound contacts within the days, whoever made them
        replies        int32, inbound contacts within the days
    """
    f, col = engine.F, engine.F.col
    owing = engine.table("receivables").select("account_no", "arrears_minor")
    money = engine.define("money_after", lambda: _money(engine, days))
    touched = engine.define("contacts_within", lambda: _contacts(engine, days))
    all_of = owing.join(money, on="account_no", how="left").join(
        touched, on="account_no", how="left"
    )
    both = engine.define("responses_joined", lambda: all_of)
    over = engine.ago(-days) <= f.lit(until)
    censored = f.coalesce(col("other"), f.lit(0)) < f.lit(0)
    came_in = f.coalesce(col("came_in"), f.lit(0))
    behind = col("arrears_minor") > f.lit(0)
    known = over & ~censored
    return both.select(
        "account_no",
        f.when(known, (came_in > f.lit(0)).cast("int")).alias("paid_anything"),
        f.when(known & behind, (came_in >= col("arrears_minor")).cast("int")).alias("paid_in_full"),
        censored.alias("censored"),
        f.coalesce(col("contacts"), f.lit(0)).cast("int").alias("contacts"),
        f.coalesce(col("replies"), f.lit(0)).cast("int").alias("replies"),
    )


def _money(engine: Engine, days: int) -> Frame:
    f, col = engine.F, engine.F.col
    within = engine.define("movements_within", lambda: movements(engine)).where(
        (col("day") > engine.ago()) & (col("day") <= engine.ago(-days))
    )
    # A payment that came in and went back in the window is nothing; one from before does not count.
    is_returned = (col("why") == f.lit(RETURNED)) & (col("since") > engine.ago())
    is_money = (col("why") == f.lit(CAME_IN)) | f.coalesce(is_returned, f.lit(False))
    moved = col("moved_minor")
    return within.groupBy("account_no").agg(
        f.sum(f.when(is_money, f.lit(0) - moved).otherwise(f.lit(0))).cast("bigint")
        .alias("came_in"),
        f.sum(f.when(col("why") == f.lit(OTHER_CREDIT), moved).otherwise(f.lit(0))).cast("bigint")
        .alias("other"),
    )  # fmt: skip


def _contacts(engine: Engine, days: int) -> Frame:
    f, col = engine.F, engine.F.col
    within = standing(engine.table("contacts"), engine).where(
        (col("occurred_on") > engine.ago()) & (col("occurred_on") <= engine.ago(-days))
    )
    counted = {"contacts": "outbound", "replies": "inbound"}
    return within.groupBy("account_no").agg(
        *[f.count(f.when(col("direction") == f.lit(way), f.lit(1))).alias(name)
          for name, way in counted.items()])  # fmt: skip

"""Accepted rows -> what raised or lowered arrears, by the day it took hold.

A debit weighs from the day it is in arrears (the day after it was due, or the day it was issued
where that is later); a credit from the day it came in; a reversed payment back again from the day
of its reversal. So arrears at the end of any day are the sum of all movements until then, or
nothing where that is below zero.
"""

from __future__ import annotations

from tideover.portfolio.engine import Engine, Frame
from tideover.portfolio.lake import standing

CAME_IN, RETURNED, RAISED, OTHER_CREDIT = "came_in", "returned", "raised", "other_credit"
ASSISTANCE_GRANT = "assistance_grant"


def coming_in(engine: Engine) -> Frame:
    """Return money that came in from the customer, with the moment where the export tells it.

    Table out: account_no
        at           timestamp; null of assistance that was posted, of which a day is known alone
        day          date
        paid_minor   int64
        reversed_on  date; null where it did not go back
    """
    f, col = engine.F, engine.F.col
    went_back = f.when(
        col("status") == f.lit("reversed"), f.greatest(col("received_on"), col("reversed_on"))
    )
    paid = standing(engine.table("payments"), engine).select(
        "account_no", col("received_at").alias("at"), col("received_on").alias("day"),
        col("amount_minor").alias("paid_minor"), went_back.alias("reversed_on"),
    )  # fmt: skip
    granted = standing(engine.table("adjustments"), engine).where(
        (col("kind") == f.lit(ASSISTANCE_GRANT)) & (col("amount_minor") < f.lit(0))
    ).select(
        "account_no", f.lit(None).cast("timestamp").alias("at"), col("posted_on").alias("day"),
        (f.lit(0) - col("amount_minor")).alias("paid_minor"),
        f.lit(None).cast("date").alias("reversed_on"),
    )  # fmt: skip
    return paid.unionByName(granted)


def movements(engine: Engine) -> Frame:
    """Return every movement of arrears: account_no, day, moved_minor (int64), why, since.

    `why` is `came_in` for money that came in from the customer, `returned` for its reversal (and
    `since` the day it had come in), `other_credit` for what lowers arrears without money
    (write-off, deposit, credit, rebate), else `raised`.
    """
    f = engine.F
    amount, never = f.col("amount_minor"), f.lit(None).cast("date").alias("since")
    bills = standing(engine.table("bills"), engine).select(
        "account_no",
        f.greatest(f.col("issued_on"), f.date_add(f.col("due_on"), 1)).alias("day"),
        amount.alias("moved_minor"), f.lit(RAISED).alias("why"), never,
    )  # fmt: skip
    why = (
        f.when(amount > f.lit(0), f.lit(RAISED))
        .when(f.col("kind") == f.lit(ASSISTANCE_GRANT), f.lit(CAME_IN))
        .otherwise(f.lit(OTHER_CREDIT))
    )
    posted = f.col("posted_on")
    adjustments = standing(engine.table("adjustments"), engine).select(
        "account_no",
        f.when(amount > f.lit(0), f.date_add(posted, 1)).otherwise(posted).alias("day"),
        amount.alias("moved_minor"), why.alias("why"), never,
    )  # fmt: skip
    payments = standing(engine.table("payments"), engine)
    paid = payments.select(
        "account_no", f.col("received_on").alias("day"),
        (f.lit(0) - amount).alias("moved_minor"), f.lit(CAME_IN).alias("why"), never,
    )  # fmt: skip
    returned = payments.where(f.col("status") == f.lit("reversed")).select(
        "account_no", f.greatest(f.col("received_on"), f.col("reversed_on")).alias("day"),
        amount.alias("moved_minor"), f.lit(RETURNED).alias("why"),
        f.col("received_on").alias("since"),
    )  # fmt: skip
    return bills.unionByName(adjustments).unionByName(paid).unionByName(returned)

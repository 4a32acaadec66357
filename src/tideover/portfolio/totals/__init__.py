"""Accepted rows -> what each account's debits and credits add up to, as of the day.

Everything that money says of an account (what it owes, its arrears at past month ends, what was
billed and paid when) is a sum over its debits and credits by spans of days. They are added up in
one pass over each, by a kernel that the engine hands an account's rows; doing the same by sums of
cases in SQL cost six times as much.
"""

from __future__ import annotations

from functools import partial

from tideover.portfolio.engine import Engine, Frame
from tideover.portfolio.lake import standing
from tideover.portfolio.totals.debt import OWED
from tideover.portfolio.totals.habits import ASSISTED, AUTOMATIC, BILL, BY_HAND, OTHER, WINDOWS
from tideover.portfolio.totals.kernel import MARKS, TOTALS, totalled

__all__ = ["MARKS", "OWED", "TABLES", "WINDOWS", "totals"]

TABLES = ("bills", "payments", "adjustments")


def totals(engine: Engine) -> Frame:
    """Name and return the totals of every account that has a debit or a credit.

    Table in: views bills, payments, adjustments of the lake.
    Table out: one row an account, key account_no; columns as `kernel.TOTALS` says
    """
    engine.define("debits", lambda: debits(engine), kept_as="debits")
    engine.define("credits", lambda: credits(engine), kept_as="credits")
    kernel = partial(totalled, as_of=engine.as_of)
    return engine.by_account("totals", ("debits", "credits"), kernel, TOTALS)


def debits(engine: Engine) -> Frame:
    """Return every debit: bills, and adjustments that raise what is owed.

    Table out: account_no, issued_on, due_on (dates), amount_minor (int64, above zero),
        usage (float64; null where not metered), kind (int8, 1 for a bill)
    """
    f = engine.F
    bills = standing(engine.table("bills"), engine).select(
        "account_no", "issued_on", "due_on", "amount_minor", "usage",
        f.lit(BILL).cast("tinyint").alias("kind"),
    )  # fmt: skip
    raised = standing(engine.table("adjustments"), engine).where(
        f.col("amount_minor") > f.lit(0)
    ).select(
        "account_no", f.col("posted_on").alias("issued_on"), f.col("posted_on").alias("due_on"),
        "amount_minor", f.lit(None).cast("double").alias("usage"),
        f.lit(OTHER).cast("tinyint").alias("kind"),
    )  # fmt: skip
    return bills.unionByName(raised)


def credits(engine: Engine) -> Frame:
    """Return every credit: payments, and adjustments that lower what is owed.

    Table out: account_no, day (date), amount_minor (int64, zero or above), reversed_on (date, of
        a payment that was reversed), kind (int8, how it was paid; 0 for an adjustment)
    """
    f = engine.F
    reversed_on = f.when(f.col("status") == f.lit("reversed"), f.col("reversed_on"))
    paid = standing(engine.table("payments"), engine).select(
        "account_no", f.col("received_on").alias("day"), "amount_minor",
        reversed_on.alias("reversed_on"),
        f.when(f.col("method") == f.lit("direct_debit"), f.lit(AUTOMATIC))
        .when(f.col("method") == f.lit("assistance"), f.lit(ASSISTED))
        .otherwise(f.lit(BY_HAND)).cast("tinyint").alias("kind"),
    )  # fmt: skip
    lowered = standing(engine.table("adjustments"), engine).where(
        f.col("amount_minor") < f.lit(0)
    ).select(
        "account_no", f.col("posted_on").alias("day"),
        (f.lit(0) - f.col("amount_minor")).alias("amount_minor"),
        f.lit(None).cast("date").alias("reversed_on"), f.lit(OTHER).cast("tinyint").alias("kind"),
    )  # fmt: skip
    return paid.unionByName(lowered)

"""The rows of the lake that a ladder goes by, of accounts in arrears, up to the day."""

from __future__ import annotations

from collections.abc import Callable

from tideover.portfolio.engine import Column, Engine, Frame
from tideover.portfolio.lake import known, standing, stands
from tideover.portfolio.movements import movements

# What takes an account off a ladder while it is in force.
HOLDING = ("dispute", "complaint", "debt_respite", "bankruptcy")
CAME_BACK = ("bounced", "failed")
REACHED = ("delivered", "opened", "clicked", "answered", "replied")
TERMS = ("agreed_on", "total_minor", "down_payment_minor", "instalments", "interval",
         "first_due_on")  # fmt: skip


def behind(engine: Engine) -> Frame:
    """Return accounts in arrears, whose they are, and where."""
    f, col = engine.F, engine.F.col
    held = standing(engine.table("accounts"), engine).select(
        "account_no", "account_id", "customer_id", "jurisdiction"
    )
    owing = engine.table("receivables").where(col("arrears_minor") > f.lit(0))
    return owing.select("account_no").join(held, on="account_no")


def _numbers(engine: Engine) -> Frame:
    return engine.table("ladder_behind").select("account_no")


def running(engine: Engine) -> Frame:
    """Return what was in arrears at the end of each day that changed it: account_no, day, left."""
    f, col = engine.F, engine.F.col
    by_day = movements(engine).where(col("day") <= engine.ago()).join(
        _numbers(engine), on="account_no"
    ).groupBy("account_no", "day").agg(
        f.sum("moved_minor").cast("bigint").alias("moved")
    )  # fmt: skip
    in_order = engine.Window.partitionBy("account_no").orderBy(col("day").asc())
    return by_day.select(
        "account_no", "day", f.sum("moved").over(in_order).cast("bigint").alias("left")
    )


def spells(engine: Engine) -> Frame:
    """Return since when an account was never clear: account_no, in_arrears_since.

    It is the first day after the last one at whose end nothing was past due, and does not move when
    an older bill is paid while a later one is not.
    """
    f, col = engine.F, engine.F.col
    cleared = engine.table("ladder_running").where(col("left") <= f.lit(0)).groupBy(
        "account_no"
    ).agg(f.max("day").alias("cleared_on"))  # fmt: skip
    return engine.table("ladder_running").join(cleared, on="account_no", how="left").where(
        col("cleared_on").isNull() | (col("day") > col("cleared_on"))
    ).groupBy("account_no").agg(f.min("day").alias("in_arrears_since"))  # fmt: skip


def taken(engine: Engine) -> Frame:
    """Return steps that were really taken: contacts with the id of a decision to take them.

    account_no, ladder, step, sent_on, served_on (null while it is not known), failed_on (null
    unless it came back). A letter counts as served when it was sent.
    """
    f, col = engine.F, engine.F.col
    steps = engine.table("former_steps").select("decision_id", "account_id", "ladder", "step")
    said = f.coalesce(col("outcome"), f.lit(""))
    back = said.isin(*CAME_BACK)
    served = said.isin(*REACHED) | (~back & (col("channel") == f.lit("letter")))
    sent = known(engine.table("contacts"), engine).where(
        (col("occurred_on") <= engine.ago()) & (col("direction") == f.lit("outbound"))
    ).select("account_no", col("contact_id").alias("decision_id"), "account_id",
             col("occurred_on").alias("sent_on"),
             f.when(served, col("occurred_on")).alias("served_on"),
             f.when(back, col("occurred_on")).alias("failed_on"))  # fmt: skip
    return sent.join(steps, on=["decision_id", "account_id"]).select(
        "account_no", "ladder", "step", "sent_on", "served_on", "failed_on"
    )


def holds(engine: Engine) -> Frame:
    """Return when an account was held: account_no, starts_on, held_to (null while it still is).

    The latest version known by the day counts, and what stands now, if it is another one: the
    stricter binds. A row that was there and is no longer held until then.
    """
    f, col = engine.F, engine.F.col
    newest = engine.Window.partitionBy("circumstance_id").orderBy(
        _by_then(engine).desc(), col("load_no").desc()
    )
    told = engine.table("circumstances").select(
        "*", f.row_number().over(newest).alias("place")
    ).where((_by_then(engine) & (col("place") == f.lit(1))) | stands(engine))  # fmt: skip
    said = told.where(
        (col("starts_on") <= engine.ago(-1)) & col("kind").isin(*HOLDING)
    ).select("customer_id", col("account_id").alias("only_account"), "starts_on",
             f.least(col("ends_on"), _last_known(engine)).alias("held_to"))  # fmt: skip
    whose = engine.table("ladder_behind").select("account_no", "account_id", "customer_id")
    return whose.join(said, on="customer_id").where(
        col("only_account").isNull() | (col("only_account") == col("account_id"))
    ).select("account_no", "starts_on", "held_to")  # fmt: skip


def plans(engine: Engine) -> Frame:
    """Return arrangements: account_no, their terms, and the last day they were known as such.

    One that was cancelled ran until the day before that was known.
    """
    f, col = engine.F, engine.F.col
    return engine.table("arrangements").where(
        (_by_then(engine) | stands(engine)) & (col("agreed_on") <= engine.ago())
        & (col("status") != f.lit("cancelled"))
    ).select(
        "account_no", "arrangement_id", *TERMS, _last_known(engine).alias("known_to")
    ).join(_numbers(engine), on="account_no")  # fmt: skip


def money(engine: Engine) -> Frame:
    """Return money of those with an arrangement that was not taken back: account_no, day, minor."""
    f, col = engine.F, engine.F.col
    back = f.coalesce(
        (col("status") == f.lit("reversed")) & (col("reversed_on") <= engine.ago()), f.lit(False)
    )
    agreed = engine.table("ladder_plans").select("account_no").distinct()
    return standing(engine.table("payments"), engine).where(
        (col("received_on") <= engine.ago()) & ~back
    ).select("account_no", "received_on", "amount_minor").join(agreed, on="account_no")  # fmt: skip


def holidays(engine: Engine) -> Frame:
    """Return public holidays: jurisdiction, holiday_on."""
    return known(engine.table("holidays"), engine).select("jurisdiction", "holiday_on")


def _by_then(engine: Engine) -> Column:
    """Say of a version whether it was known on the day, or before."""
    return engine.F.col("known_from") <= engine.ago()


def _last_known(engine: Engine) -> Column:
    """Return the last day on which a version was what was known; null where it still is."""
    f, col = engine.F, engine.F.col
    over = col("known_until") <= engine.ago()
    return f.when(over, f.date_sub(col("known_until"), 1))


# in the order in which they build on each other
FRAMES: dict[str, Callable[[Engine], Frame]] = {
    "behind": behind, "running": running, "spells": spells, "taken": taken, "holds": holds,
    "plans": plans, "money": money, "holidays": holidays,
}  # fmt: skip

"""Contacts -> how often someone was contacted of late, and the contact that fills the cap."""

from __future__ import annotations

from tideover.portfolio.engine import Engine, Frame
from tideover.portfolio.lake import standing

WEEK_DAYS = 7


def outbound(engine: Engine, cap_days: int) -> Frame:
    """Return the outbound contacts of the last days, as many as the cap or a week looks back on."""
    f, col = engine.F, engine.F.col
    return (
        standing(engine.table("contacts"), engine)
        .where(
            (col("direction") == f.lit("outbound"))
            & (col("occurred_on") > engine.ago(max(cap_days, WEEK_DAYS)))
            & (col("occurred_on") <= engine.ago())
        )
        .select("account_no", "contact_id", "occurred_at", "occurred_on")
    )


def recent(engine: Engine, contacts: Frame, *, by: str, cap: int, cap_days: int) -> Frame:
    """Count recent contacts of an account, or of a customer over all accounts.

    Table in: contacts, as `outbound` gives them, with the column `by`
    Table out: one row for each `by`
        recent          in the last 7 local days
        counted         in the last `cap_days` local days
        cap_contact_at  the `cap`-th latest of these; null when there were fewer
    """
    f, col = engine.F, engine.F.col
    latest_first = engine.Window.partitionBy(by).orderBy(
        col("occurred_at").desc(), col("contact_id").asc()
    )
    numbered = contacts.select(
        by, "occurred_at", "occurred_on", f.row_number().over(latest_first).alias("nth")
    )
    in_week = col("occurred_on") > engine.ago(WEEK_DAYS)
    in_cap = col("occurred_on") > engine.ago(cap_days)
    fills_cap = (col("nth") == f.lit(cap)) & in_cap
    return numbered.groupBy(by).agg(
        f.count(f.when(in_week, f.lit(1))).alias("recent"),
        f.count(f.when(in_cap, f.lit(1))).alias("counted"),
        f.max(f.when(fills_cap, col("occurred_at"))).alias("cap_contact_at"),
    )

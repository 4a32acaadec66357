"""What happened around an account: contacts, supply steps, its area, the utility's own numbers."""

from __future__ import annotations

from collections.abc import Sequence

from tideover.portfolio.engine import Column, Engine, Frame
from tideover.portfolio.lake import standing

INDICATORS = ("unemployment_rate", "median_income", "deprivation_index")


def _count(engine: Engine, condition: Column, name: str) -> Column:
    f = engine.F
    return f.sum(f.when(condition, f.lit(1)).otherwise(f.lit(0))).cast("int").alias(name)


def contacts(engine: Engine) -> Frame:
    """Return contacts made and replies heard: contacts_out_90d, replies_90d, reply_share_12m.

    Replies are inbound rows with their own time; the last known outcome of an outbound contact is
    not used, because it may have been learnt later.
    """
    f = engine.F
    out, back = (f.col("direction") == f.lit(way) for way in ("outbound", "inbound"))
    late = f.col("occurred_on") > engine.ago(90)
    counts = standing(engine.table("contacts"), engine).where(
        (f.col("occurred_on") <= engine.ago()) & (f.col("occurred_on") > engine.ago(365))
    ).groupBy("account_no").agg(
        _count(engine, out & late, "contacts_out_90d"), _count(engine, back & late, "replies_90d"),
        _count(engine, out, "out_12m"), _count(engine, back, "back_12m"),
    )  # fmt: skip
    share = f.least(f.col("back_12m") / f.col("out_12m"), f.lit(1.0))
    return counts.select(
        "account_no", "contacts_out_90d", "replies_90d",
        f.when(f.col("out_12m") > f.lit(0), share).alias("reply_share_12m"),
    )  # fmt: skip


def steps(engine: Engine) -> Frame:
    """Return steps towards disconnection: notices_12m, disconnections_24m."""
    f = engine.F
    taken = standing(engine.table("service_steps"), engine).where(
        f.col("occurred_on") <= engine.ago()
    )
    notice = (f.col("step") == f.lit("notice_issued")) & (f.col("occurred_on") > engine.ago(365))
    cut = (f.col("step") == f.lit("disconnected")) & (f.col("occurred_on") > engine.ago(730))
    return taken.groupBy("account_no").agg(
        _count(engine, notice, "notices_12m"), _count(engine, cut, "disconnections_24m")
    )


def area_events(engine: Engine) -> Frame:
    """Return events in an area: area_code, area_events_90d."""
    f = engine.F
    on = f.to_date(f.col("starts_at"))
    recent = standing(engine.table("service_events"), engine).where(
        (on <= engine.ago()) & (on > engine.ago(90))
    )
    return recent.groupBy("area_code").agg(f.count(f.lit(1)).cast("int").alias("area_events_90d"))


def area_figures(engine: Engine) -> Frame:
    """Return the latest measured figures of an area: area_code and one column an indicator."""
    f = engine.F
    measured = standing(engine.table("area_indicators"), engine).where(
        (f.col("measured_on") <= engine.ago()) & ~f.coalesce(f.col("is_forecast"), f.lit(False))
    )
    return measured.groupBy("area_code").agg(
        *[_latest(engine, f.col("indicator") == f.lit(name)).alias(name) for name in INDICATORS]
    )


def carried(engine: Engine, names: Sequence[str]) -> Frame:
    """Return the latest of each of the utility's own numbers: account_no, carried_<name>."""
    f = engine.F
    by_day = standing(engine.table("carried"), engine).where(f.col("measured_on") <= engine.ago())
    return by_day.groupBy("account_no").agg(
        *[_latest(engine, f.col("name") == f.lit(name)).alias(f"carried_{name}") for name in names]
    )


def _latest(engine: Engine, condition: Column) -> Column:
    f = engine.F
    return f.max_by(f.when(condition, f.col("value")), f.when(condition, f.col("measured_on")))

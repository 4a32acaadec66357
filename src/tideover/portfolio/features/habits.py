"""What was billed and how it was paid over the last year."""

from __future__ import annotations

from tideover.portfolio.engine import Column, Engine, Frame
from tideover.portfolio.lake import standing

WINDOWS = {"3m": 91, "6m": 182, "12m": 365}  # days
ASSISTED, AUTOMATIC = "assistance", "direct_debit"


def _sum(engine: Engine, condition: Column, value: Column, name: str) -> Column:
    f = engine.F
    return f.sum(f.when(condition, value).otherwise(f.lit(0))).cast("bigint").alias(name)


def _day_number(engine: Engine, day: Column) -> Column:
    """Return days before the day asked for, so that weighted sums stay small."""
    return engine.F.datediff(engine.ago(), day).cast("bigint")


def billed(engine: Engine) -> Frame:
    """Return what was billed: amounts, when due, metered use; one row an account.

    Table out: account_no, billed_<w>, due_<w>, due_days_<w> (minor units x days before the day),
        bills_12m, next_due_on, use_3m, use_3m_year_before
    """
    f = engine.F
    year = WINDOWS["12m"]
    due, amount = f.col("due_on"), f.col("amount_minor")
    recent = standing(engine.table("bills"), engine).where(
        (f.col("issued_on") <= engine.ago()) & (f.col("issued_on") > engine.ago(year + 92))
    )
    age = _day_number(engine, due) * amount
    spans = {w: (due > engine.ago(days)) & (due <= engine.ago()) for w, days in WINDOWS.items()}
    within = f.col("issued_on") > engine.ago(year)
    used, issued = f.coalesce(f.col("usage"), f.lit(0.0)), f.col("issued_on")
    year_before = (issued > engine.ago(year + 91)) & (issued <= engine.ago(year))
    return recent.groupBy("account_no").agg(
        _sum(engine, within, amount, "billed_12m"),
        _sum(engine, within, f.lit(1), "bills_12m"),
        *[_sum(engine, span, amount, f"due_{w}") for w, span in spans.items()],
        *[_sum(engine, span, age, f"due_days_{w}") for w, span in spans.items()],
        f.min(f.when(due >= engine.ago(), due)).alias("next_due_on"),
        f.sum(f.when(issued > engine.ago(91), used)).alias("use_3m"),
        f.sum(f.when(year_before, used)).alias("use_3m_year_before"),
    )


def paid(engine: Engine) -> Frame:
    """Return how money came in: amounts, when, by which method; one row an account.

    Table out: account_no, paid_<w>, paid_days_<w> (minor units x days before the day),
        payments_3m, payments_12m, last_paid_on, reversals_12m, automatic_12m, assisted_12m
    """
    f = engine.F
    on, amount = f.col("received_on"), f.col("amount_minor")
    returned = f.coalesce(
        (f.col("status") == f.lit("reversed")) & (f.col("reversed_on") <= engine.ago()),
        f.lit(False),
    )
    recent = standing(engine.table("payments"), engine).where(
        (on <= engine.ago()) & (on > engine.ago(WINDOWS["12m"]))
    )
    spans = {w: (on > engine.ago(days)) & ~returned for w, days in WINDOWS.items()}
    age, year = _day_number(engine, on) * amount, spans["12m"]
    one = f.lit(1)
    return recent.groupBy("account_no").agg(
        *[_sum(engine, span, amount, f"paid_{w}") for w, span in spans.items()],
        *[_sum(engine, span, age, f"paid_days_{w}") for w, span in spans.items()],
        _sum(engine, spans["3m"], one, "payments_3m"),
        _sum(engine, year, one, "payments_12m"),
        f.max(f.when(~returned, on)).alias("last_paid_on"),
        _sum(engine, returned, one, "reversals_12m"),
        _sum(engine, year & (f.col("method") == f.lit(AUTOMATIC)), one, "automatic_12m"),
        _sum(engine, year & (f.col("method") == f.lit(ASSISTED)), one, "assisted_12m"),
    )

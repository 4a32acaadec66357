"""Arrangements -> how many instalments fell due by a day, and what should have come in by then.

`rules/arrangement/running.py` is the reference for one arrangement.
"""

from __future__ import annotations

from tideover.portfolio.engine import Column, Engine

STEP_DAYS = {"weekly": 7, "fortnightly": 14}


def instalments_due(engine: Engine, day: Column) -> Column:
    """Return how many instalments fell due before a day, from none to all."""
    f = engine.F
    before, first = f.date_sub(day, 1), f.col("first_due_on")
    months = (f.year(before) - f.year(first)) * f.lit(12) + f.month(before) - f.month(first)
    passed = f.dayofmonth(before) >= f.dayofmonth(first)
    whole = months + f.when(passed, f.lit(1)).otherwise(f.lit(0))
    elapsed = f.datediff(before, first)
    count = f.when(f.col("interval") == f.lit("monthly"), whole)
    for interval, step in STEP_DAYS.items():
        count = count.when(f.col("interval") == f.lit(interval),
                           f.floor(elapsed / f.lit(step)) + f.lit(1))  # fmt: skip
    due = f.when(first <= before, count).otherwise(f.lit(0))
    return f.least(f.greatest(due, f.lit(0)), f.col("instalments")).cast("int")


def owed_of_arrangement(engine: Engine, day: Column) -> Column:
    """Return what should have come in of an arrangement before a day: money in minor units.

    Each instalment is an equal part of what the down payment leaves; the remainder in minor units
    goes on the first ones.
    """
    f = engine.F
    down = f.coalesce(f.col("down_payment_minor"), f.lit(0))
    parts, due = f.col("instalments"), instalments_due(engine, day)
    rest = f.col("total_minor") - down
    share = f.floor(rest / parts).cast("bigint")
    return (down + due * share + f.least(due.cast("bigint"), rest - share * parts)).cast("bigint")

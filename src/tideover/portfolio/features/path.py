"""Arrears at the last month ends: where the debt comes from and how fast it moves.

Arrears on a past day are the sum of all movements until then. Sums at twelve month ends cost far
less than putting every movement in order
(`docs/decisions/0005-month-ends-instead-of-exact-lateness.md`).
"""

from __future__ import annotations

from tideover.portfolio.engine import MONTH_ENDS, Column, Engine, Frame
from tideover.portfolio.movements import movements


def path(engine: Engine) -> Frame:
    """Return arrears at each of the last month ends and 30 days ago, one row an account.

    Table out: account_no, arrears_mark_1_minor (latest) .. arrears_mark_12_minor,
        arrears_30d_ago_minor, arrears_7d_ago_minor; int64, minor units, >= 0
    """
    f = engine.F
    until: dict[str, Column] = {
        f"arrears_mark_{k}_minor": engine.month_end(k) for k in range(1, MONTH_ENDS + 1)
    }
    until |= {f"arrears_{days}d_ago_minor": engine.ago(days) for days in (7, 30)}
    sums = engine.define("movements", lambda: movements(engine)).groupBy("account_no").agg(
        *[f.sum(f.when(f.col("day") <= day, f.col("moved_minor")).otherwise(f.lit(0)))
          .cast("bigint").alias(name) for name, day in until.items()]
    )  # fmt: skip
    return sums.select("account_no", *[f.greatest(f.col(n), f.lit(0)).alias(n) for n in until])

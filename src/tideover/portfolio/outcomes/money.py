"""What was paid after a decision, and what became of the arrears of its day."""

from __future__ import annotations

from tideover.portfolio.engine import Column, Engine, Frame
from tideover.portfolio.movements import CAME_IN, OTHER_CREDIT, RETURNED, movements
from tideover.portfolio.outcomes.windows import KEY, KEYS, WINDOWS

STAYS_DAYS = 60  # a cure is watched so long before it counts as one that lasted
_SEEN_DAYS = WINDOWS[-1] + STAYS_DAYS


def money(engine: Engine) -> Frame:
    """Return what was owed and what came in; one row a decision and window.

    Table out: decision_id, window_days
        arrears_minor  int64, of the day, as they are known now
        money_in_minor int64, that came in within the window and was not taken back in it
        other_minor    int64, below zero where the debt went down by other than money
        cured_after    int32, days until no arrears were left; null where they never ended
        relapsed       1 where arrears came back within 60 days of the cure, 0 where not
        other_later    int64, below zero where a credit other than money fell in those 60 days
    """
    f, col = engine.F, engine.F.col
    engine.define("owed_before", lambda: _owed(engine))
    running = engine.define("running_after", lambda: _running(engine))
    whole = engine.table("asked").select(*KEYS, "seen_days")
    joined = engine.define("running_and_windows", lambda: running.join(whole, on="decision_id"))
    each = joined.where(col("after") <= col("seen_days"))
    engine.define("money_within", lambda: each.groupBy(*KEYS).agg(
        f.sum("came_in").cast("bigint").alias("money_in_minor"),
        f.sum("other").cast("bigint").alias("other_minor"),
        f.min(f.when(col("owing_minor") <= f.lit(0), col("after"))).alias("cured_after"),
    ))  # fmt: skip
    engine.define("after_cure", lambda: _lasting(engine))
    engine.define("asked_of_money", lambda: engine.table("asked").select(*KEYS))
    found = engine.beside("money_joined", "asked_of_money", {
        "owed_before": "decision_id", "money_within": KEY, "after_cure": KEY})  # fmt: skip
    nothing = f.lit(0)
    return found.select(
        *KEYS, f.greatest(f.coalesce(col("owed_minor"), nothing), nothing).alias("arrears_minor"),
        *[f.coalesce(col(name), nothing).alias(name) for name in ("money_in_minor", "other_minor")],
        "cured_after", f.coalesce(col("relapsed"), nothing).alias("relapsed"),
        f.coalesce(col("other_later"), nothing).alias("other_later"),
    )  # fmt: skip


def _moved(engine: Engine) -> Frame:
    """Return the movements of accounts with a decision: after, days since the decision."""
    f = engine.F
    decided = engine.table("decided").select("decision_id", "account_no", "as_of")
    joined = engine.define("movements", lambda: movements(engine)).join(decided, on="account_no")
    both = engine.define("movements_and_decisions", lambda: joined)
    after = f.datediff(f.col("day"), f.col("as_of"))
    return both.select("decision_id", "as_of", "moved_minor", "why", "since", after.alias("after"))


def _owed(engine: Engine) -> Frame:
    f = engine.F
    moved = engine.define("moved", lambda: _moved(engine)).where(f.col("after") <= f.lit(0))
    return moved.groupBy("decision_id").agg(f.sum("moved_minor").cast("bigint").alias("owed_minor"))


def _running(engine: Engine) -> Frame:
    """Return what moved on each day after a decision, and what was owed by then."""
    f, col = engine.F, engine.F.col
    engine.define("moved_by_day", lambda: _by_day(engine))
    in_order = engine.Window.partitionBy("decision_id").orderBy(col("after").asc())
    joined = engine.beside("moved_and_owed", "moved_by_day", {"owed_before": "decision_id"})
    owing = f.coalesce(col("owed_minor"), f.lit(0)) + f.sum("moved").over(in_order)
    return joined.select("decision_id", "after", "came_in", "other",
                         owing.cast("bigint").alias("owing_minor"))  # fmt: skip


def _by_day(engine: Engine) -> Frame:
    f, col = engine.F, engine.F.col
    within = (col("after") > f.lit(0)) & (col("after") <= f.lit(_SEEN_DAYS))
    moved = engine.define("moved", lambda: _moved(engine)).where(within)
    is_other = col("why") == f.lit(OTHER_CREDIT)
    return moved.groupBy("decision_id", "after").agg(
        f.sum("moved_minor").cast("bigint").alias("moved"),
        f.sum(f.when(_is_money(engine), f.lit(0) - col("moved_minor")).otherwise(f.lit(0)))
        .cast("bigint")
        .alias("came_in"),
        f.sum(f.when(is_other, col("moved_minor")).otherwise(f.lit(0)))
        .cast("bigint")
        .alias("other"),
    )


def _is_money(engine: Engine) -> Column:
    """Say whether a movement is money that came in after the day, or went back again."""
    f, col = engine.F, engine.F.col
    returned = (col("why") == f.lit(RETURNED)) & (col("since") > col("as_of"))
    return (col("why") == f.lit(CAME_IN)) | f.coalesce(returned, f.lit(False))


def _lasting(engine: Engine) -> Frame:
    """Return what followed a cure: whether arrears came back, and credits other than money."""
    f, col = engine.F, engine.F.col
    cured = engine.table("money_within").select(*KEYS, "cured_after")
    joined = engine.table("running_after").join(cured, on="decision_id")
    later = engine.define("running_and_cures", lambda: joined)
    since = col("after") - col("cured_after")
    later = later.where((since > f.lit(0)) & (since <= f.lit(STAYS_DAYS)))
    behind = col("owing_minor") > f.lit(0)
    return later.groupBy(*KEYS).agg(
        f.max(f.when(behind, f.lit(1)).otherwise(f.lit(0))).alias("relapsed"),
        f.sum("other").cast("bigint").alias("other_later"),
    )

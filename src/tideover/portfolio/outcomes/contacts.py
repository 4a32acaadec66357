"""The message of a decision: the contact that carries its id, and how far it came."""

from __future__ import annotations

from tideover.portfolio.engine import Engine, Frame
from tideover.portfolio.lake import standing
from tideover.portfolio.outcomes.happened import REACHED
from tideover.portfolio.outcomes.windows import KEYS

MISSED = ("bounced", "failed", "no_answer")


def own_contacts(engine: Engine) -> Frame:
    """Return contacts that carry the id of a decision, on its own account.

    Table out: decision_id, account_no, as_of, occurred_on, channel, outcome
    """
    f, col = engine.F, engine.F.col
    made = standing(engine.table("contacts"), engine)
    ours = made.where(col("occurred_on") > engine.ago()).select(
        f.col("contact_id").alias("decision_id"), f.col("account_no").alias("of_account"),
        "occurred_on", "channel", "outcome",
    )  # fmt: skip
    joined = ours.join(engine.table("decided"), on="decision_id")
    both = engine.define("contacts_and_decisions", lambda: joined)
    return both.where(col("of_account") == col("account_no")).select(
        "decision_id", "account_no", "as_of", "occurred_on", "channel", "outcome"
    )


def own(engine: Engine) -> Frame:
    """Return the message of a decision, in each window in which it had left.

    Table out: one row a decision and window in which it left; decision_id, window_days
        furthest           string, how far the message came, as last told: sent, delivered, ...
        reached            1 or 0; null where nobody told
        replied_to         1 or 0: that it was answered is how far it came
        cost_thousandths   int64, thousandths of a minor unit
    """
    f, col = engine.F, engine.F.col
    ours = engine.table("own_contacts").select("decision_id", "occurred_on", "channel", "outcome")
    joined = ours.join(engine.table("asked"), on="decision_id")
    engine.define("own_contacts_asked", lambda: joined)
    both = engine.beside("own_contacts_costed", "own_contacts_asked", {"unit_costs": "channel"})
    after = f.datediff(col("occurred_on"), col("as_of"))
    left = both.where((after > f.lit(0)) & (after <= col("seen_days")))
    furthest = f.coalesce(col("outcome"), f.lit("sent"))
    reached = f.when(furthest.isin(*REACHED), f.lit(1)).when(furthest.isin(*MISSED), f.lit(0))
    replied = f.when(furthest == f.lit("replied"), f.lit(1)).otherwise(f.lit(0))
    return left.select(
        *KEYS, furthest.alias("furthest"), reached.alias("reached"), replied.alias("replied_to"),
        f.coalesce(col("cost_thousandths"), f.lit(0)).cast("bigint").alias("cost_thousandths"),
    )  # fmt: skip

"""The message of a decision and how far it came; contacts, replies, calls and complaints after."""

from __future__ import annotations

from tideover.portfolio.engine import Engine, Frame
from tideover.portfolio.lake import standing
from tideover.portfolio.outcomes.windows import KEYS, counted, within

REACHED = ("delivered", "opened", "clicked", "answered", "replied")
MISSED = ("bounced", "failed", "no_answer")


def own(engine: Engine) -> Frame:
    """Return the contact that carries a decision's id, on the decision's own account.

    Table out: one row a decision and window in which it left; decision_id, window_days
        furthest           string, how far the message came, as last told: sent, delivered, ...
        reached            1 or 0; null where nobody told
        replied_to         1 or 0: that it was answered is how far it came
        cost_thousandths   int64, thousandths of a minor unit
    """
    f, col = engine.F, engine.F.col
    ours = standing(engine.table("contacts"), engine).select(
        f.col("contact_id").alias("decision_id"), f.col("account_no").alias("of_account"),
        "occurred_on", "channel", "outcome",
    )  # fmt: skip
    engine.define("own_contacts", lambda: ours.join(engine.table("asked"), on="decision_id"))
    both = engine.beside("own_contacts_costed", "own_contacts", {"unit_costs": "channel"})
    after = f.datediff(col("occurred_on"), col("as_of"))
    left = both.where((col("of_account") == col("account_no"))
                      & (after > f.lit(0)) & (after <= col("seen_days")))  # fmt: skip
    furthest = f.coalesce(col("outcome"), f.lit("sent"))
    reached = f.when(furthest.isin(*REACHED), f.lit(1)).when(furthest.isin(*MISSED), f.lit(0))
    replied = f.when(furthest == f.lit("replied"), f.lit(1)).otherwise(f.lit(0))
    return left.select(
        *KEYS, furthest.alias("furthest"), reached.alias("reached"), replied.alias("replied_to"),
        f.coalesce(col("cost_thousandths"), f.lit(0)).cast("bigint").alias("cost_thousandths"),
    )  # fmt: skip


def said(engine: Engine) -> Frame:
    """Return contacts of the account by anyone; one row a decision and window with any.

    Table out: decision_id, window_days, contacts (outbound), replies (inbound), calls_in,
        complaints_said
    """
    f, col = engine.F, engine.F.col
    spoken = standing(engine.table("contacts"), engine).select(
        "account_no", "occurred_on", "direction", "channel", "purpose"
    )
    inbound = col("direction") == f.lit("inbound")
    return within(engine, spoken, "occurred_on", name="spoken").groupBy(*KEYS).agg(
        counted(engine, col("direction") == f.lit("outbound"), "contacts"),
        counted(engine, inbound, "replies"),
        counted(engine, inbound & (col("channel") == f.lit("voice")), "calls_in"),
        counted(engine, inbound & (col("purpose") == f.lit("complaint")), "complaints_said"),
    )  # fmt: skip

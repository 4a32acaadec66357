"""Payments -> the one contact that each belongs to, and who touched the customer first and last.

A payment joins the contact it names. Where it names none it joins by time: the last contact to its
account in the sixty days before. It never joins two. First and last touch are stories about what
came before a payment; they say nothing of what it would have been without the contact.
"""

from __future__ import annotations

from tideover.portfolio.engine import Engine, Frame
from tideover.portfolio.lake import standing
from tideover.portfolio.outcomes.contacts import own_contacts

TOUCH_DAYS = 60
BY_LINK, BY_TIME, ALONE = "link", "time", "none"


def touches(engine: Engine, only: str = "") -> Frame:
    """Return one row a payment that stands and did not go back.

    Args:
        only: A table of which only the accounts are wanted, and only what was paid after the day
            the engine is at; everyone and everything where empty.

    Table in: views payments, contacts, of the lake
    Table out: payment_id, account_no, received_on, amount_minor, load_no (that brought the row)
        contact_id   string, of the contact it belongs to; null where it belongs to none
        joined_by    link | time | none
        first_touch, last_touch  string, contacts in the sixty days before; null where none was
    """
    f, col = engine.F, engine.F.col
    paid = standing(engine.table("payments"), engine).where(col("status") != f.lit("reversed"))
    paid = paid.select("payment_id", "account_no", "received_at", "received_on", "amount_minor",
                       "load_no", f.col("contact_id").alias("named"))  # fmt: skip
    made = standing(engine.table("contacts"), engine).select(
        "account_no", "contact_id", "occurred_at", "occurred_on", "direction", "outcome"
    )
    if only:
        mine = engine.table(only).select("account_no").distinct()
        paid = paid.where(col("received_on") > engine.ago()).join(mine, on="account_no")
        made = made.where(col("occurred_on") > engine.ago(TOUCH_DAYS)).join(mine, on="account_no")
    end = f"_{only}" if only else ""
    engine.define(f"payments_that_stand{end}", lambda: paid)
    engine.define(f"contacts_that_stand{end}", lambda: made)
    engine.define(f"touched{end}", lambda: _touched(engine, end))
    found = engine.beside(f"payments_touched{end}", f"payments_that_stand{end}",
                          {f"touched{end}": "payment_id"})  # fmt: skip
    by_time = col("named").isNull() & col("last_touch").isNotNull()
    how = f.when(col("named").isNotNull(), f.lit(BY_LINK)).when(by_time, f.lit(BY_TIME))
    return found.select(
        "payment_id", "account_no", "received_on", "amount_minor", "load_no",
        f.coalesce(col("named"), col("last_touch")).alias("contact_id"),
        how.otherwise(f.lit(ALONE)).alias("joined_by"), "first_touch", "last_touch",
    )  # fmt: skip


def _touched(engine: Engine, end: str) -> Frame:
    """Return for each payment the first and the last contact before it."""
    f, col = engine.F, engine.F.col
    made = engine.table(f"contacts_that_stand{end}").where(
        (col("direction") == f.lit("outbound"))
        & ~f.coalesce(col("outcome"), f.lit("sent")).isin("bounced", "failed")
    ).select("account_no", "contact_id", "occurred_at", "occurred_on")  # fmt: skip
    paid = engine.table(f"payments_that_stand{end}").select(
        "payment_id", "account_no", "received_at", "received_on"
    )
    since = f.datediff(col("received_on"), col("occurred_on"))
    both = engine.define(f"paid_after{end}", lambda: made.join(paid, on="account_no"))
    before = both.where((col("occurred_at") <= col("received_at")) & (since <= f.lit(TOUCH_DAYS)))
    places = {
        "first": engine.Window.partitionBy("payment_id").orderBy(
            col("occurred_at").asc_nulls_first(), col("contact_id").asc_nulls_first()),
        "last": engine.Window.partitionBy("payment_id").orderBy(
            col("occurred_at").desc_nulls_last(), col("contact_id").desc_nulls_last()),
    }  # fmt: skip
    ranked = engine.define(f"touches_ranked{end}", lambda: before.select(
        "payment_id", "contact_id",
        *[f.row_number().over(order).alias(name) for name, order in places.items()],
    ))  # fmt: skip
    return ranked.groupBy("payment_id").agg(
        *[f.max(f.when(col(name) == f.lit(1), col("contact_id"))).alias(f"{name}_touch")
          for name in places]
    )  # fmt: skip


def belonging(engine: Engine) -> Frame:
    """Return what came in and belongs to a decision's message, within each window.

    Table out: decision_id, window_days, linked_minor, timed_minor
    """
    f, col = engine.F, engine.F.col
    theirs = engine.define("own_touches", lambda: touches(engine, "own_contacts")).select(
        f.col("contact_id").alias("decision_id"), f.col("account_no").alias("of_account"),
        "received_on", "amount_minor", "joined_by",
    )  # fmt: skip
    joined = theirs.join(engine.table("asked"), on="decision_id")
    both = engine.define("touches_and_windows", lambda: joined)
    after = f.datediff(col("received_on"), col("as_of"))
    both = both.where((col("of_account") == col("account_no"))
                      & (after > f.lit(0)) & (after <= col("seen_days")))  # fmt: skip
    sums = {"linked_minor": BY_LINK, "timed_minor": BY_TIME}
    return both.groupBy("decision_id", "window_days").agg(
        *[f.sum(f.when(col("joined_by") == f.lit(how), col("amount_minor")).otherwise(f.lit(0)))
          .cast("bigint").alias(name) for name, how in sums.items()]
    )  # fmt: skip


def attributed(engine: Engine) -> Frame:
    """Return payments that belong to the message of a decision; one row a payment.

    The engine stands at the first day a decision may be of.

    Table in: views decided, and of the lake payments, contacts
    Table out: payment_id, account_no, received_on, amount_minor, load_no, joined_by, decision_id,
        as_of, sent_on (date), channel
    """
    f = engine.F
    engine.define("own_contacts", lambda: own_contacts(engine))
    engine.define("own_touches", lambda: touches(engine, "own_contacts"))
    theirs = engine.table("own_touches").select(
        "payment_id", "account_no", "received_on", "amount_minor", "load_no", "joined_by",
        f.col("contact_id").alias("decision_id"),
    )  # fmt: skip
    sent = engine.table("own_contacts").select(
        "decision_id", "account_no", "as_of", f.col("occurred_on").alias("sent_on"), "channel"
    )
    return theirs.join(sent, on=["decision_id", "account_no"])

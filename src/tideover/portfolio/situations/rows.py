"""The rows of the lake that situations are told from: only of candidates, only by the day."""

from __future__ import annotations

from collections.abc import Callable

from tideover.portfolio.engine import Column, Engine, Frame
from tideover.portfolio.lake import known, standing

LOOK_BACK_DAYS = 400  # as far as a rule of law looks back on contacts, and a month
SERVICE_DAYS = 92  # bills sent and the like count towards the pressure of a month, not beyond
HOUSEHOLD_DAYS = 92
HELD = ("account_no", "account_id", "customer_id", "commodity", "jurisdiction", "timezone",
        "currency", "area_code")  # fmt: skip


def accounts(engine: Engine) -> Frame:
    """Return candidates with whose they are, where, and what they owe."""
    f, col = engine.F, engine.F.col
    people = known(engine.table("customers"), engine).select("customer_id", "segment", "language")
    held = known(engine.table("accounts"), engine).select(*HELD)
    owed = engine.table("receivables").select("account_no", "arrears_minor", "days_past_due")
    return (
        engine.table("candidates").select("account_no")
        .join(held, on="account_no", how="left")
        .join(people, on="customer_id", how="left")
        .join(owed, on="account_no", how="left")
        .select(*HELD, "segment", "language",
                f.coalesce(col("arrears_minor"), f.lit(0)).cast("bigint").alias("arrears_minor"),
                f.coalesce(col("days_past_due"), f.lit(0)).cast("int").alias("days_past_due"))
    )  # fmt: skip


def _asked(engine: Engine) -> Frame:
    return engine.table("candidates").select("account_no")


def bills(engine: Engine) -> Frame:
    """Return the days of the bills that arrears are made of: account_no and three days.

    `billed_on` is the latest day of issue and `due_last_on` the latest due date of a bill that is
    past due; `incurred_on` the first day of issue of one due since the oldest unpaid debit.
    """
    f, col = engine.F, engine.F.col
    owing = engine.table("situation_accounts").where(col("arrears_minor") > f.lit(0)).select(
        "account_no", "days_past_due"
    )  # fmt: skip
    issued = standing(engine.table("bills"), engine).where(
        (col("issued_on") <= engine.ago()) & (col("due_on") < engine.ago())
    ).select("account_no", "issued_on", "due_on")  # fmt: skip
    unpaid = f.datediff(engine.ago(), col("due_on")) <= col("days_past_due")
    return issued.join(owing, on="account_no").groupBy("account_no").agg(
        f.max("issued_on").alias("billed_on"), f.max("due_on").alias("due_last_on"),
        f.min(f.when(unpaid, col("issued_on"))).alias("incurred_on"),
    )  # fmt: skip


def _money(engine: Engine) -> Frame:
    """Return payments of candidates that came in by the day and were not reversed by then."""
    f, col = engine.F, engine.F.col
    back = f.coalesce(
        (col("status") == f.lit("reversed")) & (col("reversed_on") <= engine.ago()), f.lit(False)
    )
    return standing(engine.table("payments"), engine).where(
        (col("received_on") <= engine.ago())
        & (col("received_on") > engine.ago(LOOK_BACK_DAYS)) & ~back
    ).select("account_no", "received_at", "received_on",
             "amount_minor").join(_asked(engine), on="account_no")  # fmt: skip


def paid(engine: Engine) -> Frame:
    """Return the day of the last payment: account_no, last_payment_on."""
    f = engine.F
    return engine.table("situation_money").groupBy("account_no").agg(
        f.max("received_on").alias("last_payment_on")
    )  # fmt: skip


def promises(engine: Engine) -> Frame:
    """Return the latest due date of promises that money has not met: account_no, promised_on."""
    f, col = engine.F, engine.F.col
    made = standing(engine.table("promises"), engine).where(
        (col("made_on") <= engine.ago()) & (col("due_on") > engine.ago(LOOK_BACK_DAYS))
    ).select("account_no", "promise_id", "made_at", "due_on",
             col("amount_minor").alias("promised_minor")).join(
        _asked(engine), on="account_no")  # fmt: skip
    counts = (col("received_at") > col("made_at")) & (col("received_on") <= col("due_on"))
    met = f.sum(f.when(counts, col("amount_minor")).otherwise(f.lit(0))).cast("bigint")
    each = made.join(engine.table("situation_money"), on="account_no", how="left").groupBy(
        "account_no", "promise_id", "due_on", "promised_minor"
    ).agg(met.alias("met_minor"))  # fmt: skip
    return each.where(col("met_minor") < col("promised_minor")).groupBy("account_no").agg(
        f.max("due_on").alias("promised_on")
    )  # fmt: skip


def plans(engine: Engine) -> Frame:
    """Return arrangements not cancelled by the day, with the money since: one row each."""
    f, col = engine.F, engine.F.col
    agreed = known(engine.table("arrangements"), engine).where(
        (col("agreed_on") <= engine.ago()) & (col("agreed_on") > engine.ago(LOOK_BACK_DAYS))
        & (col("status") != f.lit("cancelled"))
    ).select("account_no", "arrangement_id", "agreed_on", "total_minor", "down_payment_minor",
             "instalments", "interval", "first_due_on").join(
        _asked(engine), on="account_no")  # fmt: skip
    keys = ("account_no", "arrangement_id", "agreed_on", "total_minor", "down_payment_minor",
            "instalments", "interval", "first_due_on")  # fmt: skip
    since = f.when(col("received_on") >= col("agreed_on"), col("amount_minor")).otherwise(f.lit(0))
    return agreed.join(engine.table("situation_money"), on="account_no", how="left").groupBy(
        *keys
    ).agg(f.coalesce(f.sum(since), f.lit(0)).cast("bigint").alias("paid_minor"))  # fmt: skip


def circumstances(engine: Engine) -> Frame:
    """Return circumstances that hold on the day or the next, or held: one row each."""
    col = engine.F.col
    held = known(engine.table("circumstances"), engine).where(
        (col("starts_on") <= engine.ago(-1))
        & (col("ends_on").isNull() | (col("ends_on") > engine.ago(LOOK_BACK_DAYS)))
    ).select("customer_id", "kind", "starts_on", "ends_on",
             col("account_id").alias("only_account"))  # fmt: skip
    return _of_customers(engine).join(held, on="customer_id").where(
        col("only_account").isNull() | (col("only_account") == col("account_id"))
    ).select("account_no", "kind", "starts_on", "ends_on",
             _holds(engine).alias("holds"))  # fmt: skip


def _holds(engine: Engine) -> Column:
    col = engine.F.col
    return col("ends_on").isNull() | (col("ends_on") >= engine.ago())


def _of_customers(engine: Engine) -> Frame:
    return engine.table("situation_accounts").select("account_no", "account_id", "customer_id")


def facts(engine: Engine) -> Frame:
    """Return the utility's own facts that hold: of the account, and of its customer."""
    f, col = engine.F, engine.F.col
    held = known(engine.table("facts"), engine).where(
        (col("starts_on") <= engine.ago(-1)) & _holds(engine)
    ).select("subject", "subject_id", "name", "value", "starts_on")  # fmt: skip
    found = [
        _of_customers(engine).select("account_no", col(f"{subject}_id").alias("subject_id")).join(
            held.where(col("subject") == f.lit(subject)), on="subject_id"
        ).select("account_no", "subject", "name", "value", "starts_on")
        for subject in ("customer", "account")
    ]  # fmt: skip
    return found[0].unionByName(found[1])


def permissions(engine: Engine) -> Frame:
    """Return what contact points say: as known on the day, and as it stands now.

    `both` is whether the same version is known on the day and stands: only then a consent counts,
    while a refusal counts in either.
    """
    f, col = engine.F, engine.F.col
    by_then = (col("known_from") <= engine.ago()) & (
        col("known_until").isNull() | (col("known_until") > engine.ago())
    )
    said = engine.table("contact_points").where(by_then | col("known_until").isNull()).select(
        "customer_id", "channel", "consent", "consent_at",
        (by_then & col("known_until").isNull()).alias("both"),
    ).where(col("consent") != f.lit("unknown"))  # fmt: skip
    return _of_customers(engine).join(said, on="customer_id").select(
        "account_no", "channel", "consent", "consent_at", "both"
    )  # fmt: skip


def contacts(engine: Engine) -> Frame:
    """Return contacts: account_no, occurred_at, and the words that tell them apart."""
    f, col = engine.F, engine.F.col
    plain = ("bill_ready", "service", "survey")
    lasting = ~col("purpose").isin(*plain) | col("outcome").isin("answered", "replied")
    kept = known(engine.table("contacts"), engine).where(
        (col("occurred_on") <= engine.ago()) & (col("occurred_on") > engine.ago(LOOK_BACK_DAYS))
        & ((col("occurred_on") > engine.ago(SERVICE_DAYS)) | lasting)
    )  # fmt: skip
    return kept.join(_asked(engine), on="account_no").select(
        "account_no", col("occurred_at").alias("at"),
        f.concat_ws("|", "channel", "direction", "purpose",
                    f.coalesce(col("outcome"), f.lit(""))).alias("said"),
    )  # fmt: skip


def notices(engine: Engine) -> Frame:
    """Return notices of ours that were sent: account_no, occurred_at, and what they were.

    One was sent when a contact carries the id of the decision that took a step of a ladder.
    """
    f, col = engine.F, engine.F.col
    decided = engine.table("former_steps").where(col("notice").isNotNull()).select(
        "decision_id", "account_id", "notice", "content"
    )  # fmt: skip
    sent = known(engine.table("contacts"), engine).where(
        (col("occurred_on") <= engine.ago()) & (col("occurred_on") > engine.ago(LOOK_BACK_DAYS))
        & (col("direction") == f.lit("outbound"))
    ).select("account_no", "account_id", col("contact_id").alias("decision_id"), "channel",
             f.coalesce(col("outcome"), f.lit("")).alias("outcome"),
             col("occurred_at").alias("at"))  # fmt: skip
    return sent.join(decided, on=["decision_id", "account_id"]).join(
        _asked(engine), on="account_no"
    ).select("account_no", "at", "notice", "channel", "outcome",
             f.coalesce(col("content"), f.lit("")).alias("content"))  # fmt: skip


def steps(engine: Engine) -> Frame:
    """Return notices served and visits tried: account_no, timezone, occurred_on, step."""
    f, col = engine.F, engine.F.col
    taken = standing(engine.table("service_steps"), engine).where(
        (col("occurred_on") <= engine.ago())
        & col("step").isin("notice_issued", "visit_attempted")
    ).select("account_no", "occurred_on", "step")  # fmt: skip
    zones = engine.table("situation_accounts").select("account_no", "timezone")
    return taken.join(zones, on="account_no").where(f.col("timezone").isNotNull())


def household(engine: Engine) -> Frame:
    """Return the days on which other accounts of the customer were contacted: account_no, day."""
    f, col = engine.F, engine.F.col
    theirs = known(engine.table("accounts"), engine).select(
        "customer_id", col("account_no").alias("other_no")
    )
    siblings = _of_customers(engine).join(theirs, on="customer_id").where(
        col("account_no") != col("other_no")
    ).select("account_no", "other_no")  # fmt: skip
    out = known(engine.table("contacts"), engine).where(
        (col("occurred_on") <= engine.ago()) & (col("occurred_on") > engine.ago(HOUSEHOLD_DAYS))
        & (col("direction") == f.lit("outbound"))
    ).select(col("account_no").alias("other_no"), col("occurred_on").alias("day"))  # fmt: skip
    return siblings.join(out, on="other_no").select("account_no", "day")


def holidays(engine: Engine) -> Frame:
    """Return public holidays around the day: jurisdiction, holiday_on."""
    col = engine.F.col
    return known(engine.table("holidays"), engine).where(
        (col("holiday_on") > engine.ago(60)) & (col("holiday_on") <= engine.ago(-LOOK_BACK_DAYS))
    ).select("jurisdiction", "holiday_on")  # fmt: skip


def area_events(engine: Engine) -> Frame:
    """Return what befell areas: area_code, kind, starts_at, ends_at."""
    f, col = engine.F, engine.F.col
    over = f.coalesce(f.to_date(col("ends_at")), engine.ago())
    return known(engine.table("service_events"), engine).where(
        (f.to_date(col("starts_at")) <= engine.ago()) & (over > engine.ago(HOUSEHOLD_DAYS))
        & col("kind").isin("outage", "disaster", "heat_alert", "rate_change")
    ).select("area_code", "kind", "starts_at", "ends_at")  # fmt: skip


# these two are named situation_accounts and situation_money before the others are computed
ACCOUNTS, MONEY = accounts, _money
FRAMES: dict[str, Callable[[Engine], Frame]] = {
    "bills": bills, "paid": paid, "promises": promises, "plans": plans,
    "circumstances": circumstances, "facts": facts, "permissions": permissions,
    "contacts": contacts, "notices": notices, "steps": steps,
    "household": household, "holidays": holidays, "area_events": area_events,
}  # fmt: skip

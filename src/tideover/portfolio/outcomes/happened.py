"""Everything that may follow a decision, as rows of one table: account, day, what, how much."""

from __future__ import annotations

from collections.abc import Mapping

from tideover.portfolio.engine import Column, Engine, Frame
from tideover.portfolio.lake import standing
from tideover.portfolio.movements import coming_in, movements
from tideover.portfolio.outcomes import kernel
from tideover.portfolio.outcomes.kernel import BIT, RAISED

REACHED = ("delivered", "opened", "clicked", "answered", "replied")
IN_PERSON = ("answered", "clicked", "replied")  # the person did something; a machine may open mail
DIGITAL = ("email", "sms", "whatsapp", "push")


def happened(engine: Engine) -> Frame:
    """Return what happened after the day the engine is at, and what was owed at its end.

    Table out: account_no
        day     date
        what    int32, bits: how it moved arrears, or what else took place (`kernel.BIT`)
        amount  int64: minor units by which arrears moved; of a contact its cost, thousandths
        since   date, of money that went back: when it had come in
    """
    engine.define("recent_movements", lambda: movements(engine))
    first, *others = (
        part(engine)
        for part in (
            _owed_before,
            _moved,
            _spoken,
            _promised,
            _promises_due,
            _silenced,
            _complained,
            _steps,
        )
    )
    for other in others:
        first = first.unionByName(other)
    return first  # fmt: skip


def _rows(
    engine: Engine, frame: Frame, day: Column, what: Column | int, amount: Column | None = None
) -> Frame:
    """Return what took place as rows; `frame` has since where money went back, else it is null."""
    f = engine.F
    bits = f.lit(what) if isinstance(what, int) else what
    since = f.col("since") if "since" in frame.columns else f.lit(None)
    return frame.select(
        "account_no", day.cast("date").alias("day"), bits.cast("int").alias("what"),
        (f.lit(0) if amount is None else amount).cast("bigint").alias("amount"),
        since.cast("date").alias("since"),
    )  # fmt: skip


def _later(engine: Engine, frame: Frame, on: str) -> Frame:
    return frame.where(engine.F.col(on) > engine.ago())


def _owed_before(engine: Engine) -> Frame:
    f = engine.F
    before = engine.table("recent_movements").where(f.col("day") <= engine.ago())
    sums = before.groupBy("account_no").agg(
        f.sum("moved_minor").cast("bigint").alias("moved_minor")
    )
    return _rows(engine, sums, day=engine.ago(), what=RAISED, amount=f.col("moved_minor"))


def _moved(engine: Engine) -> Frame:
    f = engine.F
    bits = {name: getattr(kernel, name.upper()) for name in ("came_in", "returned", "other_credit")}
    what = f.lit(RAISED)
    for why, bit in bits.items():
        what = f.when(f.col("why") == f.lit(why), f.lit(bit)).otherwise(what)
    return _rows(engine, _later(engine, engine.table("recent_movements"), "day"),
                 day=f.col("day"), what=what, amount=f.col("moved_minor"))  # fmt: skip


def _flags(engine: Engine, conditions: Mapping[str, Column]) -> Column:
    """Return the bits whose conditions hold."""
    f = engine.F
    found = f.lit(0)
    for name, true in conditions.items():
        found = found + f.when(true, f.lit(BIT[name])).otherwise(f.lit(0))
    return found


def _spoken(engine: Engine) -> Frame:
    """Return contacts, whoever made them, with what they cost."""
    f, col = engine.F, engine.F.col
    made = _later(engine, standing(engine.table("contacts"), engine), "occurred_on")
    engine.define("contacts_after", lambda: made.select(
        "account_no", "occurred_on", "direction", "channel", "purpose", "outcome"))  # fmt: skip
    costed = engine.beside("contacts_costed", "contacts_after", {"unit_costs": "channel"})
    inbound, out = (col("direction") == f.lit(way) for way in ("inbound", "outbound"))
    reached = col("outcome").isin(*REACHED)
    what = _flags(engine, {
        "contacts": out, "replies": inbound,
        "calls_in": inbound & (col("channel") == f.lit("voice")),
        "complaints_said": inbound & (col("purpose") == f.lit("complaint")),
        "right_party": out & col("outcome").isin(*IN_PERSON),
        "digital": out & reached & col("channel").isin(*DIGITAL)})  # fmt: skip
    return _rows(engine, costed, day=col("occurred_on"), what=what,
                 amount=f.coalesce(col("cost_thousandths"), f.lit(0)))  # fmt: skip


def _promised(engine: Engine) -> Frame:
    made = _later(engine, standing(engine.table("promises"), engine), "made_on")
    return _rows(engine, made, day=engine.F.col("made_on"), what=BIT["promises"])


def _promises_due(engine: Engine) -> Frame:
    """Return promises on the day they fell due, kept where the money since reached the amount.

    Each is looked at alone, as the contract says; money that went back kept none.
    """
    f, col = engine.F, engine.F.col
    due = _later(engine, standing(engine.table("promises"), engine), "due_on").select(
        "account_no", "promise_id", "made_at", "made_on", "due_on",
        f.col("amount_minor").alias("promised"),
    )  # fmt: skip
    paid = coming_in(engine).where(col("reversed_on").isNull()).select(
        "account_no", "at", "day", "paid_minor"
    )  # fmt: skip
    joined = due.join(paid, on="account_no", how="left")
    both = engine.define("promises_and_money", lambda: joined)
    since = f.coalesce(col("at") > col("made_at"), col("day") >= col("made_on"))
    counts = since & (col("day") <= col("due_on"))
    money = f.sum(f.when(counts, col("paid_minor")).otherwise(f.lit(0))).cast("bigint")
    each = both.groupBy("account_no", "promise_id", "due_on", "promised").agg(money.alias("paid"))
    kept = col("paid") >= col("promised")
    what = f.lit(BIT["promises_due"]) + _flags(engine, {"promises_kept": kept})
    return _rows(engine, each, day=col("due_on"), what=what)


def _silenced(engine: Engine) -> Frame:
    """Return customers who withdrew consent, on each of their accounts.

    The day is that of the withdrawal where the export tells it, else the day the load told it.
    """
    f, col = engine.F, engine.F.col
    day = f.coalesce(col("consent_at").cast("date"), col("known_from"))
    withdrawn = standing(engine.table("contact_points"), engine).where(
        col("consent") == f.lit("withdrawn")
    ).select("customer_id", day.alias("withdrawn_on"))  # fmt: skip
    joined = _later(engine, withdrawn, "withdrawn_on").join(_customers(engine), on="customer_id")
    theirs = engine.define("withdrawn_accounts", lambda: joined)
    return _rows(engine, theirs, day=col("withdrawn_on"), what=BIT["optouts"])


def _complained(engine: Engine) -> Frame:
    """Return complaints on the day they began; one that names no account is about each of them."""
    f, col = engine.F, engine.F.col
    begun = standing(engine.table("circumstances"), engine).where(
        col("kind") == f.lit("complaint")
    ).select("customer_id", f.col("account_id").alias("about"), "starts_on")  # fmt: skip
    joined = _later(engine, begun, "starts_on").join(_customers(engine), on="customer_id")
    theirs = engine.define("complaints_and_accounts", lambda: joined).where(
        col("about").isNull() | (col("about") == col("account_id"))
    )
    return _rows(engine, theirs, day=col("starts_on"), what=BIT["complaints"])


def _steps(engine: Engine) -> Frame:
    f, col = engine.F, engine.F.col
    named = {"notice_issued": "notices", "disconnected": "disconnections",
             "reconnected": "reconnections"}  # fmt: skip
    taken = standing(engine.table("service_steps"), engine).where(col("step").isin(*named))
    what = _flags(engine, {name: col("step") == f.lit(step) for step, name in named.items()})
    return _rows(engine, _later(engine, taken, "occurred_on"), day=col("occurred_on"), what=what)


def _customers(engine: Engine) -> Frame:
    """Return whose each account is, as it stands: account_no, account_id, customer_id."""
    return standing(engine.table("accounts"), engine).select(
        "account_no", "account_id", "customer_id"
    )

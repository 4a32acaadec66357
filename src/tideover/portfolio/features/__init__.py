"""-> one row an account and day, of what was known by then; nothing later is visible.

Rows that carry their own dates are cut off at the day; columns without a date of their own are
read from the version that was known on the day. `dictionary.py` says what each column means.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tideover.portfolio.engine import Column, Engine, Frame
from tideover.portfolio.features import agreements, surroundings
from tideover.portfolio.lake import known
from tideover.portfolio.totals import MARKS, OWED, WINDOWS

TABLES = ("accounts", "customers", "bills", "payments", "adjustments", "contacts", "promises",
          "arrangements", "service_steps", "service_events", "area_indicators",
          "carried")  # fmt: skip
MONTH_DAYS = 30.4375
_COUNTS = ("payments_3m", "payments_12m", "reversals_12m", "promises_broken_12m",
           "promises_kept_12m", "plans_broken_24m", "contacts_out_90d", "replies_90d",
           "notices_12m", "disconnections_24m", "area_events_90d")  # fmt: skip


def features(engine: Engine, carried: Sequence[str] = ()) -> Frame:
    """Return everything the zones, scores and decisions look at, on the day the engine is at.

    Table in: views receivables and totals of the same day, and the lake's TABLES.
    Table out: one row an account, the columns of receivables and of `dictionary.MEANINGS`.
    """
    f = engine.F
    everything = _joined(engine, carried)
    usual = engine.define("features_usual", lambda: _with_usual_bill(engine, everything))
    return usual.select(
        *_receivables(), "customer_id", "timezone", "jurisdiction", "area_code", "commodity",
        "segment", "is_open", "autopay", "budget_billing", "tenure_days", "usual_bill_minor",
        *_debt(engine), *MARKS, "arrears_7d_ago_minor", "arrears_30d_ago_minor",
        *_habits(engine),
        *[f.coalesce(f.col(name), f.lit(0)).cast("int").alias(name) for name in _COUNTS],
        *[(f.coalesce(f.col(name), f.lit(0)) == f.lit(1)).alias(name)
          for name in ("promise_open", "plan_active")],
        "reply_share_12m",
        _ratio(engine, f.col("use_3m"), f.col("use_3m_year_before")).alias("usage_ratio"),
        *surroundings.INDICATORS,
        f.month(engine.ago()).cast("int").alias("month"),
        *[f.col(f"carried_{name}").cast("double").alias(f"carried_{name}") for name in carried],
    )  # fmt: skip


def _receivables() -> list[str]:
    buckets = ("current", "d1_30", "d31_60", "d61_90", "d91_120", "d121_plus")
    return ["account_no", "account_id", "currency", "as_of", "balance_minor", "arrears_minor",
            "days_past_due", *[f"{bucket}_minor" for bucket in buckets]]  # fmt: skip


def _joined(engine: Engine, carried: Sequence[str]) -> Frame:
    """Return accounts as known on the day, beside every group of figures about them."""
    parts: dict[str, Callable[[], Frame]] = {
        "accounts_known": lambda: _accounts(engine),
        "totals_beside": lambda: _totals(engine),
        "promised": lambda: agreements.promises(engine),
        "planned": lambda: agreements.plans(engine),
        "contacted": lambda: surroundings.contacts(engine),
        "supply_steps": lambda: surroundings.steps(engine),
        "area_events": lambda: surroundings.area_events(engine),
        "area_figures": lambda: surroundings.area_figures(engine),
    }
    if carried:
        parts["carried_latest"] = lambda: surroundings.carried(engine, carried)
    for name, make in parts.items():
        engine.define(name, make)
    keys = {name: "area_code" if name.startswith("area_") else "account_no" for name in parts}
    return engine.beside("features_joined", "receivables", keys)


def _totals(engine: Engine) -> Frame:
    return engine.table("totals").drop("oldest_due_on", *OWED)


def _accounts(engine: Engine) -> Frame:
    f = engine.F
    people = known(engine.table("customers"), engine).select("customer_id", "segment")
    closed, opened = f.col("closed_on"), f.col("opened_on")
    accounts = known(engine.table("accounts"), engine).select(
        "account_no", "customer_id", "timezone", "jurisdiction", "area_code", "commodity",
        "autopay", "budget_billing",
        (closed.isNull() | (closed >= engine.ago())).alias("is_open"),
        f.greatest(f.datediff(engine.ago(), opened), f.lit(0)).cast("int").alias("tenure_days"),
    )  # fmt: skip
    return accounts.join(people, on="customer_id", how="left")


def _with_usual_bill(engine: Engine, joined: Frame) -> Frame:
    """Add the usual bill: what was billed in a year by the months there were, at least one."""
    f = engine.F
    months = f.greatest(
        f.least(f.coalesce(f.col("tenure_days"), f.lit(365)) / f.lit(MONTH_DAYS), f.lit(12.0)),
        f.lit(1.0),
    )
    usual = f.col("billed_12m").cast("double") / months
    return joined.withColumn("usual_bill_minor", f.when(f.col("billed_12m") > f.lit(0), usual))


def _ratio(engine: Engine, over: Column, under: Column) -> Column:
    f = engine.F
    return f.when(under > f.lit(0), over.cast("double") / under.cast("double"))


def _in_usual_bills(engine: Engine, money: Column) -> Column:
    return _ratio(engine, money, engine.F.col("usual_bill_minor"))


def _none_is(engine: Engine, name: str, nothing: float) -> Column:
    """Return a total; accounts that never had a debit or a credit have no totals."""
    f = engine.F
    return f.coalesce(f.col(name), f.lit(nothing))


def _debt(engine: Engine) -> list[Column]:
    f = engine.F
    arrears, behind = f.col("arrears_minor"), _none_is(engine, "months_behind_12m", 0)
    before = _none_is(engine, "months_behind_before", 0)
    moved = arrears - _none_is(engine, "arrears_30d_ago_minor", 0)
    peak = f.greatest(arrears, _none_is(engine, "highest_mark_minor", 0))
    return [
        _in_usual_bills(engine, arrears).alias("debt_months"),
        _ratio(engine, arrears - f.col("d1_30_minor"), arrears).alias("share_over_30"),
        f.col("current_minor").alias("open_to_come_minor"),
        "next_due_on",
        f.datediff(f.col("next_due_on"), engine.ago()).cast("int").alias("days_to_due"),
        (_none_is(engine, "due_unpaid_minor", 0) > f.lit(0)).alias("due_unpaid"),
        peak.cast("bigint").alias("arrears_peak_12m_minor"),
        behind.cast("int").alias("months_in_arrears_12m"),
        ((arrears > f.lit(0)) & (before == f.lit(0))).alias("first_time"),
        (moved.cast("double") / f.lit(30.0)).alias("speed_minor_per_day"),
    ]


def _habits(engine: Engine) -> list[Column]:
    f = engine.F
    size = {w: _in_usual_bills(engine, f.col(f"mean_payment_{w}")) for w in ("3m", "12m")}
    return [
        *[_in_usual_bills(engine, f.col(f"slope_{w}")).alias(f"trend_{w}") for w in WINDOWS],
        *[_none_is(engine, f"on_time_share_{w}", 1.0).alias(f"on_time_share_{w}")
          for w in WINDOWS],
        *[f"lateness_days_{w}" for w in WINDOWS], "paid_share_3m", "paid_share_12m",
        size["3m"].alias("payment_size_3m"),
        (size["3m"] - size["12m"]).alias("payment_size_shift"),
        f.datediff(engine.ago(), f.col("last_paid_on")).cast("int").alias("days_since_paid"),
        "direct_debit_share_12m", "assistance_share_12m",
    ]  # fmt: skip

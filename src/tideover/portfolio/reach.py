"""Contact points, contacts, circumstances -> by what and how soon an account may be reached."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import Any

from tideover.portfolio.engine import Column, Engine, Frame
from tideover.portfolio.lake import standing
from tideover.rules.contact import CHANNELS
from tideover.terms.tables import TABLES as CONTRACT

TABLES = ("accounts", "contact_points", "contacts", "circumstances")
WEEK_DAYS = 7
KINDS = sorted(CONTRACT["circumstances"].column("kind").one_of)

# Said of several contact points on one channel, the strictest word counts.
_STRICTNESS = {"withdrawn": 3, "granted": 2, "unknown": 1}


def reach(engine: Engine, *, cap: int = 2, cap_days: int = 7) -> Frame:
    """Say by what, and how soon after the day the engine is at, each customer may be reached.

    Permissions are read as they stand now, not as they were on the day: a decision is for sending
    after it, and a consent withdrawn since then binds.

    Args:
        cap: At most so many outbound contacts in `cap_days` days of elapsed time.

    Table in: accounts (key account_id), contact_points, contacts, circumstances; any versions.
    Table out: one row an account that stands, key account_no
        account_no      int64
        account_id      string
        consent_email .. consent_letter  "granted" | "unknown" | "withdrawn", null when there is
            no contact point on the channel; `push` counts as sms
        has_points      boolean, not null
        preferred       string, the channel the customer asked for; null when none
        contacts_7d     int32, outbound contacts in the last 7 local days, not null
        cap_contact_at  timestamp, the `cap`-th latest outbound contact of the last `cap_days` days;
            null when there were fewer
        holds           string, kinds of circumstances in force on the day or the next, sorted and
            joined by ";"; null when none
    """
    f, col = engine.F, engine.F.col
    accounts = standing(engine.table("accounts"), engine).select(
        "account_no", "account_id", "customer_id"
    )
    parts = (
        engine.define("permissions", lambda: _permissions(engine, accounts)),
        engine.define("recent_contacts", lambda: _recent_contacts(engine, cap, cap_days)),
        engine.define("holds_in_force", lambda: _holds(engine, accounts)),
    )
    words = [(rank, word) for word, rank in _STRICTNESS.items()]
    for part in parts:
        accounts = accounts.join(part, on="account_no", how="left")
    return accounts.select(
        "account_no",
        "account_id",
        *(_coded(engine, col(f"rank_{channel}"), words).alias(f"consent_{channel}")
          for channel in CHANNELS),
        col("points").isNotNull().alias("has_points"),
        "preferred",
        f.coalesce(col("recent"), f.lit(0)).cast("int").alias("contacts_7d"),
        "cap_contact_at",
        "holds",
    )  # fmt: skip


def _permissions(engine: Engine, accounts: Frame) -> Frame:
    f, col = engine.F, engine.F.col
    points = standing(engine.table("contact_points"), engine).select(
        "customer_id",
        f.when(col("channel") == f.lit("push"), f.lit("sms")).otherwise(col("channel")).alias("by"),
        _coded(engine, col("consent"), _STRICTNESS.items()).alias("rank"),
        col("preferred").alias("asked_for"),
    )
    ranks = (
        f.max(f.when(col("by") == f.lit(channel), col("rank"))).alias(f"rank_{channel}")
        for channel in CHANNELS
    )
    return (
        accounts.join(points, on="customer_id")
        .groupBy("account_no")
        .agg(
            f.count(f.lit(1)).alias("points"),
            f.min(f.when(col("asked_for"), col("by"))).alias("preferred"),
            *ranks,
        )
    )


def _coded(engine: Engine, column: Column, codes: Iterable[tuple[Any, Any]]) -> Column:
    f = engine.F
    return reduce(lambda case, code: case.when(column == f.lit(code[0]), f.lit(code[1])), codes, f)


def _recent_contacts(engine: Engine, cap: int, cap_days: int) -> Frame:
    f, col = engine.F, engine.F.col
    latest_first = engine.Window.partitionBy("account_no").orderBy(
        col("occurred_at").desc(), col("contact_id").asc()
    )
    outbound = (
        standing(engine.table("contacts"), engine)
        .where(
            (col("direction") == f.lit("outbound"))
            & (col("occurred_on") > engine.ago(max(cap_days, WEEK_DAYS)))
            & (col("occurred_on") <= engine.ago())
        )
        .select(
            "account_no",
            "occurred_at",
            "occurred_on",
            f.row_number().over(latest_first).alias("nth"),
        )
    )
    in_week = col("occurred_on") > engine.ago(WEEK_DAYS)
    is_cap = (col("nth") == f.lit(cap)) & (col("occurred_on") > engine.ago(cap_days))
    return outbound.groupBy("account_no").agg(
        f.count(f.when(in_week, f.lit(1))).alias("recent"),
        f.max(f.when(is_cap, col("occurred_at"))).alias("cap_contact_at"),
    )


def _holds(engine: Engine, accounts: Frame) -> Frame:
    f, col = engine.F, engine.F.col
    in_force = standing(engine.table("circumstances"), engine).where(
        (col("starts_on") <= engine.ago(-1))
        & (col("ends_on").isNull() | (col("ends_on") >= engine.ago()))
    )
    of_customer = in_force.select("customer_id", "kind", col("account_id").alias("only_account"))
    flags = (f.max(f.when(col("kind") == f.lit(kind), f.lit(kind))).alias(kind) for kind in KINDS)
    by_account = (
        accounts.join(of_customer, on="customer_id")
        .where(col("only_account").isNull() | (col("only_account") == col("account_id")))
        .groupBy("account_no")
        .agg(*flags)
    )
    return by_account.select(
        "account_no", f.concat_ws(";", *(col(kind) for kind in KINDS)).alias("holds")
    )

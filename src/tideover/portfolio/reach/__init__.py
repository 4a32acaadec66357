"""Contact points, contacts, circumstances -> by what and how soon an account may be reached."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import Any

from tideover.portfolio.engine import Column, Engine, Frame
from tideover.portfolio.lake import standing, stands, was_known
from tideover.portfolio.reach.recent import outbound, recent
from tideover.portfolio.reach.siblings import SIBLINGS, siblings
from tideover.rules.contact import CHANNELS
from tideover.terms.tables import TABLES as CONTRACT

__all__ = ["SIBLINGS", "TABLES", "reach", "siblings"]

TABLES = ("accounts", "contact_points", "contacts", "circumstances")
KINDS = sorted(CONTRACT["circumstances"].column("kind").one_of)

# Said of several contact points on one channel, the word with the highest rank counts.
_RANKS = {"withdrawn": 3, "granted": 2, "unknown": 1}


def reach(engine: Engine, *, cap: int = 2, cap_days: int = 7) -> Frame:
    """Say by what, and how soon after the day the engine is at, each customer may be reached.

    A channel is permitted when both what was known at the end of the day and what stands now
    permit it: nothing that was learnt later opens a channel, and a consent withdrawn since then
    binds, because a decision is for sending after the day. The same holds of circumstances.

    Args:
        cap: At most so many outbound contacts in `cap_days` days of elapsed time.

    Table in: accounts (key account_id), contact_points, contacts, circumstances; any versions; and
        siblings, of the whole lake
    Table out: one row an account that stands, key account_no
        account_no      int64
        account_id      string
        consent_email .. consent_letter  "granted" | "unknown" | "withdrawn", null when there is
            no contact point on the channel; `push` counts as sms
        has_points      boolean, not null
        preferred       string, the channel the customer asked for; null when none
        contacts_7d     int32, outbound contacts in the last 7 local days, to any account of the
            customer; not null
        cap_contact_at  timestamp, the `cap`-th latest of these of the last `cap_days` days; null
            when there were fewer
        holds           string, kinds of circumstances in force on the day or the next, sorted and
            joined by ";"; null when none
    """
    f, col = engine.F, engine.F.col
    accounts = standing(engine.table("accounts"), engine).select(
        "account_no", "account_id", "customer_id"
    )
    parts = (
        engine.define("permissions", lambda: _permissions(engine, accounts)),
        engine.define(
            "recent_contacts",
            lambda: recent(
                engine, outbound(engine, cap_days), by="account_no", cap=cap, cap_days=cap_days
            ),
        ),
        engine.table("siblings").select(
            "account_no", "customer_contacts_7d", "customer_cap_contact_at"
        ),
        engine.define("holds_in_force", lambda: _holds(engine, accounts)),
    )
    for part in parts:
        accounts = accounts.join(part, on="account_no", how="left")
    return accounts.select(
        "account_no",
        "account_id",
        *(_stricter(engine, col(f"then_{channel}"), col(f"now_{channel}"))
          .alias(f"consent_{channel}") for channel in CHANNELS),
        (f.coalesce(col("points"), f.lit(0)) > f.lit(0)).alias("has_points"),
        "preferred",
        f.coalesce(col("customer_contacts_7d"), col("recent"), f.lit(0)).cast("int")
        .alias("contacts_7d"),
        f.when(col("customer_contacts_7d").isNotNull(), col("customer_cap_contact_at"))
        .otherwise(col("cap_contact_at")).alias("cap_contact_at"),
        "holds",
    )  # fmt: skip


def _permissions(engine: Engine, accounts: Frame) -> Frame:
    f, col = engine.F, engine.F.col
    points = (
        engine.table("contact_points")
        .where(was_known(engine) | stands(engine))
        .select(
            "customer_id",
            was_known(engine).alias("then"),
            stands(engine).alias("now"),
            f.when(col("channel") == f.lit("push"), f.lit("sms"))
            .otherwise(col("channel"))
            .alias("by"),
            _coded(engine, col("consent"), _RANKS.items()).alias("rank"),
            col("preferred").alias("asked_for"),
        )
    )
    ranks = (
        f.max(f.when(col(when) & (col("by") == f.lit(channel)), col("rank")))
        .alias(f"{when}_{channel}")
        for when in ("then", "now")
        for channel in CHANNELS
    )  # fmt: skip
    return (
        accounts.join(points, on="customer_id")
        .groupBy("account_no")
        .agg(
            f.count(f.when(col("now"), f.lit(1))).alias("points"),
            f.min(f.when(col("now") & col("asked_for"), col("by"))).alias("preferred"),
            *ranks,
        )
    )


def _stricter(engine: Engine, then: Column, now: Column) -> Column:
    """Return what a customer said on a channel, then and now; null where one had no point."""
    f = engine.F
    withdrawn, unknown = f.lit(_RANKS["withdrawn"]), f.lit(_RANKS["unknown"])
    return (
        f.when((then == withdrawn) | (now == withdrawn), f.lit("withdrawn"))
        .when((then == unknown) & now.isNotNull(), f.lit("unknown"))
        .when((now == unknown) & then.isNotNull(), f.lit("unknown"))
        .when(then.isNotNull() & now.isNotNull(), f.lit("granted"))
    )


def _coded(engine: Engine, column: Column, codes: Iterable[tuple[Any, Any]]) -> Column:
    f = engine.F
    return reduce(lambda case, code: case.when(column == f.lit(code[0]), f.lit(code[1])), codes, f)


def _holds(engine: Engine, accounts: Frame) -> Frame:
    f, col = engine.F, engine.F.col
    in_force = engine.table("circumstances").where(
        (was_known(engine) | stands(engine))
        & (col("starts_on") <= engine.ago(-1))
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

"""Accounts, contacts -> accounts that share their customer with others, and how often of late.

The cap is a person's, not an account's. Accounts of one customer may lie in different buckets, so
this small table is made once for the night and handed to every bucket.
"""

from __future__ import annotations

import pyarrow as pa

from tideover.portfolio.engine import Engine, Frame
from tideover.portfolio.lake import standing
from tideover.portfolio.reach.recent import outbound, recent

TABLES = ("accounts", "contacts")
SIBLINGS = pa.schema([
    ("account_no", pa.int64()), ("account_id", pa.string()), ("customer_id", pa.string()),
    ("customer_contacts_7d", pa.int32()), ("customer_contacts_cap", pa.int32()),
    ("customer_cap_contact_at", pa.timestamp("us", "UTC")),
])  # fmt: skip


def siblings(engine: Engine, *, cap: int = 2, cap_days: int = 7) -> Frame:
    """Find the accounts of customers who have more than one, and what counts for the cap.

    Table in: accounts, contacts; the whole lake, any versions.
    Table out: one row an account that stands, key account_no; columns of `SIBLINGS`
        customer_contacts_7d     outbound in the last 7 local days, over all accounts; not null
        customer_contacts_cap    the same of the last `cap_days` days; not null
        customer_cap_contact_at  the `cap`-th latest of these; null when there were fewer
    """
    f, col = engine.F, engine.F.col
    accounts = standing(engine.table("accounts"), engine).select(
        "account_no", "account_id", "customer_id"
    )
    several = accounts.groupBy("customer_id").agg(f.count(f.lit(1)).alias("accounts"))
    several = several.where(col("accounts") > f.lit(1)).select("customer_id")
    sharing = engine.define("sharing", lambda: accounts.join(several, on="customer_id"))
    contacts = outbound(engine, cap_days).join(
        sharing.select("account_no", "customer_id"), on="account_no"
    )
    often = recent(engine, contacts, by="customer_id", cap=cap, cap_days=cap_days)
    return sharing.join(often, on="customer_id", how="left").select(
        "account_no", "account_id", "customer_id",
        f.coalesce(col("recent"), f.lit(0)).cast("int").alias("customer_contacts_7d"),
        f.coalesce(col("counted"), f.lit(0)).cast("int").alias("customer_contacts_cap"),
        col("cap_contact_at").alias("customer_cap_contact_at"),
    )  # fmt: skip

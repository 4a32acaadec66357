"""Made-up accounts whose chance of paying is known: it falls with the debt and past lateness."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pyarrow as pa

FIRST = date(2025, 1, 31)


def features(n: int, *, seed: int, as_of: date = FIRST, behind: float = 0.5) -> pa.Table:
    """Return n accounts as of a day, a share of them in arrears."""
    rng = np.random.default_rng(seed)
    late = rng.random(n) < behind
    debt = np.where(late, rng.gamma(1.5, 1.2, n) + 0.1, 0.0)
    usual = rng.lognormal(9.0, 0.4, n)
    on_time = rng.beta(3, 2, n)
    return pa.table({
        "account_no": pa.array(range(n), pa.int64()),
        "as_of": pa.array([as_of] * n),
        "currency": pa.array(["EUR"] * n),
        "arrears_minor": pa.array((debt * usual).astype(np.int64)),
        "usual_bill_minor": pa.array(usual),
        "debt_months": pa.array(debt),
        "open_to_come_minor": pa.array(np.full(n, 4000)),
        "days_past_due": pa.array(np.where(late, rng.integers(1, 200, n), 0)),
        "months_in_arrears_12m": pa.array(np.where(late, np.round(12 * (1 - on_time)), 0)),
        "on_time_share_12m": pa.array(np.where(late, on_time, 1.0)),
        "days_since_paid": pa.array(rng.integers(1, 90, n).astype(float)),
        "autopay": pa.array(rng.random(n) < 0.4),
        "commodity": pa.array(rng.choice(["gas", "electricity"], n)),
        "segment": pa.array(np.where(rng.random(n) < 0.9, "residential", "business")),
        "month": pa.array(np.full(n, as_of.month)),
        "carried_rating": pa.array(rng.normal(size=n)),
    })  # fmt: skip


def chance(table: pa.Table) -> np.ndarray:
    """Return the true chance of paying in full in 30 days."""
    got = {name: table[name].to_numpy(zero_copy_only=False) for name in table.column_names}
    odds = 0.3 - 0.6 * got["debt_months"] + 2 * got["on_time_share_12m"] + got["carried_rating"]
    return 1 / (1 + np.exp(1.2 - odds))


def followed(table: pa.Table, *, seed: int) -> pa.Table:
    """Return accounts with what followed, drawn by the true chance."""
    rng, p = np.random.default_rng(seed), chance(table)
    behind = table["arrears_minor"].to_numpy() > 0
    week = np.ceil(np.log(rng.random(len(p))) / np.log1p(-p) * 30 / 7)
    columns = {
        "paid_in_full_30d": np.where(behind, rng.random(len(p)) < p, np.nan),
        "cured_60d": np.where(behind, rng.random(len(p)) < p**0.6, np.nan),
        "rolled_30d": np.where(behind, rng.random(len(p)) < 1 - p, np.nan),
        "late_30d": np.where(behind, np.nan, rng.random(len(p)) < (1 - p) * 0.4),
        "weeks_to_paid": np.where(behind & (week <= 12), week, np.nan),
        "weeks_seen": np.full(len(p), 12.0),
    }
    for name, values in columns.items():
        table = table.append_column(name, pa.array(values, pa.float64(), from_pandas=True))
    return table


def history(n: int, *, seed: int, snapshots: int = 5) -> pa.Table:
    """Return n accounts on several days, 30 days apart, with what followed."""
    days = [FIRST + timedelta(days=30 * k) for k in range(snapshots)]
    return pa.concat_tables(
        followed(features(n, seed=seed + k, as_of=day), seed=seed + 100 + k)
        for k, day in enumerate(days)
    )

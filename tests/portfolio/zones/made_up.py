"""Made-up customers in arrears whose likelihood of paying is known, and their counts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from tideover.portfolio.workspace import ZoneSettings
from tideover.portfolio.zones import Bands, Fitted, Histogram, fit

STEPS_MINOR = (120_00, 400_00)
CHANCES = (0.70, 0.45, 0.25)
OWN = ZoneSettings(yellow_from="150.00", red_from="450.00")
BANDS = Bands({"EUR": (5000.0, 9000.0)}, "deprivation_index", (3.0, 7.0))


def balances(rng: np.random.Generator, n: int) -> Any:
    """Return balances in minor units, half of them below 200.00."""
    return np.round(np.exp(5.3 + rng.normal(size=n)) * 100).astype(np.int64)


def chance(balance: Any, steps: Any = STEPS_MINOR) -> Any:
    """Return the likelihood of paying in full, which drops at two balances."""
    return np.where(balance <= steps[0], CHANCES[0],
                    np.where(balance <= steps[1], CHANCES[1], CHANCES[2]))  # fmt: skip


def histogram(balance: Any, paid: Any, account: Any = None) -> Histogram:
    """Return a histogram of one row a customer."""
    account = np.arange(len(balance)) if account is None else account
    return Histogram.of(balance, account % 5, np.ones_like(balance), paid.astype(np.int64))


def stepped(seed: int, n: int) -> Histogram:
    """Return customers whose likelihood drops at 120.00 and 400.00."""
    rng = np.random.default_rng(seed)
    balance = balances(rng, n)
    return histogram(balance, rng.random(n) < chance(balance))


def counts(balance: Any, paid: Any, **columns: Any) -> pa.Table:
    """Return the table that `balance_counts` gives, one row a customer; residential by default."""
    n = len(balance)
    text = {"currency": "EUR", "commodity": "electricity", "segment": "residential"}
    bands = {"usual_bill": 1, "area": 1}
    return pa.table({
        **{name: _column(columns, name, value, n, pa.string()) for name, value in text.items()},
        **{name: _column(columns, name, value, n, pa.int32()) for name, value in bands.items()},
        "fold": pa.array(columns.get("account", np.arange(n)) % 5, pa.int32()),
        "arrears_minor": pa.array(balance, pa.int64()),
        "n": pa.array(np.ones(n, dtype=np.int64)),
        "paid": pa.array(paid.astype(np.int64)),
    })  # fmt: skip


def _column(columns: Any, name: str, value: Any, n: int, kind: pa.DataType) -> pa.Array:
    return pa.array(columns[name], kind) if name in columns else pa.array([value] * n, kind)


def learnt(table: pa.Table, currency: str = "EUR") -> Fitted:
    """Return the zones of a table of counts."""
    return fit(table, BANDS, OWN, currency=currency, seed=7)


def drawn_pair() -> tuple[Any, Any]:
    """Return the balances of two customers, of whom one paid."""
    return np.array([100, 200]), np.array([1, 0])

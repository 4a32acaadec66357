"""What the twin is calibrated to: arrears of six Oregon utilities, and how they are worked out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

YEAR = ("2024-07", "2025-06")  # the latest full year, so that every season counts once
KINDS = {"electricity": ("pge", "pac", "ipco"), "gas": ("nwn", "cng", "avista")}


@dataclass(frozen=True)
class Targets:
    """One year of arrears, all utilities together; Oregon counts days from the bill's issue.

    Args:
        late: Share of active accounts with a bill unpaid 31 days or more after its issue.
        late_by_age: The same by the age of the oldest such bill: 31-60, 61-90, 91 days and more.
        money_by_age: Share of the money in arrears that lies in each age.
        late_money: Mean arrears of a late account, US dollars.
        bill: Mean monthly bill, US dollars.
        notices: Disconnection notices a month for each late account.
        disconnections: Disconnections a month for each active account.
        bill_season: Each month's bill over the year's mean, January first, by commodity.
        arrears_season: Each month's arrears of a late account over the year's mean.
        disconnection_season: Each month's disconnections over the year's mean.
    """

    late: float
    late_by_age: Sequence[float]
    money_by_age: Sequence[float]
    late_money: float
    bill: float
    notices: float
    disconnections: float
    bill_season: dict[str, Sequence[float]]
    arrears_season: Sequence[float]
    disconnection_season: Sequence[float]


# Worked out on 2026-11-22 by `worked_out`, which names the source; a test does it again.
OREGON = Targets(
    late=0.1406,
    late_by_age=(0.0759, 0.034, 0.0306),
    money_by_age=(0.5056, 0.2012, 0.2932),
    late_money=188.25,
    bill=124.02,
    notices=0.3252,
    disconnections=0.002632,
    bill_season={
        "electricity": (1.4216, 1.3632, 1.1819, 1.0048, 0.7319, 0.8325,
                        0.8213, 0.9786, 0.7511, 0.8083, 0.8486, 1.2563),
        "gas": (1.9529, 1.8024, 1.5195, 1.1397, 0.7326, 0.5308,
                0.3929, 0.3409, 0.3679, 0.48, 0.9652, 1.7751),
    },
    arrears_season=(1.0591, 1.1482, 1.2372, 1.1935, 1.0992, 0.9821,
                    0.9567, 0.918, 0.8907, 0.8341, 0.8073, 0.8739),
    disconnection_season=(0.2264, 0.5015, 0.9673, 1.4231, 1.7153, 1.3689,
                          1.1028, 1.1569, 0.9906, 1.428, 0.8288, 0.2906),
)  # fmt: skip


def worked_out(folder: Path) -> Targets:
    """Return the targets worked out from the set itself, `oregon_arrears` of the shared data.

    Source:
        Energy Burden Metrics Reports, Oregon PUC docket RO 16 (OAR 860-021-0408), typed by
        BretFarrell-OPUC/OPUC-Energy-Burden-Metrics-Report-Dashboard, commit ecad490b51a3.
    """
    rows = pq.read_table(folder / "utility_month_to_2025_06.parquet").to_pandas()
    rows = rows[(rows["month"] >= YEAR[0]) & (rows["month"] <= YEAR[1])]
    total = rows.sum(numeric_only=True)
    ages = ("31_60d", "61_90d", "91d_plus")
    active, late = total["active_accounts"], total["customers_in_arrears"]
    monthly = rows.groupby(rows["month"].str[5:]).sum(numeric_only=True)
    return Targets(
        late=_round(late / active),
        late_by_age=_rounded(total[f"customers_{age}"] / active for age in ages),
        money_by_age=_rounded(
            total[f"arrears_usd_{age}"] / total["arrears_balance_usd"] for age in ages
        ),
        late_money=_round(total["arrears_balance_usd"] / late, 2),
        bill=_round((rows["avg_bill_usd"] * rows["active_accounts"]).sum() / active, 2),
        notices=_round(total["disconnection_notices"] / late),
        disconnections=_round(total["disconnections"] / active, 6),
        bill_season={kind: _bill_season(rows, names) for kind, names in KINDS.items()},
        arrears_season=_over_mean(monthly["arrears_balance_usd"] / monthly["customers_in_arrears"]),
        disconnection_season=_over_mean(monthly["disconnections"] / monthly["active_accounts"]),
    )


def _bill_season(rows: Any, utilities: Sequence[str]) -> Sequence[float]:
    those = rows[rows["utility"].isin(utilities)]
    month = those["month"].str[5:]
    billed = (those["avg_bill_usd"] * those["active_accounts"]).groupby(month).sum()
    return _over_mean(billed / those["active_accounts"].groupby(month).sum())


def _over_mean(by_month: Any) -> Sequence[float]:
    values = np.asarray(by_month, dtype=float)
    return _rounded(values / values.mean())


def _rounded(values: Any) -> tuple[float, ...]:
    return tuple(_round(value) for value in values)


def _round(value: Any, digits: int = 4) -> float:
    return round(float(value), digits)

"""Two real sets as small tables of history, to judge the learners on people who really paid."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

TAIWAN = "taiwan_card_default/customers_dev.parquet"
PHILADELPHIA = "philly_tax_letters/owners_dev.parquet"


def rows_of(shared: Path, name: str) -> dict[str, np.ndarray]:
    path = shared / "data" / name
    if not path.is_file():
        pytest.skip(f"the shared set {name} is not here")
    table = pq.read_table(path)
    return {each: table[each].to_numpy(zero_copy_only=False) for each in table.column_names}


def taiwan(shared: Path, outcome: str, *, carried: bool) -> pa.Table:
    """Return Taiwan's customers as of August ("paid") or September ("default").

    The bill of a month is due in the next. `PAY_*` of a month tells how that month's own bill was
    paid, a month later: as of August it is known to July, or it would tell the outcome.
    """
    got = rows_of(shared, TAIWAN)
    bill = np.column_stack([got[f"BILL_AMT{k}"] for k in range(1, 7)]).astype(float)
    paid = np.column_stack([got[f"PAY_AMT{k}"] for k in range(1, 7)]).astype(float)
    status = np.column_stack([got[f"PAY_{k}"] for k in (0, 2, 3, 4, 5, 6)]).astype(float)
    now = 1 if outcome == "paid" else 0
    columns = _habits(bill[:, now:], paid[:, now:])
    if outcome == "paid":
        columns["paid_in_full_30d"] = (paid[:, 0] >= bill[:, 1]).astype(float)
    else:
        columns["paid_in_full_30d"] = 1.0 - got["default.payment.next.month"]
    if carried:
        columns["carried_limit_bal"] = got["LIMIT_BAL"].astype(float)
        columns["carried_limit_used"] = bill[:, now] / got["LIMIT_BAL"]
        for k, name in enumerate(("pay_1", "pay_2", "pay_3", "pay_4", "pay_5")):
            if now + k + now < 6:
                columns[f"carried_{name}"] = status[:, now + k + now]
    concerned = bill[:, 1] > 0 if outcome == "paid" else np.ones(len(bill), dtype=bool)
    columns["arrears_minor"] = np.where(concerned, np.maximum(columns["arrears_minor"], 1), 0)
    return _history(
        got["ID"],
        {name: each[concerned] for name, each in columns.items()},
        concerned,
        date(2005, 8, 31),
    )


def _habits(bill: np.ndarray, paid: np.ndarray) -> dict[str, np.ndarray]:
    """Bills and what was paid of them, the latest first, as features say it."""
    usual = np.maximum(bill, 0).mean(axis=1)
    money = np.where(usual > 0, usual, np.nan)
    owed = [np.maximum(bill[:, k + 1] - paid[:, k], 0) for k in range(bill.shape[1] - 1)]
    size = np.column_stack([paid[:, k] / money for k in range(bill.shape[1])])
    on_time = np.column_stack([each <= 0 for each in owed]).astype(float)
    columns = {
        "arrears_minor": bill[:, 0] * 100,
        "balance_minor": bill[:, 0] * 100,
        "usual_bill_minor": money * 100,
        "debt_months": bill[:, 0] / money,
        "on_time_share_3m": on_time[:, :3].mean(axis=1),
        "on_time_share_6m": on_time.mean(axis=1),
        "months_in_arrears_12m": (1 - on_time).sum(axis=1),
        "payment_size_3m": size[:, :3].mean(axis=1),
        "payment_size_shift": size[:, :3].mean(axis=1) - size.mean(axis=1),
        "paid_share_3m": _share(paid[:, :3], bill[:, 1:4]),
        "paid_share_12m": _share(paid[:, : bill.shape[1] - 1], bill[:, 1:]),
        "arrears_30d_ago_minor": bill[:, 1] * 100,
        "trend_3m": (bill[:, 0] - bill[:, 2]) / 2 / money,
    }
    for k, each in enumerate(owed, start=1):
        columns[f"arrears_mark_{k}_minor"] = each * 100
    return columns


def _share(paid: np.ndarray, bill: np.ndarray) -> np.ndarray:
    billed = np.maximum(bill, 0).sum(axis=1)
    return np.divide(paid.sum(axis=1), billed, out=np.full(len(billed), np.nan), where=billed > 0)


def philadelphia(shared: Path) -> pa.Table:
    """Return owners late with the bill of 2015, as of the letters; paid in full by September."""
    got = rows_of(shared, PHILADELPHIA)
    section = np.unique(got["azavea_section"].astype(str), return_inverse=True)[1]
    usual = got["assessed_mv"] * 0.0134 / 12  # the tax of 2015 was 1.34 % of the value
    columns = {
        "arrears_minor": np.maximum(got["total_due"] * 100, 1),
        "usual_bill_minor": usual * 100,
        "debt_months": np.divide(
            got["total_due"], usual, out=np.full(len(usual), np.nan), where=usual > 0
        ),
        "paid_in_full_30d": got["paid_full_sep"].astype(float),
        "tenure_days": got["tenure"] * 365.25,
        "carried_market_value": got["assessed_mv"],
        "carried_section": section.astype(float),
        "carried_kde": got["kde"],
        "carried_properties": got["N"].astype(float),
    }
    every = np.ones(len(got["owner_id"]), dtype=bool)
    return _history(got["owner_id"], columns, every, date(2015, 6, 1))


def _history(ids: np.ndarray, columns: dict[str, np.ndarray], some: np.ndarray, day: date):
    n = int(some.sum())
    columns = {"months_in_arrears_12m": np.ones(n), "open_to_come_minor": np.zeros(n), **columns}
    nothing = pa.nulls(n, pa.float64())
    return pa.table({
        "account_no": pa.array(ids[some], pa.int64()), "as_of": pa.array([day] * n),
        **{name: pa.array(each, pa.float64(), from_pandas=True)
           for name, each in columns.items()},
        **dict.fromkeys(("cured_60d", "rolled_30d", "late_30d", "weeks_to_paid", "weeks_seen"),
                        nothing),
    })  # fmt: skip


def held_back(table: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Return rows to learn from and three tenths of accounts held back."""
    chance = np.random.default_rng(7).random(table.num_rows)
    return table.filter(pa.array(chance >= 0.3)), table.filter(pa.array(chance < 0.3))

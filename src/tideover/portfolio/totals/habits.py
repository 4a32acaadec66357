"""What was billed and how it was paid over the last year, and the months without arrears."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from tideover.portfolio.totals.debt import Debt
from tideover.portfolio.totals.entries import NEVER, Credits, Debits
from tideover.portfolio.totals.spans import Grid, Sums

WINDOWS = {"3m": 91, "6m": 182, "12m": 365}  # days
YEAR, QUARTER = WINDOWS["12m"], WINDOWS["3m"]
MONTHS = {"3m": 3, "6m": 6, "12m": 12}  # month ends
OTHER, BILL = 0, 1  # kinds of debit
BY_HAND, AUTOMATIC, ASSISTED = 1, 2, 3  # kinds of credit besides OTHER
METHODS = {"direct_debit": AUTOMATIC, "assistance": ASSISTED}
USED = {"use_3m": QUARTER, "use_3m_year_before": YEAR + QUARTER}  # days ago that a quarter began

# Money in minor units, shares 0 to 1, lateness in days, use as metered.
COLUMNS = [
    ("billed_12m", pa.int64()), ("highest_mark_minor", pa.int64()), ("last_paid_on", pa.date32()),
    *((f"{name}_12m", pa.int32()) for name in ("payments", "reversals", "months_behind")),
    ("months_behind_before", pa.int32()),
    ("payments_3m", pa.int32()),
    *((f"{name}_{w}", pa.float64()) for name in ("on_time_share", "slope", "lateness_days")
      for w in WINDOWS),
    *((f"{name}_{w}", pa.float64()) for name in ("paid_share", "mean_payment")
      for w in ("3m", "12m")),
    *((f"{name}_share_12m", pa.float64()) for name in ("direct_debit", "assistance")),
    ("use_3m", pa.float64()), ("use_3m_year_before", pa.float64()),
]  # fmt: skip


class Habits:
    """Bills and payments of the past year by window, to compare them.

    A column out:
        billed_12m       of bills issued in a year
        lateness_days_w  the money-weighted day paid less the money-weighted day due
        paid_share_w     money in by what fell due
        mean_payment_w   of payments that stood
        last_paid_on     of payments that stood; none in a year is `NEVER`
        use_3m, use_3m_year_before  metered use of bills issued then; NaN without one
    """

    def __init__(self, debt: Debt, debits: Grid, credits: Grid, today: int) -> None:
        self._today, self._debt, n = today, debt, debits.places
        self._due_days = Sums(debits)
        self._paid_days, self._payments, self._not_money = (Sums(credits) for _ in range(3))
        self._billed, self._reversals = np.zeros(n, np.int64), np.zeros(n, np.int64)
        self._use = {name: np.zeros(n) for name in USED}
        self._used = {name: np.zeros(n, bool) for name in USED}
        self._by = {name: np.zeros(n, np.int64) for name in METHODS}
        self._last = np.full(n, NEVER, np.int32)

    def bill(self, owing: Debits) -> None:
        """Add debits."""
        today = self._today
        fell = np.flatnonzero((owing.due > today - YEAR) & (owing.due <= today))
        days = today - owing.due[fell]
        self._due_days.add(owing.cells[fell], owing.amount[fell] * days)
        bills, issued = owing.kind == BILL, owing.issued
        mine = np.flatnonzero(bills & (issued > today - YEAR))
        np.add.at(self._billed, owing.at[mine], owing.amount[mine])
        for name, ago in USED.items():
            start = today - ago
            mine = np.flatnonzero(bills & (issued > start) & (issued <= start + QUARTER))
            self._used[name][owing.at[mine]] = True
            np.add.at(self._use[name], owing.at[mine], owing.usage[mine])

    def pay(self, money: Credits) -> None:
        """Add credits."""
        today = self._today
        recent = (money.day <= today) & (money.day > today - YEAR)
        stood = recent & (money.kind != OTHER)
        returned = money.gone[stood[money.gone] & (money.back <= today)]
        stood[returned] = False
        np.add.at(self._reversals, money.at[returned], np.int64(1))
        kept, rest = np.flatnonzero(stood), np.flatnonzero(recent & ~stood)
        self._not_money.add(money.cells[rest], money.amount[rest])
        at, cells, day = money.at[kept], money.cells[kept], money.day[kept]
        self._paid_days.add(cells, money.amount[kept] * (today - day))
        self._payments.add(cells, np.int64(1))
        for name, kind in METHODS.items():
            np.add.at(self._by[name], at[money.kind[kept] == kind], np.int64(1))
        np.maximum.at(self._last, at, day)

    def columns(self) -> dict[str, Any]:
        """Return the habits, by place."""
        columns: dict[str, Any] = {
            "billed_12m": self._billed, "last_paid_on": self._last,
            "reversals_12m": self._reversals,
        }  # fmt: skip
        columns |= {name: np.where(self._used[name], self._use[name], np.nan) for name in USED}
        for w, days in WINDOWS.items():
            window = self._today - days, self._today
            due, due_days = self._debt.due.after(*window), self._due_days.after(*window)
            paid = self._debt.lowered.after(*window) - self._not_money.after(*window)
            paid_days, count = self._paid_days.after(*window), self._payments.after(*window)
            columns[f"lateness_days_{w}"] = over(due_days, due) - over(paid_days, paid)
            columns[f"paid_share_{w}"] = over(paid, due)
            columns[f"mean_payment_{w}"] = over(paid, count)
            columns[f"payments_{w}"] = count
        for name, by_it in self._by.items():
            columns[f"{name}_share_12m"] = over(by_it, columns["payments_12m"])
        return columns


def days_asked(today: int) -> set[int]:
    """Return the days at which windows begin or end."""
    return {today} | {today - days for days in WINDOWS.values()}


def path(marks: list[Any]) -> dict[str, Any]:
    """Return what arrears at month ends, latest first, say: months behind, shares, slopes.

    A slope is of least squares, in minor units a month.
    """
    arrears = np.column_stack(marks)
    columns: dict[str, Any] = {"months_behind_12m": sum(mark > 0 for mark in marks),
                               "highest_mark_minor": np.maximum.reduce(marks)}  # fmt: skip
    for w, months in MONTHS.items():
        middle = (months - 1) / 2
        weights = middle - np.arange(months)  # the latest comes first, so time runs against it
        weights /= (weights**2).sum()
        columns[f"slope_{w}"] = arrears[:, :months] @ weights
        columns[f"on_time_share_{w}"] = sum(mark == 0 for mark in marks[:months]) / months
    return columns


def behind_before(marks: dict[int, Any], oldest_due: Any) -> Any:
    """Return how many month ends had arrears before the debt that is unpaid now was late.

    Of a debt as old as all of them nothing is known from before, and they all count.

    Args:
        marks: Arrears at each month end, by its day.
        oldest_due: Due day of the oldest unpaid debit; on that day it is still on time.
    """
    counted, all_along = np.zeros(len(oldest_due), dtype=np.int64), oldest_due < min(marks)
    for day, arrears in marks.items():
        counted += (arrears > 0) & ((day <= oldest_due) | all_along)
    return counted


def over(part: Any, whole_of: Any) -> Any:
    """Return part by whole; NaN where the whole is nothing."""
    return np.divide(part, whole_of, out=np.full(len(part), np.nan), where=whole_of > 0)

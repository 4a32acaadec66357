"""What was billed and how it was paid over the last year, and the months without arrears."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from tideover.portfolio.totals.entries import NEVER, Credits, Debits
from tideover.portfolio.totals.spans import Places, Spans, Sums

WINDOWS = {"3m": 91, "6m": 182, "12m": 365}  # days
YEAR, QUARTER = WINDOWS["12m"], WINDOWS["3m"]
MONTHS = {"3m": 3, "6m": 6, "12m": 12}  # month ends
OTHER, BILL = 0, 1  # kinds of debit
BY_HAND, AUTOMATIC, ASSISTED = 1, 2, 3  # kinds of credit besides OTHER

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

    def __init__(self, places: Places, today: int) -> None:
        self._today, n = today, len(places)
        self._starts = Spans(today - days for days in WINDOWS.values())
        self._issued = Spans([today - YEAR, today - QUARTER])
        by_window, by_issue = (n, len(self._starts)), (n, len(self._issued))
        self._due, self._due_days = Sums(*by_window), Sums(*by_window)
        self._paid, self._paid_days, self._payments = (Sums(*by_window) for _ in range(3))
        self._amount, self._bills = Sums(*by_issue), Sums(*by_issue)
        self._use = Sums(*by_issue, np.float64)
        self._reversals = Sums(n)
        self._by = {"direct_debit": (AUTOMATIC, Sums(n)), "assistance": (ASSISTED, Sums(n))}
        self._last = np.full(n, NEVER)

    def bill(self, owing: Debits) -> None:
        """Add debits."""
        today = self._today
        fell = np.flatnonzero((owing.due > today - YEAR) & (owing.due <= today) & owing.known)
        at, due, amount = owing.at[fell], owing.due[fell], owing.amount[fell]
        span = self._starts.of_days(due)
        self._due.add(at, amount, span)
        self._due_days.add(at, amount * (today - due), span)
        recent = owing.known & (owing.issued > today - YEAR - QUARTER) & (owing.kind == BILL)
        mine = np.flatnonzero(recent)
        at, span = owing.at[mine], self._issued.of_days(owing.issued[mine])
        self._amount.add(at, owing.amount[mine], span)
        self._bills.add(at, np.int64(1), span)
        self._use.add(at, owing.usage[mine], span)

    def pay(self, money: Credits) -> None:
        """Add credits."""
        today = self._today
        recent = (money.kind != OTHER) & (money.day <= today) & (money.day > today - YEAR)
        returned = money.gone[recent[money.gone] & (money.back <= today)]
        recent[returned] = False
        self._reversals.add(money.at[returned], np.int64(1))
        kept = np.flatnonzero(recent)
        at, day, amount, kind = (money[k][kept] for k in range(4))
        span = self._starts.of_days(day)
        self._paid.add(at, amount, span)
        self._paid_days.add(at, amount * (today - day), span)
        self._payments.add(at, np.int64(1), span)
        for one, count in self._by.values():
            count.add(at[kind == one], np.int64(1))
        np.maximum.at(self._last, at, day)

    def columns(self) -> dict[str, Any]:
        """Return the habits, by place."""
        due, due_days, paid, paid_days, count = (
            self._windows(sums) for sums in
            (self._due, self._due_days, self._paid, self._paid_days, self._payments)
        )  # fmt: skip
        use = np.where(self._bills.by_span > 0, self._use.by_span, np.nan)
        columns: dict[str, Any] = {
            "billed_12m": self._amount.by_span[:, 1:].sum(axis=1), "last_paid_on": self._last,
            "reversals_12m": self._reversals.plain,
            "use_3m": use[:, 2], "use_3m_year_before": use[:, 0],
        }  # fmt: skip
        for w in WINDOWS:
            columns[f"lateness_days_{w}"] = over(due_days[w], due[w]) - over(paid_days[w], paid[w])
            columns[f"paid_share_{w}"] = over(paid[w], due[w])
            columns[f"mean_payment_{w}"] = over(paid[w], count[w])
            columns[f"payments_{w}"] = count[w]
        for name, (_, by_it) in self._by.items():
            columns[f"{name}_share_12m"] = over(by_it.plain, count["12m"])
        return columns

    def _windows(self, sums: Sums) -> dict[str, Any]:
        """Return sums over each window; the first span, before them all, is empty."""
        running = sums.running
        return {w: running[:, -1] - self._starts.until(running, self._today - days)
                for w, days in WINDOWS.items()}  # fmt: skip


def path(marks: list[Any]) -> dict[str, Any]:
    """Return what arrears at month ends, latest first, say: months behind, shares, slopes.

    A slope is of least squares, in minor units a month.
    """
    arrears = np.column_stack(marks)
    columns: dict[str, Any] = {"months_behind_12m": (arrears > 0).sum(axis=1),
                               "highest_mark_minor": arrears.max(axis=1, initial=0)}  # fmt: skip
    for w, months in MONTHS.items():
        middle = (months - 1) / 2
        weights = middle - np.arange(months)  # the latest comes first, so time runs against it
        weights /= (weights**2).sum()
        columns[f"slope_{w}"] = arrears[:, :months] @ weights
        columns[f"on_time_share_{w}"] = (arrears[:, :months] == 0).mean(axis=1)
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

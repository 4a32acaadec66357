"""Debits and credits of whole accounts -> their totals, in numpy."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from tideover.portfolio.engine import MONTH_ENDS
from tideover.portfolio.totals import habits
from tideover.portfolio.totals.debt import OWED, Debt, days_of_debits
from tideover.portfolio.totals.entries import NEVER, Credits, Debits
from tideover.portfolio.totals.habits import Habits
from tideover.portfolio.totals.spans import Grid, Places, number, pieces, whole
from tideover.terms.calendar import month_end_before
from tideover.terms.faults import StepMissing

AGO = (7, 30)  # days
MOST_MINOR = 2.0**62  # more than all money handed over may be, so that no sum can overflow

MARKS = tuple(f"arrears_mark_{k}_minor" for k in range(1, MONTH_ENDS + 1))
TOTALS = pa.schema([
    ("account_no", pa.int64()), *((name, pa.int64()) for name in (*OWED, *MARKS)),
    *((f"arrears_{days}d_ago_minor", pa.int64()) for days in AGO),
    ("due_unpaid_minor", pa.int64()),
    ("oldest_due_on", pa.date32()), ("next_due_on", pa.date32()), *habits.COLUMNS,
])  # fmt: skip


def totalled(debits: pa.Table, credits: pa.Table, *, as_of: date) -> pa.Table:
    """Return the totals of accounts as of a day.

    Table in: debits and credits, all rows of each account that has any in either
    Table out: one row an account, in the order of account_no; columns of `TOTALS`
        <OWED>          as in receivables
        <MARKS>         arrears at the end of the last months, 1 the latest
        due_unpaid_minor  what was due on the day itself and is unpaid at its end
        oldest_due_on   of the oldest debit in arrears; null without arrears
        next_due_on     of the first debit known by the day and due on it or later
        and what `habits.Habits` says

    Raises:
        StepMissing: The amounts are too large to be added up exactly.
    """
    places, today = Places.of(debits["account_no"], credits["account_no"]), number(as_of)
    marks = _marks(as_of)
    windows = habits.days_asked(today)
    due = Grid(len(places), windows | days_of_debits(marks.values(), today))
    came = Grid(len(places), windows | set(marks.values()))
    debt = Debt(due, came, today)
    habit = Habits(debt, due, came, today)
    money = 0.0
    for rows in pieces(debits):
        money += _added_up(rows)
        owing = Debits.of(rows, places, grid=due, today=today)
        debt.raise_by(owing)
        habit.bill(owing)
    for rows in pieces(credits):
        money += _added_up(rows)
        paid = Credits.of(rows, places, grid=came)
        debt.lower_by(paid)
        habit.pay(paid)
    _check(money)
    columns: dict[str, Any] = {"account_no": places.numbers}
    columns |= debt.owed() | habit.columns()
    columns |= {name: debt.arrears_on(day) for name, day in marks.items()}
    columns |= habits.path([columns[name] for name in MARKS])
    columns["months_behind_before"] = habits.behind_before(
        {marks[name]: columns[name] for name in MARKS}, columns["oldest_due_on"]
    )
    return pa.table([_column(columns[f.name], f.type) for f in TOTALS], schema=TOTALS)


def _marks(as_of: date) -> dict[str, int]:
    """Return the past days at which arrears are asked for, by column."""
    ends = {name: number(month_end_before(as_of, k)) for k, name in enumerate(MARKS, 1)}
    return ends | {f"arrears_{days}d_ago_minor": number(as_of) - days for days in AGO}


def _added_up(rows: pa.RecordBatch) -> float:
    return float(np.abs(whole(rows["amount_minor"])).sum(dtype=np.float64))


def _check(money: float) -> None:
    if money > MOST_MINOR:
        raise StepMissing(
            "The amounts of these accounts are too large to be added up exactly",
            where="bills, payments and adjustments",
            mend="Look for amounts that cannot be meant, and send those rows again",
        )


def _column(values: Any, kind: pa.DataType) -> pa.Array:
    if pa.types.is_date(kind):
        return pa.array(values.astype(np.int32), mask=values == NEVER).cast(kind)
    return pa.array(values, kind, from_pandas=True)

"""What a twin turned out like: its export measured as Oregon measures its utilities."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from tideover.rehearsal.twin.oregon import Targets
from tideover.rehearsal.twin.people import NEVER, Floats
from tideover.rehearsal.twin.texts import Ints, number
from tideover.terms.calendar import month_end_before

AGES = ((31, 60), (61, 90), (91, 100_000))  # days since the bill's issue


@dataclass(frozen=True)
class _Month:
    """One month end: accounts, money in units of currency, notices and disconnections."""

    month: int
    active: int
    late: Ints
    money: Floats
    notices: int
    disconnections: int


def measured(export_dir: Path, last_day: date) -> Targets:
    """Return a twin's last twelve months as the figures it was meant to have."""
    books = _Books(export_dir)
    ends = [month_end_before(last_day + timedelta(days=1), ago) for ago in range(1, 13)]
    by_month = sorted((books.month(end) for end in ends), key=lambda month: month.month)
    active, late = sum(m.active for m in by_month), sum(int(m.late.sum()) for m in by_month)
    money = np.sum([m.money for m in by_month], axis=0)
    first = number(ends[-1].replace(day=1))
    return Targets(
        late=late / active,
        late_by_age=tuple(np.sum([m.late for m in by_month], axis=0) / active),
        money_by_age=tuple(money / money.sum()),
        late_money=float(money.sum()) / late,
        bill=books.mean_bill(first),
        notices=sum(m.notices for m in by_month) / late,
        disconnections=sum(m.disconnections for m in by_month) / active,
        bill_season={name: books.season(name, first) for name in ("electricity", "gas")},
        arrears_season=_over_mean([m.money.sum() / m.late.sum() for m in by_month]),
        disconnection_season=_over_mean([m.disconnections / m.active for m in by_month]),
    )


class _Books:
    """The columns of an export that arrears are counted from, by account."""

    def __init__(self, folder: Path) -> None:
        accounts = _read(folder, "accounts", ("account_id", "opened_on", "closed_on", "commodity"))
        self._ids = accounts["account_id"].combine_chunks()
        self._opened, self._closed = _days(accounts["opened_on"]), _days(accounts["closed_on"])
        self._commodity = accounts["commodity"].to_numpy(zero_copy_only=False)
        bills = _read(folder, "bills", ("account_id", "issued_on", "amount"))
        row, issued = self._rows(bills), _days(bills["issued_on"])
        order = np.lexsort((issued, row))
        self._row, self._issued = row[order], issued[order]
        self._amount = _amount(bills)[order]
        self._starts = np.searchsorted(self._row, np.arange(len(self._ids)))
        self._credits = [*self._payments(folder), *self._adjustments(folder)]
        steps = _read(folder, "service_steps", ("occurred_on", "step"))
        self._step_on = _days(steps["occurred_on"])
        self._step = steps["step"].to_numpy(zero_copy_only=False)

    def _rows(self, table: Any) -> Ints:
        found = pc.index_in(table["account_id"], self._ids)
        return np.asarray(found.to_numpy(), np.int64)

    def _payments(self, folder: Path) -> Iterator[tuple[Ints, Ints, Floats]]:
        columns = ("account_id", "received_at", "amount", "reversed_on")
        paid = _read(folder, "payments", columns)
        on = _days(pc.utf8_slice_codeunits(paid["received_at"], 0, 10))
        yield self._rows(paid), on, _amount(paid)
        yield self._rows(paid), _days(paid["reversed_on"]), -_amount(paid)

    def _adjustments(self, folder: Path) -> Iterator[tuple[Ints, Ints, Floats]]:
        posted = _read(folder, "adjustments", ("account_id", "posted_on", "amount"))
        yield self._rows(posted), _days(posted["posted_on"]), -_amount(posted)

    def month(self, end: date) -> _Month:
        """Return the state at a month's end."""
        day, first = number(end), number(end.replace(day=1))
        n = len(self._ids)
        paid = sum(np.bincount(row[on <= day], amount[on <= day], n)
                   for row, on, amount in self._credits)  # fmt: skip
        billed = np.cumsum(np.where(self._issued <= day, self._amount, 0.0))
        before = np.concatenate(([0.0], billed))[self._starts]
        unpaid = np.clip(np.round(billed - (before + paid)[self._row], 2), 0.0, self._amount)
        age = day - self._issued
        active = (self._opened <= day) & (day < self._closed)
        late = (age >= AGES[0][0]) & (unpaid > 0) & active[self._row]
        oldest = np.zeros(n, np.int64)
        np.maximum.at(oldest, self._row[late], age[late])
        step = self._step[(first <= self._step_on) & (self._step_on <= day)]
        return _Month(
            end.month, int(active.sum()),
            np.array([((a <= oldest) & (oldest <= b)).sum() for a, b in AGES]),
            np.array([unpaid[late & (a <= age) & (age <= b)].sum() for a, b in AGES]),
            int((step == "notice_issued").sum()), int((step == "disconnected").sum()),
        )  # fmt: skip

    def mean_bill(self, first: int) -> float:
        """Return the mean bill issued from a day on."""
        return float(self._amount[self._issued >= first].mean())

    def season(self, commodity: str, first: int) -> Any:
        """Return each month's mean bill over the year's, January first."""
        which = (self._issued >= first) & (self._commodity[self._row] == commodity)
        month = self._issued[which].astype("M8[D]").astype("M8[M]").astype(int) % 12
        means = np.bincount(month, self._amount[which], 12) / np.bincount(month, minlength=12)
        return _over_mean(means)


def _over_mean(values: Any) -> tuple[float, ...]:
    return tuple((np.asarray(values) / np.mean(values)).tolist())


def _read(folder: Path, name: str, columns: tuple[str, ...]) -> Any:
    if (folder / name).is_dir():
        return pq.read_table(folder / name, columns=list(columns))
    texts = pyarrow.csv.ConvertOptions(
        include_columns=columns, column_types=dict.fromkeys(columns, pa.string()),
        strings_can_be_null=True,
    )  # fmt: skip
    return pyarrow.csv.read_csv(folder / f"{name}.csv", convert_options=texts)


def _days(column: Any) -> Ints:
    whole = column.cast(pa.date32()).cast(pa.int32()).fill_null(NEVER)
    return np.asarray(whole.to_numpy(), np.int64)


def _amount(table: Any) -> Floats:
    return np.asarray(table["amount"].cast(pa.float64()).to_numpy(), np.float64)

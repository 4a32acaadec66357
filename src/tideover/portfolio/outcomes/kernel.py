"""Decisions and what happened to their accounts -> sums and counts of each window, in one pass.

Rows of an account lie in the order of days with running sums beside them, so that whatever fell
between two days is the difference of two places. Joining every row to every window in SQL cost
three times as much.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Ints = npt.NDArray[np.int64]

STAYS_DAYS = 60  # a cure is watched so long before it counts as one that lasted
LONGEST = 60  # days of the longest window
_SEEN_DAYS = LONGEST + STAYS_DAYS
_NEVER = 10_000
_EPOCH = date(1970, 1, 1)
_DAYS, _ZERO = 1 << 18, 1 << 17  # room for every day an export may hold, on either side of 1970

# What a row is, as bits: how it moved arrears, or what else took place.
RAISED, CAME_IN, RETURNED, OTHER_CREDIT = 1, 2, 4, 8
_MONEY = RAISED | CAME_IN | RETURNED | OTHER_CREDIT
COUNTED = ("contacts", "replies", "calls_in", "complaints_said", "right_party", "digital",
           "promises", "promises_due", "promises_kept", "optouts", "complaints", "notices",
           "disconnections", "reconnections")  # fmt: skip
BIT = {name: 16 << place for place, name in enumerate(COUNTED)}
SUMMED = ("money_in_minor", "other_minor", "contact_cost_thousandths")

HAPPENED = ("account_no", "day", "what", "amount", "since")
AFTER = pa.schema([
    ("decision_id", pa.string()), ("window_days", pa.int32()), ("account_no", pa.int64()),
    ("as_of", pa.date32()), ("known_days", pa.int32()), ("arrears_minor", pa.int64()),
    ("owing_after_minor", pa.int64()), ("cured_after", pa.int32()), ("relapsed", pa.int32()),
    ("other_later", pa.int64()), *((name, pa.int64()) for name in SUMMED),
    *((name, pa.int32()) for name in COUNTED),
])  # fmt: skip


def after(
    decided: pa.Table, happened: pa.Table, *, until: date, windows: Sequence[int]
) -> pa.Table:
    """Return what followed each decision within each window, as far as it is seen.

    Table in: decided (decision_id, account_no, as_of); happened (columns of `HAPPENED`), of which
        what lies before the first decision may be one row an account
    Table out: columns of `AFTER`; as many rows a decision as there are windows
    """
    rows, asked = _Rows.of(happened), _Asked.of(decided, until)
    cures = _cures(rows, asked)
    return pa.concat_tables(_within(decided, rows, asked, cures=cures, days=days)
                            for days in windows)  # fmt: skip


def _whole(column: pa.ChunkedArray, missing: int = 0) -> Ints:
    if pa.types.is_date(column.type):
        column = column.cast(pa.int32())
    found: Ints = column.cast(pa.int64()).fill_null(missing).to_numpy()
    return found


def _key(account_no: Ints, day: Ints) -> Ints:
    found: Ints = account_no * _DAYS + (day + _ZERO)
    return found


@dataclass(frozen=True)
class _Rows:
    """Everything that happened, in the order of accounts and days."""

    keys: Ints
    what: Ints
    amount: Ints
    since: Ints

    @classmethod
    def of(cls, happened: pa.Table) -> _Rows:
        keys = _key(_whole(happened["account_no"]), _whole(happened["day"]))
        order = np.argsort(keys, kind="stable")
        amount, what, since = (_whole(happened[name], -_ZERO)[order]
                               for name in ("amount", "what", "since"))  # fmt: skip
        return cls(keys[order], what, amount, since)

    @property
    def day(self) -> Ints:
        found: Ints = self.keys % _DAYS - _ZERO
        return found

    @cached_property
    def ends_day(self) -> npt.NDArray[np.bool_]:
        """Whether a row is the last one of its account and day."""
        found: npt.NDArray[np.bool_] = np.diff(self.keys, append=-1) != 0
        return found

    def place(self, account_no: Ints, day: Ints | int) -> Ints:
        """Return how many rows come before the end of a day of each account, in the order."""
        days = np.broadcast_to(np.asarray(day, np.int64), account_no.shape)
        found: Ints = np.searchsorted(self.keys, _key(account_no, days), side="right")
        return found

    @cached_property
    def running(self) -> dict[str, Ints]:
        """Running sums, by what is added up; the first is nothing."""
        what, amount = self.what, self.amount
        weights: dict[str, Any] = {
            "moved": np.where(what & _MONEY != 0, amount, 0),
            "money_in_minor": np.where(what & (CAME_IN | RETURNED) != 0, -amount, 0),
            "other_minor": np.where(what & OTHER_CREDIT != 0, amount, 0),
            "contact_cost_thousandths": np.where(what & BIT["contacts"] != 0, amount, 0),
            **{name: (what & bit != 0).astype(np.int64) for name, bit in BIT.items()},
        }
        return {name: np.concatenate([[0], np.cumsum(each)]) for name, each in weights.items()}

    def between(self, name: str, first: Ints, last: Ints) -> Ints:
        """Return what comes to pass between two places."""
        sums = self.running[name]
        found: Ints = sums[last] - sums[first]
        return found


@dataclass(frozen=True)
class _Asked:
    account_no: Ints
    day: Ints
    known: Ints

    @classmethod
    def of(cls, decided: pa.Table, until: date) -> _Asked:
        day = _whole(decided["as_of"])
        return cls(_whole(decided["account_no"]), day, (until - _EPOCH).days - day)


@dataclass(frozen=True)
class _Cures:
    owed: Ints
    after: Ints
    relapsed: Ints
    other_later: Ints


def _cures(rows: _Rows, asked: _Asked) -> _Cures:
    """Return what each decision's account owed, and when it owed nothing for the first time."""
    start, now = rows.place(asked.account_no, -_ZERO), rows.place(asked.account_no, asked.day)
    owed = rows.between("moved", start, now)
    behind = np.flatnonzero(owed > 0)
    last = rows.place(asked.account_no[behind], asked.day[behind] + _SEEN_DAYS)
    at, who = _ranges(now[behind], last, behind)
    owing = rows.running["moved"][at + 1] - rows.running["moved"][start[who]]
    days, ends = rows.day[at] - asked.day[who], rows.ends_day[at]
    cured = np.full(len(owed), _NEVER)
    clear = ends & (owing <= 0)
    np.minimum.at(cured, who[clear], days[clear])
    since = days - cured[who]
    relapsed = np.zeros(len(owed), np.int64)
    relapsed[who[ends & (owing > 0) & (since > 0) & (since <= STAYS_DAYS)]] = 1
    on = asked.day + cured
    first, end = (rows.place(asked.account_no, day) for day in (on, on + STAYS_DAYS))
    return _Cures(owed, cured, relapsed, rows.between("other_minor", first, end))


def _ranges(first: Ints, last: Ints, who: Ints) -> tuple[Ints, Ints]:
    """Return every place from one to before another, and whose it is."""
    sizes = last - first
    before = np.cumsum(sizes) - sizes
    at = np.arange(int(sizes.sum())) + np.repeat(first - before, sizes)
    return at, np.repeat(who, sizes)


def _within(decided: pa.Table, rows: _Rows, asked: _Asked, *, cures: _Cures, days: int) -> pa.Table:
    seen = np.minimum(asked.known, days)
    first = rows.place(asked.account_no, asked.day)
    last = np.maximum(rows.place(asked.account_no, asked.day + seen), first)
    sums = {name: rows.between(name, first, last) for name in (*SUMMED, *COUNTED)}
    sums["money_in_minor"] += _of_before(rows, asked, seen)
    moved = rows.between("moved", first, last)
    cured = cures.after <= seen
    told = {
        "decision_id": decided["decision_id"], "account_no": asked.account_no,
        "window_days": np.full(len(seen), days), "as_of": decided["as_of"],
        "known_days": asked.known, "arrears_minor": np.maximum(cures.owed, 0),
        "owing_after_minor": cures.owed + moved,
        "cured_after": pa.array(cures.after, mask=~cured),
        "relapsed": np.where(cured, cures.relapsed, 0),
        "other_later": np.where(cured, cures.other_later, 0), **sums,
    }  # fmt: skip
    return pa.table([_column(told[field.name], field.type) for field in AFTER], schema=AFTER)


def _column(values: Any, kind: pa.DataType) -> Any:
    return values if isinstance(values, pa.ChunkedArray) else pa.array(values).cast(kind)


def _of_before(rows: _Rows, asked: _Asked, seen: Ints) -> Ints:
    """Return what went back of payments that came in before each decision: it is not its money."""
    order = np.argsort(_key(asked.account_no, asked.day), kind="stable")
    keys = _key(asked.account_no, asked.day)[order]
    back = np.flatnonzero((rows.what & RETURNED != 0) & (rows.since > -_ZERO))
    account, day = rows.keys[back] // _DAYS, rows.day[back]
    first = np.searchsorted(keys, _key(account, rows.since[back]), side="left")
    last = np.searchsorted(keys, _key(account, day - 1), side="right")
    at, row = _ranges(first, np.maximum(last, first), back)
    who = order[at]
    inside = rows.day[row] <= asked.day[who] + seen[who]
    found = np.zeros(len(seen), np.int64)
    np.add.at(found, who[inside], rows.amount[row[inside]])
    return found

"""Bills, adjustments, payments -> the debits that have an unpaid part at the end of a day.

`rules/ageing.py` is the reference: all credits together pay debits in the order of due date, issue
date and id. So what is unpaid of a debit is what all debits up to it add up to, less the credits,
but no more than the debit itself: running sums, an account at a time.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tideover.portfolio.lake import Lake

SCHEMA = pa.schema([
    ("account_no", pa.int64()), ("debit_id", pa.string()), ("issued_on", pa.date32()),
    ("due_on", pa.date32()), ("amount_minor", pa.int64()), ("unpaid_minor", pa.int64()),
])  # fmt: skip
_ORDER = ("account_no", "due_on", "issued_on", "debit_id")


def open_debits(lake: Lake, bucket: int, as_of: date, accounts: pa.Array) -> pa.Table:
    """Return the debits with an unpaid part at the end of a day, as the lake stands now.

    Args:
        accounts: Their numbers (account_no); only debits of these are told.

    Table out: one row a debit, ordered by account_no and then as credits pay them
        account_no    int64
        debit_id      string, of the bill or the adjustment
        issued_on, due_on  date; an adjustment is issued and due on the day it is posted
        amount_minor, unpaid_minor  int64, above zero; unpaid parts of an account add up to
            max(balance, 0)

    Source:
        The CIS export contract, "What is owed, as of the end of day D".
    """
    adjusted = _standing(lake.parts("adjustments", bucket), accounts,
                         ("adjustment_id", "posted_on", "amount_minor"))  # fmt: skip
    adjusted = adjusted.filter(pc.less_equal(adjusted["posted_on"], as_of))
    billed = _standing(lake.parts("bills", bucket), accounts,
                       ("bill_id", "issued_on", "due_on", "amount_minor"))  # fmt: skip
    raised = adjusted.filter(pc.greater(adjusted["amount_minor"], 0))
    debits = pa.concat_tables([
        _debits(billed.filter(pc.less_equal(billed["issued_on"], as_of))),
        _debits(raised.select([0, 1, 2, 2, 3])),
    ]).sort_by([(name, "ascending") for name in _ORDER])  # fmt: skip
    lowered = adjusted.filter(pc.less(adjusted["amount_minor"], 0))
    paid = _paid(lake.parts("payments", bucket), accounts, as_of)
    money = _sums(debits["account_no"], [
        (lowered["account_no"], pc.negate(lowered["amount_minor"])),
        (paid["account_no"], paid["amount_minor"]),
    ])  # fmt: skip
    return _unpaid(debits, money)


def _unpaid(debits: pa.Table, money: np.ndarray) -> pa.Table:
    account, amount = debits["account_no"].to_numpy(), debits["amount_minor"].to_numpy()
    running = np.cumsum(amount)
    first = np.flatnonzero(np.diff(account, prepend=-1))
    before = np.repeat(running[first] - amount[first], np.diff(first, append=len(account)))
    unpaid = np.clip(running - before - money, 0, amount)
    found = debits.append_column(SCHEMA.field("unpaid_minor"), pa.array(unpaid, pa.int64()))
    return found.filter(pa.array(unpaid > 0))


def _paid(parts: Iterable[Path], accounts: pa.Array, as_of: date) -> pa.Table:
    """Return payments that came in by the day and were not reversed by then."""
    rows = _standing(parts, accounts, ("received_on", "status", "reversed_on", "amount_minor"))
    back = pc.and_(pc.equal(rows["status"], "reversed"), pc.less_equal(rows["reversed_on"], as_of))
    came = pc.less_equal(rows["received_on"], as_of)
    return rows.filter(pc.and_(came, pc.invert(pc.fill_null(back, False))))


def _standing(parts: Iterable[Path], accounts: pa.Array, columns: tuple[str, ...]) -> pa.Table:
    """Return the versions that stand, of some accounts: account_no and these columns."""
    found = []
    for part in parts:
        rows = pq.ParquetFile(part).read(columns=["account_no", *columns, "known_until"])
        kept = pc.and_(pc.is_null(rows["known_until"]), pc.is_in(rows["account_no"], accounts))
        found.append(rows.filter(kept).select(["account_no", *columns]))
    return pa.concat_tables(found) if found else _none(columns)


def _none(columns: tuple[str, ...]) -> pa.Table:
    kinds = {"minor": pa.int64(), "on": pa.date32()}
    fields = [(name, kinds.get(name.rpartition("_")[2], pa.string())) for name in columns]
    return pa.schema([("account_no", pa.int64()), *fields]).empty_table()


def _debits(rows: pa.Table) -> pa.Table:
    """Return rows of account_no, an id, two days and an amount as debits."""
    fields = list(SCHEMA)[:-1]
    return pa.table([column.cast(f.type) for column, f in zip(rows.columns, fields, strict=True)],
                    schema=pa.schema(fields))  # fmt: skip


def _sums(of: pa.Array, credited: list[tuple[pa.Array, pa.Array]]) -> np.ndarray:
    """Return for each of some accounts what was credited to it."""
    wanted = of.to_numpy()
    known, place = np.unique(wanted, return_inverse=True)
    total = np.zeros(len(known), np.int64)
    for account, amount in credited:
        there = np.isin(account.to_numpy(), known)
        where = np.searchsorted(known, account.to_numpy()[there])
        np.add.at(total, where, amount.to_numpy()[there])
    return total[place]

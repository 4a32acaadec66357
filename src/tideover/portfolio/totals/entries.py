"""Some debits or credits as arrays: the place of the account, days as numbers, amounts."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tideover.portfolio.totals.spans import Grid, Ints, Places, whole

NEVER = -(2**31)  # a day that is none


class Debits(NamedTuple):
    """What raised the balance and had been issued by the day; `cells` are by the day due."""

    at: Ints
    cells: Ints
    issued: Ints
    due: Ints
    amount: Ints
    kind: Ints
    usage: Any

    @classmethod
    def of(cls, rows: pa.RecordBatch, places: Places, *, grid: Grid, today: int) -> Debits:
        """Return debits with the places of their accounts."""
        issued = whole(rows["issued_on"])
        if issued.max(initial=NEVER) > today:
            rows = rows.filter(pa.array(issued <= today))
            issued = whole(rows["issued_on"])
        at, due = places.find(whole(rows["account_no"])), whole(rows["due_on"])
        return cls(at, grid.cells(at, due), issued, due, whole(rows["amount_minor"]),
                   whole(rows["kind"]), whole(rows["usage"]))  # fmt: skip


class Credits(NamedTuple):
    """What lowered the balance; `gone` are the rows of reversed payments, `back` when they were."""

    at: Ints
    cells: Ints
    day: Ints
    amount: Ints
    kind: Ints
    gone: Ints
    back: Ints

    @classmethod
    def of(cls, rows: pa.RecordBatch, places: Places, *, grid: Grid) -> Credits:
        """Return credits with the places of their accounts."""
        reversed_on = rows["reversed_on"]
        gone, back = np.empty(0, np.int64), np.empty(0, np.int64)
        if reversed_on.null_count < len(reversed_on):
            gone = np.flatnonzero(pc.is_valid(reversed_on).to_numpy(zero_copy_only=False))
            back = whole(reversed_on)[gone]
        at, day = places.find(whole(rows["account_no"])), whole(rows["day"])
        return cls(at, grid.cells(at, day), day, whole(rows["amount_minor"]),
                   whole(rows["kind"]), gone, back)  # fmt: skip

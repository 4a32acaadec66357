"""Some debits or credits as arrays: the place of the account, days as numbers, amounts."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tideover.portfolio.totals.spans import Bools, Ints, Places, whole

NEVER = -(2**31)  # a day that is none


class Debits(NamedTuple):
    """What raised the balance; `known` says what had been issued by the day."""

    at: Ints
    issued: Ints
    due: Ints
    amount: Ints
    kind: Ints
    usage: Any
    known: Bools

    @classmethod
    def of(cls, rows: pa.RecordBatch, places: Places, today: int) -> Debits:
        """Return debits with the places of their accounts."""
        issued = whole(rows["issued_on"])
        return cls(places.find(whole(rows["account_no"])), issued, whole(rows["due_on"]),
                   whole(rows["amount_minor"]), whole(rows["kind"]), whole(rows["usage"]),
                   issued <= today)  # fmt: skip


class Credits(NamedTuple):
    """What lowered the balance; `gone` are the rows of reversed payments, `back` when they were."""

    at: Ints
    day: Ints
    amount: Ints
    kind: Ints
    gone: Ints
    back: Ints

    @classmethod
    def of(cls, rows: pa.RecordBatch, places: Places) -> Credits:
        """Return credits with the places of their accounts."""
        reversed_on = rows["reversed_on"]
        gone, back = np.empty(0, np.int64), np.empty(0, np.int64)
        if reversed_on.null_count < len(reversed_on):
            gone = np.flatnonzero(pc.is_valid(reversed_on).to_numpy(zero_copy_only=False))
            back = whole(reversed_on)[gone]
        return cls(places.find(whole(rows["account_no"])), whole(rows["day"]),
                   whole(rows["amount_minor"]), whole(rows["kind"]), gone, back)  # fmt: skip

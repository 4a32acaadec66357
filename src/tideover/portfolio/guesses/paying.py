"""How people pay, up to a day: on which day of the month, how regularly, and in round parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Floats = npt.NDArray[np.float64]
MONTH, YEAR_DAYS = 30.44, 365
ROUND_MINOR = 500  # a payment of whole fives is a part, more often than a bill
BY_ITSELF = ("direct_debit", "assistance")  # not of the customer's own doing
_SPAN = 1_000_000  # days a number of an account is apart from the next in a common key


@dataclass(frozen=True)
class Paying:
    """Payments of some accounts, in order of account and day.

    Args:
        sums: Of the payments until each: whether round, and the cosine and sine of its day.
    """

    keys: npt.NDArray[np.int64]
    sums: Floats

    @classmethod
    def of(cls, payments: pa.Table) -> Paying:
        """Return how people pay by their own hand.

        Table in: payments: account_no, received_on, amount_minor, method, status
        """
        own = pc.invert(pc.fill_null(pc.is_in(payments["method"], pa.array(BY_ITSELF)), False))
        paid = payments.filter(pc.and_(own, pc.not_equal(payments["status"], "reversed")))
        keys = paid["account_no"].to_numpy() * _SPAN + _days(paid["received_on"])
        order = np.argsort(keys, kind="stable")
        turn = 2 * np.pi * pc.day(paid["received_on"]).to_numpy() / MONTH
        is_round = paid["amount_minor"].to_numpy() % ROUND_MINOR == 0
        columns = np.column_stack([is_round, np.cos(turn), np.sin(turn)])[order]
        return cls(keys[order], np.concatenate([np.zeros((1, 3)), columns.cumsum(axis=0)]))

    def until(self, account_no: Any, as_of: Any) -> pa.Table:
        """Return how accounts paid in the year until a day of their own.

        Table out: payments f64, round_share f64 (null without a payment), pays_on f64 (day of the
            month), pays_regularly f64 (0 on any day to 1 always on the same)
        """
        base = np.asarray(account_no, np.int64) * _SPAN + as_of
        low = np.searchsorted(self.keys, base - YEAR_DAYS, side="right")
        high = np.searchsorted(self.keys, base, side="right")
        count = (high - low).astype(float)
        with np.errstate(invalid="ignore", divide="ignore"):
            means = (self.sums[high] - self.sums[low]) / count[:, None]
        day = np.arctan2(means[:, 2], means[:, 1]) / (2 * np.pi) * MONTH % MONTH
        return pa.table({
            "payments": count, "round_share": means[:, 0], "pays_on": day,
            "pays_regularly": np.hypot(means[:, 1], means[:, 2]),
        })  # fmt: skip


def _days(column: Any) -> Any:
    return column.cast(pa.int32()).to_numpy().astype(np.int64)

"""How fresh what we know is: the newest bill and payment, and payments a week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tideover.portfolio.lake import Lake

WEEKS = 8  # of payments, looked back on
STALE_DAYS = 3  # a weekend without a payment is usual, a fourth day is not
THIN = 0.5  # of the lowest week before: with fewer payments, a part of the feed may be missing


@dataclass(frozen=True)
class Feeds:
    """What had come in by the end of a day.

    Args:
        bill, payment: The newest day of each; none when there is none.
        weekly: Payments in each of the last weeks, the latest last; a week ends on the day.
    """

    as_of: date
    bill: date | None
    payment: date | None
    weekly: tuple[int, ...]

    @property
    def days_without_payment(self) -> int | None:
        """Return how many days passed since the newest payment."""
        return (self.as_of - self.payment).days if self.payment else None

    @property
    def is_stale(self) -> bool:
        """Say whether payments may be missing because their feed stopped."""
        return self.payment is None or (self.as_of - self.payment).days > STALE_DAYS

    @property
    def is_thin(self) -> bool:
        """Say whether the last week has far fewer payments than any week before it.

        Weeks differ much, since most people pay at the end of the month.
        """
        return self.weekly[-1] < THIN * min(self.weekly[:-1])


def feeds(lake: Lake, as_of: date) -> Feeds:
    """Look at the dates of what stands in the lake, up to a day."""
    weekly, newest = np.zeros(WEEKS, dtype=np.int64), None
    for part in lake.parts("payments"):
        paid = _days(part, "received_on", as_of)
        newest = _latest(newest, paid)
        since = as_of - timedelta(days=7 * WEEKS)
        recent = paid.filter(pc.greater(paid, since)).cast(pa.int32()).to_numpy()
        ordinal = (recent - (since - date(1970, 1, 1)).days - 1) // 7
        weekly += np.bincount(ordinal, minlength=WEEKS)
    billed = None
    for part in lake.parts("bills"):
        billed = _latest(billed, _days(part, "issued_on", as_of))
    return Feeds(as_of, billed, newest, tuple(int(week) for week in weekly))


def _days(part: Path, column: str, as_of: date) -> pa.ChunkedArray:
    rows = pq.ParquetFile(part).read(columns=[column, "until_load_no"])
    stands = pc.and_(pc.is_null(rows["until_load_no"]), pc.less_equal(rows[column], as_of))
    return rows[column].filter(stands)


def _latest(before: date | None, days: pa.ChunkedArray) -> date | None:
    found: date | None = pc.max(days).as_py()
    return max(filter(None, (before, found)), default=None)

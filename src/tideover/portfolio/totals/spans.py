"""Sums of each account's rows by spans of days, as whole numbers.

Rows are added some tens of thousands at a time: what a step makes of them then stays in the
processor's cache, which is twice as fast as a step over all rows after the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tideover.terms.calendar import FIRST_DAY, LAST_DAY

Ints = npt.NDArray[Any]  # of 64 or 32 bits
Bools = npt.NDArray[np.bool_]

AT_A_TIME = 65_536  # rows
EPOCH = date(1970, 1, 1)
_BEFORE = (FIRST_DAY - EPOCH).days
_DAYS = np.arange(_BEFORE, (LAST_DAY - EPOCH).days + 3)  # two more: the day after the last one


def number(day: date) -> int:
    """Return a day as engines count days."""
    return (day - EPOCH).days


def whole(column: pa.Array, missing: int = 0) -> Any:
    """Return numbers, or days as numbers; `missing` where there is none."""
    if pa.types.is_date(column.type):
        column = column.cast(pa.int32())
    if column.null_count:
        column = pc.fill_null(column, missing)
    return column.to_numpy(zero_copy_only=False)


@dataclass(frozen=True)
class Places:
    """Accounts in a row: which have a place, and which place each has."""

    numbers: Ints
    first: int
    place: npt.NDArray[np.int32]

    @classmethod
    def of(cls, *account_no: pa.ChunkedArray) -> Places:
        """Give every account that is named a place, in the order of their numbers."""
        chunks = [whole(chunk) for column in account_no for chunk in column.chunks if len(chunk)]
        if not chunks:
            return cls(np.empty(0, np.int64), 0, np.empty(0, np.int32))
        first = min(int(chunk.min()) for chunk in chunks)
        named = np.zeros(max(int(chunk.max()) for chunk in chunks) - first + 1, dtype=bool)
        for chunk in chunks:
            named[chunk - first] = True
        place = np.cumsum(named, dtype=np.int32) - np.int32(1)
        return cls(np.flatnonzero(named) + first, first, place)

    def __len__(self) -> int:
        return len(self.numbers)

    def find(self, account_no: Ints) -> Ints:
        """Return the place of each account number."""
        found: Ints = self.place[account_no - self.first]
        return found


class Spans:
    """Days cut at some ends: a span holds the days after the end before up to and with its own.

    The last span holds what comes after every end.
    """

    def __init__(self, ends: Iterable[int]) -> None:
        self.ends = sorted(set(ends))
        # A look-up, because there are millions of days to place.
        self._span = np.searchsorted(self.ends, _DAYS, side="left").astype(np.int32)

    def __len__(self) -> int:
        return len(self.ends) + 1

    def of_days(self, days: Ints) -> Ints:
        """Return the span of each day."""
        found: Ints = self._span[days - _BEFORE]
        return found

    def until(self, running: Any, day: int) -> Ints:
        """Return what running sums by place and span come to at the end of one of the ends."""
        found: Ints = running[:, self.ends.index(day)]
        return found


class Sums:
    """Sums by place and span, to which rows are added."""

    def __init__(self, places: int, spans: int = 1, kind: Any = np.int64) -> None:
        self._spans = spans
        self._sums = np.zeros(places * spans, dtype=kind)

    def add(self, at: Ints, values: Any, span: Any = 0) -> None:
        """Add values of accounts at these places, in these spans."""
        np.add.at(self._sums, at * np.int32(self._spans) + span, values)

    @property
    def by_span(self) -> Any:
        """The sums, a row a place and a column a span."""
        return self._sums.reshape(-1, self._spans)

    @property
    def running(self) -> Any:
        """The same from the first span through each."""
        return self.by_span.cumsum(axis=1)

    @property
    def plain(self) -> Any:
        """The sums of one span, one a place."""
        return self._sums


def pieces(table: pa.Table) -> Sequence[pa.RecordBatch]:
    """Return the rows of a table, so many at a time that they stay in the cache."""
    rows: Sequence[pa.RecordBatch] = table.to_batches(max_chunksize=AT_A_TIME)
    return rows

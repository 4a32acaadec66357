"""Texts of many rows at once: ids, instants, numbers; every text of a column equally long."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]

ID_BITS = 40
_ID_MASK = np.uint64((1 << ID_BITS) - 1)
_HEX = np.frombuffer("".join(f"{i:02X}" for i in range(256)).encode(), np.uint16)  # two letters


def lettered(texts: Iterable[str]) -> Bytes:
    """Return equally long texts as one row of bytes each, to pick rows from."""
    rows = [text.encode("ascii") for text in texts]
    return np.frombuffer(b"".join(rows), np.uint8).reshape(len(rows), -1)


def joined(*columns: Bytes | str) -> Any:
    """Return an Arrow column of text: the columns' bytes side by side; a `str` is the same in all.

    Examples:
        >>> joined("A", digits(np.array([7, 42]), 3)).to_pylist()
        ['A007', 'A042']
    """
    n = next(len(column) for column in columns if not isinstance(column, str))
    widths = [len(c) if isinstance(c, str) else c.shape[1] for c in columns]
    whole = np.empty((n, sum(widths)), np.uint8)
    for column, end, width in zip(columns, np.cumsum(widths), widths, strict=True):
        same = lettered([column]) if isinstance(column, str) else column
        whole[:, end - width : end] = same
    ends = np.arange(n + 1, dtype=np.int64) * whole.shape[1]
    offsets = pa.py_buffer(ends.astype(np.int32))
    return pa.StringArray.from_buffers(n, offsets, pa.py_buffer(whole))


def digits(numbers: Ints, width: int) -> Bytes:
    """Return whole numbers of zero or more with leading zeros."""
    out = np.empty((len(numbers), width), np.uint8)
    rest = numbers
    for place in range(width - 1, -1, -1):
        rest, digit = np.divmod(rest, 10)
        out[:, place] = digit + ord("0")
    return out


def ids(letter: str, numbers: Ints) -> Any:
    """Return opaque ids: another ten hexadecimal digits for each number below 2 ** 40.

    Every step of the scrambling can be undone, so no two numbers share an id.

    Examples:
        >>> ids("A", np.arange(2)).to_pylist()
        ['A012E9FC6AE', 'ADC3C5EFDC0']
    """
    mixed = numbers.astype(np.uint64) + np.uint64(0x5DEECE66D)
    for factor in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F):
        mixed = (mixed * np.uint64(factor)) & _ID_MASK
        mixed ^= mixed >> np.uint64(ID_BITS // 2)
    octets = mixed.astype(">u8").view(np.uint8).reshape(-1, 8)[:, 3:]
    return joined(letter, _HEX[octets].view(np.uint8))


def days(numbers: Ints, never: int | None = None) -> Any:
    """Return days since 1970-01-01 as an Arrow column of dates; `never` is empty."""
    absent = None if never is None else numbers >= never
    return pa.array(numbers.astype(np.int32), mask=absent).cast(pa.date32())


def money(minor: Ints, places: int = 2) -> Any:
    """Return whole minor units as an Arrow column of exact decimals."""
    halves = np.stack((minor, minor >> 63), axis=1).astype(np.int64)
    return pa.Array.from_buffers(
        pa.decimal128(18, places), len(minor), [None, pa.py_buffer(np.ascontiguousarray(halves))]
    )


def instants(day: Ints, minute: Ints, *, zone: str) -> Any:
    """Return local times with their offset, `2026-03-31T18:05:00+02:00`.

    Args:
        day: Days since 1970-01-01.
        minute: Of the day, from 180 on: clocks change before three, so the day has one offset.
        zone: IANA name.
    """
    if not len(day):
        return pa.array([], pa.string())
    first = int(day.min())
    span = [date.fromordinal(d) for d in range(first + EPOCH, int(day.max()) + EPOCH + 1)]
    dates = lettered(d.isoformat() for d in span)
    offsets = lettered(_offset(d, zone) for d in span)
    minutes = lettered(f"T{m // 60:02d}:{m % 60:02d}:00" for m in range(24 * 60))
    return joined(dates[day - first], minutes[minute], offsets[day - first])


EPOCH = date(1970, 1, 1).toordinal()


def number(day: date) -> int:
    """Return a date as days since 1970-01-01."""
    return day.toordinal() - EPOCH


def day_of(count: int) -> date:
    """Return the date of days since 1970-01-01."""
    return date.fromordinal(int(count) + EPOCH)


def _offset(day: date, zone: str) -> str:
    return datetime.combine(day, time(12), tzinfo=ZoneInfo(zone)).isoformat()[-6:]


def only(mask: npt.NDArray[np.bool_], column: Any) -> Any:
    """Return a column with what lies outside the mask left empty."""
    return pc.if_else(pa.array(mask), column, pa.scalar(None, column.type))


def picked(values: Iterable[str], index: Ints) -> Any:
    """Return the texts at the places of an index."""
    return pa.array(list(values), pa.string()).take(pa.array(index))

"""Columns -> JSON, a text a row, written by the column: row by row took most of a night's load."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc


def as_json(column: pa.Array) -> pa.Array:
    """Return numbers, truths and words as JSON; `null` where one is missing or is no number.

    >>> as_json(pa.array(["wet", None])).to_pylist(), as_json(pa.array([2.5, 3.0])).to_pylist()
    (['"wet"', 'null'], ['2.5', '3'])
    """
    if pa.types.is_string(column.type):  # there are few different ones
        few = column.dictionary_encode()
        words = pa.array([json.dumps(word) for word in few.dictionary.to_pylist()], pa.string())
        return pc.fill_null(words.take(few.indices), "null")
    if pa.types.is_floating(column.type):
        column = pc.if_else(pc.is_finite(column), column, None)
    return pc.fill_null(column.cast(pa.string()), "null")


def objects(columns: Mapping[str, pa.Array]) -> pa.Array:
    """Return JSON objects, one a row.

    Args:
        columns: By name, JSON already.

    >>> objects({"a": pa.array(["1"]), "b": pa.array(['"x"'])}).to_pylist()
    ['{"a": 1, "b": "x"}']
    """
    pieces = [piece for name, column in columns.items()
              for piece in (f'{json.dumps(name)}: ', column, ", ")]  # fmt: skip
    return pc.binary_join_element_wise("{", *pieces[:-1], "}", "")


def lists(offsets: pa.Array, items: pa.Array) -> pa.Array:
    """Return JSON lists, one a row.

    Args:
        offsets: Where the items of each row begin, and where the last row's end.
        items: JSON already.

    >>> lists(pa.array([0, 2, 2], pa.int32()), pa.array(["1", "2"])).to_pylist()
    ['[1, 2]', '[]']
    """
    joined = pc.binary_join(pa.ListArray.from_arrays(offsets, items), ", ")
    return pc.binary_join_element_wise("[", joined, "]", "")

"""Facts of the utility's own that no rulebook knows: counted once over the lake, by their names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq

from tideover.portfolio.situations.told import path_of
from tideover.rules.guard.scenario import Reading

LONGEST_NAME = 64


def unread(parts: Iterable[Path], reading: Reading) -> dict[str, int]:
    """Return how many rows stand of each fact that no rulebook knows, the most first.

    A name that is misspelt would else be dropped without a word.

    Args:
        parts: Of the lake's facts table.
        reading: How the guard reads facts (`Guard.reading`).
    """
    counted: Counter[str] = Counter()
    for part in parts:
        rows = pq.ParquetFile(part).read(columns=["name", "until_load_no"])
        names = rows.filter(pc.is_null(rows["until_load_no"]))["name"]
        for each in pc.value_counts(names).to_pylist():
            counted[each["values"]] += each["counts"]
    unknown = [(name, n) for name, n in counted.items() if path_of(name) not in reading.kinds]
    return dict(sorted(unknown, key=lambda each: (-each[1], each[0])))


def told(unknown: dict[str, int]) -> list[str]:
    """Return the names with their rows, in words.

    Examples:
        >>> told({"heating_sourse": 2, "vip": 1})
        ['heating_sourse (2 rows)', 'vip (1 row)']
    """
    return [f"{name[:LONGEST_NAME]} ({n:,} {'row' if n == 1 else 'rows'})"
            for name, n in unknown.items()]  # fmt: skip

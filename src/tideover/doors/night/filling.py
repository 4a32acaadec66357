"""A day's letters and calls over the whole night, whichever buckets their accounts lie in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tideover.portfolio.choice_settings import CapacitySettings
from tideover.portfolio.decisions.capacity import Room, filled, room_for, rooms, standing_of
from tideover.portfolio.lake import write_table

OF_DECISIONS = ["account_id", "blocked_by"]


def fill(folder: Path, capacity: CapacitySettings) -> dict[str, dict[str, float]]:
    """Give letters and calls to those with most to gain, and draw anew for the others.

    Returns:
        Of each channel that has a limit: room, wanted, used, left_out and left_over.
    """
    room = rooms(capacity)
    if not room:
        return {}
    parts = sorted((folder / "decisions").glob("bucket=*.parquet"))
    choices = [pq.ParquetFile(folder / "choices" / part.name).read() for part in parts]
    decided = [pq.ParquetFile(part).read(columns=OF_DECISIONS) for part in parts]
    stands = [standing_of(*both) for both in zip(choices, decided, strict=True)]
    whole = room_for(pa.concat_tables(choices), np.concatenate(stands), room)
    ends = np.cumsum([table.num_rows for table in choices])
    for part, mine, end in zip(parts, choices, ends, strict=True):
        rows = slice(int(end) - mine.num_rows, int(end))
        of_bucket = Room(whole.closed[rows], whole.late[rows], whole.told)
        if of_bucket.closed.any():
            write_table(part, filled(pq.ParquetFile(part).read(), mine, of_bucket))
    return whole.told

"""Decisions -> how many accounts, and how much arrears, by everything that was decided."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tideover.rules.contact import PARTS_OF_DAY

_KEPT = ["currency", "zone", "stage", "rule", "arm", "treatment", "channel", "tone", "offer",
         "blocked_by"]  # fmt: skip
SETTLED_BY = [*_KEPT, "part", "because"]


def settled(path: Path) -> pa.Table:
    """Return one row a decision, with what the page counts by.

    Table out: as many rows as decisions, no key
        currency, zone, stage, rule, arm, treatment, channel, tone, offer, blocked_by  as decided
        part           part of the day it is sent in; null when nothing is sent
        because        the first of the reasons: what the strategy says, not what the score says
        accounts       int64, 1
        arrears_minor  int64, minor units of `currency`
    """
    decided = pq.ParquetFile(path).read(columns=[*_KEPT, "arrears_minor", "send_at", "reasons"])
    first = pc.list_element(pc.split_pattern(decided["reasons"].fill_null(""), ";"), 0)
    return (
        decided.select(_KEPT)
        .append_column("part", _part(decided["send_at"]))
        .append_column("because", first)
        .append_column("accounts", pa.array(np.ones(decided.num_rows, dtype=np.int64)))
        .append_column("arrears_minor", decided["arrears_minor"])
    )


def _part(send_at: pa.ChunkedArray) -> pa.Array:
    hour = pc.utf8_slice_codeunits(send_at, 11, 13).cast(pa.int32()).fill_null(-1).to_numpy()
    opens = [hours.opens.hour for hours in PARTS_OF_DAY.values()]
    place = np.searchsorted(opens, hour, side="right") - 1
    return pa.array(PARTS_OF_DAY).take(pa.array(place, mask=place < 0))

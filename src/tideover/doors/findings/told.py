"""What casework's journal told the lake of: its events, one kind at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

import pyarrow.compute as pc
import pyarrow.parquet as pq

from tideover.portfolio.lake import Lake

FOLDER = "journal"
_READ = ["account_id", "kind", "at", "facts"]


class Told(NamedTuple):
    """An event as it lies in the lake: whose, when (UTC), and what it says."""

    account_id: str
    at: datetime
    facts: dict[str, Any]


def told_by_the_journal(lake: Lake, kind: str) -> Iterator[Told]:
    """Yield all events of a kind in the order of the ledger; none where casework is not used."""
    for load in lake.manifest.loads:
        for name in load.get("journal", {}).get("parts", ()):
            rows = pq.ParquetFile(lake.root / FOLDER / name).read(columns=_READ)
            for row in rows.filter(pc.equal(rows["kind"], kind)).to_pylist():
                yield Told(row["account_id"], row["at"], json.loads(row["facts"]))

"""What casework is told of the export's payments, read off the parts of a lake."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tideover.doors.publication.brought import payments_of
from tideover.portfolio.lake import Lake, Manifest, lake_schema
from tideover.terms.tables import TABLES

MONDAY = datetime(2026, 3, 30, 9, 0, tzinfo=UTC)


def test_a_payment_says_which_export_first_had_it(tmp_path: Path) -> None:
    row = {"payment_id": "CIS-1", "account_id": "anna", "received_at": MONDAY, "load_no": 2,
           "received_on": MONDAY.date(), "amount_minor": 5_000, "status": "settled"}  # fmt: skip
    schema = lake_schema(TABLES["payments"])
    part = tmp_path / "payments" / "bucket=0" / "one.parquet"
    part.parent.mkdir(parents=True)
    pq.write_table(pa.Table.from_pylist([row], schema), part)
    loads = [{"load_no": n, "time": f"2026-03-3{n - 1}T02:00:00+02:00"} for n in (1, 2)]
    manifest = Manifest(buckets=1, parts={"payments": {"0": [part.name]}}, loads=loads)
    (found,) = payments_of(Lake(tmp_path, manifest), ["anna"])
    assert found.loaded_at == datetime(2026, 3, 31, 0, 0, tzinfo=UTC)
    assert (found.received_at, found.amount_minor, found.reversed) == (MONDAY, 5_000, False)

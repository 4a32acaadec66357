"""Customers laid out by the buckets of their accounts, for an engine that saw them whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa

from tests.portfolio import lake_rows as rows
from tideover.portfolio.lake import OF_CUSTOMERS, Lake, Manifest, lake_schema, write_table
from tideover.terms.tables import TABLES


def test_a_gathered_table_has_its_own_columns_in_a_fresh_engine(
    engine: Any, tmp_path: Path
) -> None:
    parts = {name: {str(bucket): ["p.parquet"] for bucket in (0, 1)}
             for name in ("accounts", "customers")}  # fmt: skip
    lake = Lake(tmp_path / "lake", Manifest(version=1, buckets=2, parts=parts))
    told = {"accounts": rows.account(1), "customers": rows.customer(1)}
    for name, row in told.items():
        for bucket in (0, 1):
            kept = [row | {"load_no": 1, "known_from": rows.SINCE_EVER}] if not bucket else []
            write_table(lake.folder(name, bucket) / "p.parquet",
                        pa.Table.from_pylist(kept, lake_schema(TABLES[name])))  # fmt: skip
    gathered = lake.gather(engine, ["customers"], tmp_path / "gathered")
    gathered.show(engine, ["customers"], 0)
    (row,) = engine.arrow(engine.define("here", lambda: engine.table("customers"))).to_pylist()
    assert row.keys() >= {"customer_id", *OF_CUSTOMERS["customers"]}
    assert row["segment"] == "residential"

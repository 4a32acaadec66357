"""Ladder tables of nights before notices were written down are read as they are."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tideover.doors.night.climbing import steps_of
from tideover.portfolio.ladders import SCHEMA, STEPS


def test_a_night_that_did_not_write_down_what_a_notice_is_says_null(tmp_path: Path) -> None:
    whole = pa.Table.from_pylist([
        {"account_no": 1, "account_id": "A1", "ladder": "reminders", "place": "reminder_1",
         "decision_id": "D1", "step": "reminder_1", "notice": "reminder", "content": "a;b"},
        {"account_no": 2, "account_id": "A2", "ladder": "reminders", "place": "waiting"},
    ], SCHEMA)  # fmt: skip
    for name, table in (("new", whole), ("old", whole.drop_columns(["notice", "content"]))):
        (tmp_path / name / "ladders").mkdir(parents=True)
        pq.write_table(table, tmp_path / name / "ladders" / "bucket=0.parquet")
    found = steps_of([tmp_path / "old", tmp_path / "new"], 0)
    assert found.schema == STEPS
    assert found["decision_id"].to_pylist() == ["D1", "D1"]
    assert found["notice"].to_pylist() == [None, "reminder"]
    assert found["content"].to_pylist() == [None, "a;b"]

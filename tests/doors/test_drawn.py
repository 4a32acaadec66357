"""Which decisions of earlier nights are learnt from."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from tideover.doors.night.drawn import OF_DECISION, _drawn
from tideover.portfolio.decisions import SCHEMA
from tideover.portfolio.lake import write_table

DAY = date(2026, 1, 10)
ROW = {"arrears_minor": 5_000, "zone": "yellow", "arm": "treated", "propensity": 0.1,
       "channel": "sms", "send_at": "2026-01-11T09:00:00+01:00"}  # fmt: skip
EVERY = "f" * 8


class Night:
    """A night on disk, of one bucket."""

    def __init__(self, folder: Path, day: date, *rows: dict[str, Any]) -> None:
        self.folder = folder / day.isoformat()
        decided = [ROW | {"decision_id": f"D{at:08x}{day.day}", "as_of": day} | row
                   for at, row in enumerate(rows)]  # fmt: skip
        schema = pa.schema([SCHEMA.field(name) for name in OF_DECISION])
        numbers = pa.array([int(row["account_id"][1:]) for row in rows], pa.int64())
        ids = pa.array([row["account_id"] for row in rows])
        tables = {
            "decisions": pa.Table.from_pylist(decided, schema),
            "features": pa.table({"account_no": numbers, "account_id": ids}),
            "reach": pa.table({"account_no": numbers, "holds": pa.nulls(len(rows), pa.string())}),
        }  # fmt: skip
        for name, table in tables.items():
            write_table(self.folder / name / "bucket=0.parquet", table)

    def parts(self, table: str) -> list[Path]:
        return [self.folder / table / "bucket=0.parquet"]


def learnt_from(*nights: Any, sampled: str = EVERY) -> list[tuple[str, int, str]]:
    rows = pa.concat_tables(_drawn(list(nights), 0, sampled)).to_pylist()
    return [(row["account_id"], row["as_of"].day, row["arm"]) for row in rows]


HELD = {"account_id": "A1", "arm": "holdout", "propensity": None}
ALONE = {"account_id": "A2", "arm": "none", "channel": None}


def test_who_is_held_out_counts_once_and_others_with_every_draw(tmp_path: Path) -> None:
    first = Night(tmp_path, DAY, HELD, {"account_id": "A3"})
    second = Night(tmp_path, DAY + timedelta(1), HELD, {"account_id": "A3"}, ALONE)
    assert learnt_from(first, second) == [
        ("A1", 10, "holdout"), ("A3", 10, "treated"), ("A3", 11, "treated"), ("A2", 11, "none"),
    ]  # fmt: skip


def test_what_was_certain_or_before_a_due_date_teaches_nothing(tmp_path: Path) -> None:
    certain = {"account_id": "A4", "arm": "none", "propensity": None}
    before_due = {"account_id": "A5", "arrears_minor": 0}
    assert learnt_from(Night(tmp_path, DAY, certain, before_due)) == []


def test_of_too_many_a_sample_is_taken_by_their_ids(tmp_path: Path) -> None:
    night = Night(tmp_path, DAY, *({"account_id": f"A{n}"} for n in range(10)))
    assert len(learnt_from(night, sampled=f"{4:08x}")) == 5

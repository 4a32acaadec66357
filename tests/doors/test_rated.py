"""How customers said they were treated, from the journal's events."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa

from tideover.doors.findings.rated import ratings
from tideover.portfolio.lake import Lake, Manifest, write_table


def kept(root: Path, *answers: tuple[str, int, int]) -> Lake:
    """Return a lake whose journal has answers: account, score, day of May; and another event."""
    rows = [{"account_id": account, "kind": "rated", "at": datetime(2026, 5, day, 12, tzinfo=UTC),
             "facts": json.dumps({"score": score})} for account, score, day in answers]  # fmt: skip
    rows.append({"account_id": "A1", "kind": "promised", "at": datetime(2026, 5, 3, tzinfo=UTC),
                 "facts": "{}"})  # fmt: skip
    write_table(root / "journal" / "1-9.parquet", pa.Table.from_pylist(rows))
    return Lake(
        root, Manifest(loads=[{"day": "2026-05-31"}, {"journal": {"parts": ["1-9.parquet"]}}])
    )


def test_nine_and_ten_promote_and_six_or_less_detracts(tmp_path: Path) -> None:
    lake = kept(tmp_path, ("A1", 10, 5), ("A1", 6, 20), ("A2", 9, 6), ("A2", 8, 30), ("A3", 0, 7))
    accounts = pd.DataFrame({"account_id": ["A1", "A2", "A3", "A4"]})
    found = ratings(lake).between(date(2026, 5, 4), date(2026, 5, 20)).beside(accounts)
    assert found["ratings"].tolist() == [2, 1, 1, 0]
    assert found["net_promoters"].tolist() == [0, 1, -1, 0]
    assert found["swayed"].tolist() == [2, 1, 1, 0]


def test_without_a_journal_nobody_answered(tmp_path: Path) -> None:
    accounts = pd.DataFrame({"account_id": ["A1"]})
    found = ratings(Lake(tmp_path, Manifest())).between(date(2026, 5, 1), date(2026, 6, 1))
    found = found.beside(accounts)
    assert found["ratings"].tolist() == [0]

"""What the twin writes, intake takes: every row accepted, in either form."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tideover.portfolio.intake import ingest
from tideover.portfolio.workspace import Settings, Workspace
from tideover.rehearsal.twin import Plan, write_twin


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_intake_takes_every_row(form: str, tmp_path: Path) -> None:
    made = write_twin(tmp_path / "export", Plan(500, 300, seed=5, form=form))
    taken = ingest(
        Workspace(tmp_path / "ws", Settings()), tmp_path / "export",
        now=datetime(2026, 7, 1, tzinfo=UTC), progress=lambda _: None,
    )  # fmt: skip
    accepted = {name: counts["accepted"] for name, counts in taken.tables.items()}
    assert {name: accepted.get(name) for name in made.rows} == dict(made.rows)
    assert sum(counts["quarantined"] for counts in taken.tables.values()) == 0

"""Every night looks whether the zones still hold, and a large move has the next night learn."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.doors.conftest import AS_OF, Utility
from tideover.doors.cli import run
from tideover.doors.night import Results
from tideover.doors.night.learning import zones_call_for
from tideover.portfolio.workspace import Workspace
from tideover.portfolio.zones import Change, Drift

MOVED = Drift("EUR", 900, 0.01, (Change("red", -0.2, -0.3, -0.1),))
HOLDS = Drift("EUR", 900, 0.01, (Change("red", -0.01, -0.1, 0.1),))


def test_a_later_night_says_what_last_month_makes_of_the_zones(
    copy: Utility, tmp_path: Path
) -> None:
    later = date.fromisoformat(AS_OF) + timedelta(days=3)
    assert run(["night", str(copy.workspace), "--as-of", later.isoformat()]) == 0
    workspace = Workspace.open(copy.workspace)
    first, second = (Results.of(workspace, day) for day in (date.fromisoformat(AS_OF), later))
    assert (list(first.done.zone_drift), first.done.models) == ([], second.done.models)
    assert second.zone_drift[0].startswith("EUR: balances ")
    page = tmp_path / "report.html"
    assert (
        run(["report", str(copy.workspace), "--as-of", later.isoformat(), "--out", str(page)]) == 0
    )
    assert "The last month against the fit" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(("age", "moved", "learns"), [(10, MOVED, True), (3, MOVED, False),
                                                      (10, HOLDS, False)])  # fmt: skip
def test_zones_that_moved_are_learnt_anew_but_not_within_a_week(
    age: int, moved: Drift, learns: bool
) -> None:
    day = date(2026, 6, 30)
    desk: Any = SimpleNamespace(as_of=day)
    models: Any = SimpleNamespace(scores=SimpleNamespace(as_of=day - timedelta(days=age)))
    assert bool(zones_call_for(desk, models, [HOLDS, moved])) is learns

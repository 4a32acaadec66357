"""Made-up utilities to look at: a small one for its form, a larger one for its figures."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from tideover.rehearsal.twin import make_twin

Rows = list[dict[str, str]]
Read = Callable[[str], Rows]


def rows_of(folder: Path, name: str) -> Rows:
    """Return the rows of a CSV table as text."""
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def small_twin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the export of 2,000 accounts over 400 days."""
    folder = tmp_path_factory.mktemp("small") / "export"
    make_twin(folder, accounts=2_000, days=400, seed=3)
    return folder


@pytest.fixture(scope="session")
def twin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the export of 20,000 accounts over two years, the one of `make demo`."""
    folder = tmp_path_factory.mktemp("twin") / "export"
    make_twin(folder, accounts=20_000, days=730, seed=7)
    return folder


@pytest.fixture(scope="session")
def read(small_twin: Path) -> Read:
    """Return a reader of the small twin's tables."""
    return lambda name: rows_of(small_twin, name)

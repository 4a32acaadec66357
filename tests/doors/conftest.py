"""A small utility through its load and its night, once, by the commands that people use."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from tideover.doors.cli import run

AS_OF, EARLIER = "2026-06-30", "2026-05-20"
SETTINGS = "\n[training]\nmonths = 3\n"


class Utility(NamedTuple):
    """An export, and the workspace it was loaded into, after its night."""

    export: Path
    workspace: Path

    def rows(self, table: str) -> list[dict[str, str]]:
        """Return the rows of a table of the export."""
        return read(self.export / f"{table}.csv")

    def file(self, command: str, out: Path) -> list[dict[str, str]]:
        """Return the rows of the file that a command writes."""
        assert run([command, str(self.workspace), "--as-of", AS_OF, "--out", str(out)]) == 0
        return read(out)


def read(path: Path) -> list[dict[str, str]]:
    """Return a CSV file's rows."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def write(path: Path, rows: list[dict[str, str]]) -> None:
    """Write rows as a CSV file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as out:
        cells = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
        cells.writeheader()
        cells.writerows(rows)


@pytest.fixture(scope="session")
def utility(tmp_path_factory: pytest.TempPathFactory) -> Utility:
    """Return a made-up utility of 1,500 accounts, after a night; not to be changed."""
    root = tmp_path_factory.mktemp("utility")
    made = Utility(root / "export", root / "workspace")
    assert run(["twin", str(made.export), "--accounts", "1500", "--days", "500"]) == 0
    assert run(["init", str(made.workspace)]) == 0
    with (made.workspace / "tideover.toml").open("a", encoding="utf-8") as settings:
        settings.write(SETTINGS)
    assert run(["ingest", str(made.workspace), str(made.export)]) == 0
    assert run(["night", str(made.workspace), "--as-of", AS_OF]) == 0
    return made


@pytest.fixture(scope="session")
def earlier(utility: Utility, tmp_path_factory: pytest.TempPathFactory) -> Utility:
    """Return the same utility after a night of six weeks before, too; not to be changed."""
    made = utility._replace(workspace=tmp_path_factory.mktemp("earlier") / "workspace")
    shutil.copytree(utility.workspace, made.workspace)
    assert run(["night", str(made.workspace), "--as-of", EARLIER]) == 0
    return made


@pytest.fixture
def copy(utility: Utility, tmp_path: Path) -> Utility:
    """Return the same utility with a workspace of its own, to be changed."""
    return utility._replace(workspace=shutil.copytree(utility.workspace, tmp_path / "copy"))

"""One spring of ten people: three exports, three nights, and what was decided on each of them."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.stories import people
from tideover.doors.cli import run

# Nobody is held out: a story is about what happens to this person.
SETTINGS = """
[training]
months = 2
"""
Row = Mapping[str, str]


@dataclass(frozen=True)
class Spring:
    """A workspace, and the decisions of its nights: as of MARCH, APRIL and MAY."""

    workspace: Path
    nights: Mapping[str, Mapping[str, Row]]

    def of(self, name: str) -> list[Row]:
        """Return what was decided on a person in March, April and May; empty where nothing was."""
        return [decided.get(name, {}) for decided in self.nights.values()]

    def explained(self, name: str, day: str, capsys: pytest.CaptureFixture[str]) -> str:
        """Return how the command line explains it."""
        capsys.readouterr()
        assert run(["explain", str(self.workspace), name, "--as-of", day]) == 0
        return capsys.readouterr().out


@pytest.fixture(scope="session")
def spring(tmp_path_factory: pytest.TempPathFactory) -> Spring:
    """Return the spring, lived once."""
    root = tmp_path_factory.mktemp("spring")
    workspace = root / "workspace"
    assert run(["init", str(workspace)]) == 0
    settings = workspace / "tideover.toml"
    shipped = settings.read_text(encoding="utf-8")
    everyone = shipped.replace("holdout_share = 0.05", "holdout_share = 0.0")
    settings.write_text(everyone + SETTINGS, encoding="utf-8")
    nights: dict[str, dict[str, Row]] = {}
    for day in people.NIGHTS:
        tables = people.export(day)
        if day == people.MAY:  # what was sent in April comes back as a contact
            tables["contacts"].append(people.sent(nights[people.APRIL]["DINA"]))
        export = write(root / f"export-{day}", tables, day)
        assert run(["ingest", str(workspace), str(export)]) == 0
        assert run(["night", str(workspace), "--as-of", day]) == 0
        out = root / f"{day}.csv"
        assert run(["decisions", str(workspace), "--as-of", day, "--out", str(out)]) == 0
        with out.open(encoding="utf-8", newline="") as lines:
            nights[day] = {row["account_id"]: row for row in csv.DictReader(lines)}
    return Spring(workspace, nights)


def write(folder: Path, tables: Mapping[str, list[dict[str, str]]], day: str) -> Path:
    """Write a full export of that evening."""
    folder.mkdir()
    for name, rows in ((name, rows) for name, rows in tables.items() if rows):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as out:
            cells = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
            cells.writeheader()
            cells.writerows(rows)
    stated = {"kind": "full", "exported_at": f"{day}T23:30:00+02:00"}
    (folder / "export.json").write_text(json.dumps(stated), encoding="utf-8")
    return folder

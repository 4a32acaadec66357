"""A tiny utility after its first night, and what one more load and night make of it."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.apart import Ended, apart
from tests.postgres import postgres, postgres_server

__all__ = ["postgres", "postgres_server"]  # fixtures

AS_OF = "2026-06-30"
SETTINGS = "\n[lake]\nbuckets = 2\n\n[training]\nmonths = 1\n"


@dataclass(frozen=True)
class Utility:
    """Workspaces to copy, and what an undisturbed run makes of each.

    Args:
        export, delta: The first load, and one that brings payments after it.
        settled: A workspace after the first load and its night.
        loaded: The same after the delta, whose night is still to come.
        owed_before, owed_after: What accounts owe without the delta, and with it.
        before, after: The decisions of the two nights.
        load, night: How loading the delta went, and the night after it.
    """

    export: Path
    delta: Path
    settled: Path
    loaded: Path
    owed_before: bytes
    owed_after: bytes
    before: bytes
    after: bytes
    load: Ended
    night: Ended


def sound(*words: object) -> Ended:
    """Run a command that has to come to a good end."""
    ended = apart(*words)
    assert ended.code == 0, ended.said
    return ended


def written(workspace: Path, command: str) -> bytes:
    """Return the file that a command writes about the day."""
    out = workspace.parent / f"{workspace.name}-{command}.csv"
    sound(command, workspace, "--as-of", AS_OF, "--out", out)
    return out.read_bytes()


@pytest.fixture(scope="session")
def utility(tmp_path_factory: pytest.TempPathFactory) -> Utility:
    """Return a tiny utility, made once."""
    root = tmp_path_factory.mktemp("utility")
    export, delta, settled, loaded = (root / n for n in ("export", "delta", "settled", "loaded"))
    sound("twin", export, "--accounts", 200, "--days", 300, "--seed", 5)
    sound("init", settled)
    with (settled / "tideover.toml").open("a", encoding="utf-8") as settings:
        settings.write(SETTINGS)
    sound("ingest", settled, export)
    sound("night", settled, "--as-of", AS_OF)
    before = written(settled, "decisions")
    _payments_for(before, delta)
    shutil.copytree(settled, loaded)
    load = sound("ingest", loaded, delta)
    done = root / "done"
    shutil.copytree(loaded, done)
    night = sound("night", done, "--as-of", AS_OF)
    after = written(done, "decisions")
    assert before != after
    owed = (written(workspace, "receivables") for workspace in (settled, loaded))
    return Utility(export, delta, settled, loaded, *owed, before, after, load, night)


def _payments_for(decisions: bytes, delta: Path) -> None:
    """Write an export in which every second account with a decision pays what it owes."""
    delta.mkdir()
    rows = list(csv.DictReader(decisions.decode("utf-8").splitlines()))[::2]
    with (delta / "payments.csv").open("w", encoding="utf-8", newline="") as out:
        payments = csv.writer(out, lineterminator="\n")
        payments.writerow(["payment_id", "account_id", "received_at", "amount", "status"])
        for row in rows:
            payments.writerow([f"LATE{row['account_id']}", row["account_id"],
                               f"{AS_OF}T12:00:00+02:00", row["arrears"], "settled"])  # fmt: skip


@pytest.fixture
def copied(tmp_path: Path) -> Iterator[Path]:
    """Return where a copy of a workspace may lie; it is gone after the test."""
    yield tmp_path / "workspace"
    shutil.rmtree(tmp_path / "workspace", ignore_errors=True)

"""A full disk: no truncated file is ever offered as a result, and what was there stays (F11)."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.apart import apart
from tests.faults.conftest import AS_OF, Utility, sound, written

ROOM = [0, 12_000]  # bytes: at once, and well into the work
FILES = ["receivables", "scores", "decisions", "report"]
NO_ROOM = "File too large. Nothing that is half done counts; make room"


@pytest.mark.parametrize("command", FILES)
def test_a_file_that_does_not_fit_leaves_the_former_one(
    utility: Utility, tmp_path: Path, command: str
) -> None:
    out = tmp_path / "out"
    out.write_text("former", encoding="utf-8")
    ended = apart(command, utility.settled, "--as-of", AS_OF, "--out", out, file_bytes=1_000)
    assert ended.code == 4
    assert NO_ROOM in ended.said
    assert "Traceback" not in ended.said
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert out.read_text(encoding="utf-8") == "former"


def test_a_quarantine_that_does_not_fit_leaves_no_file(utility: Utility, tmp_path: Path) -> None:
    shutil.copytree(utility.settled, tmp_path / "workspace")
    broken = tmp_path / "broken"
    broken.mkdir()
    rows = "".join(f"P{n},NOBODY,2026-06-30T10:00:00+02:00,5.00,settled\n" for n in range(200))
    (broken / "payments.csv").write_text(
        f"payment_id,account_id,received_at,amount,status\n{rows}", encoding="utf-8"
    )
    sound("ingest", tmp_path / "workspace", broken)
    out = tmp_path / "quarantine.csv"
    assert apart("quarantine", tmp_path / "workspace", "--out", out, file_bytes=1_000).code == 4
    assert not out.exists()
    sound("quarantine", tmp_path / "workspace", "--out", out)
    assert len(out.read_text(encoding="utf-8").splitlines()) == 201


@pytest.mark.parametrize("room", ROOM)
def test_a_load_that_does_not_fit_changes_nothing(
    utility: Utility, copied: Path, room: int
) -> None:
    shutil.copytree(utility.settled, copied)
    ended = apart("ingest", copied, utility.delta, file_bytes=room)
    assert ended.code == 4
    assert "Traceback" not in ended.said
    assert written(copied, "receivables") == utility.owed_before
    sound("ingest", copied, utility.delta)
    assert written(copied, "receivables") == utility.owed_after


@pytest.mark.parametrize("room", ROOM)
def test_a_night_that_does_not_fit_leaves_the_former_one(
    utility: Utility, copied: Path, room: int
) -> None:
    shutil.copytree(utility.loaded, copied)
    ended = apart("night", copied, "--as-of", AS_OF, file_bytes=room)
    assert ended.code == 4
    assert "Traceback" not in ended.said
    assert written(copied, "decisions") == utility.before
    sound("night", copied, "--as-of", AS_OF)
    assert written(copied, "decisions") == utility.after


def test_an_answer_that_does_not_fit_is_not_a_success(utility: Utility) -> None:
    command = [sys.executable, "-m", "tideover", "zones", utility.settled, "--as-of", AS_OF]
    with open("/dev/full", "w", encoding="utf-8") as full:
        ended = subprocess.run([*command, "--json"], stdout=full, stderr=subprocess.PIPE,
                               text=True, check=False)  # fmt: skip
    assert ended.returncode == 4
    assert ended.stderr.startswith("tideover: No space left on device.")
    assert "Traceback" not in ended.stderr

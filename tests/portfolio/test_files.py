"""A file is old or whole, and of two at the same work one is turned away."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tideover.portfolio.files import appearing, one_at_a_time, write_whole
from tideover.terms.faults import StepMissing

HOLDS = """
import sys, time
from pathlib import Path
from tideover.portfolio.files import one_at_a_time
with one_at_a_time(Path(sys.argv[1]), work="night", where=Path("ws")):
    print("held", flush=True)
    time.sleep(60)
"""


def fill_up(path: Path) -> None:
    """Write half a file, until the disk is full."""
    with appearing(path) as unfinished:
        unfinished.write_text("half")
        raise OSError("full")


def test_what_stood_there_stays_when_writing_fails(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file.txt"
    write_whole(path, "old\n")
    with pytest.raises(OSError, match="full"):
        fill_up(path)
    assert [each.name for each in path.parent.iterdir()] == ["file.txt"]
    assert path.read_bytes() == b"old\n"


def test_of_two_at_one_work_the_second_is_turned_away(tmp_path: Path) -> None:
    lock = tmp_path / ".lock"
    with (one_at_a_time(lock, work="night", where=tmp_path), pytest.raises(StepMissing) as told,
          one_at_a_time(lock, work="night", where=tmp_path)):  # fmt: skip
        pass
    assert str(told.value).startswith("Another night is running.")
    with one_at_a_time(lock, work="night", where=tmp_path):
        pass


def test_a_killed_process_leaves_no_lock(tmp_path: Path) -> None:
    lock = tmp_path / ".lock"
    with subprocess.Popen([sys.executable, "-c", HOLDS, str(lock)], stdout=subprocess.PIPE) as one:
        assert one.stdout
        assert one.stdout.readline() == b"held\n"
        with pytest.raises(StepMissing), one_at_a_time(lock, work="night", where=tmp_path):
            pass
        one.kill()
    with one_at_a_time(lock, work="night", where=tmp_path):
        pass

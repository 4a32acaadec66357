"""What needs no engine loads none, so that help comes at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tideover.doors.cli import run
from tideover.portfolio.files import one_at_a_time

HEAVY = ("duckdb", "sqlframe", "sqlglot", "pyarrow", "pandas", "numpy", "lightgbm", "openpyxl")
RUN = f"""
import sys
from tideover.doors.cli import run
code = run(sys.argv[1:])
print("loaded:", *sorted(set({HEAVY!r}) & set(sys.modules)))
sys.exit(code)
"""


@pytest.mark.parametrize("words", [["--help"], ["night", "--help"], ["init", "WS"]])
def test_help_and_init_load_no_engine(tmp_path: Path, words: list[str]) -> None:
    words = [str(tmp_path / "ws") if word == "WS" else word for word in words]
    ended = subprocess.run([sys.executable, "-c", RUN, *words], capture_output=True, text=True,
                           check=False)  # fmt: skip
    assert ended.returncode == 0
    assert ended.stdout.splitlines()[-1] == "loaded:"


def test_a_second_night_in_a_workspace_is_turned_away(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = tmp_path / "ws"
    assert run(["init", str(workspace)]) == 0
    with one_at_a_time(workspace / "nights" / ".lock", work="night", where=workspace):
        assert run(["night", str(workspace), "--as-of", "2026-06-30"]) == 4
    said = capsys.readouterr().err.strip()
    assert said.startswith("tideover: Another night is running.")
    assert "\n" not in said

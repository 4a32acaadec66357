"""A batch of letters is handed over whole or not at all, and what became of each comes back."""

from __future__ import annotations

import csv
import io
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tideover.casework.outreach.content.letters import Press, Sheet, handed_off, statuses
from tideover.terms.faults import Refused


@pytest.fixture
def sheets(press: Press, letter: Any) -> list[Sheet]:
    """Return two letters, printed."""
    return [Sheet("L1", press.pdf(letter())), Sheet("L2", press.pdf(letter("nl")))]


def test_a_batch_has_a_pdf_and_a_line_a_letter(sheets: list[Sheet], tmp_path: Path) -> None:
    batch = handed_off(sheets, tmp_path, "B1")
    rows = list(csv.DictReader(io.StringIO((batch / "manifest.csv").read_text())))
    assert [(row["letter_id"], row["file"], row["pages"]) for row in rows] == [
        ("L1", "L1.pdf", "1"), ("L2", "L2.pdf", "1"),
    ]  # fmt: skip
    with zipfile.ZipFile(batch / "letters.zip") as archive:
        assert archive.testzip() is None
        assert archive.read("L2.pdf") == sheets[1].pdf


def test_the_checksums_hold_for_the_usual_tool(sheets: list[Sheet], tmp_path: Path) -> None:
    batch = handed_off(sheets, tmp_path, "B1")
    checked = subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=batch,
                             capture_output=True, check=False)  # fmt: skip
    assert checked.returncode == 0


def test_no_name_or_address_stands_outside_the_letters(sheets: list[Sheet], tmp_path: Path) -> None:
    batch = handed_off(sheets, tmp_path, "B1")
    outside = (batch / "manifest.csv").read_text() + (batch / "SHA256SUMS").read_text()
    assert "Noor" not in outside
    assert "Kerkstraat" not in outside


def test_the_same_batch_again_changes_nothing(sheets: list[Sheet], tmp_path: Path) -> None:
    first = {file.name: file.read_bytes() for file in handed_off(sheets, tmp_path, "B1").iterdir()}
    again = {file.name: file.read_bytes() for file in handed_off(sheets, tmp_path, "B1").iterdir()}
    assert again == first
    assert [path.name for path in tmp_path.iterdir()] == ["B1"]


def test_another_batch_of_the_same_id_is_refused(sheets: list[Sheet], tmp_path: Path) -> None:
    handed_off(sheets, tmp_path, "B1")
    with pytest.raises(Refused, match="with other letters"):
        handed_off(sheets[:1], tmp_path, "B1")
    assert [path.name for path in tmp_path.iterdir()] == ["B1"]


def test_a_batch_that_fails_half_way_leaves_nothing(sheets: list[Sheet], tmp_path: Path) -> None:
    def failing() -> Iterator[Sheet]:
        yield sheets[0]
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        handed_off(failing(), tmp_path, "B1")
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_written_over(sheets: list[Sheet], tmp_path: Path) -> None:
    (tmp_path / ".B1.unfinished").mkdir()
    (tmp_path / ".B1.unfinished" / "letters.zip").write_bytes(b"half")
    assert len(list(handed_off(sheets, tmp_path, "B1").iterdir())) == 3


@pytest.mark.parametrize("name", ["../up", "a/b", "", "=cmd()", "a b", "x" * 65, ".hidden"])
def test_an_id_that_is_a_path_or_a_formula_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="letters, digits"):
        handed_off([Sheet(name, b"")], tmp_path, "B1")
    with pytest.raises(Refused, match="letters, digits"):
        handed_off([], tmp_path, name)


def test_a_status_file_is_read_back_and_a_line_twice_counts_once() -> None:
    line = "L1,returned,2026-03-09T10:00:00+01:00\n"
    told = statuses("\ufeffletter_id,status,at\r\n" + line + line)
    assert [(each.letter_id, each.status) for each in told] == [("L1", "returned")]


@pytest.mark.parametrize(("text", "where"), [
    ("letter,status,at\n", "line 1"), ("", "line 1"),
    ("letter_id,status,at\nL1,lost,2026-03-09T10:00:00Z\n", "line 2"),
    ("letter_id,status,at\nL1,posted,2026-03-09T10:00:00\n", "line 2"),
    ("letter_id,status,at\nL1,posted,soon\n", "line 2"),
    ("letter_id,status,at\nL1,posted,2026-03-09T10:00:00Z\n../x,posted,2026-03-09\n", "line 3"),
    ("letter_id,status,at\nL1,posted\n", "line 2"),
])  # fmt: skip
def test_a_status_file_with_a_wrong_line_is_refused_whole(text: str, where: str) -> None:
    with pytest.raises(Refused, match=where):
        statuses(text)

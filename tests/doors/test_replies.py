"""Replies at the command line: a whole file, or a refusal that names the line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tideover.doors.cli import run

LINES = [
    {"id": "1", "text": "STOPP"},
    {"id": 2, "text": "vrijdag betaal ik 50 euro", "lang": "nl-NL", "received_on": "2026-03-05"},
]


def written(path: Path, *lines: object) -> str:
    """Write lines, objects as JSON, and return the file's name."""
    said = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(said) + "\n", encoding="utf-8")
    return str(path)


def test_a_file_of_replies_is_understood(tmp_path: Path) -> None:
    source, out = written(tmp_path / "in.jsonl", *LINES), tmp_path / "out.jsonl"
    assert run(["replies", "classify", source, "--out", str(out), "--on", "2026-03-04"]) == 0
    stop, promise = map(json.loads, out.read_text(encoding="utf-8").splitlines())
    assert (stop["intent"], stop["opt_out"], stop["to_person"]) == ("opt_out", True, False)
    assert (promise["id"], promise["promise_on"], promise["amount"]) == ("2", "2026-03-06", "50.00")


@pytest.mark.parametrize(
    "bad",
    [
        "nonsense",
        "[1]",
        '{"id": "3"}',
        '{"text": "no id"}',
        '{"id": "3", "text": "x", "received_on": "soon"}',
    ],
)
def test_a_line_that_is_no_reply_is_named_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], bad: str
) -> None:
    source, out = written(tmp_path / "in.jsonl", *LINES, bad), tmp_path / "out.jsonl"
    assert run(["replies", "classify", source, "--out", str(out)]) == 3
    assert "line 3" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [tmp_path / "in.jsonl"]


def test_other_labels_are_learnt_from_a_file(tmp_path: Path) -> None:
    source, out = written(tmp_path / "in.jsonl", *LINES), tmp_path / "out.jsonl"
    labelled = written(tmp_path / "labelled.jsonl", {"text": "stop", "label": "halt"},
                       {"text": "betaal", "label": "pay"})  # fmt: skip
    assert run(["replies", "classify", source, "--out", str(out), "--train", labelled]) == 0
    intents = [json.loads(line)["intent"] for line in out.read_text().splitlines()]
    assert set(intents) <= {"halt", "pay"}

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
    path.write_bytes(("\n".join(said) + "\n").encode("utf-8", "surrogateescape"))
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
        '{"id": "3", "text": null}',
        '{"id": 1.5, "text": "x"}',
        '{"id": "\\ud800", "text": "x"}',
        '{"id": "3", "text": "x", "lang": 5}',
        '{"id": "3", "text": "caf\udce9"}',
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


@pytest.mark.parametrize("bad", ['{"text": "x", "label": "\\ud800"}', '{"text": "x", "label": " "}',
                                 '{"text": "x"}'])  # fmt: skip
def test_an_example_without_a_label_that_can_be_written_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], bad: str
) -> None:
    labelled, out = written(tmp_path / "train.jsonl", bad), tmp_path / "out.jsonl"
    source = written(tmp_path / "in.jsonl", *LINES)
    assert run(["replies", "classify", source, "--out", str(out), "--train", labelled]) == 3
    assert "train.jsonl, line 1" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize("out", [".", "in.jsonl/out.jsonl"])
def test_a_place_that_cannot_be_is_said_before_anything_is_learnt(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], out: str
) -> None:
    source = written(tmp_path / "in.jsonl", *LINES)
    assert run(["replies", "classify", source, "--out", str(tmp_path / out)]) == 4
    said = capsys.readouterr().err
    assert "irectory" in said
    assert "learnt" not in said


def test_what_is_read_is_not_written_over(tmp_path: Path) -> None:
    source = written(tmp_path / "in.jsonl", *LINES)
    assert run(["replies", "classify", source, "--out", source]) == 2
    assert len((tmp_path / "in.jsonl").read_text().splitlines()) == len(LINES)


def test_odd_replies_are_answered_each_in_its_place(tmp_path: Path) -> None:
    odd: list[object] = [
        '\ufeff{"id": "1", "text": ""}\r',
        '{"id": "1", "text": "STOP \\ud800"}\r',
        '{"id": "3", "text": "a\\u0000b", "lang": "xx"}',
        {"id": 4, "text": "ok " * 9_000},
    ]
    source, out = written(tmp_path / "in.jsonl", *odd), tmp_path / "out.jsonl"
    assert run(["replies", "classify", source, "--out", str(out)]) == 0
    found = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [one["id"] for one in found] == ["1", "1", "3", "4"]
    assert found[1]["opt_out"] is True

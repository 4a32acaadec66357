"""The guard at the command line: files, exit codes, words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tideover.doors.cli import run
from tideover.doors.rulebooks import SHIPPED

Capture = pytest.CaptureFixture[str]
USAGE, REFUSED, FAILED = 2, 3, 4
LINES = SHIPPED.joinpath("us-pa", "cases.jsonl").read_text(encoding="utf-8").splitlines()
WINTER = next(line for line in LINES if '"US-PA-WINTER"' in line)


@pytest.fixture
def vector(tmp_path: Path) -> Path:
    """Return a file of one scenario."""
    path = tmp_path / "vector.json"
    path.write_text(WINTER, encoding="utf-8")
    return path


def checked(folder: Path, text: bytes, *more: str) -> tuple[int, list[dict[str, Any]]]:
    """Return the exit code of a check, and the verdicts it wrote."""
    (folder / "v.jsonl").write_bytes(text)
    out = folder / "out.jsonl"
    code = run(["guard", "check", str(folder / "v.jsonl"), "--out", str(out), *more])
    return code, [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("workers", ["1", "2"])
def test_every_line_has_its_verdict_in_order(tmp_path: Path, workers: str) -> None:
    code, found = checked(tmp_path, "\n".join(LINES).encode(), "--workers", workers)
    assert code == 0
    for line, told in zip(LINES, found, strict=True):
        case = json.loads(line)
        wanted = {n: case["expect"][n] for n in ("verdict", "until", "rule", "blocking")}
        assert told == {"id": case["id"], **wanted}


def test_lines_that_are_no_vectors_are_told_and_the_rest_is_judged(
    tmp_path: Path, capsys: Capture
) -> None:
    text = b"\n".join([LINES[0].encode(), b"{", b"", LINES[1].encode(), b"\xff", b"[" * 99_999])
    code, found = checked(tmp_path, text)
    assert code == REFUSED
    assert [set(one) == {"id", "error"} for one in found] == [False, True, True, False, True, True]
    assert "4 of 6 lines do not fit the schema" in capsys.readouterr().err


def test_a_line_of_a_hundred_megabytes_is_one_error(tmp_path: Path) -> None:
    text = b'{"id": "' + b"x" * 100_000_000 + b'"}\n' + LINES[0].encode()
    code, found = checked(tmp_path, text)
    assert code == REFUSED
    assert ["error" in one for one in found] == [True, False]


def test_where_nothing_can_be_written_no_file_is_left(tmp_path: Path) -> None:
    (tmp_path / "v.jsonl").write_text(WINTER, encoding="utf-8")
    (tmp_path / "taken").mkdir()
    assert run(["guard", "check", str(tmp_path / "v.jsonl"), "--out", str(tmp_path / "taken")]) == 4
    assert sorted(path.name for path in tmp_path.iterdir()) == ["taken", "v.jsonl"]


@pytest.mark.parametrize(
    ("lang", "month"), [("en", "April"), ("nl", "april"), ("es", "abril"), ("fr", "avril")]
)
def test_a_verdict_is_explained_in_the_readers_language(
    vector: Path, capsys: Capture, lang: str, month: str
) -> None:
    assert run(["guard", "explain", str(vector), "--lang", lang]) == 0
    told = capsys.readouterr().out
    assert month in told
    assert "66 Pa.C.S. 1406(e)(1)" in told


def test_a_record_replays_and_a_changed_one_does_not(vector: Path, capsys: Capture) -> None:
    kept = vector.with_name("record.json")
    assert run(["guard", "explain", str(vector), "--record", str(kept)]) == 0
    capsys.readouterr()
    assert run(["guard", "replay", str(kept)]) == 0
    assert capsys.readouterr().out == kept.read_text(encoding="utf-8")
    told = json.loads(kept.read_text(encoding="utf-8"))
    kept.write_text(json.dumps({**told, "verdict": {"lang": "en"}}), encoding="utf-8")
    assert run(["guard", "replay", str(kept)]) == REFUSED
    told["rulebooks"]["nl"] = "0" * 16
    kept.write_text(json.dumps(told), encoding="utf-8")
    assert run(["guard", "replay", str(kept)]) == FAILED


def test_the_policy_of_the_utility_is_asked_too(vector: Path, capsys: Capture) -> None:
    own = vector.with_name("guard.toml")
    own.write_text(SHIPPED.joinpath("policy", "rules.toml").read_text(encoding="utf-8"))
    case = json.loads(WINTER)
    case["customer"]["complaint_open"] = True
    vector.write_text(json.dumps(case), encoding="utf-8")
    assert run(["guard", "explain", str(vector), "--policy", str(own), "--as", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["rule"] == "POLICY-COMPLAINT"


def test_the_rules_of_a_place_are_listed_as_they_were_on_a_day(capsys: Capture) -> None:
    found = {}
    for day in ("2023-12-31", "2024-01-01"):
        assert run(["guard", "rules", "--jurisdiction", "US-IL", "--on", day, "--json"]) == 0
        rules = {rule["id"]: rule for rule in json.loads(capsys.readouterr().out)}
        found[day] = rules["US-IL-HOT"]["values"]["hot_f"]["is"]
    assert found == {"2023-12-31": 95, "2024-01-01": 90}
    assert run(["guard", "rules", "--jurisdiction", "NL", "--on", "2023-03-31"]) == 0
    assert "NL-REMIND3" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("asked", "code", "sentence"),
    [
        ("explain none.json", REFUSED, "no such file"),
        ("check none.jsonl --out x", REFUSED, "no such file"),
        ("replay none.json", REFUSED, "no such file"),
        ("replay {vector}", REFUSED, "no record of a verdict"),
        ("explain {vector} --lang xx", USAGE, "no words in 'xx'"),
        ("explain {vector} --as song", USAGE, "'song' is no form"),
        ("explain {vector} --as customer", USAGE, "nobody can have got it"),
        ("explain {vector} --policy {vector}", REFUSED, "no TOML"),
        ("rules --jurisdiction XX", USAGE, "no rulebook"),
        ("rules --on tomorrow", USAGE, "is no day"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    vector: Path, capsys: Capture, asked: str, code: int, sentence: str
) -> None:
    words = [word.format(vector=vector) for word in asked.split()]
    assert run(["guard", *words]) == code
    assert sentence in capsys.readouterr().err

"""What is refused: one sentence, an exit code that says what to do, and nothing half done."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.doors.conftest import AS_OF, Utility
from tideover.doors.cli import run
from tideover.doors.night.results import Results
from tideover.rehearsal import twin

Capture = pytest.CaptureFixture[str]
COMMANDS = ["init", "twin", "ingest", "intake check", "quarantine", "night", "receivables",
            "zones", "scores", "decisions", "evaluate", "explain", "report",
            *(f"strategy {word}" for word in ("check", "test", "export", "import", "diff",
                                              "publish", "rollback", "versions"))]  # fmt: skip
SAFE = "Nothing that is half done counts"
USAGE, REFUSED, FAILED = 2, 3, 4

# What is asked, {ws} being a workspace after its night; the exit code; and a part of the sentence.
REFUSALS = [
    ("", USAGE, "Usage: tideover"),
    ("nonsense", USAGE, "No such command 'nonsense'"),
    ("night {ws}", USAGE, "Missing option '--as-of'"),
    ("night {ws} --as-of 2026-06-31", USAGE, "'2026-06-31' is no day. --as-of. Write it as"),
    ("night {ws} --as-of 20260630", USAGE, "is no day"),
    ("night {ws} --as-of 2026-6-30", USAGE, "is no day"),
    ("night {ws} --as-of 1899-12-31", USAGE, "lies outside 1900-01-01 to 2199-12-31"),
    ("night {ws} --as-of 2026-06-30 --loud", USAGE, "No such option: --loud"),
    ("init new --currency EURO", USAGE, "'EURO' is no currency"),
    ("init new --timezone Mars/Olympus", USAGE, "'Mars/Olympus' is no time zone"),
    ('init new --jurisdiction N"L', USAGE, "is no jurisdiction"),
    ("twin new --accounts 0", USAGE, "--accounts"),
    ("twin {export}", USAGE, "is not empty"),
    ("explain {ws} NOBODY --as-of 2026-06-30", USAGE, "The night knows no such account. NOBODY"),
    ("ingest {ws} nowhere", REFUSED, "There is no such export folder"),
    ("intake check nowhere --workspace {ws}", REFUSED, "There is no such export folder"),
    ("ingest {empty} {ws}", REFUSED, "The export has no customers"),
    ("evaluate {ws} --as-of 2026-06-30 --labels nowhere.csv", REFUSED, "There is no such file"),
    ("night nowhere --as-of 2026-06-30", FAILED, "no workspace yet. nowhere. Make it with"),
    ("ingest {file} {export}", FAILED, "This is no workspace yet"),
    ("night {empty} --as-of 2026-06-30", FAILED, "Nothing has been loaded yet"),
    ("receivables {empty} --as-of 2026-06-30 --out x.csv", FAILED, "Nothing has been loaded yet"),
    ("quarantine {empty} --out x.csv", FAILED, "Nothing has been loaded yet"),
    ("zones {ws} --as-of 2026-06-29", FAILED, "There is no finished night for 2026-06-29"),
    ("scores {ws} --as-of 2026-06-29 --out x.csv", FAILED, "no finished night"),
    ("decisions {ws} --as-of 2026-06-29 --out x.csv", FAILED, "no finished night"),
    ("evaluate {ws} --as-of 2026-06-29 --labels x.csv", FAILED, "no finished night"),
    ("explain {ws} A1 --as-of 2026-06-29", FAILED, "no finished night"),
    ("report {ws} --as-of 2026-06-29 --out x.html", FAILED, "no finished night"),
    ("decisions {ws} --as-of 2026-06-30 --out {file}/x.csv", FAILED, SAFE),
    ("decisions {ws} --as-of 2026-06-30 --out {empty}", FAILED, SAFE),
    ("init {file}", FAILED, SAFE),
]  # fmt: skip


@pytest.fixture
def places(
    utility: Utility, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> dict[str, str]:
    """Return what a command may be pointed at; it runs in a folder with nothing else."""
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert run(["init", str(tmp_path / "empty")]) == 0
    capsys.readouterr()
    return {"ws": str(utility.workspace), "export": str(utility.export),
            "file": str(tmp_path / "file"), "empty": str(tmp_path / "empty")}  # fmt: skip


@pytest.mark.parametrize(("asked", "code", "sentence"), REFUSALS)
def test_a_refusal_is_one_sentence_and_leaves_nothing(
    places: dict[str, str], capsys: Capture, asked: str, code: int, sentence: str
) -> None:
    assert run(asked.format(**places).split()) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("tideover: ")
    assert sentence in said.err
    assert "Traceback" not in said.err
    assert list(Path.cwd().iterdir()) == []


LABELS = [
    (b"", "Columns account_id and outcome are needed"),
    (b"account,outcome\n", "Columns account_id and outcome are needed"),
    (b"account_id,outcome\n", "None of the labels belongs to an account that has a score"),
    (b"account_id,outcome\nNOBODY,1\n", "None of the labels belongs to an account"),
    (b"account_id,outcome\nA,yes\n", "outcome is 'yes', not 0 or 1. "),
    (b"account_id,outcome\nA\n", "outcome is None, not 0 or 1. "),
    (b"account_id,outcome\n\xff\xfe,1\n", "The labels are no CSV in UTF-8"),
    (b'account_id,outcome\n"' + b"A" * 200_000 + b'",1\n', "The labels are no CSV in UTF-8"),
]


@pytest.mark.parametrize(("text", "sentence"), LABELS)
def test_labels_that_say_nothing_are_refused(
    utility: Utility, capsys: Capture, tmp_path: Path, text: bytes, sentence: str
) -> None:
    labels = tmp_path / "labels.csv"
    labels.write_bytes(text)
    words = ["evaluate", str(utility.workspace), "--as-of", AS_OF, "--labels", str(labels)]
    assert run(words) == REFUSED
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_shows_an_example(capsys: Capture, command: str) -> None:
    assert run([*command.split(), "--help"]) == 0
    told = capsys.readouterr().out
    assert f"Example:\n    tideover {command} " in told


@pytest.mark.parametrize("words", [
    ["--debug", "night", "nowhere", "--as-of", AS_OF],
    ["night", "nowhere", "--as-of", AS_OF, "--debug"],
])  # fmt: skip
def test_the_stack_trace_is_shown_on_request_alone(capsys: Capture, words: list[str]) -> None:
    assert run(words) == FAILED
    assert "Traceback (most recent call last)" in capsys.readouterr().err
    assert run([word for word in words if word != "--debug"]) == FAILED
    assert "Traceback" not in capsys.readouterr().err


def test_an_error_nobody_foresaw_is_one_sentence_too(
    utility: Utility, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        raise ZeroDivisionError("of Mrs Jansen's bills")

    monkeypatch.setattr(Results, "of", breaks)
    assert run(["zones", str(utility.workspace), "--as-of", AS_OF]) == FAILED
    said = capsys.readouterr().err
    assert said.startswith(
        "tideover: ZeroDivisionError: a step failed. Nothing that is half done counts"
    )
    assert "Jansen" not in said


def test_settings_that_are_wrong_are_a_usage_error_that_names_them(
    copy: Utility, capsys: Capture
) -> None:
    settings = copy.workspace / "tideover.toml"
    settings.write_text("[choice]\nheld_out = 0.1\n", encoding="utf-8")
    assert run(["night", str(copy.workspace), "--as-of", AS_OF]) == USAGE
    assert "Unknown setting held_out. tideover.toml [choice]" in capsys.readouterr().err


def test_a_workspace_without_its_strategy_says_so(copy: Utility, capsys: Capture) -> None:
    shutil.rmtree(copy.workspace / "strategy")
    assert run(["night", str(copy.workspace), "--as-of", AS_OF]) == FAILED
    assert "The workspace has no strategy" in capsys.readouterr().err
    assert run(["init", str(copy.workspace)]) == 0
    assert run(["night", str(copy.workspace), "--as-of", AS_OF]) == 0


def test_a_stopped_command_says_that_it_can_be_run_again(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object, **__: object) -> None:
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(twin, "write_twin", stopped)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # Spark of a test before takes it
    assert run(["twin", str(tmp_path / "export")]) == FAILED
    assert capsys.readouterr().err == f"tideover: Stopped. {SAFE}; run it again.\n"


def test_nobody_reading_to_the_end_is_no_stack_trace(
    utility: Utility, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads, writes = os.pipe()
    os.close(reads)
    with suppress(BrokenPipeError), os.fdopen(writes, "w", encoding="utf-8") as unread:
        monkeypatch.setattr(sys, "stdout", unread)
        assert run(["zones", str(utility.workspace), "--as-of", AS_OF]) == FAILED
    assert capsys.readouterr().err.startswith("tideover: Broken pipe.")

"""Strategies at the command line: checked, tried, carried to a spreadsheet and back, published."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tideover.doors.cli import run
from tideover.doors.strategies.folder import (
    SHIPPED,
    read_strategy,
    read_texts,
    shipped,
    write_folder,
)
from tideover.doors.strategies.shelf import in_force
from tideover.portfolio.workspace import Workspace
from tideover.terms.faults import StepMissing

Capture = pytest.CaptureFixture[str]
OK, USAGE, REFUSED, FAILED = 0, 2, 3, 4


def said(capsys: Capture, *words: object) -> tuple[int, str, str]:
    """Return a command's exit code, what it told, and what it complained of."""
    capsys.readouterr()
    code = run(["strategy", *(str(word) for word in words)])
    told = capsys.readouterr()
    return code, told.out, told.err


def change(folder: Path, file: str, *pair: str) -> None:
    """Change a file of a strategy."""
    text = (folder / file).read_text(encoding="utf-8")
    assert pair[0] in text
    (folder / file).write_text(text.replace(*pair), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the shipped strategy."""
    write_folder(tmp_path / "mine", shipped("default"))
    return tmp_path / "mine"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Return a fresh workspace."""
    assert run(["init", str(tmp_path / "ws")]) == OK
    return tmp_path / "ws"


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_strategies_are_complete_and_their_cases_hold(
    name: str, tmp_path: Path, capsys: Capture
) -> None:
    write_folder(tmp_path / name, shipped(name))
    assert said(capsys, "check", tmp_path / name)[0] == OK
    code, told, _ = said(capsys, "test", tmp_path / name)
    assert code == OK
    assert "cases hold." in told


def test_a_gap_is_refused_on_checking(folder: Path, capsys: Capture) -> None:
    change(folder, "behind.csv", "otherwise,,,", "otherwise,green,,")
    code, _, told = said(capsys, "check", folder)
    assert code == REFUSED
    assert "The last row must have no conditions" in told
    assert "behind.csv, row 22 (otherwise)" in told
    assert "no row matches zone not known" in told


def test_a_case_that_comes_out_otherwise_is_told_with_row_and_reason(
    folder: Path, capsys: Capture
) -> None:
    change(folder, "behind.csv", "day_after,green; yellow", "day_after,green")
    change(folder, "cases.toml", 'row = "protected"', 'row = "bereaved"')
    code, told, error = said(capsys, "test", folder)
    assert code == REFUSED
    assert "Given debt respite, expect silence, whatever is owed: expected row bereaved, decided " \
           "protected (row protected: debt respite" in told  # fmt: skip
    assert "1 of 34 cases came out otherwise" in error


def test_tables_go_to_a_workbook_and_come_back_the_same(folder: Path, capsys: Capture) -> None:
    book = folder.parent / "tables.xlsx"
    before = read_texts(folder)
    assert said(capsys, "export", folder, "--out", book)[0] == OK
    code, told, _ = said(capsys, "import", book, "--into", folder)
    assert (code, "Nothing differs." in told) == (OK, True)
    assert read_texts(folder) == before


def test_what_changed_in_a_workbook_is_told_and_taken_in(folder: Path, capsys: Capture) -> None:
    from openpyxl import load_workbook

    path = folder.parent / "tables.xlsx"
    said(capsys, "export", folder, "--out", path)
    book = load_workbook(path)
    book["behind"]["D3"] = 5  # autopay_under_way, days_past_due: a number, not <= 7
    book.save(path)
    (folder / "README.md").write_text("mine", encoding="utf-8")
    code, told, _ = said(capsys, "import", path, "--into", folder)
    assert code == OK
    assert "behind.csv: row autopay_under_way, days_past_due: was <= 7, now 5" in told
    assert ",5,,,,,,yes" in (folder / "behind.csv").read_text(encoding="utf-8")
    assert (folder / "README.md").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(("cell", "value", "where"), [
    ("D3", "=1+1", "sheet behind, cell D3. Format it as text"),
    ("D3", "soon", "sheet behind, row 3 (autopay_under_way), cell D3 (days_past_due)"),
    ("B1", "colour", "sheet behind, row 1, cell B1"),
    ("B1", "stage", "sheet behind, cell C1. Give each column one name"),
])  # fmt: skip
def test_a_workbook_that_cannot_be_right_changes_nothing(
    folder: Path, capsys: Capture, cell: str, value: str, where: str
) -> None:
    from openpyxl import load_workbook

    path, before = folder.parent / "tables.xlsx", read_texts(folder)
    said(capsys, "export", folder, "--out", path)
    book = load_workbook(path)
    book["behind"][cell] = value
    book.save(path)
    code, _, told = said(capsys, "import", path, "--into", folder)
    assert code == REFUSED
    assert where in told
    assert read_texts(folder) == before


def test_what_is_no_workbook_or_lacks_a_sheet_is_refused(folder: Path, capsys: Capture) -> None:
    from openpyxl import load_workbook

    path = folder.parent / "tables.xlsx"
    path.write_bytes(b"PK not really")
    assert "no workbook that can be read" in said(capsys, "import", path, "--into", folder)[2]
    said(capsys, "export", folder, "--out", path)
    book = load_workbook(path)
    del book["peace"]
    book.save(path)
    assert "lacks the sheet 'peace'" in said(capsys, "import", path, "--into", folder)[2]


def test_a_huge_file_is_refused_unread(folder: Path, capsys: Capture) -> None:
    with open(folder / "behind.csv", "ab") as out:
        out.truncate(100_000_000)
    code, _, told = said(capsys, "check", folder)
    assert (code, "The file has 100,000,000 bytes, and may have 1,000,000" in told) == (
        REFUSED,
        True,
    )
    write_folder(folder, shipped("default"))
    book = folder.parent / "huge.xlsx"
    with open(book, "wb") as out:
        out.truncate(100_000_000)
    assert "and may have 10,000,000" in said(capsys, "import", book, "--into", folder)[2]


def test_a_strategy_goes_to_jdm_and_what_cannot_is_refused(tmp_path: Path, capsys: Capture) -> None:
    for name in ("default", "nl"):
        write_folder(tmp_path / name, shipped(name))
    out = tmp_path / "out.json"
    code, told, _ = said(capsys, "export", tmp_path / "default", "--out", out)
    assert (code, "Stays behind" in told) == (OK, True)
    assert json.loads(out.read_text(encoding="utf-8"))["nodes"]
    out.unlink()
    code, _, told = said(capsys, "export", tmp_path / "nl", "--out", out)
    assert (code, out.exists()) == (REFUSED, False)
    assert "JDM has no place for that" in told


def test_a_difference_is_told_in_lines(folder: Path, capsys: Capture) -> None:
    other = shutil.copytree(folder, folder.parent / "other")
    assert said(capsys, "diff", folder, other)[1] == "They say the same.\n"
    change(other, "behind.csv", ">= 90%", ">= 80%")
    told = said(capsys, "diff", folder, other)[1]
    assert told == "behind.csv: row paying_anyway, p_paid_in_full_30d: was >= 90%, now >= 80%\n"


def published(capsys: Capture, workspace: Path, folder: Path, day: str) -> tuple[int, str, str]:
    """Publish a strategy from a day."""
    return said(capsys, "publish", folder, "--workspace", workspace, "--from", day,
                "--author", "Ann")  # fmt: skip


def test_a_version_is_published_kept_and_rolled_back(
    workspace: Path, folder: Path, capsys: Capture
) -> None:
    assert published(capsys, workspace, folder, "2026-04-01")[1] == (
        "default 1 holds from 2026-04-01.\n"
    )
    change(folder, "behind.csv", ">= 90%", ">= 80%")
    assert "default 2 holds" in published(capsys, workspace, folder, "2026-05-01")[1]
    assert "default 1 holds again" in said(capsys, "rollback", workspace, "--from", "2026-05-02")[1]
    assert said(capsys, "rollback", workspace, "--from", "2026-05-02")[0] == USAGE
    told = said(capsys, "versions", workspace)[1]
    assert [line.split()[:3] for line in told.splitlines()[1:]] == [
        ["2026-04-01", "default", "1"], ["2026-05-01", "default", "2"],
        ["2026-05-02", "default", "1"],
    ]  # fmt: skip
    assert "Ann" in told
    assert "nobody yet" in told


@pytest.mark.django_db
def test_where_two_people_must_agree_it_is_not_published_before(
    workspace: Path, folder: Path, capsys: Capture
) -> None:
    from tideover.casework.console.models import StrategyApproval

    with (workspace / "tideover.toml").open("a") as settings:
        settings.write('\n[strategy]\nsecond_person = "always"\n')
    digest = read_strategy(folder).hash
    proposed = StrategyApproval.objects.create(name="default", digest=digest, author="ann")
    code, _, told = published(capsys, workspace, folder, "2026-04-01")
    assert (code, "Nobody but its author approved" in told) == (REFUSED, True)
    with pytest.raises(StepMissing):
        in_force(Workspace.open(workspace), date(2026, 4, 1))
    StrategyApproval.objects.filter(pk=proposed.pk).update(
        approver="cora", approved_at=datetime.now(UTC)
    )
    assert published(capsys, workspace, folder, "2026-04-01")[0] == 0
    assert {"ann", "cora"} <= set(said(capsys, "versions", workspace)[1].split())
    change(folder, "behind.csv", ">= 90%", ">= 80%")
    assert published(capsys, workspace, folder, "2026-05-01")[0] == REFUSED


def test_the_same_strategy_published_again_keeps_its_version(
    workspace: Path, folder: Path, capsys: Capture
) -> None:
    published(capsys, workspace, folder, "2026-04-01")
    assert (
        "default 1 holds from 2026-05-01" in published(capsys, workspace, folder, "2026-05-01")[1]
    )
    assert [path.name for path in (workspace / "strategies/default").iterdir()] == ["1"]


def test_two_publications_at_once_are_not_both_taken(
    workspace: Path, folder: Path, capsys: Capture
) -> None:
    import fcntl

    published(capsys, workspace, folder, "2026-04-01")
    with (workspace / "strategies/.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        code, _, told = published(capsys, workspace, folder, "2026-05-01")
    assert (code, "Something else is being published" in told) == (FAILED, True)


def test_a_strategy_whose_cases_fail_is_not_published(
    workspace: Path, folder: Path, capsys: Capture
) -> None:
    change(folder, "behind.csv", ">= 90%", ">= 99%")
    code, _, told = published(capsys, workspace, folder, "2026-04-01")
    assert (code, "of its cases come out otherwise" in told) == (REFUSED, True)
    assert not (workspace / "strategies").exists()


@pytest.mark.parametrize("name", ["nl", "us_pa"])
def test_a_strategy_with_a_ladder_of_notices_is_published(
    name: str, workspace: Path, tmp_path: Path, capsys: Capture
) -> None:
    write_folder(tmp_path / name, shipped(name))
    code, told, _ = published(capsys, workspace, tmp_path / name, "2026-04-01")
    assert (code, f"{name} 1 holds from 2026-04-01" in told) == (OK, True)


def test_a_challenger_needs_its_champion(workspace: Path, folder: Path, capsys: Capture) -> None:
    bold = shutil.copytree(folder, folder.parent / "bold")
    change(bold, "strategy.toml", 'name = "default"', 'name = "bold"')
    with open(bold / "strategy.toml", "a", encoding="utf-8") as out:
        out.write('\n[challenge]\nof = "default"\nshare = 0.2\n')
    assert "nothing holds" in published(capsys, workspace, bold, "2026-04-01")[2]
    published(capsys, workspace, folder, "2026-04-01")
    assert "bold 1 holds" in published(capsys, workspace, bold, "2026-04-01")[1]
    assert "20% of default" in said(capsys, "versions", workspace)[1]


def test_an_import_that_is_killed_between_two_names_loses_nothing(workspace: Path) -> None:
    mine = workspace / "strategy"
    change(mine, "behind.csv", ">= 90%", ">= 91%")
    before = read_texts(mine)
    mine.rename(workspace / ".strategy.former")  # as a killed write leaves it
    assert run(["init", str(workspace)]) == OK
    assert read_texts(mine) == before
    mine.rename(workspace / ".strategy.former")
    assert read_texts(mine) == before


def test_a_file_that_an_editor_marked_as_utf_8_is_read_the_same(folder: Path) -> None:
    before = read_texts(folder)
    for name in ("strategy.toml", "behind.csv"):
        path = folder / name
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert read_texts(folder) == before

"""The documents point at what exists, and nothing that is kept belongs to one machine or person."""

from __future__ import annotations

import re
from typing import Any

MACHINE_PATH = re.compile(
    r"(?<![\w./:-])(?:/(?:work|root|tmp|opt|usr|var|mnt)|/(?:home|Users)/\w+|[A-Z]:\\\\\w+)/"
)
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")
MADE_UP = re.compile(r"[@.]example(\.(org|com|net))?$|\.(test|invalid)$")
SECRET = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}|\b(?:ghp|sk_live)_\w{16,}")


def lines(kept: dict[str, str], pattern: re.Pattern[str]) -> list[tuple[str, str]]:
    """Return where a pattern occurs in what is kept; lock files and the licence are not ours."""
    ours = {name: text for name, text in kept.items()
            if not name.startswith("requirements/") and name != "LICENSE"}  # fmt: skip
    return [(name, found) for name, text in ours.items() for found in pattern.findall(text)]


def test_nothing_kept_holds_a_path_of_one_machine(kept: dict[str, str]) -> None:
    assert lines(kept, MACHINE_PATH) == []


def test_nothing_kept_holds_a_persons_address(kept: dict[str, str]) -> None:
    assert [hit for hit in lines(kept, ADDRESS) if not MADE_UP.search(hit[1])] == []


def test_nothing_kept_holds_a_secret(kept: dict[str, str]) -> None:
    assert lines(kept, SECRET) == []


def test_the_checks_see_a_path_an_address_and_a_secret() -> None:
    folder, name = "/" + "tmp", "anna"
    assert MACHINE_PATH.search(f"open('{folder}/x')")
    assert not MACHINE_PATH.search("see docs/work/plan.md and https://example.org/home/anna/")
    assert not MADE_UP.search(f"{name}@utility.nl")
    assert MADE_UP.search(f"{name}@mail.example.org")
    assert SECRET.search("-----BEGIN RSA " + "PRIVATE KEY-----")


def test_links_in_documents_lead_somewhere(repo: Any, kept: dict[str, str]) -> None:
    broken = []
    for name in kept:
        if not name.endswith(".md"):
            continue
        for target in re.findall(r"\]\(([^)#\s]+)", kept[name]):
            inside = not re.match(r"[a-z]+:", target)
            if inside and not (repo / name).parent.joinpath(target).exists():
                broken.append((name, target))
    assert broken == []


def test_documents_named_in_the_code_exist(repo: Any, source: Any) -> None:
    named = {(m.name, path) for m in source for path in re.findall(r"docs/[\w./-]+\.md", m.text)}
    assert sorted(hit for hit in named if not (repo / hit[1]).exists()) == []


def test_decision_records_are_numbered_without_a_gap(repo: Any) -> None:
    records = sorted((repo / "docs/decisions").glob("[0-9]*.md"))
    assert [path.name[:4] for path in records] == [f"{n:04d}" for n in range(1, len(records) + 1)]
    for path in records:
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {int(path.name[:4])}. "), path.name
        assert re.findall(r"^## (\w+)", text, re.M) == ["Context", "Decision", "Consequence"]


def test_every_document_is_in_the_index(repo: Any, kept: dict[str, str]) -> None:
    index = (repo / "docs/README.md").read_text(encoding="utf-8")
    papers = [name.removeprefix("docs/") for name in kept
              if re.fullmatch(r"docs/.+\.md", name) and name != "docs/README.md"]  # fmt: skip
    assert [paper for paper in papers if f"({paper})" not in index] == []


def test_every_test_that_covers_a_row_of_the_matrix_is_there(repo: Any) -> None:
    lacking, rows = [], (repo / "docs/reliability.md").read_text(encoding="utf-8").splitlines()
    for row in rows:
        file = None
        for said in re.findall(r"`((?:\w+/)+\w+\.py(?:::\w+)?|::\w+)`", row):
            path, _, name = said.partition("::")
            file = repo / "tests" / path if path else file
            there = file is not None and file.is_file()
            if not there or (name and f"def {name}(" not in file.read_text(encoding="utf-8")):
                lacking.append(said)
    assert lacking == []
    assert len(rows) > 50

"""The place that CONTRIBUTING adds in under ten steps works as it says, and needs no Python."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tideover.doors.rulebooks import law, parsed
from tideover.rules.guard.vectors import as_told, facts_of
from tideover.rules.guard.verdict import Guard

REPO = Path(__file__).resolve().parents[3]
PAPER = (REPO / "CONTRIBUTING.md").read_text(encoding="utf-8")
CHAPTER = PAPER[PAPER.index("**A jurisdiction.**") :]


def block(language: str) -> str:
    """Return the first block of a language in the chapter."""
    (found,) = re.findall(rf"```{language}\n(.*?)```", CHAPTER, re.S)
    return str(found)


def test_the_made_up_place_gives_the_verdict_that_the_paper_promises() -> None:
    guard = Guard([*law(), parsed(block("toml"), "zz/rules.toml")])
    for line in block("json").splitlines():
        case = json.loads(line)
        scenario = guard.reading.scenario(facts_of(case))
        wanted = {name: one for name, one in case["expect"].items() if name != "citation"}
        assert as_told(guard.judge(scenario), scenario) == wanted
    assert "ZZ" in guard.places


def test_there_are_under_ten_steps() -> None:
    steps = re.findall(r"^(\d+)\. ", CHAPTER[: CHAPTER.index("```toml")], re.M)
    assert [int(step) for step in steps] == list(range(1, len(steps) + 1))
    assert 2 < len(steps) < 10


def test_the_paper_lists_every_rule_with_its_citation() -> None:
    paper = (REPO / "docs/guard.md").read_text(encoding="utf-8")
    rows = {line.split("|")[2].strip(" `"): line for line in paper.splitlines() if "| `" in line}
    for book in law():
        assert f"checked on {book.checked_on}" in paper
        for rule in book.rules:
            assert f"| {rule.number} |" in rows[rule.id]
            assert rule.title in rows[rule.id]
            assert rule.citation in rows[rule.id]


def test_the_rule_that_the_paper_shows_is_the_one_in_the_book() -> None:
    paper = (REPO / "docs/guard.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"```toml\n(\[\[rule\]\].*?)```", paper, re.S)
    head = 'place = "x"\nname = "x"\njurisdictions = ["X"]\nchecked_on = 2026-01-01\n'
    (rule,) = parsed(head + shown, "docs/guard.md").rules
    book = next(book for book in law() if book.place == "us-tx")
    mine = next(one for one in book.rules if one.id == rule.id)
    assert (rule.clauses, rule.values.keys()) == (mine.clauses, mine.values.keys())

"""The paper for strategists shows what is really sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from tideover.casework.outreach.content import (
    LANGUAGES,
    TACTICS,
    chosen,
    previews,
    under_event,
    with_offer,
)
from tideover.casework.outreach.content.template import Template
from tideover.casework.outreach.content.variables import VARIABLES


@pytest.fixture
def paper(repo: Path) -> str:
    """Return the paper's text."""
    return (repo / "docs/content.md").read_text(encoding="utf-8")


def first(text: Template) -> str:
    """Return a text as the first made-up customer gets it."""
    return next(iter(previews(text).values())).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_paper_shows_the_short_text_as_it_is(paper: str, language: str) -> None:
    assert first(chosen("day_after_due", "short", language=language, tone="empathetic")) in paper


def test_the_paper_shows_the_long_text_and_the_event_as_they_are(paper: str) -> None:
    long = with_offer(chosen("help", "long", language="nl", tone="friendly"), "grant")
    short = chosen("day_after_due", "short", language="en", tone="empathetic")
    assert first(long) in paper
    assert first(under_event(short, "outage")) in paper


def test_the_paper_has_every_variable_and_tactic(paper: str) -> None:
    rows = [f"| `{{{v.name}}}` | {v.kind} | {v.meaning} |" for v in VARIABLES.values()]
    rows += [f"| `{name}` | {what} |" for name, what in TACTICS.items()]
    assert [row for row in rows if row not in paper] == []

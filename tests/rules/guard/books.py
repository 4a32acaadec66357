"""Made-up rulebooks, to try a rule with one line."""

from __future__ import annotations

from typing import Any

from tideover.doors.rulebooks import parsed
from tideover.rules.guard.verdict import Guard

HEAD = """
place = "xx"
name = "A made-up place"
jurisdictions = ["XX"]
checked_on = 2026-01-01
"""
RULE = """
[[rule]]
id = "XX-ONE"
number = 1
title = "A made-up rule"
type = "{type}"
actions = ["contact"]
citation = "Made-up act, art. 1"
source = "made up"
verified = "no"
{rest}
"""


def book(rest: str, type: str = "status_hold", head: str = HEAD) -> str:
    """Return the text of a rulebook with one rule."""
    return head + RULE.format(type=type, rest=rest)


def guard_with(rest: str, type: str = "status_hold", **more: Any) -> Guard:
    """Return the guard of a rulebook with one rule."""
    return Guard([parsed(book(rest, type), "xx/rules.toml")], **more)


def proposal(**more: Any) -> dict[str, Any]:
    """Return a call in the made-up place, with other facts if they are given."""
    return {
        "jurisdiction": "XX", "timezone": "Europe/Amsterdam", "actor": "utility",
        "as_of": "2026-03-10T10:00:00+01:00", "service": "water", "history": [],
        "action": {"type": "contact", "channel": "phone"}, **more,
    }  # fmt: skip

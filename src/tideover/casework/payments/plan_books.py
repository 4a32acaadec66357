"""The plan books that are shipped, and the utility's own policy on plans, opened."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from tideover.casework import place
from tideover.casework.payments.models import Holiday
from tideover.rules.arrangement import PlanBook, Policy
from tideover.rules.arrangement.book import parse_plan_book, parse_policy
from tideover.rules.arrangement.schedule import Allowed
from tideover.rules.guard import vocabulary
from tideover.rules.guard.primitives import ACCEPTS
from tideover.rules.rulebook import Rulebook, parse_rulebook

PLANS, RULES = "plans.toml", "rules.toml"
POLICY_FILE = "casework.toml"


def books_for(jurisdiction: str) -> tuple[PlanBook, ...]:
    """Return the plan books of a place and of the country before its "-"."""
    near = {jurisdiction, jurisdiction.partition("-")[0]}
    return tuple(book for book in plan_books() if near & set(book.jurisdictions))


@lru_cache(maxsize=1)
def plan_books() -> tuple[PlanBook, ...]:
    """Return the shipped plan books, by the name of their place."""
    shelf = files("tideover.rules").joinpath("rulebooks")
    found = []
    for one in sorted(shelf.iterdir(), key=lambda one: one.name):
        if not one.joinpath(PLANS).is_file():
            continue
        law = parse_rules(one.joinpath(RULES).read_text(encoding="utf-8"), f"{one.name}/{RULES}")
        text = one.joinpath(PLANS).read_text(encoding="utf-8")
        found.append(parse_plan_book(text, f"{one.name}/{PLANS}", [law]))
    return tuple(found)


def parse_rules(text: str, file: str) -> Rulebook:
    """Return a rulebook of the guard."""
    return parse_rulebook(text, file, types=ACCEPTS, actions=tuple(vocabulary.ACTIONS))


def allowed_at(jurisdiction: str) -> Allowed:
    """Return the days on which an instalment may fall due: working days of the account's place."""
    near = {jurisdiction, jurisdiction.partition("-")[0]}
    days = Holiday.objects.filter(jurisdiction__in=near).values_list("holiday_on", flat=True)
    return Allowed(holidays=frozenset(days))


def policy() -> Policy:
    """Return the utility's policy on plans: `[plans]` of `casework.toml`, or what is shipped."""
    return _policy(place.workspace() / POLICY_FILE)


@lru_cache(maxsize=8)
def _policy(path: Path) -> Policy:
    if not path.is_file():
        return Policy()
    stated = tomllib.loads(path.read_text(encoding="utf-8")).get("plans", {})
    return parse_policy(stated, f"{POLICY_FILE} [plans]")

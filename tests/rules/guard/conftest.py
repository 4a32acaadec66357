"""The guard of the shipped law, the cases beside its rules, and the catalogue's vectors."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tideover.doors.rulebooks import SHIPPED, guard_of, law, shipped_policy
from tideover.rules.guard.vectors import Vectors, parsed
from tideover.rules.guard.verdict import Guard

Facts = dict[str, Any]


def beside(place: str) -> list[Facts]:
    """Return the cases that stand beside a place's rules."""
    text = SHIPPED.joinpath(place, "cases.jsonl").read_text(encoding="utf-8")
    return [parsed(line) for line in text.splitlines()]


PLACES = [book.place for book in law()]
CASES = [case for place in PLACES for case in beside(place)]
POLICY_CASES = beside("policy")


@pytest.fixture(scope="session")
def guard() -> Guard:
    """Return the guard of the law alone."""
    return guard_of()


@pytest.fixture(scope="session")
def strict() -> Guard:
    """Return the guard of the law and the utility's own policy."""
    return guard_of([*law(), shipped_policy()])


@pytest.fixture(scope="session")
def vectors(shared: Path) -> list[Facts]:
    """Return the catalogue's test vectors."""
    text = (shared / "compliance/vectors.jsonl").read_text(encoding="utf-8")
    return [json.loads(line, parse_float=Decimal) for line in text.splitlines()]


@pytest.fixture(scope="session")
def told(guard: Guard) -> Callable[[Facts], Facts]:
    """Return what gives the verdict on a vector as data."""
    reader = Vectors(guard)
    return lambda vector: reader.told(json.dumps(vector, default=float).encode())

"""Our own reading of a vector is as strict as the catalogue's schema, on vectors bent at random."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path
from typing import Any

import pytest

from tests.rules.guard.conftest import Facts
from tideover.rules.guard.vectors import Vectors
from tideover.rules.guard.verdict import Guard

STRANGE = [None, True, 1, 0, -1, 1.5, "", "yes", "2025-06-10", [], ["sms"], {}, {"x": 1}, "phone"]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to everything inside a value."""
    found = [path] if path else []
    items = value.items() if isinstance(value, dict) else []
    items = enumerate(value) if isinstance(value, list) else items
    for key, inner in items:
        found += places(inner, (*path, key))
    return found


def bent(vector: Facts, chance: random.Random) -> Facts:
    """Return a vector with one thing in it taken out, put in, or made something else."""
    found = copy.deepcopy(vector)
    *way, last = chance.choice(places(found))
    inside: Any = found
    for key in way:
        inside = inside[key]
    kind = chance.randrange(3)
    if kind == 0:
        del inside[last]
    elif kind == 1 and isinstance(inside, dict):
        inside[chance.choice(["by", "kind", "at", "reached", "x", "months", "on"])] = chance.choice(
            STRANGE
        )
    else:
        inside[last] = chance.choice(STRANGE)
    return found


@pytest.mark.parametrize("seed", range(4))
def test_a_bent_vector_fits_ours_where_it_fits_the_schema(
    shared: Path, vectors: list[Facts], guard: Guard, seed: int
) -> None:
    judge = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    schema = json.loads((shared / "compliance/schema.json").read_text(encoding="utf-8"))
    fits, ours = judge.Draft202012Validator(schema).is_valid, Vectors(guard)
    chance, differ = random.Random(seed), []
    for _ in range(250):
        vector = json.loads(json.dumps(bent(chance.choice(vectors), chance), default=float))
        error = ours.told(json.dumps(vector).encode()).get("error", "")
        if fits(vector) == bool(error) and not beyond(error):
            differ.append((vector, error))
    assert differ == []


def beyond(error: str) -> bool:
    """Say whether we refuse what a schema cannot: days and zones that do not exist."""
    return any(said in error for said in ("time zone", "that exists", "lie between", "written as"))


def test_the_vocabulary_knows_what_the_schema_knows(shared: Path, guard: Guard) -> None:
    schema = json.loads((shared / "compliance/schema.json").read_text(encoding="utf-8"))
    assert set(schema["properties"]["jurisdiction"]["enum"]) == set(guard.places)
    assert schema["properties"]["service"]["enum"] == list(guard.reading.kinds["service"])
    assert len(schema["properties"]["history"]["items"]["oneOf"]) == len(EVENTS)
    kinds = guard.reading.kinds
    for root in ("customer", "debt", "context"):
        for name in schema["properties"][root]["properties"]:
            assert f"{root}.{name}" in kinds


EVENTS = ("contact", "notice", "opt_out", "inbound_message", "consent", "cease_request",
          "data_shared", "fee_charged")  # fmt: skip

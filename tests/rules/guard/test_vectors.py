"""The catalogue's vectors, exactly; and lines that are no vectors."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.rules.guard.conftest import CASES, Facts
from tideover.rules.guard.vectors import MOST_BYTES, Vectors
from tideover.rules.guard.verdict import Guard

Told = Callable[[Facts], Facts]
GOOD = CASES[0]


def expected(vector: Facts) -> Facts:
    """Return a vector's verdict as the guard tells it."""
    names = ("verdict", "until", "rule", "blocking")
    return {"id": vector["id"], **{name: vector["expect"][name] for name in names}}


def test_every_vector_has_its_verdict(vectors: list[Facts], told: Told) -> None:
    wrong = [(told(one), expected(one)) for one in vectors if told(one) != expected(one)]
    assert len(vectors) >= 449
    assert wrong == []


def test_every_rule_of_the_catalogue_is_there(shared: Any, guard: Guard) -> None:
    stated = json.loads((shared / "compliance/rules.json").read_text(encoding="utf-8"))
    rules = stated["rules"] if isinstance(stated, dict) else stated
    ours = {rule.number: rule.stated for rule in guard.rules}
    assert [ours[rule["number"]].id for rule in rules] == [rule["id"] for rule in rules]
    for rule in rules:
        mine = ours[rule["number"]]
        assert (mine.type, mine.actor, mine.citation) == (
            rule["type"], rule["actor"], rule["citation"]), rule["id"]  # fmt: skip
        assert ", ".join(mine.services) == rule["services"]
        assert ", ".join(mine.actions) == rule["actions"]


def changed(**facts: Any) -> bytes:
    """Return a good line with some facts changed."""
    return json.dumps({**GOOD, **facts}, default=float).encode()


LINES = [
    (b"", "no JSON"),
    (b"[1, 2", "no JSON"),
    (b"[]", "A vector is an object"),
    (b"\xff\xfe", "not UTF-8"),
    (b'{"id": "US-001", "id": "US-002"}', "said twice"),
    (changed(debt={"amount": float("nan")}), "NaN is no number"),
    (changed(debt={"amount": 1e300}), "must be a number between"),
    (b'{"debt": {"amount": 1e999999999}}', "missing"),
    (b"[" * 200_000 + b"]" * 200_000, "nested too deep"),
    (b" " * (MOST_BYTES + 1), "longer than"),
    (changed(timezone="Mars/Olympus"), "no time zone"),
    (changed(timezone="../../etc/passwd"), "no time zone"),
    (changed(as_of="2025-02-30T10:00:00-05:00"), "As_of"),
    (changed(as_of="2025-06-10T24:00:00-04:00"), "As_of"),
    (changed(as_of="2025-06-10T10:00:00-05:00"), "offset is not that of the time zone"),
    (changed(as_of="2300-06-10T10:00:00-04:00"), "As_of"),
    (changed(jurisdiction="XX"), "must be one of AU-NECF"),
    (changed(customer={"age": 40}), "No such fact is known. customer.age"),
    (changed(customer={"dispute": {}}), "missing. customer.dispute.received_on"),
    (changed(customer={"dispute": {"received_on": "2025-02-30"}}), "must be a day that exists"),
    (changed(customer={"deceased": 1}), "must be true or false"),
    (changed(history=[{"type": "contact", "at": "2025-06-01T10:00:00-04:00"}]), "channel"),
    (changed(history=[{"type": "rumour", "at": "2025-06-01T10:00:00-04:00"}]), "history[0]"),
    (changed(history={}), "must be a list"),
    (changed(action={"type": "dance"}), "action.type"),
    (changed(action={"type": "contact"}), "action.channel"),
    (changed(id="us-1"), "two to four capitals"),
    (changed(expect=None), "expect"),
    (changed(surprise=1), "No such fact is known. surprise"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "sentence"), LINES, ids=range(len(LINES)))
def test_a_line_that_is_no_vector_is_told_and_not_judged(
    guard: Guard, line: bytes, sentence: str
) -> None:
    found = Vectors(guard).told(line)
    assert set(found) == {"id", "error"}
    assert sentence.casefold() in found["error"].casefold()


def test_an_error_names_the_vector_where_it_can(guard: Guard) -> None:
    reader = Vectors(guard)
    assert reader.told(changed(service="steam"))["id"] == GOOD["id"]
    assert reader.told(b'{"id": 7}')["id"] is None


def test_true_is_no_number_and_one_is_no_yes(told: Told) -> None:
    event = {"type": "contact", "at": "2025-06-01T10:00:00-04:00", "channel": "phone"}
    assert "error" not in told({**GOOD, "history": [{**event, "reached": True}]})
    assert "true or false" in told({**GOOD, "history": [{**event, "reached": 1}]})["error"]

"""Contacts are taken back where a customer has had enough, or a later night decided anew."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from tests.portfolio.decisions.people import AS_OF, SHIPPED, cases_of, with_choice
from tideover.portfolio.decisions import SCHEMA, decide
from tideover.portfolio.decisions.withheld import Obstacle, too_many, withheld

FULL = Obstacle("contact_cap", "another account is written to")
OWING = {"A1": 10_000, "A2": 30_000, "A3": 30_000, "A4": 90_000}


def night(**owing: int) -> pa.Table:
    people = [{"account_id": name, "arrears_minor": minor} for name, minor in owing.items()]
    return decide(cases_of(*people), policy=SHIPPED, settings=with_choice(), as_of=AS_OF)


def family(contacts: int, *accounts: str) -> pa.Table:
    return pa.table({"account_id": pa.array(accounts, pa.string()),
                     "customer_id": pa.array(["C"] * len(accounts), pa.string()),
                     "customer_contacts_cap": pa.array([contacts] * len(accounts), pa.int32()),
                     })  # fmt: skip


def test_the_largest_arrears_are_kept_then_those_first_by_account() -> None:
    decided = night(**OWING)
    assert too_many(decided, family(0, "A1", "A2", "A3"), 2) == {"A1"}
    assert too_many(decided, family(1, "A1", "A2", "A3"), 2) == {"A1", "A3"}
    assert too_many(decided, family(0), 2) == set()


def test_an_account_that_is_silent_leaves_its_room_to_the_others() -> None:
    decided = withheld(night(**OWING), ["A2"], FULL)
    assert too_many(decided, family(1, "A1", "A2", "A3"), 2) == {"A1"}


def test_notices_the_law_requires_are_kept_and_leave_less_room_for_others() -> None:
    decided = night(**OWING)
    label, row = decided["strategy"][0].as_py(), decided["rule"][0].as_py()
    required = {(label, row)}
    assert too_many(decided, family(9, *OWING), 2) == {"A1", "A2", "A3"}
    assert too_many(decided, family(9, *OWING), 2, required=required) == set()
    others = decided.set_column(decided.schema.get_field_index("rule"), "rule",
                                pa.array([row, *["of_no_notice"] * 3]))  # fmt: skip
    assert too_many(others, family(0, *OWING), 2, required=required) == {"A2", "A3"}


def test_taking_back_twice_changes_nothing() -> None:
    sharing, decided = family(0, *OWING), night(**OWING)
    once = withheld(decided, too_many(decided, sharing, 2), FULL, anew=True)
    again = too_many(once, sharing, 2)
    assert again == set()
    assert withheld(once, again, FULL, anew=True).equals(once)


def test_a_contact_taken_back_is_empty_and_says_why_and_all_others_stay() -> None:
    decided = night(**OWING)
    before, after = (rows(t) for t in (decided, withheld(decided, ["A1"], FULL, anew=True)))
    assert withheld(decided, ["A1"], FULL).schema == SCHEMA
    mine = after.pop("A1")
    assert (mine["arm"], mine["offer"], mine["blocked_by"]) == ("none", "none", "contact_cap")
    assert {mine[name] for name in ("channel", "tone", "send_at", "propensity")} == {None}
    assert mine["reasons"].split(";")[1] == "another account is written to"
    former = before.pop("A1")
    assert (mine["treatment"], mine["rule"]) == (former["treatment"], former["rule"])
    assert mine["decision_id"] != former["decision_id"]
    assert after == before


def rows(table: pa.Table) -> dict[str, dict[str, Any]]:
    return {row["account_id"]: dict(row) for row in table.to_pylist()}

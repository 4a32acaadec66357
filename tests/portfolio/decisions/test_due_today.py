"""The night of a due date: who has not paid by its end gets a link on the day after."""

from __future__ import annotations

from tests.portfolio.decisions.people import cases_of, decided
from tideover.portfolio.decisions.cases import known_of


def test_a_bill_that_was_due_today_and_is_unpaid_gets_a_link_tomorrow() -> None:
    due = {"arrears_minor": 0, "days_past_due": 0, "days_to_due": 0, "zone": "green",
           "due_unpaid": True}  # fmt: skip
    (row,) = decided(due)
    assert (row["rule"], row["treatment"], row["channel"]) == ("due_today", "payment_link", "sms")
    assert row["send_at"][:10] == "2026-03-29"
    assert decided(due | {"autopay": True}, due | {"contacts_7d": 1}) == []
    assert decided(due | {"is_open": False}, due | {"due_unpaid": False}) == []


def test_the_guard_is_asked_about_it_as_what_it_is_then_a_collection() -> None:
    due = {"arrears_minor": 0, "days_to_due": 0, "due_unpaid": True}
    to_come = due | {"days_to_due": 3, "due_unpaid": False}
    table = cases_of(due, to_come, {})
    assert [case.past_due for case in known_of(table)] == [True, False, True]
    assert not known_of(table.drop_columns(["due_unpaid"]))[0].past_due

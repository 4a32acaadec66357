"""Events as rows of the contract: in whatever order they come, and never money twice."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations
from typing import Any

from tideover.doors.journal import rows
from tideover.doors.journal.events import Happened

AT = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)  # the second of July in Amsterdam
WHOSE = {"A1": rows.Whose("C1", "EUR", "Europe/Amsterdam"),
         "A2": rows.Whose("C1", "EUR", "Europe/Amsterdam")}  # fmt: skip


def told(*said: tuple[str, dict[str, Any]], account: str = "A1") -> list[Happened]:
    return [Happened(no, f"e{no}", account, kind, AT, facts)
            for no, (kind, facts) in enumerate(said, 1)]  # fmt: skip


def test_a_message_carries_the_id_of_its_decision_and_the_last_that_is_known() -> None:
    events = told(
        ("contacted", {"message_id": 7, "decision_id": "D1", "channel": "sms", "tone": "friendly",
                       "purpose": "yellow_zone"}),
        ("receipt", {"message_id": 7, "outcome": "delivered"}),
        ("receipt", {"message_id": 7, "outcome": "clicked"}),
        ("receipt", {"message_id": 8, "outcome": "bounced"}),
    )  # fmt: skip
    found = [rows.contacts(order) for order in permutations(events)]
    assert all(each == found[0] for each in found)
    (row,) = found[0].values()
    assert (row["contact_id"], row["outcome"], row["purpose"]) == ("D1", "clicked", "reminder")


def test_of_a_message_told_twice_the_first_counts() -> None:
    twice = told(*[("contacted", {"message_id": 7, "decision_id": "D1", "channel": "sms"})] * 2)
    assert len(rows.contacts(twice)) == 1


def test_a_message_of_which_nobody_knows_counts_as_sent_until_it_is_known_not_to_be() -> None:
    unsure = ("contacted", {"message_id": 7, "channel": "letter", "sure": False})
    (row,) = rows.contacts(told(unsure)).values()
    assert (row["contact_id"], row["outcome"]) == ("casework-message-7", "sent")
    (row,) = rows.contacts(told(unsure, ("not_sent", {"message_id": 7}))).values()
    assert row["outcome"] == "failed"


def test_money_seen_first_is_a_promise_that_the_row_of_the_cis_keeps() -> None:
    paid = ("paid", {"payment_id": "x", "amount_minor": 1234, "status": "settled"})
    (row,) = rows.promises(told(paid), WHOSE).values()
    assert row == {"promise_id": "casework-paid-x", "account_id": "A1", "amount": "12.34",
                   "made_at": "2026-06-30T22:30:00+00:00", "due_on": "2026-07-07"}  # fmt: skip
    back = ("payment_reversed", {"payment_id": "x", "amount_minor": 1234})
    (row,) = rows.promises(told(paid, back), WHOSE).values()
    assert row["amount"] == "0.00"


def test_a_promise_counts_once_somebody_confirmed_it_and_until_it_is_taken_back() -> None:
    said = {"promise_id": "p", "amount_minor": 500, "due_on": "2026-07-09"}
    unconfirmed = ("promised", said | {"confirmed": False})
    assert rows.promises(told(unconfirmed), WHOSE) == {}
    confirmed = ("promised", said | {"confirmed": True})
    both = rows.promises(told(unconfirmed, confirmed), WHOSE)
    assert both["casework-p"]["amount"] == "5.00"
    gone = rows.promises(told(confirmed, ("promise_withdrawn", {"promise_id": "p"})), WHOSE)
    assert gone["casework-p"]["amount"] == "0.00"


def test_a_plan_that_ended_is_cancelled_unless_it_says_how() -> None:
    agreed = ("plan_agreed", {"arrangement_id": "r", "total_minor": 9_000, "instalments": 3,
                              "first_due_on": "2026-08-01"})  # fmt: skip
    for how, status in (("broken", "broken"), ("moved", "cancelled")):
        ended = ("plan_ended", {"arrangement_id": "r", "how": how})
        (row,) = rows.arrangements(told(agreed, ended), WHOSE).values()
        assert (row["status"], row["agreed_on"]) == (status, "2026-07-02")


def test_an_opt_out_holds_on_all_accounts_of_the_customer_until_it_is_taken_back() -> None:
    out = told(("opted_out", {"scope": "everything"}))
    found = rows.contact_points(out, WHOSE)
    assert {row["consent"] for row in found.values()} == {"withdrawn"}
    assert {row["channel"] for row in found.values()} >= {"email", "sms", "letter"}
    later = told(("noted", {}), ("opted_in", {"scope": "channel", "channel": "sms"}), account="A2")
    found = rows.contact_points([*out, *later[1:]], WHOSE)
    assert found["casework-sms-C1"]["consent"] == "unknown"
    assert found["casework-email-C1"]["consent"] == "withdrawn"


def test_what_calls_for_care_is_the_customers_whichever_account_it_was_told_of() -> None:
    noted = ("circumstance_noted", {"circumstance_id": "k", "kind": "hardship",
                                    "starts_on": "2026-06-01"})  # fmt: skip
    ended = ("circumstance_ended", {"circumstance_id": "k", "kind": "hardship"})
    (row,) = rows.circumstances(told(noted, ended), WHOSE, {}).values()
    assert (row["customer_id"], row["account_id"]) == ("C1", "")
    assert (row["starts_on"], row["ends_on"]) == ("2026-06-01", "2026-07-02")


def test_what_the_ledger_does_not_name_is_told_where_somebody_knows_it_and_else_not() -> None:
    noted = ("circumstance_noted", {"circumstance_id": "k", "starts_on": "2026-06-01"})
    ended = ("circumstance_ended", {"circumstance_id": "k"})
    key = "casework-k"
    (row,) = rows.circumstances(told(noted, ended), WHOSE, {key: "disability"}).values()
    assert (row["kind"], row["ends_on"]) == ("disability", "2026-07-02")
    assert rows.circumstances(told(noted, ended), WHOSE, {}) == {}

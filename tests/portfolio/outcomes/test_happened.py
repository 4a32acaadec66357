"""How a message came, and what else followed: replies, promises, plans, silence, complaints."""

from __future__ import annotations

from typing import Any

from tests.portfolio.outcomes.happenings import (
    after,
    contact,
    each_followed,
    followed,
    noon,
    paid,
)


def test_a_message_reached_someone_where_that_was_told(warm_engine: Any) -> None:
    told = {"delivered": 1, "clicked": 1, "answered": 1, "bounced": 0, "no_answer": 0,
            "sent": None, None: None}  # fmt: skip
    found = each_followed(warm_engine, [{"contacts": [contact("D1", 1, outcome=outcome)]}
                                        for outcome in told])  # fmt: skip
    assert [row["reached"] for row in found] == list(told.values())
    assert [row["furthest"] for row in found] == [outcome or "sent" for outcome in told]
    assert {row["cost_thousandths"] for row in found} == {8500}


def test_a_contact_with_the_id_on_another_account_is_not_its_message(warm_engine: Any) -> None:
    row = followed(warm_engine, contacts=[contact("D1", 1, account_no=2)])
    assert (row["furthest"], row["cost_thousandths"], row["contacts"]) == (None, 0, 0)


def test_replies_and_calls_are_counted_in_their_window(warm_engine: Any) -> None:
    spoken = [contact("K1", 3, direction="inbound", channel="voice"),
              contact("K2", 20, direction="inbound", purpose="complaint")]  # fmt: skip
    week, month = (followed(warm_engine, window=size, contacts=spoken) for size in (7, 30))
    assert (week["replied"], week["called_in"], week["complained"]) == (1, 1, 0)
    assert (month["replies"], month["complained"]) == (2, 1)


def test_promises_and_cuts_are_seen(warm_engine: Any) -> None:
    row = followed(
        warm_engine,
        promises=[{"account_no": 1, "promise_id": "R", "made_on": after(2), "due_on": after(9)}],
        service_steps=[{"account_no": 1, "occurred_on": after(8), "step": "disconnected"}],
    )
    assert (row["promised"], row["disconnected"], row["opted_out"]) == (1, 1, 0)


def test_a_plan_is_kept_when_the_money_reaches_what_fell_due(warm_engine: Any) -> None:
    plan = {"account_no": 1, "arrangement_id": "G", "agreed_on": after(5), "total_minor": 1000,
            "instalments": 2, "interval": "monthly", "first_due_on": after(10),
            "status": "active"}  # fmt: skip
    found = each_followed(warm_engine, [
        {"arrangements": [plan], "payments": [paid(6, 500)]},
        {"arrangements": [plan], "payments": [paid(6, 499)]}, {"payments": [paid(6, 500)]},
    ])  # fmt: skip
    assert [(row["plan_agreed"], row["plan_kept"]) for row in found] == [(1, 1), (1, 0), (0, None)]


def test_asking_for_silence_counts_from_the_day_it_was_said_or_told(warm_engine: Any) -> None:
    point = {"customer_id": "C1", "channel": "sms", "consent": "withdrawn"}
    asked = [{"consent_at": noon(4)}, {"known_from": after(4)},
             {"consent_at": noon(-4), "known_from": after(4)},
             {"consent_at": noon(4), "consent": "granted"}]  # fmt: skip
    found = each_followed(warm_engine, [{"contact_points": [point | said]} for said in asked])
    assert [row["opted_out"] for row in found] == [1, 1, 0, 0]


def test_a_complaint_about_another_account_of_the_customer_is_not_ours(warm_engine: Any) -> None:
    begun = {"customer_id": "C1", "kind": "complaint", "starts_on": after(3)}
    about = [None, "A1", "A2"]
    found = each_followed(warm_engine, [{"circumstances": [begun | {"account_id": one}]}
                                        for one in about])  # fmt: skip
    assert [row["complained"] for row in found] == [1, 1, 0]


def test_spark_says_the_same(warm_engine: Any, spark_engine: Any) -> None:
    cases = [{"contacts": [contact("D1", 1, outcome="clicked")], "payments": [paid(9, 1000)],
              "promises": [{"account_no": 1, "promise_id": "R", "made_on": after(2)}]},
             {"payments": [paid(5, 100, contact_id="K")]}]  # fmt: skip
    assert each_followed(spark_engine, cases) == each_followed(warm_engine, cases)

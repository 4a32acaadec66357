"""One decision an account: who is contacted, how, when, and why everyone else is not."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from math import fsum
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.portfolio.decisions.people import AS_OF, SHIPPED, cases_of, decided, with_choice
from tideover.doors.strategies.folder import shipped
from tideover.portfolio.decisions import SCHEMA, decide
from tideover.portfolio.workspace import Settings
from tideover.rules.strategy import Policy, parse_strategy
from tideover.terms.faults import ColumnMissing, StepMissing

CHANNELS = ("email", "sms", "whatsapp", "voice", "letter")
UNTREATED = {"channel": None, "tone": None, "offer": "none", "send_at": None, "propensity": None}
consents = st.sampled_from([None, "granted", "unknown", "withdrawn"])
instants = st.integers(0, 10 * 24 * 60).map(
    lambda minutes: datetime(2026, 3, 29, tzinfo=UTC) - timedelta(minutes=minutes))  # fmt: skip
chances = st.none() | st.floats(0, 1)
someone = st.fixed_dictionaries({
    "account_id": st.uuids().map(str), "zone": st.sampled_from(["green", "yellow", "red", None]),
    "arrears_minor": st.sampled_from([0, 20_000]), "days_past_due": st.integers(0, 200),
    "days_to_due": st.none() | st.integers(0, 30), "in_doubt": st.booleans(),
    "p_paid_in_full_30d": chances, "p_first_late": chances, "contacts_7d": st.integers(0, 3),
    "debt_months": st.none() | st.floats(0, 20), "is_open": st.booleans(),
    "segment": st.sampled_from(["residential", "business", None]),
    "timezone": st.sampled_from(["Europe/Amsterdam", "America/New_York", "Pacific/Kiritimati"]),
    "holds": st.sampled_from([None, "dispute", "deceased;elderly", "low_income"]),
    "preferred": st.sampled_from([None, *CHANNELS]), "cap_contact_at": st.none() | instants,
    "reasons": st.none() | st.just("pays later each month"),
    **{f"consent_{channel}": consents for channel in CHANNELS},
})  # fmt: skip


def ann(**said: Any) -> dict[str, Any]:
    (decision,) = decided(said)
    return decision


@given(st.lists(someone, min_size=1, max_size=30), st.sampled_from([0.0, 0.5]))
@settings(deadline=None)
def test_nobody_is_contacted_whom_consent_doubt_or_the_hours_protect(
    people: list[dict[str, Any]], share: float
) -> None:
    known = {person["account_id"]: person for person in people}
    for row in decided(*people, settings=with_choice(holdout_share=share)):
        person = known[row["account_id"]]
        assert row["reasons"]
        if row["arm"] != "treated":
            assert {name: row[name] for name in UNTREATED} == UNTREATED
            continue
        consent = person[f"consent_{row['channel']}"]
        assert consent == "granted" or (consent == "unknown" and row["channel"] in CHANNELS[::4])
        assert not person["in_doubt"]
        assert row["blocked_by"] is None
        sent = datetime.fromisoformat(row["send_at"])
        assert sent == sent.astimezone(ZoneInfo(person["timezone"]))
        assert sent >= datetime(2026, 3, 29, tzinfo=ZoneInfo("Europe/Amsterdam"))
        assert AS_OF < sent.date() <= AS_OF + timedelta(days=2)
        assert time(8) <= sent.time() < time(20)
        assert not person["cap_contact_at"] or sent >= person["cap_contact_at"] + timedelta(days=7)


@given(st.lists(someone, min_size=1, max_size=10, unique_by=lambda p: p["account_id"]))
@settings(deadline=None, max_examples=30)
def test_a_night_replays_whatever_the_order_of_its_rows(people: list[dict[str, Any]]) -> None:
    forwards, backwards = decided(*people), decided(*reversed(people))
    assert forwards == backwards[::-1]


@given(st.lists(someone, min_size=1, max_size=10, unique_by=lambda p: p["account_id"]))
@settings(deadline=None, max_examples=30)
def test_everyone_in_arrears_has_a_row_and_others_only_when_proposed_a_contact(
    people: list[dict[str, Any]],
) -> None:
    rows = {row["account_id"]: row for row in decided(*people)}
    for person in people:
        if person["arrears_minor"]:
            assert person["account_id"] in rows
        elif person["account_id"] in rows:
            assert rows[person["account_id"]]["treatment"] != "none"


def test_recorded_probabilities_are_those_of_all_the_ways_that_were_permitted() -> None:
    recorded: dict[tuple[Any, ...], float] = {}
    counted: dict[tuple[Any, ...], int] = defaultdict(int)
    rows = decided(*({"account_id": f"A{number}"} for number in range(8100)))
    for row in rows:
        hour = int(row["send_at"][11:13])
        way = (row["channel"], row["tone"], row["offer"], hour >= 11, hour >= 17)
        recorded[way] = row["propensity"]
        counted[way] += 1
    # email, sms or letter; three tones; three offers; three parts of the day
    assert len(recorded) == 81
    assert abs(fsum(recorded.values()) - 1) < 1e-9
    assert all(50 < count < 160 for count in counted.values())


def test_the_hold_out_is_a_share_of_all_and_the_same_every_night() -> None:
    cases = cases_of(*({"account_id": f"A{number}"} for number in range(4000)))
    nights = [decide(cases, policy=SHIPPED, settings=Settings(), as_of=AS_OF + timedelta(days=n))
              for n in (0, 1)]  # fmt: skip
    held = [{row["account_id"] for row in night.to_pylist() if row["arm"] == "holdout"}
            for night in nights]  # fmt: skip
    assert held[0] == held[1]
    assert 150 < len(held[0]) < 250


def test_a_held_out_account_shows_what_it_would_have_been_given() -> None:
    (row,) = decided({}, settings=with_choice(holdout_share=1.0))
    assert (row["arm"], row["treatment"], row["rule"]) == ("holdout", "act_early", "yellow")
    assert "held out" in row["reasons"]


@pytest.mark.parametrize(("said", "blocked_by"), [
    ({"in_doubt": True}, "in_doubt"),
    ({f"consent_{channel}": None for channel in CHANNELS}, "unreachable"),
    ({f"consent_{channel}": "withdrawn" for channel in CHANNELS}, "consent_withdrawn"),
    ({"consent_email": None, "consent_letter": None, "consent_sms": "unknown"}, "consent_unknown"),
    ({"consent_email": "withdrawn", "consent_letter": None, "consent_sms": "unknown",
      "cap_contact_at": datetime(2026, 3, 27, 9, tzinfo=UTC)},
     "consent_withdrawn;consent_unknown;contact_cap"),
])  # fmt: skip
def test_whatever_blocks_is_named(said: dict[str, Any], blocked_by: str) -> None:
    row = ann(**said)
    assert (row["arm"], row["blocked_by"]) == ("none", blocked_by)


def test_without_contact_points_a_treatment_is_proposed_all_the_same() -> None:
    row = ann(**{f"consent_{channel}": None for channel in CHANNELS})
    assert row["treatment"] == "act_early"
    assert "unreachable" in row["reasons"]


def test_an_account_in_doubt_is_given_nothing_by_any_row() -> None:
    row = ann(in_doubt=True)
    assert (row["rule"], row["treatment"], row["arm"]) == ("in_doubt", "none", "none")


def test_a_full_cap_says_from_when_there_is_room_again() -> None:
    # two contacts: the earlier one on a winter Tuesday, a week before a summer one
    row = ann(cap_contact_at=datetime(2026, 3, 24, 17, 30, tzinfo=UTC))
    assert row["blocked_by"] == "contact_cap"
    assert row["defer_until"] == "2026-03-31T19:30:00+02:00"
    row = ann(cap_contact_at=datetime(2026, 3, 24, 18, 30, tzinfo=UTC))
    assert row["defer_until"] == "2026-04-01T08:00:00+02:00"


def test_a_contact_a_week_before_contact_hours_open_no_longer_counts() -> None:
    assert ann(cap_contact_at=datetime(2026, 3, 22, 6, 0, tzinfo=UTC))["arm"] == "treated"
    late = ann(cap_contact_at=datetime(2026, 3, 22, 6, 1, tzinfo=UTC))
    assert late["defer_until"] == "2026-03-29T08:01:00+02:00"


def test_a_customer_is_reached_by_what_they_asked_for() -> None:
    rows = decided(*({"account_id": f"A{n}", "preferred": "letter"} for n in range(20)))
    assert {row["channel"] for row in rows} == {"letter"}
    assert "asked to be reached by letter" in rows[0]["reasons"]


@pytest.mark.parametrize(("said", "rule"), [
    ({"holds": "low_income;bereavement"}, "bereaved"),
    ({"holds": "debt_respite"}, "protected"),
    ({"holds": "complaint"}, "under_review"),
    ({"holds": "life_support"}, "needs_a_person"),
    ({"holds": "assistance_pending"}, "help_pending"),
    ({"plan_active": True}, "in_plan"),
    ({"promise_open": True}, "promised"),
    ({"debt_months": 0.04}, "small_rest"),
    ({"autopay": True, "days_past_due": 3}, "autopay_under_way"),
    ({"p_paid_in_full_30d": 0.95, "days_past_due": 4}, "paying_anyway"),
    ({"days_past_due": 3}, "day_after"),
    ({"zone": "red", "days_past_due": 75, "p_paid_in_full_30d": 0.01}, "red_high_risk"),
    ({"zone": "green", "contacts_7d": 1}, "just_reminded"),
    ({"zone": "red", "contacts_7d": 1}, "just_reminded"),
    ({"is_open": False}, "final_bill"),
    ({"segment": "business"}, "business_behind"),
    ({"zone": "red", "holds": "hardship"}, "red_struggling"),
    ({"zone": "red", "days_past_due": 31}, "red_long"),
    ({"zone": "red"}, "red"),
    ({"holds": "unemployed"}, "yellow_struggling"),
    ({"budget_billing": True}, "yellow_on_budget"),
    ({"debt_months": 1.3}, "yellow_lately"),
    ({}, "yellow"),
    ({"zone": "green", "entering_yellow_fast": True}, "entering_yellow_fast"),
    ({"zone": "green", "first_time": True}, "green_first_time"),
    ({"zone": "green", "days_past_due": 61}, "green_long"),
    ({"zone": "green"}, "green_by_hand"),
    ({"zone": "green", "autopay": True}, "green"),
    ({"zone": None}, "otherwise"),
])  # fmt: skip
def test_every_row_of_the_shipped_policy_is_reached_from_the_facts_it_names(
    said: dict[str, Any], rule: str
) -> None:
    row = ann(**said)
    assert row["rule"] == rule
    assert row["reasons"].startswith(next(r for r in SHIPPED.rows if r.id == rule).then.because)


def test_before_the_due_date_only_a_reliable_payer_about_to_slip_hears_of_it() -> None:
    calm = {"arrears_minor": 0, "days_past_due": 0, "days_to_due": 3, "zone": "green"}
    assert decided(calm | {"p_first_late": 0.05}) == []
    assert decided(calm | {"p_first_late": None}) == []
    (row,) = decided(calm | {"p_first_late": 0.4})
    assert (row["stage"], row["rule"], row["tone"]) == ("before_due", "about_to_slip", "friendly")


def test_the_columns_are_the_issues_and_money_stays_whole() -> None:
    table = decide(cases_of({}), policy=SHIPPED, settings=with_choice(), as_of=AS_OF)
    assert table.schema == SCHEMA
    assert table.column("arrears_minor").to_pylist() == [20_000]
    assert decide(cases_of(), policy=SHIPPED, settings=with_choice(), as_of=AS_OF).schema == SCHEMA


def test_narrower_hours_are_kept_and_hours_without_a_part_block() -> None:
    narrow = with_choice()
    narrow = replace(narrow, contact=replace(narrow.contact, opens=time(10, 30), closes=time(11)))
    rows = decided(*({"account_id": f"A{n}"} for n in range(20)), settings=narrow)
    assert {row["send_at"][:14] for row in rows} == {"2026-03-29T10:"}
    none = replace(narrow, contact=replace(narrow.contact, opens=time(21), closes=time(22)))
    assert decided({}, settings=none)[0]["blocked_by"] == "contact_hours"


HEAD = """
name = "small"
author = "Ann"
description = "Asks one thing."
currency = "EUR"
stages = {{ any = 0 }}
tables = [{{ name = "all", hit = "first", ladder = "most_severe" }}]
[inputs]
{0}
[treatments]
call = {{ by = "person", about = "Someone calls." }}
"""


def asking(said: str, table: str = "id,treatment,because\notherwise,call,said so\n") -> Policy:
    return parse_strategy({"strategy.toml": HEAD.format(said), "all.csv": table}).policy


@pytest.mark.parametrize(("asked", "fault", "said"), [
    ('mood = { type = "number" }', ColumnMissing, "asks mood, which the night does not know"),
    ('zone = { type = "number" }', StepMissing, "zone is no number but string"),
    ('debt_months = { type = "yes_no" }', StepMissing, "debt_months is no yes_no but double"),
    ('segment = { type = "category", one_of = ["big"] }', StepMissing, "segment is residential"),
])  # fmt: skip
def test_a_strategy_that_asks_what_is_not_there_is_refused(
    asked: str, fault: type[Exception], said: str
) -> None:
    with pytest.raises(fault, match=said):
        decide(cases_of({}), policy=asking(asked), settings=Settings(), as_of=AS_OF)


def test_money_is_read_in_minor_units() -> None:
    rows = "id,arrears,treatment,because\nmuch,>= 200.00,call,owes much\nless,,none,owes less\n"
    policy = asking('arrears = { type = "money" }', rows)
    people = (
        {"arrears_minor": 20_000},
        {"arrears_minor": 19_999},
        {"arrears_minor": 20_000, "currency": "JPY"},
    )
    table = decide(cases_of(*people), policy=policy, settings=Settings(), as_of=AS_OF)
    assert table["rule"].to_pylist() == ["much", "less", "less"], "yen are no euros"


@pytest.mark.parametrize(("place", "rule"), [
    ("reminder_1", "first_reminder"), ("waiting", "red_long"), ("held", "red_long"),
])  # fmt: skip
def test_a_notice_goes_out_where_the_ladder_says_and_nobody_is_held_out_from_it(
    place: str, rule: str
) -> None:
    cases = cases_of({"zone": "red", "days_past_due": 40}).append_column("reminders", [[place]])
    policy = parse_strategy(shipped("nl")).policy
    (row,) = decide(cases, policy=policy, settings=with_choice(holdout_share=1.0),
                    as_of=AS_OF).to_pylist()  # fmt: skip
    assert row["rule"] == rule
    assert row["arm"] == ("treated" if place == "reminder_1" else "holdout")


def test_what_is_for_a_person_is_named_and_nothing_is_sent() -> None:
    (row,) = decided({"holds": "life_support"})
    assert (row["arm"], row["treatment"], row["channel"]) == ("none", "ask_a_person", None)


def test_a_night_without_the_columns_of_reach_is_refused_by_their_names() -> None:
    cases = cases_of({}).drop_columns(["holds", "consent_sms"])
    with pytest.raises(ColumnMissing, match="Decisions need holds, consent_sms"):
        decide(cases, policy=SHIPPED, settings=Settings(), as_of=AS_OF)

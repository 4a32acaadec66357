"""Made-up days through two strategies: who differs, what it costs, how hard it presses."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest

from tests.portfolio.decisions.people import cases_of, with_choice
from tideover.doors.strategies.folder import shipped
from tideover.portfolio.decisions import decide
from tideover.portfolio.reach.siblings import SIBLINGS
from tideover.portfolio.workspace import CostSettings
from tideover.rehearsal.replay import AFTER, BEFORE, Ledger, PastDay, Side, rehearse
from tideover.rehearsal.replay.ledger import CONTACTS
from tideover.rehearsal.replay.pressure import pressure
from tideover.rules.strategy import parse_strategy
from tideover.terms.faults import Usage

FIRST = date(2026, 3, 2)
NOBODY = Ledger(CONTACTS.empty_table())
SETTINGS = with_choice()
Change = Callable[[str], str]


def side(change: Change = str, settings: Any = SETTINGS) -> Side:
    """Return the shipped strategy, with a change to its table of those who are behind."""
    texts = shipped("default")
    texts["behind.csv"] = change(texts["behind.csv"])
    policy = parse_strategy(texts).policy
    return Side("one", lambda cases, as_of, _: decide(cases, policy=policy, settings=settings,
                                                   as_of=as_of))  # fmt: skip


def silenced(row: str) -> Change:
    """Return what has a row of the table leave its people alone."""
    return lambda text: re.sub(
        rf"^({row},(?:[^,]*,){{13}})[^,]*,[^,]*,[^,]*,[^,]*,", r"\1none,,,,", text, flags=re.M
    )


def hurried(text: str) -> str:
    """Return a table without the row that leaves a week to answer, so that the cap is reached."""
    return re.sub(r"^just_reminded,.*\n", "", text, flags=re.M)


def days(*people: dict[str, Any], count: int = 1) -> list[PastDay]:
    cases = cases_of(*people)
    whose = [f"C{person['account_id']}" for person in people]
    more = {"account_no": range(len(people)), "customer_id": whose,
            "area": ["lowest_third"] * len(people)}  # fmt: skip
    for name, column in more.items():
        cases = cases.append_column(name, pa.array(column))
    return [PastDay(FIRST + timedelta(days=n), None, "m", False, [cases]) for n in range(count)]


def compared(past: list[PastDay], after: Side, settings: Any = SETTINGS) -> dict[str, Any]:
    return rehearse(past, {BEFORE: side(settings=settings), AFTER: after}, NOBODY, settings)


STANDING = [("green", 20), ("yellow", 20), ("red", 20), ("red", 90), ("green", 2), ("green", 50)]
PEOPLE = [{"account_id": f"A{n}", "zone": zone, "days_past_due": due, "autopay": n % 3 == 0}
          for n, (zone, due) in enumerate(STANDING)]  # fmt: skip


def test_a_strategy_beside_itself_differs_for_nobody() -> None:
    told = compared(days(*PEOPLE, count=14), side())
    assert told["accounts"] == len(PEOPLE)
    assert told["accounts_different"] == 0
    assert told["ways"] == []
    assert told["pressure"][BEFORE] == told["pressure"][AFTER]
    assert told["cost"]["before_minor"] == told["cost"]["after_minor"] > 0


def test_a_changed_row_changes_exactly_those_who_meet_it() -> None:
    plain = side(lambda text: text.replace(
        "green_by_hand,green,,,,,,,,no,,,,,reminder_with_autopay",
        "green_by_hand,green,,,,,,,,no,,,,,reminder").replace(
        "green_first_time,green,early,,,,,,,,,yes,,,gentle_reminder",
        "green_first_time,green,early,,,,,,,,,yes,,,reminder_with_autopay"))  # fmt: skip
    told = compared(days(*PEOPLE, {"account_id": "H", "zone": "green"}), plain)
    (way,) = told["ways"]
    assert (way["change"], way["before"]["rule"]) == ("treatment", "green_by_hand")
    assert [sample["account_id"] for sample in way["samples"]] == ["H"]
    assert told["groups"]["zone"][0] | {"value": "green", "different": 1} == told["groups"][
        "zone"][0]  # fmt: skip


def test_what_a_strategy_sends_counts_towards_its_own_cap_on_later_days() -> None:
    eager, silent = (side(lambda text, row=row: hurried(silenced(row)(text)))
                     for row in ("nobody", "red"))  # fmt: skip
    past = days({"account_id": "A", "zone": "red"}, count=14)
    told = rehearse(past, {BEFORE: eager, AFTER: silent}, NOBODY, SETTINGS)
    totals = told["totals"]
    assert totals["contact_before"] == 4  # two in any seven days
    assert totals["blocked_before"] == 10
    assert totals.get("contact_after", 0) == 0
    assert told["pressure"][BEFORE]["busiest"]["2"] == 1
    assert told["pressure"][BEFORE]["a_week"] == 2.0
    assert told["pressure"][AFTER]["busiest"]["0"] == 1
    assert told["blocks"] == [{"code": "contact_cap", "before": 10, "after": 0}]


def of_one_customer(**owed: int) -> tuple[list[pa.Table], pa.Table]:
    """Return cases of accounts of one customer, each in a piece of its own, and that they share."""
    cases, shared = [], []
    for no, (name, owes) in enumerate(owed.items()):
        (day,) = days({"account_id": name, "zone": "red", "arrears_minor": owes})
        (piece,) = day.cases
        at = piece.column_names.index("account_no")
        cases.append(piece.set_column(at, "account_no", pa.array([no])))
        shared.append({"account_no": no, "account_id": name, "customer_id": "X",
                       "customer_contacts_7d": 0, "customer_contacts_cap": 0})  # fmt: skip
    return cases, pa.Table.from_pylist(shared, SIBLINGS)


def test_a_customer_is_written_to_as_often_as_the_cap_leaves_over_all_accounts() -> None:
    cases, shared = of_one_customer(A=20_000, B=30_000, C=40_000)
    told = rehearse([replace(days(PEOPLE[0])[0], cases=cases)], {BEFORE: side(), AFTER: side()},
                    NOBODY.over(shared), SETTINGS)  # fmt: skip
    assert (told["totals"]["contact_after"], told["totals"]["blocked_after"]) == (2, 1)
    assert told["blocks"] == [{"code": "contact_cap", "before": 1, "after": 1}]


def test_an_uneven_shift_is_marked_and_small_groups_are_not() -> None:
    many = [{"account_id": f"A{n}", "zone": "red", "holds": "low_income" if n < 150 else None}
            for n in range(300)]  # fmt: skip
    many.append({"account_id": "B", "zone": "red", "holds": "elderly"})
    quiet = side(silenced("red_struggling"))
    groups = {row["value"]: row for row in
              compared(days(*many), quiet)["groups"]["circumstance"]}  # fmt: skip
    assert groups["low_income"]["uneven"]
    assert groups["low_income"]["shift"] == -100.0
    assert (groups["elderly"]["few"], groups["elderly"]["uneven"]) == (True, False)


def test_the_cost_is_what_the_settings_say_and_rounded_once() -> None:
    settings = replace(SETTINGS, costs=CostSettings(*["0.005"] * 5))
    told = compared(days(*PEOPLE), side(settings=settings), settings)
    sent = told["totals"]["contact_after"]
    assert told["cost"]["after_minor"] == (sent * 5 + 5) // 10


def test_a_cost_that_is_no_amount_is_refused() -> None:
    with pytest.raises(Usage, match=r"\[costs\]"):
        compared(days(*PEOPLE), side(), replace(SETTINGS, costs=CostSettings(sms="free")))


def test_a_customer_is_pressed_over_all_accounts() -> None:
    on = [FIRST, FIRST + timedelta(days=6), FIRST + timedelta(days=7), FIRST + timedelta(days=20)]
    contacts = pa.table({"account_no": pa.array([1, 2, 1, 9], pa.int64()),
                         "at": pa.array([None] * 4, CONTACTS.field("at").type),
                         "on": pa.array(on)})  # fmt: skip
    told = pressure(contacts, {1: "C", 2: "C", 3: "D"}, FIRST, FIRST + timedelta(days=13))
    assert told["busiest"] == {"0": 1, "1": 0, "2": 1, "3": 0, "4": 0, "5": 0}
    assert (told["contacted"], told["contacts"], told["a_week"]) == (1, 3, 0.75)

"""What a ladder is told: since when, which steps were taken, when it was held, which holidays."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from tests.portfolio import lake_rows as rows
from tideover.portfolio.ladders import STEPS, Climbers, climbers
from tideover.portfolio.receivables import owed
from tideover.rules.strategy.ladder import Span, Taken

DAY = date(2026, 6, 30)
MARCH = rows.bill(1, date(2026, 2, 10), date(2026, 3, 5), 1000)
APRIL = rows.bill(1, date(2026, 3, 10), date(2026, 4, 5), 1000)
DECISION = "D0123456789abcdef0123"


def told(engine: Any, *, day: date = DAY, **tables: Any) -> Climbers:
    """Return what is known of account 1, which owes two bills and whose letter was decided on."""
    rows.show(engine, **{"accounts": [rows.account(1)], "bills": [MARCH, APRIL], **tables})
    engine.at(day)
    owed(engine)
    steps = [{"decision_id": DECISION, "account_id": "A1", "ladder": "steps", "step": "letter"}]
    engine.view_arrow("former_steps", pa.Table.from_pylist(steps, STEPS))
    return climbers(engine)


def contact(**said: Any) -> dict[str, Any]:
    return {"account_no": 1, "account_id": "A1", "contact_id": DECISION, "channel": "letter",
            "direction": "outbound", "occurred_on": date(2026, 6, 1)} | said  # fmt: skip


def dispute(**said: Any) -> dict[str, Any]:
    return {"circumstance_id": "K1", "customer_id": "C1", "kind": "dispute",
            "starts_on": date(2026, 6, 1)} | said  # fmt: skip


@pytest.mark.parametrize(("paid", "since"), [
    ([], date(2026, 3, 6)),
    ([(date(2026, 5, 1), 1000)], date(2026, 3, 6)),  # an older bill alone: never clear
    ([(date(2026, 3, 20), 1000)], date(2026, 4, 6)),  # clear for a while
    ([(date(2026, 3, 6), 1000)], date(2026, 4, 6)),  # never behind at the end of a day
    ([(date(2026, 5, 1), 2000)], None),
])  # fmt: skip
def test_arrears_last_since_the_day_after_an_account_was_clear(
    warm_engine: Any, paid: list[tuple[date, int]], since: date | None
) -> None:
    money = [rows.payment(1, on, minor) for on, minor in paid]
    assert told(warm_engine, payments=money).since.get(1) == since


def test_money_that_came_in_later_is_not_seen(warm_engine: Any) -> None:
    later = told(warm_engine, payments=[rows.payment(1, date(2026, 7, 1), 2000)])
    assert later.since == {1: date(2026, 3, 6)}


@pytest.mark.parametrize(("said", "taken"), [
    ({}, Taken("letter", date(2026, 6, 1), served_on=date(2026, 6, 1))),
    ({"channel": "email", "outcome": "sent"}, Taken("letter", date(2026, 6, 1))),
    ({"channel": "email", "outcome": "opened"},
     Taken("letter", date(2026, 6, 1), served_on=date(2026, 6, 1))),
    ({"outcome": "bounced"}, Taken("letter", date(2026, 6, 1), failed_on=date(2026, 6, 1))),
    ({"occurred_on": date(2026, 7, 1)}, None),
    ({"direction": "inbound"}, None),
    ({"contact_id": "T-1"}, None),
    ({"account_no": 2, "account_id": "A2"}, None),  # the id of a decision on another account
])  # fmt: skip
def test_a_step_is_taken_when_a_contact_carries_its_decision(
    warm_engine: Any, said: dict[str, Any], taken: Taken | None
) -> None:
    known = told(warm_engine, contacts=[contact(**said)])
    assert list(known.account(1, "steps").taken) == ([taken] if taken else [])
    assert not known.account(1, "others").taken


def test_disputes_hold_as_the_latest_version_says(warm_engine: Any) -> None:
    ended = date(2026, 6, 9)
    corrected = [dispute(known_until=date(2026, 6, 20), until_load_no=2),
                 dispute(ends_on=ended, known_from=date(2026, 6, 20), load_no=2)]  # fmt: skip
    assert told(warm_engine, circumstances=corrected).held == {1: [Span(date(2026, 6, 1), ended)]}
    gone = [dispute(known_until=date(2026, 6, 20), until_load_no=2)]
    assert told(warm_engine, circumstances=gone).held[1][0].ends_on == date(2026, 6, 19)
    assert not told(warm_engine, circumstances=[dispute(kind="elderly")]).held
    assert not told(warm_engine, circumstances=[dispute(account_id="A2")]).held


def test_a_plan_holds_until_the_money_does_not_reach_it(warm_engine: Any) -> None:
    plan = {"account_no": 1, "arrangement_id": "R1", "agreed_on": date(2026, 6, 1),
            "total_minor": 2000, "instalments": 2, "interval": "weekly", "status": "active",
            "first_due_on": date(2026, 6, 8)}  # fmt: skip
    known = told(warm_engine, arrangements=[plan])
    assert known.held == {1: [Span(date(2026, 6, 1), date(2026, 6, 8))]}
    stopped = {"status": "cancelled", "known_from": date(2026, 6, 5), "load_no": 2}
    cancelled = [plan | {"known_until": date(2026, 6, 5)}, plan | stopped]
    assert told(warm_engine, arrangements=cancelled).held[1] == [
        Span(date(2026, 6, 1), date(2026, 6, 4))
    ]


def test_holidays_are_those_of_the_place_and_its_country(warm_engine: Any) -> None:
    days = [{"jurisdiction": place, "holiday_on": date(2026, 5, number)}
            for number, place in enumerate(("US", "US-PA", "NL"), 1)]  # fmt: skip
    known = told(warm_engine, accounts=[rows.account(1, jurisdiction="US-PA")], holidays=days)
    assert known.account(1, "steps").holidays == {date(2026, 5, 1), date(2026, 5, 2)}

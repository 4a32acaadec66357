"""What the guard leaves of the ways to reach somebody: shared, cited, and drawn from alone."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pytest

from tests.portfolio.decisions.people import SHIPPED, cases_of, with_choice
from tideover.doors.rulebooks import guard_of, law, shipped_policy
from tideover.doors.strategies.folder import shipped
from tideover.portfolio.decisions import Guarding, Permissions, decide
from tideover.portfolio.decisions.arms import Night
from tideover.portfolio.decisions.permission import COLLECTION, Asked, Situation
from tideover.portfolio.workspace import Settings
from tideover.rules.strategy import parse_strategy
from tideover.rules.strategy.proposal import Notice

AS_OF = date(2026, 3, 31)  # a Tuesday
HEAD = ("jurisdiction", "timezone", "services")


STRICT = Permissions(guard_of([*law(), shipped_policy()]))


@pytest.fixture(scope="module")
def permissions() -> Permissions:
    return STRICT


def situation(**said: Any) -> Situation:
    texts = {name: json.dumps(value) for name, value in said.items() if name not in HEAD}
    head = {"jurisdiction": "NL", "timezone": "Europe/Amsterdam", "services": "gas"}
    return Situation(**(head | {n: v for n, v in said.items() if n in HEAD} | texts))


def outcome(
    permissions: Permissions | None, known: Situation, as_of: date = AS_OF
) -> dict[str, Any]:
    """Return the decision on one person of whom this is known."""

    def situations(numbers: pa.Array) -> pa.Table:
        rows = [{"account_no": no} | known._asdict() for no in numbers.to_pylist()]
        return pa.Table.from_pylist(rows)

    ann = cases_of({}).append_column("account_no", pa.array([1]))
    guarding = Guarding(permissions, situations) if permissions else None
    (decision,) = decide(ann, policy=SHIPPED, settings=with_choice(), as_of=as_of,
                         guarding=guarding).to_pylist()  # fmt: skip
    return dict(decision)


def contact(day: str, channel: str = "email") -> dict[str, str]:
    return {"type": "contact", "at": f"{day}T10:00:00+02:00", "channel": channel}


def test_nothing_known_against_it_leaves_every_way(permissions: Permissions) -> None:
    free, asked = (outcome(each, situation()) for each in (None, permissions))
    assert asked["arm"] == "treated"
    assert asked["propensity"] == free["propensity"]


def test_a_payment_of_yesterday_puts_a_demand_off_and_the_rule_is_named(
    permissions: Permissions,
) -> None:
    paid = situation(customer={"last_payment_on": f"{AS_OF}"})
    found = outcome(permissions, paid)
    assert (found["arm"], found["channel"], found["propensity"]) == ("none", None, None)
    assert found["blocked_by"] == "POLICY-PAID"
    # five days on is a Sunday, a day without contact
    assert found["defer_until"] == "2026-04-06T00:00:00+02:00"
    assert "Peace after a payment" in found["reasons"]


def test_a_full_week_puts_it_off_until_there_is_room(permissions: Permissions) -> None:
    week = [contact(f"{AS_OF:%Y-%m}-{day}") for day in ("29", "30", "31")]
    found = outcome(permissions, situation(history=week))
    assert "POLICY-WEEK" in found["blocked_by"]
    assert found["defer_until"]


def test_debt_respite_in_england_denies_for_its_sixty_days(permissions: Permissions) -> None:
    space = {"breathing_space": {"kind": "standard", "start_on": f"{AS_OF}"}}
    known = situation(jurisdiction="GB-EAW", timezone="Europe/London", customer=space)
    assert outcome(permissions, known)["blocked_by"] == "GB-BREATHING"


def test_hours_the_customer_called_inconvenient_are_kept_free_by_the_utility_too(
    permissions: Permissions,
) -> None:
    early = [{"days": ["mon", "tue", "wed", "thu", "fri"], "start": "08:00", "end": "10:30"}]
    found = outcome(permissions, situation(customer={"inconvenient_windows": early}))
    assert found["arm"] == "treated"  # the rule binds collectors; the utility's own policy may too


def test_a_place_without_a_rulebook_is_left_alone(permissions: Permissions) -> None:
    found = outcome(permissions, situation(jurisdiction="ATLANTIS"))
    assert (found["arm"], found["blocked_by"]) == ("none", "no rulebook")


def test_of_two_services_the_stricter_verdict_binds(permissions: Permissions) -> None:
    both = situation(services="electricity;gas", customer={"last_payment_on": f"{AS_OF}"})
    assert outcome(permissions, both)["blocked_by"] == "POLICY-PAID"


def test_a_sunday_waits_for_monday(permissions: Permissions) -> None:
    saturday = date(2026, 4, 4)
    found = outcome(permissions, situation(), as_of=saturday)
    assert found["blocked_by"] == "POLICY-DAYS"
    assert found["defer_until"].startswith("2026-04-06T00:00")


SAYS = ("debt_help_info", "data_sharing_offer", "medical_exception", "payment_plan_option")


@pytest.mark.parametrize(("place", "channel", "notice", "rules"), [
    ("NL", "letter", Notice("steps", "one", "reminder", SAYS), set()),
    ("NL", "letter", Notice("steps", "one", "reminder", SAYS[:2]), {"NL-REMIND-CONTENT"}),
    ("NL", "letter", Notice("steps", "one"), set()),
    ("US-PA", "email", Notice("steps", "one", "termination"), {"US-ESIGN-TERM"}),
    ("US-PA", "letter", Notice("steps", "one", "termination"), set()),
])  # fmt: skip
def test_a_notice_is_asked_about_as_what_it_is_and_says(
    permissions: Permissions, place: str, channel: str, notice: Notice, rules: set[str]
) -> None:
    zone = "Europe/Amsterdam" if place == "NL" else "America/New_York"
    asked = Asked(channel, COLLECTION, Night.of(AS_OF, Settings()).when, notice)
    leaves = permissions.leaves(situation(jurisdiction=place, timezone=zone), asked)
    assert {rule for leave in leaves.values() for rule in leave.rules} == rules


NL = parse_strategy(shipped("nl")).policy
FULL_CAP = datetime(2026, 3, 31, 9, tzinfo=UTC)


def reminder(known: Situation, as_of: date = AS_OF, **case: Any) -> dict[str, Any]:
    """Return the decision by the Dutch strategy on someone whose first reminder is due."""

    def situations(numbers: pa.Array) -> pa.Table:
        return pa.Table.from_pylist([{"account_no": no} | known._asdict()
                                     for no in numbers.to_pylist()])  # fmt: skip

    ann = cases_of({"days_past_due": 40} | case).append_column("account_no", pa.array([1]))
    ann = ann.append_column("reminders", pa.array(["reminder_1"]))
    (found,) = decide(ann, policy=NL, settings=with_choice(), as_of=as_of,
                      guarding=Guarding(STRICT, situations)).to_pylist()  # fmt: skip
    return dict(found)


@pytest.mark.parametrize(("known", "day"), [
    ({"customer": {"last_payment_on": "2026-03-31"}}, AS_OF),
    ({"customer": {"promise": {"due_on": "2026-04-10"}}}, AS_OF),
    ({"history": [contact(f"2026-03-{day}", "letter") for day in ("29", "30", "31")]}, AS_OF),
    ({}, date(2026, 12, 28)),
])  # fmt: skip
def test_no_budget_of_our_own_puts_off_a_reminder_that_the_law_requires(
    known: dict[str, Any], day: date
) -> None:
    found = reminder(situation(**known), day, cap_contact_at=FULL_CAP)
    assert (found["rule"], found["arm"], found["channel"]) == ("first_reminder", "treated",
                                                              "letter")  # fmt: skip
    assert outcome(STRICT, situation(**known), day)["arm"] == "none"  # a word of our own waits


def test_a_complaint_of_which_our_own_rule_speaks_puts_off_a_required_reminder_too() -> None:
    found = reminder(situation(customer={"complaint_open": True}))
    assert (found["arm"], found["blocked_by"]) == ("none", "POLICY-COMPLAINT")


def test_a_policy_of_before_that_tells_no_notices_apart_binds_them_as_contacts() -> None:
    now = shipped_policy()
    facts = {path: kind for path, kind in now.facts.items() if path != "action.required_notice"}
    rules = tuple(replace(rule, when=rule.when.replace(" and not action.required_notice", ""))
                  for rule in now.rules)  # fmt: skip
    permissions = Permissions(guard_of([*law(), replace(now, facts=facts, rules=rules)]))
    asked = Asked("letter", COLLECTION, Night.of(AS_OF, Settings()).when,
                  Notice("steps", "one", "reminder", SAYS))  # fmt: skip
    paid = situation(customer={"last_payment_on": f"{AS_OF}"})
    assert permissions.leaves(paid, asked)["morning"].rules == ("POLICY-PAID",)

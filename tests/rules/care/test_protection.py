"""What a circumstance protects from is the guard's to say; its rules bound certificates."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tideover.doors.rulebooks import guard_of, law, shipped_policy
from tideover.rules.care.certificates import Certificate, Renewals, held_by, renewal_of, renewals
from tideover.rules.care.kinds import facts_of
from tideover.rules.care.protection import protections
from tideover.rules.guard.verdict import Guard

DAY = date(2026, 11, 27)
PLACES = {
    "US-PA": ("America/New_York", "-05:00"), "NL": ("Europe/Amsterdam", "+01:00"),
    "GB-EAW": ("Europe/London", "+00:00"), "AU-NECF": ("Australia/Sydney", "+11:00"),
}  # fmt: skip


@pytest.fixture(scope="module")
def guard() -> Guard:
    return guard_of([*law(), shipped_policy()])


def facts(place: str, **customer: Any) -> dict[str, Any]:
    zone, offset = PLACES[place]
    return {"jurisdiction": place, "timezone": zone, "actor": "utility", "service": "electricity",
            "as_of": f"2026-11-27T10:00:00{offset}", "customer": customer,
            "debt": {"amount": 120.5}, "context": {}, "history": []}  # fmt: skip


def steps(guard: Guard, place: str, kind: str, **customer: Any) -> set[tuple[str, str]]:
    holding = facts_of(kind, date(2026, 11, 20), date(2027, 11, 19))
    found = protections(guard, facts(place, **customer), holding)
    return {(one.step, one.rule_id) for one in found}


def test_what_protects_is_what_the_guard_would_not_refuse_without_it(guard: Guard) -> None:
    assert ("prepayment", "GB-PPM-NEVER") in steps(guard, "GB-EAW", "young_child")
    assert ("reminders", "POLICY-TRAINED") in steps(guard, "NL", "disability")
    assert "disconnect" in {step for step, _ in steps(guard, "AU-NECF", "life_support")}
    assert steps(guard, "GB-EAW", "unemployed") == set()


def test_what_the_night_knows_already_is_still_the_circumstances_doing(guard: Guard) -> None:
    known = {"vulnerable": True, "household": {"has_disabled_or_chronically_sick": True,
                                               "youngest_age": 3}}  # fmt: skip
    assert steps(guard, "GB-EAW", "disability", **known) >= {("reminders", "POLICY-TRAINED")}
    assert not {step for step, _ in steps(guard, "GB-EAW", "disability", **known)} & {"prepayment"}


def certificate(renewal: int, **said: Any) -> Certificate:
    return Certificate(DAY, renewal=renewal, written_on=DAY, **said)


def test_pennsylvania_counts_a_first_certificate_and_two_renewals_for_thirty_days(
    guard: Guard,
) -> None:
    held = [held_by(guard, facts("US-PA"), certificate(number)) for number in range(4)]
    assert [one.rule_id if one else "" for one in held] == ["US-PA-MEDICAL"] * 3 + [""]
    assert held[0] is not None
    assert held[0].until == date(2026, 12, 26)


def test_who_pays_new_bills_may_renew_further_there(guard: Guard) -> None:
    pays = facts("US-PA", paying_current_bills=True)
    assert held_by(guard, pays, certificate(3)) is not None
    assert renewals(guard, pays, DAY, 3).left is None


def test_how_many_may_follow_is_counted_by_the_rule_and_unbound_where_there_is_none(
    guard: Guard,
) -> None:
    left = [renewals(guard, facts("US-PA"), DAY, last).left for last in (-1, 0, 2)]
    assert left == [3, 2, 0]
    assert renewals(guard, facts("NL"), DAY, 0) == Renewals()


def test_a_word_on_the_telephone_does_not_count_there_until_it_is_seen(guard: Guard) -> None:
    assert held_by(guard, facts("US-PA"), Certificate(DAY, 30)) is None


def test_counting_begins_anew_once_the_arrears_were_paid() -> None:
    received = [date(2026, 1, 5), date(2026, 2, 4), date(2026, 9, 1)]
    assert renewal_of(received, date(2026, 8, 1)) == 1
    assert renewal_of(received, None) == 3

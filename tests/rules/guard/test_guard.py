"""What the guard does beside single rules: freshness, unknown places, many steps, the policy."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.guard.books import book, guard_with, proposal
from tests.rules.guard.conftest import CASES, Facts
from tideover.doors.rulebooks import guard_of, law, parsed, shipped_policy
from tideover.rules.guard.vectors import facts_of
from tideover.rules.guard.verdict import FRESHNESS, NO_RULEBOOK, Guard
from tideover.terms.faults import Refused

NOTHING = 'when = "customer.deceased"'


def test_past_the_age_limit_nobody_vouches_and_all_is_denied() -> None:
    fresh, old = (guard_with(NOTHING, age_limit_days=days) for days in (68, 67))
    assert fresh.verdict(proposal()).verdict == "allow"
    found = old.verdict(proposal())
    assert (found.verdict, found.rule, found.blocking) == ("deny", FRESHNESS, (FRESHNESS,))
    assert str(found.stale_since) == "2026-01-01"


def test_without_an_age_limit_a_rulebook_is_never_too_old() -> None:
    later = proposal(as_of="2190-03-10T10:00:00+01:00")
    assert guard_with(NOTHING).verdict(later).verdict == "allow"


def test_waiting_does_not_make_a_rulebook_too_old() -> None:
    guard = guard_with('until = "D + 400 if D < debt.demand_on else D"', age_limit_days=100)
    found = guard.verdict(proposal(debt={"demand_on": "2026-03-11"}))
    assert found.verdict == "defer"


@pytest.mark.parametrize(
    "strange",
    [{"jurisdiction": "YY"}, {"service": "steam"},
     {"action": {"type": "contact", "channel": "push"}}],
)  # fmt: skip
def test_what_no_rulebook_knows_is_denied(strange: Facts) -> None:
    found = guard_with(NOTHING).verdict(proposal(**strange))
    assert (found.verdict, found.rule, found.blocking) == ("deny", NO_RULEBOOK, (NO_RULEBOOK,))


@pytest.mark.parametrize("strange", [{"jurisdiction": 7}, {"action": None}, {"service": []}])
def test_what_is_not_even_a_word_is_refused(strange: Facts) -> None:
    with pytest.raises(Refused):
        guard_with(NOTHING).verdict(proposal(**strange))


def test_a_rule_that_always_defers_further_ends_in_a_denial() -> None:
    assert guard_with('until = "D + 1"').verdict(proposal()).verdict == "deny"


def test_a_promise_of_a_year_far_away_does_no_harm() -> None:
    rest = 'until = "debt.demand_on + 60"'
    found = guard_with(rest).verdict(proposal(debt={"demand_on": "9999-12-30"}))
    assert found.verdict in ("defer", "deny")


def test_other_grounds_than_nonpayment_are_outside_the_catalogue(guard: Guard) -> None:
    case = next(facts_of(one) for one in CASES if one["focus"] == "GB-WATER-BAN")
    assert guard.verdict(case).verdict == "deny"
    assert (
        guard.verdict({**case, "action": {"type": "disconnect", "ground": "safety"}}).rule is None
    )


def test_a_business_is_protected_by_the_federal_few(guard: Guard) -> None:
    case = next(facts_of(one) for one in CASES if one["focus"] == "US-REGF-CEASE")
    business = {**case, "customer": {"class": "business"}}
    assert guard.verdict(case).rule == "US-REGF-CEASE"
    assert guard.verdict(business).verdict == "allow"


def test_another_action_towards_a_known_customer_is_judged_as_if_read_anew(guard: Guard) -> None:
    for case in (facts_of(one) for one in CASES[::5]):
        known = guard.reading.scenario({**case, "action": {"type": "refer_lac"}})
        again = guard.reading.proposing(known, case["action"])
        assert guard.judge(again) == guard.verdict(case)


def test_the_last_of_events_at_one_instant_is_the_lower_in_the_list() -> None:
    rest = 'events.all = { type = "notice", kind = ["reminder", "posted"] }\n' \
           'when = "latest(all).kind is posted"'  # fmt: skip
    at = "2026-03-01T10:00:00+01:00"
    pair = [{"type": "notice", "at": at, "kind": kind} for kind in ("reminder", "posted")]
    guard = guard_with(rest)
    assert guard.verdict(proposal(history=pair)).verdict == "deny"
    assert guard.verdict(proposal(history=pair[::-1])).verdict == "allow"


def test_the_policy_can_be_a_file_of_the_utilitys_own() -> None:
    own = book('when = "action.channel is phone"').replace('"XX"', '"*"', 1)
    own = own.replace("number = 1", "number = 5001")
    guard = guard_of([*law(), parsed(own, "guard.toml")])
    call: dict[str, Any] = {**proposal(), "jurisdiction": "NL"}
    assert guard.verdict(call).rule == "XX-ONE"
    assert guard_of().verdict(call).verdict == "allow"


def test_the_shipped_policy_blocks_nothing_for_want_of_its_facts(vectors: list[Facts]) -> None:
    law_alone = guard_of()
    both = guard_of([*law(), shipped_policy()])
    for vector in vectors[::7]:
        facts = facts_of(vector)
        new = set(both.verdict(facts).blocking) - set(law_alone.verdict(facts).blocking)
        assert new <= {"POLICY-DAY", "POLICY-WEEK", "POLICY-MONTH", "POLICY-QUIET", "POLICY-DAYS",
                       "POLICY-COMPLAINT", "POLICY-TRAINED"}  # fmt: skip

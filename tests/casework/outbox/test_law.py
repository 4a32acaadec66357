"""What the guard says in the moment of sending: a message, and the notice that it may be."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tideover.casework.cases.models import Account
from tideover.casework.outreach.models import Message
from tideover.casework.outreach.outbox.law import GuardLaw
from tideover.doors.rulebooks import guard_of, law, shipped_policy

MORNING = datetime(2026, 4, 1, 8, tzinfo=UTC)  # a Wednesday, ten in Amsterdam
SAYS = ("debt_help_info", "data_sharing_offer", "medical_exception", "payment_plan_option")
PAID = {"customer": {"last_payment_on": "2026-03-31"}}


def ruling(policy: Any, known: dict[str, Any], notice: str, at: datetime = MORNING) -> Any:
    """Return what is said of a letter to someone in the Netherlands."""
    account = Account(jurisdiction="NL", timezone="Europe/Amsterdam", commodity="gas")
    message = Message(account=account, channel="letter", purpose="reminder", notice=notice)
    return GuardLaw(guard_of([*law(), policy])).rule(known, message, SAYS, at)


def test_a_notice_the_law_requires_goes_out_in_a_peace_of_our_own_and_a_reminder_waits() -> None:
    assert ruling(shipped_policy(), PAID, "").blocking == ("POLICY-PAID",)
    sent = ruling(shipped_policy(), PAID, "reminder")
    assert (sent.allowed, sent.evidence["facts"]["action"]["type"]) == (True, "contact")


@pytest.mark.parametrize("notice", ["", "reminder"])
def test_a_complaint_stops_both(notice: str) -> None:
    assert not ruling(shipped_policy(), {"customer": {"complaint_open": True}}, notice).allowed


def test_a_policy_that_tells_no_notices_apart_is_asked_as_before() -> None:
    now = shipped_policy()
    rules = tuple(rule for rule in now.rules if "required_notice" not in rule.when)
    facts = {path: kind for path, kind in now.facts.items() if path != "action.required_notice"}
    assert ruling(replace(now, rules=rules, facts=facts), PAID, "reminder").allowed

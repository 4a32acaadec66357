"""A refusal says that this try did not arrive, and nothing of an earlier one without an answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.casework import people
from tests.casework.outbox import pretend
from tests.casework.outbox.pretend import Clock, Provider
from tideover.casework.cases.ledger import record
from tideover.casework.outreach.channels.contract import Outcome, Refused
from tideover.casework.outreach.models import Message
from tideover.casework.outreach.models.outbox import UNKNOWN

pytestmark = pytest.mark.django_db


def no_such_number(key: str) -> Outcome:
    """Answer that it will never take it."""
    return Refused(key, "21211", permanent=True)


def tried(account: str, *answers: Callable[[str], Outcome]) -> Message:
    """Return a message after the provider answered it so, try by try."""
    message = people.message(people.account(account))
    provider = Provider(Clock(), dedupe="key")
    sender = pretend.sender(provider)
    for answer in answers:
        provider.answer = answer
        pretend.goes_round(sender)
        provider.clock.at += timedelta(minutes=20)
    assert len(provider.calls) == len(answers)
    message.refresh_from_db()
    return message


def test_what_had_no_answer_and_then_found_it_down_may_have_arrived() -> None:
    message = tried("A1", pretend.loses, pretend.down)
    record("A1", "opted_out", at=message.send_after, by="customer", facts={"scope": "everything"})
    message.refresh_from_db()
    assert message.status == UNKNOWN
    assert message.account.events.filter(kind="contacted").count() == 1


def test_what_had_no_answer_and_is_then_refused_for_good_goes_no_other_way() -> None:
    message = tried("A1", pretend.loses, no_such_number)
    assert (message.status, message.account.messages.count()) == (UNKNOWN, 1)


def test_what_was_only_ever_refused_never_arrived() -> None:
    assert tried("A1", pretend.down).first_try_at is None

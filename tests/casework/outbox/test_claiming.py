"""A worker claims on from where its last claim ended, and comes back to what it passed (F26)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.casework import people
from tests.casework.outbox import pretend
from tests.casework.outbox.pretend import Clock, Provider
from tideover.casework.outreach.models import Message
from tideover.casework.outreach.outbox.claiming import claim
from tideover.casework.outreach.outbox.policy import SendPolicy
from tideover.casework.outreach.outbox.sender import Sender

pytestmark = pytest.mark.django_db


def queued(many: int) -> tuple[Sender, Clock, list[int]]:
    """Return a worker that claims two at once, its clock, and so many messages that wait."""
    clock = Clock()
    ids = [people.message(people.account(f"A{number}")).pk for number in range(many)]
    return pretend.sender(Provider(clock), policy=SendPolicy(claim_at_once=2)), clock, ids


def taken(worker: Sender) -> list[int]:
    """Return what a worker claims next."""
    found = claim(worker)
    return list(found.messages) if found else []


def given_back(*ids: int) -> None:
    Message.objects.filter(pk__in=ids).update(status="queued", claim_token=None)


def test_what_is_behind_the_last_claim_is_not_looked_at_again() -> None:
    worker, _, ids = queued(6)
    assert taken(worker) == ids[:2]
    given_back(ids[0])
    assert taken(worker) == ids[2:4]
    assert taken(worker) == ids[4:]


def test_at_the_end_a_worker_looks_from_the_head_at_once() -> None:
    worker, _, ids = queued(3)
    assert taken(worker) == ids[:2]
    given_back(ids[0])
    assert taken(worker) == [ids[0], ids[2]]
    assert taken(worker) == []


def test_what_came_in_behind_waits_for_no_more_than_ten_seconds() -> None:
    worker, clock, ids = queued(8)
    assert taken(worker) == ids[:2]
    given_back(ids[0])
    clock.at += timedelta(seconds=9)
    assert taken(worker) == ids[2:4]
    clock.at += timedelta(seconds=1)
    assert taken(worker) == [ids[0], ids[4]]


def test_what_there_was_no_token_for_is_next(monkeypatch: pytest.MonkeyPatch) -> None:
    one_a_second = replace(Provider(Clock()).terms, rate_per_s=1)
    monkeypatch.setattr(Provider, "terms", one_a_second)
    worker, clock, ids = queued(4)
    assert taken(worker) == ids[:1]
    clock.at += timedelta(seconds=1)
    assert taken(worker) == ids[1:2]


def test_a_worker_that_found_nothing_goes_back_to_looking_without_a_lock() -> None:
    worker, _, _ = queued(2)
    assert taken(worker)
    assert worker.place.ended
    assert taken(worker) == []
    assert worker.place.ended is None

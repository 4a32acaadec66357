"""A request that comes twice is done once, and answered the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.casework import people
from tests.casework.api.client import Answer, System, system
from tideover.casework.api.bounds import Bounds
from tideover.casework.api.models import KeyedRequest
from tideover.casework.cases import deeds
from tideover.casework.cases.models import Event, Promise

PROMISE = {"account_id": "A-1", "amount": "125.50", "due_on": "2199-12-24"}


@pytest.mark.django_db
def test_a_repeated_request_is_answered_word_for_word(ours: System) -> None:
    people.account("A-1")
    first, second = (ours.post("/promises", PROMISE, key="k-1") for _ in range(2))
    assert first.status == second.status == 201
    assert first.body == second.body
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert Promise.objects.count() == Event.objects.count() == 1


@pytest.mark.django_db
def test_a_key_belongs_to_one_request_and_one_token(ours: System) -> None:
    people.account("A-1")
    ours.post("/promises", PROMISE, key="k-1")
    other_body = ours.post("/promises", PROMISE | {"amount": "1.00"}, key="k-1")
    other_address = ours.post("/holds", {"account_id": "A-1", "reason": "care"}, key="k-1")
    assert (other_body.status, other_address.status) == (422, 422)
    assert other_body.body["where"] == "Idempotency-Key"
    assert system().post("/promises", PROMISE, key="k-1").status == 201
    assert Promise.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("key", [" ", "a b", "k" * 201, "ü"])
def test_a_request_without_a_sound_key_does_nothing(ours: System, key: str) -> None:
    people.account("A-1")
    answer = ours.post("/promises", PROMISE, key=key)
    assert (answer.status, answer.body["where"]) == (400, "Idempotency-Key")
    assert not Promise.objects.exists()


@pytest.mark.django_db
def test_a_refused_request_may_be_mended_under_the_same_key(ours: System) -> None:
    assert ours.post("/promises", PROMISE, key="k-1").status == 404
    people.account("A-1")
    assert ours.post("/promises", PROMISE | {"amount": "2.00"}, key="k-1").status == 201


@pytest.mark.django_db
def test_a_request_under_way_is_not_begun_twice(ours: System, monkeypatch: Any) -> None:
    people.account("A-1")
    inner: list[Answer] = []
    real = deeds.promise

    def slow(*args: Any, **kwargs: Any) -> Promise:
        inner.append(ours.post("/promises", PROMISE, key="k-1"))
        return real(*args, **kwargs)

    monkeypatch.setattr(deeds, "promise", slow)
    assert ours.post("/promises", PROMISE, key="k-1").status == 201
    assert (inner[0].status, inner[0].headers["Retry-After"]) == (409, "1")
    assert Promise.objects.count() == 1


@pytest.mark.django_db
def test_a_request_that_was_cut_off_can_be_repeated(
    ours: System, settings: Any, monkeypatch: Any
) -> None:
    people.account("A-1")
    ours.post("/promises", PROMISE, key="k-1")
    Promise.objects.all().delete()
    KeyedRequest.objects.update(status=None, answer="")  # claimed, and then the power went
    assert ours.post("/promises", PROMISE, key="k-1").status == 409
    settings.API_BOUNDS = Bounds(claim_holds=timedelta(0))
    assert ours.post("/promises", PROMISE, key="k-1").status == 201
    assert Promise.objects.count() == 1


@pytest.mark.django_db
def test_answers_are_kept_sealed_and_for_a_time(ours: System, settings: Any) -> None:
    people.account("A-1")
    ours.post("/promises", PROMISE, key="k-1")
    with connection.cursor() as cursor:
        cursor.execute("SELECT answer FROM api_keyed_request")
        assert "125.50" not in str(cursor.fetchone())
    settings.API_BOUNDS = Bounds(answers_kept=timedelta(0))
    ours.post("/promises", PROMISE, key="k-2")
    assert KeyedRequest.objects.count() == 1


def test_the_same_request_at_once_from_many_sides_is_done_once(workspace: Path) -> None:
    (workspace / "casework").mkdir()
    asked = subprocess.run(
        [sys.executable, "-m", "tests.casework.api.at_once"], check=True, capture_output=True,
        env=os.environ | {"TIDEOVER_WORKSPACE": str(workspace)}, text=True,
    )  # fmt: skip
    statuses, promises, events = json.loads(asked.stdout)
    assert set(statuses) <= {201, 409}
    assert 201 in statuses
    assert (promises, events) == (1, 1)

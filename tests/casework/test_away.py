"""While the database is away pages say so plainly, and providers are told to come again (F8)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError
from django.db.backends.utils import CursorWrapper
from django.test import Client

from tests.casework.channels.adapters import SECRET
from tests.casework.inbox.conftest import AT, HOOK, posted
from tideover.casework.outreach.channels.handover.adapter import Handover, Partner
from tideover.casework.outreach.inbox import door

pytestmark = pytest.mark.django_db
BODY = f'{{"type": "message.delivered", "timestamp": "{AT}", "data": {{"id": "m1"}}}}'.encode()


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Have the database refuse everything; words of its own must not be shown."""

    def refuse(*unused: Any) -> None:
        raise OperationalError("connection to server at 10.1.2.3 refused")

    monkeypatch.setattr(CursorWrapper, "_execute", refuse)
    monkeypatch.setattr(CursorWrapper, "_executemany", refuse)


def test_a_page_says_try_again_and_nothing_of_the_inside(client: Client, away: Any) -> None:
    client.raise_request_exception = False
    client.cookies["session"] = "x" * 32  # whoever it is has to be looked up
    for path in ("/health", "/worklist/", "/api/cases"):
        answer = client.get(path, headers={"Authorization": "Bearer tdo_x"})
        assert answer.status_code == 503, path
        assert answer["Retry-After"] == "30"
        assert b"try again" in answer.content
        assert b"10.1.2.3" not in answer.content


def test_a_provider_is_told_to_come_again(
    client: Client, away: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = Handover("sms", Partner("https://partner.example", (SECRET,)))
    monkeypatch.setattr(door, "listeners", lambda: {"handover": channel})
    client.raise_request_exception = False
    assert posted(client, BODY, "e1").status_code == 503
    assert HOOK.startswith("/hooks/")


def test_any_other_failure_stays_a_500(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "listeners", lambda: 1 / 0)
    client.raise_request_exception = False
    assert client.post(HOOK, b"{}", content_type="application/json").status_code == 500

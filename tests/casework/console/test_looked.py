"""Who looked at whom is noted, shown to compliance alone, and logs name nobody (S8)."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from tests.casework import cast
from tideover.casework.access.models import Look
from tideover.casework.access.roles import AGENT, COMPLIANCE, TEAM_LEAD
from tideover.casework.cases.models import ContactPoint
from tideover.casework.outreach.models import Message

pytestmark = pytest.mark.django_db
PLANTED = (
    "Planted",
    "+3161234",
    "9711 ZZ",
    "1970-01-02",
    cast.WORD,
    "A-vulnerable",
    "C-vulnerable",
)


def a_day_at_the_desk() -> list[int]:
    """Do what staff do in a day, wrongly and rightly, and return how pages answered."""
    case, other = cast.vulnerable(), cast.neighbour()
    reply, client = cast.reply(case), cast.at_desk(cast.staff("ada", AGENT, TEAM_LEAD))
    cast.message(case, status="unknown")
    urls = [f"/cases/{case.pk}/", f"/replies/{reply.pk}/", "/worklist/", "/cases/999/",
            f"/cases/{other.pk}/", "/looks/", "/find/?account=A-vulnerable"]  # fmt: skip
    codes = [client.get(url).status_code for url in urls]
    for act in ("note", "call", "hold", "promise", "care", "opt-out"):
        codes.append(client.post(f"/cases/{case.pk}/{act}/", {"text": "Planted"}).status_code)
    mine = cast.at_desk(cast.staff("nora", AGENT, team=cast.north()))
    codes.append(mine.get(f"/cases/{other.pk}/").status_code)
    client.post("/staff/login/", {"login": "Planted", "password": cast.WORD})
    return codes


def test_logs_of_a_day_name_nobody(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        codes = a_day_at_the_desk()
    assert {200, 302, 403, 404, 422} <= set(codes)
    ours = [one.getMessage() for one in caplog.records if one.name != "django.db.backends"]
    assert ours
    assert [line for line in ours for word in PLANTED if word in line] == []


def test_an_error_page_tells_nothing(client: Any, settings: Any, monkeypatch: Any) -> None:
    case, desk = cast.vulnerable(), cast.at_desk(cast.staff("ada", AGENT))
    desk.raise_request_exception = False
    monkeypatch.setattr(ContactPoint, "person", None, raising=False)
    monkeypatch.setattr(Message, "objects", None)
    answer = desk.get(f"/cases/{case.pk}/")
    assert answer.status_code == 500
    assert [word for word in PLANTED if word.encode() in answer.content] == []


def test_every_look_is_noted_with_the_page() -> None:
    a_day_at_the_desk()
    seen = set(Look.objects.values_list("by", "page", "account_id", "refused"))
    assert ("ada", "console:case", "A-vulnerable", False) in seen
    assert ("ada", "console:reply", "A-vulnerable", False) in seen
    assert ("nora", "console:case", "A-neighbour", True) in seen


def test_compliance_sees_who_looked_and_can_ask_about_one() -> None:
    a_day_at_the_desk()
    cora = cast.at_desk(cast.staff("cora", COMPLIANCE))
    text = cora.get("/looks/", {"about": "C-neighbour"}).content.decode()
    assert "A-neighbour" in text
    assert "A-vulnerable" not in text
    assert "refused" in text


def test_lists_show_no_name_no_address_and_no_text() -> None:
    case = cast.vulnerable()
    cast.reply(case)
    cast.message(case, status="unknown")
    desk = cast.at_desk(cast.staff("ada", AGENT))
    for url in ("/worklist/", "/worklist.csv", "/outbox/"):
        text = desk.get(url).content.decode()
        assert [word for word in PLANTED[:4] if word in text] == []

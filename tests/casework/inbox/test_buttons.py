"""Answers to tap in WhatsApp: they leave with a message, and come back as words that were typed."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.casework import people
from tests.casework.channels.adapters import running
from tests.casework.outbox.pretend import Clock, Provider, goes_round, real_law, sender
from tests.casework.people import MONDAY, account
from tideover.casework.cases.ledger import record
from tideover.casework.cases.models import Account, ContactPoint, Event
from tideover.casework.outreach import authoring
from tideover.casework.outreach.addresses import marked
from tideover.casework.outreach.authoring import ContentAuthor
from tideover.casework.outreach.channels.sink.adapter import Sink
from tideover.casework.outreach.channels.sink.mailbox import mailbox
from tideover.casework.outreach.channels.whatsapp.adapter import Business, WhatsApp
from tideover.casework.outreach.content import LANGUAGES, answers, chosen, under_event
from tideover.casework.outreach.content.shelf import wording
from tideover.casework.outreach.house import house
from tideover.casework.outreach.inbox import door
from tideover.casework.outreach.inbox.hearing import Hearing
from tideover.casework.outreach.inbox.processing import process
from tideover.casework.outreach.models import Inbound, Message
from tideover.casework.outreach.outbox.sender import Author
from tideover.casework.outreach.replies.understanding import understand
from tideover.casework.outreach.understood import understood

pytestmark = pytest.mark.django_db
NUMBER, NOW = "+31612345678", MONDAY + timedelta(hours=2)
MEANT = {"pay": ["already_paid", "wants_plan", "opt_out"], "help": ["wants_call", "opt_out"]}


@pytest.fixture
def anna() -> Account:
    """Return somebody who is reached by WhatsApp, and is to be written to."""
    anna = account("anna")
    point = ContactPoint.objects.create(
        pk="W1", person=anna.person, channel="whatsapp", address=NUMBER, consent="granted",
        address_mark=marked("whatsapp", NUMBER),
    )  # fmt: skip
    people.message(anna, channel="whatsapp", point=point)
    return anna


def wrote(anna: Account) -> None:
    """Have her have written by WhatsApp an hour ago."""
    record(anna.pk, "replied", at=NOW - timedelta(hours=1), by="customer",
           facts={"channel": "whatsapp", "intent": "other"})  # fmt: skip


def asked(folder: Path, author: Author | None = None) -> dict[str, Any]:
    """Return what WhatsApp is asked when a worker makes its round."""
    with running("whatsapp", folder) as (channel, case, peer):
        case.taken(peer, "")
        one = sender(Provider(Clock(NOW)), real_law())
        goes_round(replace(one, channel=channel, author=author or ContentAuthor(live=False)))
        return json.loads(peer.asked[0][2]) if peer.asked else {}


def tapped(part: dict[str, Any], number: str = NUMBER) -> str:
    """Have somebody tap a button; return what the reply was understood as."""
    message = {"from": number.lstrip("+"), "id": f"wamid.{Inbound.objects.count()}",
               "timestamp": str(int(NOW.timestamp())), "context": {"id": "wamid.1"},
               **part}  # fmt: skip
    change = {"field": "messages", "value": {"messages": [message]}}
    body = json.dumps({"object": "whatsapp_business_account",
                       "entry": [{"id": "1", "changes": [change]}]})  # fmt: skip
    signature = "sha256=" + hmac.new(b"app", body.encode(), hashlib.sha256).hexdigest()
    answer = Client().post("/hooks/whatsapp", body, content_type="application/json",
                           headers={"X-Hub-Signature-256": signature})  # fmt: skip
    assert answer.status_code == 200
    process(hearing=Hearing(understood))
    return Inbound.objects.latest("pk").intent


@pytest.fixture
def listening(monkeypatch: pytest.MonkeyPatch) -> None:
    channel = WhatsApp(Business("100", "token", app_secret="app"))
    monkeypatch.setattr(door, "listeners", lambda: {"whatsapp": channel})


def labels(said: dict[str, Any]) -> list[str]:
    return [one["reply"]["title"] for one in said["interactive"]["action"]["buttons"]]


def test_within_a_day_of_what_she_wrote_the_words_leave_with_answers_to_tap(
    anna: Account, tmp_path: Path
) -> None:
    wrote(anna)
    said = asked(tmp_path)
    assert labels(said) == ["Ik heb betaald", "Een regeling graag", "STOP"]
    assert "Antwoord STOP" in said["interactive"]["body"]["text"]
    assert Message.objects.get().status == "sent"


def test_outside_it_the_approved_form_leaves_as_it_was_approved(
    anna: Account, tmp_path: Path
) -> None:
    said = asked(tmp_path)
    assert said["type"] == "template"
    assert [part["type"] for part in said["template"]["components"]] == ["BODY"]


@pytest.mark.parametrize("many", [0, 3])
def test_the_local_mailbox_shows_what_could_be_tapped(
    anna: Account, tmp_path: Path, many: int
) -> None:
    if many:
        wrote(anna)
    one = sender(Provider(Clock(NOW)), real_law())
    channel = Sink("whatsapp", tmp_path)
    goes_round(replace(one, channel=channel, author=ContentAuthor(live=False)))
    (kept,) = mailbox(tmp_path)
    assert len(kept.buttons) == many


def test_answers_that_nobody_approved_are_left_out_and_the_words_still_leave(
    anna: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrote(anna)
    monkeypatch.setattr(authoring, "house", lambda: replace(house(), stated=True))
    words = chosen("day_after_due", "short", language="nl", tone="friendly").pieces
    assert asked(tmp_path, ContentAuthor(live=True, _approved={*words}))["type"] == "text"


def buttons(label: str) -> list[dict[str, Any]]:
    """Return a tap as WhatsApp tells it, of words of our own and of an approved form."""
    reply = {"type": "button_reply", "button_reply": {"id": label, "title": label}}
    return [{"type": "interactive", "interactive": reply},
            {"type": "button", "button": {"payload": label, "text": label}}]  # fmt: skip


@pytest.mark.usefixtures("listening")
def test_a_tap_is_heard_as_the_words_on_it(anna: Account) -> None:
    for way in buttons("Een regeling graag"):
        assert tapped(way) == "wants_plan"
    assert {one.text for one in Inbound.objects.all()} == {"Een regeling graag"}
    assert {one.account_id for one in Inbound.objects.all()} == {anna.pk}


@pytest.mark.usefixtures("listening")
def test_stop_that_was_tapped_stops_at_once(anna: Account) -> None:
    tapped(buttons("STOP")[0])
    assert Event.objects.filter(kind="opted_out", account_id=anna.pk).exists()
    assert Message.objects.get(purpose="day_after_due").status == "cancelled"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("purpose", ["day_after_due", "help"])
def test_every_answer_fits_its_button_and_is_understood(language: str, purpose: str) -> None:
    template = chosen(purpose, "short", language=language, tone="direct")
    stop = wording(language, "shared")["utility"]["stop_word"]
    found = answers(template, stop).labels
    read = [understand(one, on=date(2026, 3, 30), lang=language) for one in found]
    assert [one.intent for one in read] == MEANT[template.act]
    assert not any(one.first for one in read)
    assert max(map(len, found)) <= 20
    assert len(set(found)) == len(found) <= 3


def test_where_something_happened_nobody_is_offered_to_say_that_they_paid() -> None:
    template = chosen("day_after_due", "short", language="en", tone="direct")
    assert answers(under_event(template, "outage"), "STOP").labels == ("Please call me", "STOP")

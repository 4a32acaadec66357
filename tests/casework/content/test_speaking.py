"""What a call says: asked for by name, in plain words, and nothing that only a reader sees."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.casework import people
from tests.casework.outbox import pretend
from tests.casework.outbox.pretend import Clock, Provider
from tideover.casework.outreach.authoring import ContentAuthor
from tideover.casework.outreach.content import (
    LANGUAGES,
    Key,
    Rendered,
    Template,
    chosen,
    findings,
    rendered,
    shipped,
    spoken_by,
    unapproved,
    with_offer,
)
from tideover.casework.outreach.content.personas import made_up, sampled
from tideover.casework.outreach.models import Message
from tideover.rules.message import FORMS

SPOKEN = [text for key, text in shipped().items() if key.form == "spoken"]


def said(machine: bool, language: str = "en") -> Rendered:
    """Return what is said the day after the due date."""
    text = chosen("day_after_due", "spoken", language=language, tone="empathetic")
    noor = made_up(language)["a small bill, just forgotten"]
    return rendered(spoken_by(text, machine=machine), noor)


def roles(text: Template | Rendered) -> list[str]:
    return [part.role for part in text.paragraphs]


@pytest.mark.parametrize("text", SPOKEN, ids=lambda text: text.key.name)
def test_no_call_reads_a_link_or_speaks_of_what_is_read(text: Template) -> None:
    for message in sampled(text):
        assert "https://" not in message.text
        assert "7Q2M" not in message.text
        assert message.subject == message.html == ""
    assert not set(text.variables) & {"pay_link", "help_link", "stop_word", "postal_address"}


def test_every_letter_can_be_said_and_is_unreviewed_as_the_others_are() -> None:
    letters = {replace(key, form="spoken") for key in shipped() if key.form == "letter"}
    assert letters == {text.key for text in SPOKEN}
    assert {text.status for text in SPOKEN} == {"unreviewed"}
    assert not any(findings(text) for text in SPOKEN)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_agent_greets_asks_whether_it_suits_and_says_no_more_to_somebody_else(
    language: str,
) -> None:
    message = said(machine=False, language=language)
    assert roles(message) == ["greeting", "moment", "aside", "why", "ask", "action", "help",
                              "real", "stop"]  # fmt: skip
    for told in ("Rivierland Water", "Noor", "0800 555 0100".replace(" ", "\u00a0"),
                 "rivierland.example/check", "7 Q 2 M, 4 X P D", "64,34"):  # fmt: skip
        assert told in message.text, told
    first = message.text.index("64,34")
    assert message.text.index("Noor") < first  # who it is comes before what they owe


def test_a_machine_says_that_it_is_one_and_asks_nothing_that_it_could_not_hear() -> None:
    message = said(machine=True)
    assert roles(message)[:3] == ["greeting", "recorded", "why"]
    assert "recorded message for Noor" in message.text
    assert "My name is" not in message.text
    assert "Say nothing about a bill" not in message.text


@pytest.mark.parametrize("machine", [True, False])
def test_who_approved_the_text_approved_both_ways_to_say_it(machine: bool) -> None:
    text = chosen("help", "spoken", language="nl", tone="direct")
    assert unapproved(spoken_by(text, machine=machine), set(text.pieces)) == []
    assert unapproved(spoken_by(text, machine=machine), set()) == list(text.pieces)


def test_what_is_held_out_is_said_too() -> None:
    text = with_offer(chosen("help", "spoken", language="en", tone="direct"), "grant")
    assert "There may be a grant" in sampled(spoken_by(text, machine=False))[0].text


def test_a_call_is_no_notice_and_says_that_a_letter_comes() -> None:
    text = chosen("statutory_notice", "spoken", language="en", tone="direct")
    assert "We sent you a letter about it." in text.text
    assert "consequences" not in text.carries
    assert "your supply can end" not in text.text


def test_what_is_written_is_left_as_it_is() -> None:
    text = shipped()[Key("help", "long", "en", "direct")]
    assert spoken_by(text, machine=True) is text


@pytest.mark.django_db
@pytest.mark.parametrize(("provider", "first"), [
    ("person", "My name is"), ("person", "Am I speaking with Resident A1?"),
    ("twilio", "This is a recorded message for Resident A1.")])  # fmt: skip
def test_a_call_leaves_with_the_words_of_whoever_says_them(provider: str, first: str) -> None:
    people.message(people.account("A1"), channel="voice", form=FORMS["voice"], language="en")
    line = Provider(Clock(), "voice", name=provider)
    pretend.goes_round(replace(pretend.sender(line), author=ContentAuthor(live=False)))
    message = Message.objects.get()
    assert (message.status, message.form) == ("sent", "spoken")
    assert first in message.text
    assert message.check_code not in message.text
    assert " ".join(message.check_code[:4]) in message.text

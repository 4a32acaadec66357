"""What is wrong with a text is found, whatever it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tideover.casework.outreach.content import chosen, findings
from tideover.casework.outreach.content.template import Paragraph, Template

TEXT = chosen("day_after_due", "long", language="en", tone="empathetic")
SHORT = chosen("day_after_due", "short", language="en", tone="direct")


def saying(words: str, role: str = "why", text: Template = TEXT) -> Template:
    """Return a text with more words in one of its paragraphs."""
    parts = tuple(Paragraph(part.role, f"{part.text} {words}") if part.role == role else part
                  for part in text.paragraphs)  # fmt: skip
    return replace(text, paragraphs=parts)


def kinds(text: Template) -> set[str]:
    """Return the kinds of what is wrong with a text."""
    return {finding.kind for finding in findings(text)}


@pytest.mark.parametrize(("words", "kind"), [
    ("Dear {surname}.", "variable"),
    ("We call it {{amount}}.", "variable"),
    ("See { amount }.", "variable"),
    ("Pay, or we take legal action.", "wording"),
    ("We will disconnect you.", "wording"),
    ("Almost everyone pays on time, unlike you.", "wording"),
    ("Kindly remit the outstanding sum.", "wording"),
    ("Pay now!", "wording"),
    ("PLEASE pay.", "capitals"),
    ("Go to https://bit.ly/3xY.", "link"),
    ("Go to pay-me.com for it.", "link"),
])  # fmt: skip
def test_a_text_that_says_this_cannot_be_approved(words: str, kind: str) -> None:
    assert kind in kinds(saying(words))


@pytest.mark.parametrize(("language", "threat"), [
    ("nl", "Anders komt de deurwaarder."), ("es", "Le vamos a cortar el agua."),
    ("fr", "Un huissier viendra."), ("nl", "U moet betalen."), ("fr", "Vous devez payer."),
])  # fmt: skip
def test_threats_are_known_in_every_language(language: str, threat: str) -> None:
    text = chosen("day_after_due", "long", language=language, tone="empathetic")
    assert "wording" in kinds(saying(threat, text=text))


def test_a_text_that_is_hard_to_read_is_found() -> None:
    hard = ("Notwithstanding previously communicated contractual considerations regarding "
            "consumption reconciliation, continuation necessitates comprehensive documentation "
            "of individual circumstances and administrative authorisation. ") * 4  # fmt: skip
    assert "reading" in kinds(saying(hard))


@pytest.mark.parametrize("role", ["help", "real", "stop"])
def test_a_text_without_help_check_or_stop_is_a_dead_end(role: str) -> None:
    assert kinds(SHORT.without(role)) & {"missing", "content"}


def test_a_text_without_its_one_action_is_found() -> None:
    assert "missing" in kinds(TEXT.without("action"))


def test_a_text_message_over_three_parts_is_found_with_the_letters_that_cost() -> None:
    (found,) = [f for f in findings(saying("¿Está ahí?", text=SHORT)) if f.kind == "length"][:1]
    assert "UCS-2" in found.what
    assert "á í" in found.what


def test_a_subject_that_a_phone_would_cut_is_found() -> None:
    assert "length" in kinds(replace(TEXT, subject="A bill that is still open " * 4))


def test_a_subject_of_two_lines_is_found() -> None:
    assert "variable" in kinds(replace(TEXT, subject="Your bill\nBcc: all"))


def test_a_text_that_does_not_carry_what_it_must_is_found() -> None:
    notice = chosen("statutory_notice", "letter", language="nl", tone="direct")
    less = replace(notice, carries=tuple(i for i in notice.carries if i != "medical_exception"))
    assert [f.what for f in findings(less)] == ["statutory_notice must carry medical_exception"]


@pytest.mark.parametrize("language", ["en", "nl", "es", "fr"])
@pytest.mark.parametrize("item", ["medical_exception", "data_sharing_offer"])
def test_a_text_that_says_it_carries_what_no_sentence_shows_is_found(
    language: str, item: str
) -> None:
    notice = chosen("statutory_notice", "letter", language=language, tone="empathetic")
    (found,) = findings(notice.without(item))
    assert found.what == f"it says it carries {item}, and no sentence shows it"


def test_an_offer_of_help_that_asks_for_money_after_all_is_found() -> None:
    text = chosen("help", "long", language="en", tone="empathetic")
    assert "content" in kinds(saying("Please pay now.", role="ask", text=text))


def test_a_tactic_nobody_knows_is_found() -> None:
    assert kinds(replace(TEXT, tactics=("fear",))) == {"tactic"}


def test_any_changed_word_makes_another_version() -> None:
    assert saying("Thanks.").version != TEXT.version
    assert replace(TEXT, status="approved").version == TEXT.version

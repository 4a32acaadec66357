"""What is sent for real was approved, word for word, and carries what the rules require."""

from __future__ import annotations

import csv
import tomllib
from typing import Any

import pytest

from tideover.casework.outreach.content import (
    EVENTS,
    LANGUAGES,
    OFFERS,
    Template,
    answers,
    chosen,
    findings,
    rendered,
    shipped,
    to_approve,
    unapproved,
    under_event,
    with_offer,
)
from tideover.casework.outreach.content.shelf import templates, wording
from tideover.terms.faults import Refused

MAIL = chosen("yellow_zone", "long", language="en", tone="empathetic")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_may_be_sent_is_on_the_list_to_approve(language: str) -> None:
    listed = set(to_approve(language))
    assert len(listed) == len(to_approve(language))
    for key, text in shipped().items():
        if key.language == language and key.purpose not in ("statutory_notice", "care_ends"):
            for changed in (text, with_offer(text, "plan"), under_event(text, "outage"),
                            under_event(with_offer(text, "grant"), "disaster")):  # fmt: skip
                assert set(changed.pieces) <= listed


@pytest.mark.parametrize("language", LANGUAGES)
def test_answers_to_tap_are_on_it_too(language: str) -> None:
    (piece,) = answers(chosen("help", "short", language=language, tone="direct"), "STOP").pieces
    assert piece in to_approve(language)


def test_a_text_is_blocked_until_each_of_its_pieces_is_approved(noor: Any) -> None:
    message = rendered(under_event(with_offer(MAIL, "grant"), "outage"), noor)
    text, offer, event = message.pieces
    assert unapproved(message, {text, event}) == [offer]
    assert unapproved(message, {text, offer, event}) == []
    assert text == MAIL.pieces[0]


@pytest.mark.parametrize("offer", OFFERS)
def test_an_offer_is_said_right_after_what_is_asked(offer: str) -> None:
    for text in shipped().values():
        changed = with_offer(text, offer)
        assert findings(changed) == []
        roles = [part.role for part in changed.paragraphs]
        said_already = text.key.form == "short" or offer in text.says
        assert said_already or roles[roles.index("offer") - 1] == "ask"


def test_a_text_that_makes_an_offer_by_itself_does_not_say_it_twice() -> None:
    assert with_offer(MAIL, "plan") is MAIL
    assert with_offer(MAIL, "grant") is not MAIL


def test_no_offer_changes_nothing_and_an_unknown_one_is_refused() -> None:
    assert with_offer(MAIL, "none") is MAIL
    with pytest.raises(Refused, match="'discount'"):
        with_offer(MAIL, "discount")


def test_after_an_event_an_offer_to_pay_is_left_out_and_an_offer_of_help_stays() -> None:
    def roles(purpose: str) -> list[str]:
        text = chosen(purpose, "long", language="fr", tone="empathetic")
        return [p.role for p in under_event(with_offer(text, "grant"), "disaster").paragraphs]

    assert not {"ask", "action", "offer"} & set(roles("yellow_zone"))
    assert {"ask", "action", "offer"} < set(roles("help"))
    assert roles("help").index("opening") < roles("help").index("why")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("tone", ["empathetic", "direct"])
@pytest.mark.parametrize("form", ["long", "letter"])
def test_a_notice_carries_what_the_dutch_reminder_must(
    repo: Any, language: str, tone: str, form: str
) -> None:
    book = tomllib.loads((repo / "src/tideover/rules/rulebooks/nl/rules.toml").read_text())
    rule = next(rule for rule in book["rule"] if rule["id"] == "NL-REMIND-CONTENT")
    wanted = {item for clause in rule["clause"] for item in clause["required"]}
    text = chosen("statutory_notice", form, language=language, tone=tone)
    assert wanted <= set(text.carries)


def test_a_notice_carries_what_the_steps_of_the_shipped_strategies_say(repo: Any) -> None:
    notice = set(chosen("statutory_notice", "letter", language="nl", tone="formal").carries)
    sheets = (repo / "src/tideover/rules/strategies").glob("*/*.csv")
    for sheet in sheets:
        for row in csv.DictReader(sheet.read_text(encoding="utf-8").splitlines()):
            assert set(filter(None, (row.get("content") or "").split("; "))) <= notice


@pytest.mark.parametrize("text", shipped().values(), ids=[key.name for key in shipped()])
def test_every_message_passes_what_us_rules_require_of_mails_and_texts(text: Template) -> None:
    assert "opt_out_instructions" in text.carries
    assert "marketing" not in text.carries


@pytest.mark.parametrize("wrong", [
    "act = ", 'act = "threaten"', 'act = "pay"', 'act = "pay"\nshort = 1',
    'act = "pay"\n[short.direct]\nwhy = "a"\n[long.direct]\n[letter.direct]',
    'act = "pay"\n[short.direct]\nwhy = "a"\nask = "b"\nfont = "x"\n[long.x]\n[letter.x]',
])  # fmt: skip
def test_a_file_of_texts_of_another_shape_is_refused(wrong: str) -> None:
    with pytest.raises(Refused):
        list(templates(wrong, "help", "en", wording("en", "shared")))


def test_every_event_has_words_for_every_language() -> None:
    assert {language: set(wording(language, "events")) for language in LANGUAGES} == {
        language: set(EVENTS) for language in LANGUAGES
    }

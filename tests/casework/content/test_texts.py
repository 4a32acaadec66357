"""Every shipped text may be approved, as far as a machine can tell."""

from __future__ import annotations

import pytest

from tideover.casework.outreach.content import (
    EVENTS,
    FORMS,
    LANGUAGES,
    PURPOSES,
    TACTICS,
    chosen,
    findings,
    missing,
    previews,
    shipped,
    under_event,
)
from tideover.casework.outreach.content.shelf import wording
from tideover.casework.outreach.content.template import Template
from tideover.terms.faults import Refused

TEXTS = [pytest.param(text, id=key.name) for key, text in shipped().items()]
PEACEFUL = [text for text in shipped().values()
            if text.key.purpose not in ("statutory_notice", "care_ends")]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_a_shipped_text_has_no_finding(text: Template) -> None:
    assert findings(text) == []


@pytest.mark.parametrize("text", TEXTS)
def test_a_shipped_text_leaves_no_variable_open_for_anyone(text: Template) -> None:
    for message in previews(text).values():
        assert "{" not in message.subject + message.text + message.html


@pytest.mark.parametrize("text", TEXTS)
def test_a_shipped_text_is_unreviewed_until_a_speaker_of_its_language_says_so(
    text: Template,
) -> None:
    assert text.status == "unreviewed"


@pytest.mark.parametrize("event", EVENTS)
def test_after_an_event_no_text_asks_for_money_and_all_still_show_help(event: str) -> None:
    for text in PEACEFUL:
        changed = under_event(text, event)
        assert findings(changed) == []
        assert "pay_link" not in changed.variables
        assert not {"payment_request", "payment_link"} & set(changed.carries)
        assert {"phone", "check_code"} <= set(changed.variables)


def test_no_purpose_form_tone_or_language_is_missing() -> None:
    assert missing(shipped()) == []
    assert len({(k.purpose, k.form, k.language) for k in shipped()}) == 8 * 4 * 4


def test_a_language_that_lacks_a_text_is_named() -> None:
    kept = {key: text for key, text in shipped().items()
            if (key.language, key.purpose, key.form) != ("fr", "help", "long")}  # fmt: skip
    lacking = [key.name for key in missing(kept)]
    assert lacking == ["help/long/fr/empathetic/plain", "help/long/fr/direct/plain"]


def test_every_tactic_is_tried_somewhere_in_every_language() -> None:
    for language in LANGUAGES:
        tried = {tactic for key, text in shipped().items() if key.language == language
                 for tactic in text.tactics}  # fmt: skip
        assert tried == set(TACTICS)


def test_a_variant_differs_from_its_plain_text_by_one_tactic() -> None:
    for key, text in shipped().items():
        if key.variant != "plain":
            plain = chosen(key.purpose, key.form, language=key.language, tone=key.tone)
            assert set(text.tactics) - set(plain.tactics) == {key.variant}


def test_the_languages_share_the_same_files_and_events() -> None:
    for name in ("shared", "events", "offers", *PURPOSES):
        shapes = [_shape(wording(language, name)) for language in LANGUAGES]
        assert all(shape == shapes[0] for shape in shapes), name


def test_a_friendly_tone_that_is_not_written_becomes_empathetic() -> None:
    for form in FORMS:
        text = chosen("yellow_zone", form, language="nl", tone="friendly")
        assert text.key.tone == "empathetic"
    assert chosen("day_after_due", "short", language="nl", tone="friendly").key.tone == "friendly"


def test_a_formal_tone_that_is_not_written_becomes_direct() -> None:
    assert chosen("help", "letter", language="es-US", tone="formal").key.tone == "direct"


def test_a_variant_that_is_not_written_becomes_the_plain_one() -> None:
    text = chosen("help", "short", language="fr", tone="direct", variant="social_norm")
    assert text.key.variant == "plain"


def test_a_language_that_is_not_spoken_is_refused() -> None:
    with pytest.raises(Refused, match="'de'"):
        chosen("help", "short", language="de", tone="direct")


def test_a_statutory_notice_waits_while_an_event_lasts() -> None:
    notice = chosen("statutory_notice", "letter", language="nl", tone="direct")
    with pytest.raises(Refused, match="Wait until the event is over"):
        under_event(notice, "outage")


def _shape(value: object) -> object:
    if isinstance(value, dict):
        return {name: _shape(inner) for name, inner in value.items() if name != "carries"}
    return None

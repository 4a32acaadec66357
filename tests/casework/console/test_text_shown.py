"""The page of a text: as people would get it, what that costs, and what is checked of it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils.html import escape

from tests.casework import cast
from tideover.casework.access.roles import COMPLIANCE
from tideover.casework.console.textfile import Check, checked, looked_at
from tideover.casework.outreach.approving import lay_out
from tideover.casework.outreach.content import LANGUAGES, chosen, shipped
from tideover.casework.outreach.content.approval import shown_in, to_approve
from tideover.casework.outreach.content.lint import CHECKS
from tideover.casework.outreach.content.personas import PERSONAS
from tideover.casework.outreach.house import A_PART, part_price
from tideover.casework.outreach.models import TextVersion
from tideover.portfolio.workspace import CostSettings

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]
SHORT = chosen("day_after_due", "short", language="nl", tone="friendly")


def page(piece: str) -> str:
    lay_out()
    version = TextVersion.objects.get(name__startswith=f"{piece}@")
    cora = cast.at_desk(cast.staff("cora", COMPLIANCE))
    return str(cora.get(f"/texts/{version.pk}/").content.decode())


def test_a_text_message_is_shown_for_each_with_parts_and_cost(place: Path) -> None:
    (place / "tideover.toml").write_text(
        '[utility]\ncurrency = "GBP"\n[costs]\nsms = "0.035"\n', encoding="utf-8")  # fmt: skip
    said = page(SHORT.key.name)
    for who, look in zip(PERSONAS, looked_at(SHORT), strict=True):
        parts = look.message.parts
        assert parts
        assert f"{who[0].upper()}{who[1:]}" in said
        assert f"{parts.count} parts, {parts.encoding}" in said
        assert look.cost == f"£{parts.count * 0.035:.3f}".rstrip("0")
        assert f"{look.cost} as a text message" in said
    assert "familie Van den Berghe-Delacroix" in said


@pytest.mark.parametrize("form", ["long", "letter"])
def test_other_forms_are_shown_with_their_subject_and_no_cost(form: str) -> None:
    text = chosen("help", form, language="en", tone="direct")
    said = page(text.key.name)
    for look in looked_at(text):
        assert f"<strong>{escape(look.message.subject)}</strong>" in said
        assert not look.cost
    assert "as a text message" not in said.split("What is checked")[0]


def test_a_letter_outside_the_alphabet_is_named() -> None:
    dear = replace(SHORT, paragraphs=(replace(SHORT.paragraphs[0], text="Đorđe, zaž"),))
    assert [look.message.parts.outside for look in looked_at(dear) if look.message.parts] == [
        ("Đ", "đ", "ž")] * 3  # fmt: skip


def test_everything_that_is_checked_is_listed_with_what_was_found() -> None:
    assert [one.kind for one in checked(SHORT)] == [kind for kind in CHECKS if kind != "unknown"]
    assert not any(one.found for one in checked(SHORT))
    first, *others = SHORT.paragraphs
    loud = replace(SHORT, paragraphs=(replace(first, text=f"{first.text} BETAAL!"), *others))
    wrong = {one.kind: one.found for one in checked(loud) if one.found}
    assert wrong == {"wording": ("shouting: an exclamation mark",), "capitals": ("BETAAL",)}


def test_a_text_in_no_language_we_know_has_that_said_and_nothing_else() -> None:
    strange = replace(SHORT, key=replace(SHORT.key, language="de"))
    assert [(type(one), one.kind, len(one.found)) for one in checked(strange)] == [
        (Check, "unknown", 1)]  # fmt: skip


def test_one_with_an_unknown_variable_is_not_shown_and_the_checks_say_why() -> None:
    wrong = replace(SHORT, paragraphs=(replace(SHORT.paragraphs[0], text="{iban}"),))
    assert looked_at(wrong) == []
    assert "{iban} is no variable" in next(
        one.found for one in checked(wrong) if one.kind == "variable"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_piece_is_shown_in_some_text(language: str) -> None:
    for name in to_approve(language):
        text = shown_in(name)
        assert text, name
        assert name in text.pieces or name.startswith(f"answers/{language}@")
        assert looked_at(text)


def test_an_offer_is_shown_in_a_text_that_makes_it() -> None:
    said = page("offer/en/grant")
    assert "Shown in day_after_due/long/en/empathetic/plain/grant" in said
    assert "grant" in said.split("As it is written")[0]


def test_answers_to_tap_are_shown_under_a_text() -> None:
    said = page("answers/nl")
    assert "Shown in day_after_due/short/nl/empathetic/plain" in said
    assert '<span class="tag" lang="nl">STOP</span>' in said


def test_words_that_are_no_longer_in_use_say_so() -> None:
    TextVersion.objects.create(name="help/short/en/direct/plain@old", number=1, source="We help.",
                               author="tess")  # fmt: skip
    version = TextVersion.objects.get()
    cora = cast.at_desk(cast.staff("cora", COMPLIANCE))
    assert "no longer in use" in cora.get(f"/texts/{version.pk}/").content.decode()


def test_the_same_text_in_other_forms_is_a_step_away() -> None:
    said = page("help/short/en/direct/plain")
    for form in ("long", "letter"):
        assert f">help/{form}/en/direct/plain</a>" in said


@pytest.mark.parametrize("told", ["", "nonsense [", "[costs]\nsms = 'dear'", "costs = 3"])
def test_without_a_price_in_the_settings_it_is_the_usual_one(place: Path, told: str) -> None:
    (place / "tideover.toml").write_text(told, encoding="utf-8")
    assert part_price() == (Decimal(A_PART), "EUR")
    assert CostSettings().sms == A_PART


def test_no_shipped_text_is_without_a_preview() -> None:
    assert all(len(looked_at(text)) == len(PERSONAS) for text in shipped().values())

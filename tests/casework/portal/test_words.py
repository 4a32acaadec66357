"""The portal's words: in four languages alike, plain, without threat, blame or alarm."""

from __future__ import annotations

import re

import pytest

from tideover.casework.outreach.content import LANGUAGES, findings
from tideover.casework.outreach.content.template import Key, Paragraph, Template
from tideover.casework.portal.words import NAMED, words

ENGLISH = words("en")
KINDS = {"wording", "capitals", "link", "reading"}
NAMES = re.compile(r"\b(?:PDF|JPEG|PNG|IBAN)\b")  # what everyone calls these


def said(language: str) -> dict[str, str]:
    """Return every text of a language as one string each."""
    return {name: "\n".join(text) if isinstance(text, list) else text
            for name, text in words(language).items()}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_the_same_things(language: str) -> None:
    assert words(language).keys() == ENGLISH.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_names_the_same_values_in_every_language(language: str) -> None:
    odd = {name for name, text in said(language).items()
           if set(NAMED.findall(text)) != set(NAMED.findall(said("en")[name]))}  # fmt: skip
    assert odd == set()


@pytest.mark.parametrize("language", ["nl", "es", "fr"])
def test_no_long_text_was_left_in_english(language: str) -> None:
    same = [name for name, text in said(language).items()
            if text == said("en")[name] and len(text.split()) > 2]  # fmt: skip
    assert same == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_threatens_blames_shouts_or_is_hard_to_read(language: str) -> None:
    pages: dict[str, list[str]] = {}
    for name, text in said(language).items():
        ends = text if re.search(r"[.?:]$", text) else f"{text}."
        pages.setdefault(name.split(".")[0], []).append(NAMES.sub("file", NAMED.sub("one", ends)))
    wrong = {}
    for name, texts in pages.items():
        page = Template(Key("help", "long", language, "direct"), "help", "",
                        (Paragraph("why", "\n".join(texts)),))  # fmt: skip
        found = [f"{one.kind}: {one.what}" for one in findings(page) if one.kind in KINDS]
        if found:
            wrong[name] = found
    assert wrong == {}

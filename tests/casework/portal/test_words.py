"""The portal's words: in four languages alike, plain, without threat, blame or alarm."""

from __future__ import annotations

import pytest

from tideover.casework.outreach.content import LANGUAGES
from tideover.casework.portal.own_words import NAMED, OF_A_PAGE, OF_A_SENTENCE, judged
from tideover.casework.portal.words import shipped

ENGLISH = shipped("en")
KINDS = {*OF_A_SENTENCE, *OF_A_PAGE}


def said(language: str) -> dict[str, str]:
    """Return every text of a language as one string each."""
    return {name: "\n".join(text) if isinstance(text, list) else text
            for name, text in shipped(language).items()}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_the_same_things(language: str) -> None:
    assert shipped(language).keys() == ENGLISH.keys()


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
        pages.setdefault(name.split(".")[0], []).extend(text.split("\n"))
    wrong = {name: found for name, texts in pages.items()
             if (found := [one for one in judged(language, texts) if one[0] in KINDS])}  # fmt: skip
    assert wrong == {}

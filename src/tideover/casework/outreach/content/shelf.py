"""The shelf of shipped texts: a file a purpose and language, and which text stands in for which."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

from tideover.casework.outreach.content.template import (
    FORMS,
    LANGUAGES,
    LINKS,
    PLAIN,
    PURPOSES,
    SPOKEN,
    TONES,
    Key,
    Template,
    written,
)
from tideover.terms.faults import Refused

# What is served on paper, and is not said on the telephone.
ON_PAPER = ("postal_address", "data_sharing_offer", "medical_exception", "payment_plan_option",
            "consequences")  # fmt: skip
FALLBACK = {"friendly": "empathetic", "formal": "direct"}


def tones_of(purpose: str, form: str) -> tuple[str, ...]:
    """Return the tones a text must be there in: all four the day after the due date, else two.

    Examples:
        >>> tones_of("help", "letter")
        ('empathetic', 'direct')
    """
    return TONES if (purpose, form) == ("day_after_due", "short") else ("empathetic", "direct")


def chosen(purpose: str, form: str, *, language: str, tone: str, variant: str = PLAIN) -> Template:
    """Return the text for a purpose and form, nearest to what was asked.

    Where a tone is not written, friendly becomes empathetic and formal becomes direct; where a
    variant is not written, the plain one stands in; `nl-BE` reads `nl`. The template's key says
    what it is. Another language stands in for none: someone who cannot read a text was not told.

    Raises:
        Refused: There is no such purpose, form, language or tone.

    Examples:
        >>> chosen("help", "short", language="fr-BE", tone="formal").key.name
        'help/short/fr/direct/plain'
    """
    spoken = language.replace("_", "-").split("-")[0].lower()
    known = ((purpose, PURPOSES), (form, FORMS), (spoken, LANGUAGES), (tone, TONES))
    for word, words in known:
        if word not in words:
            raise Refused(f"There are no texts for {word!r}", mend=f"One of {', '.join(words)}")
    texts = shipped()
    for said in (tone, FALLBACK.get(tone, tone)):
        for shade in (variant, PLAIN):
            found = texts.get(Key(purpose, form, spoken, said, shade))
            if found:
                return found
    raise Refused("A text is missing", where=f"{purpose}/{form}/{spoken}/{tone}",
                  mend="Write it, in its file under texts/")  # fmt: skip


@cache
def shipped() -> Mapping[Key, Template]:
    """Return every shipped text by its key, variants among them."""
    return {
        template.key: template
        for language in LANGUAGES
        for purpose in PURPOSES
        for template in _purpose_texts(purpose, language)
    }


def missing(texts: Mapping[Key, Template]) -> list[Key]:
    """Return what must be there and is not: a purpose, form and tone in a language."""
    return [
        key
        for purpose in PURPOSES
        for form in FORMS
        for tone in tones_of(purpose, form)
        for language in LANGUAGES
        if (key := Key(purpose, form, language, tone)) not in texts
    ]


def templates(
    text: str, purpose: str, language: str, shared: Mapping[str, Any]
) -> Iterator[Template]:
    """Yield the templates of one file's text; see docs/content.md for how it is written.

    Raises:
        Refused: The text is no TOML, or not of that shape.
    """
    where = f"{purpose} in {language}"
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Refused(f"The texts cannot be read: {error}", where=where) from None
    act, says = said.pop("act", None), tuple(said.pop("says", ()))
    said.setdefault(SPOKEN, {})  # most are said as they are written
    if act not in LINKS or not all(isinstance(said.get(form), dict) for form in FORMS):
        raise Refused("A file of texts says its `act` and has every form", where=where,
                      mend=f"act is {', '.join(LINKS)}; forms are {', '.join(FORMS)}")  # fmt: skip
    for form in FORMS:
        for tone, own in _own_words(said, form):
            variants = own.pop("variants", {})
            for variant, changed in {PLAIN: {}, **variants}.items():
                key = Key(purpose, form, language, tone, variant)
                yield replace(written(key, act, {**own, **changed}, shared), says=says)


def _own_words(said: Mapping[str, Any], form: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield a form's words by tone.

    A letter says what the long form says, but for what it writes itself; a call says what the
    letter says, but for what it words itself and what nobody can hear.
    """
    for tone, words in said[form].items() if form != SPOKEN else ():
        base = said["long"].get(tone, {}) if form == "letter" else {}
        yield tone, {**base, **words}
    letters = dict(_own_words(said, "letter")) if form == SPOKEN else {}
    for tone in {**letters, **said[form]} if form == SPOKEN else ():
        own = {**letters.get(tone, {}), **said[form].get(tone, {})}
        carries = [item for item in own.pop("carries", ()) if item not in ON_PAPER]
        heard = {name: word for name, word in own.items() if name not in ("subject", "button")}
        yield tone, {**heard, "carries": carries}


@cache
def wording(language: str, name: str) -> Mapping[str, Any]:
    """Return one of a language's files: a purpose, `shared`, `events`, `banned` or `items`."""
    return tomllib.loads(_read(language, name))


def _purpose_texts(purpose: str, language: str) -> Iterator[Template]:
    return templates(_read(language, purpose), purpose, language, wording(language, "shared"))


def _read(language: str, name: str) -> str:
    folder = files("tideover.casework.outreach.content") / "texts" / language
    return (folder / f"{name}.toml").read_text(encoding="utf-8")

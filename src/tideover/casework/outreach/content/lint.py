"""What keeps a text from being approved; every finding says what is wrong and where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tideover.casework.outreach.content import evidence, readability
from tideover.casework.outreach.content.personas import sampled
from tideover.casework.outreach.content.shelf import wording
from tideover.casework.outreach.content.template import (
    FORMS,
    LANGUAGES,
    PURPOSES,
    SPOKEN,
    TACTICS,
    TONES,
    VARIABLE,
    WITHOUT_SUBJECT,
    Template,
)
from tideover.casework.outreach.content.variables import VARIABLES

MOST_PARTS, LONGEST_SUBJECT = 3, 78
# Every kind of finding, and what has to be so for there to be none; `unknown` stands alone.
CHECKS = {
    "variable": "names only variables that there are; a subject of one line",
    "wording": "no threat, no reproach, no jargon, no exclamation mark",
    "capitals": "no word in capitals",
    "link": "no address typed by hand",
    "reading": "easy to read, in short sentences",
    "missing": "how to get help, how to check that it is real, one thing to do",
    "content": "carries what the rules ask of its purpose, and shows all that it says it carries",
    "tactic": "tries only what is on the list of tactics",
    "length": f"at most {MOST_PARTS} parts as a text message, {LONGEST_SUBJECT} letters of subject",
    "unknown": "a purpose, form, language and tone that there are",
}
_BRACE = re.compile(r"[{}]")
_ADDRESS = re.compile(r"https?:|www\.|\b[\w-]+\.(?:com|net|org|ly|me|gl|nl|es|fr|eu)\b", re.I)
_CAPITALS = re.compile(r"\b[^\W\d_a-zà-ÿ]{3,}\b")


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with a text: its kind in one word, what, and which text."""

    kind: str
    what: str
    where: str


def findings(template: Template) -> list[Finding]:
    """Return what is wrong with a text; a text with a finding cannot be approved.

    Checked: variables, words that threaten, shame or confuse, capitals, how it reads, its parts as
    a text message, that it shows amount, help, stop and check, and what it says that it carries.
    """
    place = _misplaced(template)
    if place:  # nothing more can be said of a text in no language we know
        return [Finding("unknown", word, template.key.name) for word in place]
    checks = {
        "variable": _variables(template), "wording": _wording(template),
        "capitals": _capitals(template), "link": _typed_links(template),
        "reading": _reading(template), "missing": _dead_ends(template),
        "content": _content(template), "tactic": _tactics(template),
    }  # fmt: skip
    found = [Finding(kind, what, template.key.name) for kind, all_of in checks.items()
             for what in all_of]  # fmt: skip
    if not any(finding.kind == "variable" for finding in found):
        found += [Finding("length", what, template.key.name) for what in _lengths(template)]
    return found


def _misplaced(template: Template) -> list[str]:
    key = template.key
    known = ((key.purpose, PURPOSES), (key.form, FORMS), (key.language, LANGUAGES),
             (key.tone, TONES))  # fmt: skip
    return [f"{word!r} is none of {', '.join(words)}" for word, words in known if word not in words]


def _variables(template: Template) -> Iterator[str]:
    whole = f"{template.subject}\n{template.text}\n{template.button}"
    for name in template.variables:
        if name not in VARIABLES:
            yield f"{{{name}}} is no variable"
    if _BRACE.search(VARIABLE.sub("", whole)) or VARIABLE.search(template.button):
        yield "a brace that is no variable, or a variable on the button"
    if "\n" in template.subject:
        yield "a subject of more than one line"


def _wording(template: Template) -> Iterator[str]:
    whole = VARIABLE.sub(" ", f"{template.subject}\n{template.text}")
    for kind, phrases in wording(template.key.language, "banned").items():
        if kind == "capitals":
            continue
        for phrase in phrases:
            end = "" if phrase.endswith("*") else r"(?!\w)"
            if re.search(rf"(?<!\w){re.escape(phrase.rstrip('*'))}{end}", whole, re.I):
                yield f"{kind}: {phrase!r}"
    if "!" in whole or "¡" in whole:
        yield "shouting: an exclamation mark"


def _capitals(template: Template) -> Iterator[str]:
    allowed = wording(template.key.language, "banned")["capitals"]
    whole = VARIABLE.sub(" ", f"{template.subject}\n{template.text}")
    return (word for word in _CAPITALS.findall(whole) if word not in allowed)


def _typed_links(template: Template) -> Iterator[str]:
    return (f"{link!r} is typed by hand; take a variable"
            for link in _ADDRESS.findall(template.text))  # fmt: skip


def _reading(template: Template) -> Iterator[str]:
    read = readability.reading(prose(template), template.key.language)
    if read.score < readability.EASIEST_BAR:
        yield f"it scores {read.score}, under {readability.EASIEST_BAR:.0f}"
    if read.words_a_sentence > readability.LONGEST_SENTENCE:
        yield f"{read.words_a_sentence} words a sentence, over {readability.LONGEST_SENTENCE:.0f}"


def prose(template: Template) -> str:
    """Return what is read as sentences: no greeting, no address, each value one plain word."""
    return VARIABLE.sub("one", template.without("greeting", "sign").text)


def _dead_ends(template: Template) -> Iterator[str]:
    names = set(template.variables)
    if not names & {"phone", "help_link"}:
        yield "no way to get help: {phone} or {help_link}"
    if not {"check_code", "check_address"} <= names:
        yield "no way to check that it is real: {check_code} and {check_address}"
    if not names & {"pay_link", "help_link"} and not template.key.event \
            and template.key.form not in ("letter", SPOKEN):  # fmt: skip
        yield "no one clear action: {pay_link} or {help_link}"
    if template.key.form not in WITHOUT_SUBJECT and not template.subject:
        yield "no subject"


def _content(template: Template) -> Iterator[str]:
    key = template.key
    for item in evidence.required(key.purpose, key.form):
        if item not in template.carries:
            yield f"{key.purpose} must carry {item}"
    for item in template.carries:
        if not evidence.shown(item, template):
            yield f"it says it carries {item}, and no sentence shows it"
    for item in evidence.TELLING:
        if item not in template.carries and evidence.shown(item, template):
            yield f"it shows {item} and does not say so"


def _tactics(template: Template) -> Iterator[str]:
    return (f"{name!r} is none of {', '.join(TACTICS)}"
            for name in template.tactics if name not in TACTICS)  # fmt: skip


def _lengths(template: Template) -> Iterator[str]:
    for message in sampled(template):
        if message.parts and message.parts.count > MOST_PARTS:
            letters = " ".join(message.parts.outside)
            yield (f"{message.parts.count} parts in {message.parts.encoding}, over {MOST_PARTS}"
                   + f"; outside the alphabet: {letters}" * bool(letters))  # fmt: skip
        if len(message.subject) > LONGEST_SUBJECT:
            yield f"a subject of {len(message.subject)} letters, over {LONGEST_SUBJECT}"

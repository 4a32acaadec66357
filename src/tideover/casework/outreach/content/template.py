"""A text as data: what it is for, its paragraphs in order, what it carries and what it tries."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from hashlib import sha256
from typing import Any

from tideover.terms.faults import Refused

PURPOSES = ("before_due", "day_after_due", "yellow_zone", "help", "plan_reminder",
            "promise_reminder", "care_ends", "statutory_notice")  # fmt: skip
SPOKEN = "spoken"  # as a call says it
FORMS = ("short", "long", "letter", SPOKEN)
WITHOUT_SUBJECT = ("short", SPOKEN)
LANGUAGES = ("en", "nl", "es", "fr")
TONES = ("friendly", "empathetic", "direct", "formal")
PLAIN = "plain"  # the variant that tries nothing besides
# What a text tries, so that learning can compare; none of them threatens or shames.
TACTICS = {
    "simplification": "one thought a sentence, one thing to do",
    "salience": "the amount stands first",
    "social_norm": "that many people miss a bill and put it right; never that one stands apart",
    "implementation_intention": "asks for a moment and a place to do it",
    "payday_timing": "puts the day of paying just after the day of being paid",
}
LINKS = {"pay": "pay_link", "plan": "pay_link", "help": "help_link"}  # what the one action opens
VARIABLE = re.compile(r"\{([a-z_]+)\}")
# French puts a thin space before these; it may not break there, and a text message has none.
_FRENCH = re.compile(r" ([?!;»])|(?<=«) ")
OPENING = ("greeting", "moment", "aside", "recorded")  # what stands before why, in order
_WORDS = {"status", "subject", "why", "ask", "button", "carries", "tactics", "variants"}


@dataclass(frozen=True)
class Paragraph:
    """One paragraph and its place in a message: why, ask, action, help, real, stop and so on."""

    role: str
    text: str


@dataclass(frozen=True)
class Key:
    """Which text it is."""

    purpose: str
    form: str
    language: str
    tone: str
    variant: str = PLAIN
    offer: str = ""
    event: str = ""

    @property
    def name(self) -> str:
        """Return it in one word, e.g. `day_after_due/short/nl/friendly/plain`."""
        parts = (self.purpose, self.form, self.language, self.tone, self.variant, self.offer,
                 self.event)  # fmt: skip
        return "/".join(filter(None, parts))


@dataclass(frozen=True)
class Template:
    """A text with its variables still in it.

    Args:
        act: What its one action is: pay, plan or help.
        carries: The content items it says it has (compliance catalogue, 5.4); see `evidence`.
        tactics: What it tries, of `TACTICS`.
        status: `unreviewed` until a speaker of the language approves this very version.
        says: The offers that it makes by itself, and that need not be added.
        put_together: The pieces it was put together from, where an offer or an event changed it.
    """

    key: Key
    act: str
    subject: str
    paragraphs: tuple[Paragraph, ...]
    button: str = ""
    carries: tuple[str, ...] = ()
    tactics: tuple[str, ...] = ()
    status: str = "unreviewed"
    says: tuple[str, ...] = ()
    put_together: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Return all it says after the subject, with its variables."""
        return "\n\n".join(paragraph.text for paragraph in self.paragraphs)

    @property
    def variables(self) -> tuple[str, ...]:
        """Return the variables it names, each once, in order."""
        return tuple(dict.fromkeys(VARIABLE.findall(f"{self.subject}\n{self.text}")))

    @cached_property
    def version(self) -> str:
        """Return what names exactly these words: any change makes another version."""
        words = {**asdict(self), "status": "", "put_together": ()}
        return _digest(json.dumps(words, sort_keys=True, ensure_ascii=False))

    @property
    def pieces(self) -> tuple[str, ...]:
        """Return what must be approved before it is sent: the text, and what was put into it."""
        return self.put_together or (f"{self.key.name}@{self.version}",)

    def without(self, *roles: str) -> Template:
        """Return it without the paragraphs of some roles."""
        kept = tuple(part for part in self.paragraphs if part.role not in roles)
        return replace(self, paragraphs=kept)


def typeset(text: str, key: Key) -> str:
    """Return a text with its language's printed marks; a text message keeps the plain ones.

    Examples:
        >>> typeset("C'est vous ?", Key("help", "long", "fr", "direct"))
        'C’est vous\\u202f?'
    """
    if key.form == "short":
        return text
    if key.language == "fr":
        text = _FRENCH.sub("\u202f\\1", text).replace(" :", "\u00a0:")
    return text.replace("'", "’")


def piece(name: str, words: str) -> str:
    """Return what names a paragraph that goes into many texts, with exactly its words."""
    return f"{name}@{_digest(words)}"


def _digest(words: str) -> str:
    return sha256(words.encode()).hexdigest()[:16]


def written(key: Key, act: str, words: Mapping[str, Any], shared: Mapping[str, Any]) -> Template:
    """Return a template from its own words and the paragraphs its language shares.

    Args:
        act: pay, plan or help.
        words: `why` and `ask`; for the long form and the letter also `subject` and `button`;
            `carries`, `tactics`, `status`.
        shared: The language's shared paragraphs, by form; `notice` for statutory notices.

    Raises:
        Refused: A word is missing, or none that we know.
    """
    strange = sorted(words.keys() - _WORDS)
    bare = key.form in WITHOUT_SUBJECT
    wanted = ("why", "ask") if bare else ("why", "ask", "subject", "button")
    lacking = [word for word in wanted if not words.get(word)]
    if strange or lacking:
        raise Refused(f"A text lacks {lacking} or has the unknown {strange}", where=key.name,
                      mend=f"A text has {', '.join(sorted(_WORDS))}")  # fmt: skip
    return Template(
        key, act, words.get("subject", ""), tuple(_paragraphs(key, act, words, shared)),
        words.get("button", ""), tuple(words.get("carries", ())), tuple(words.get("tactics", ())),
        words.get("status", "unreviewed"),
    )  # fmt: skip


def _paragraphs(
    key: Key, act: str, words: Mapping[str, Any], shared: Mapping[str, Any]
) -> list[Paragraph]:
    common = dict(shared[key.form])
    ways = {way: common.pop(f"act_{way}", "") for way in LINKS}
    parts = [(role, common.pop(role, "")) for role in OPENING]
    parts += [("why", words["why"]), ("ask", words["ask"])]
    if key.form == "long":
        parts.append(("action", f"{words['button']}\n{{{LINKS[act]}}}"))
    if key.form in ("letter", SPOKEN):
        parts.append(("action", ways[act]))
    if key.purpose == "statutory_notice" and key.form not in WITHOUT_SUBJECT:
        parts += shared["notice"].items()
    parts += common.items()
    return [Paragraph(role, text.strip()) for role, text in parts if text]

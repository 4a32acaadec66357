"""From a template and a case's values to the message; values go in once, and nothing reads them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from tideover.casework.outreach.content import markup, sms
from tideover.casework.outreach.content.template import LINKS, VARIABLE, Key, Paragraph, Template
from tideover.casework.outreach.content.values import Values, literal
from tideover.casework.outreach.content.variables import said

# French puts a thin space before these; it may not break there, and a text message has none.
_FRENCH = re.compile(r" ([?!;»])|(?<=«) ")


@dataclass(frozen=True)
class Rendered:
    """A message, ready for a channel.

    Args:
        key: Which text it is, with the language and tone it really has.
        version: Exactly which words, for the record.
        pieces: What must be approved before it is sent, see `unapproved`.
        subject: One line; empty in the short form.
        text: As plain text, in every form.
        html: As a mail; the long form only.
        parts: As a text message; the short form only.
        paragraphs: As a letter sets them.
        content_items: What the guard may know that it carries.
        tactics: What it tries, for learning.
        status: `unreviewed` until someone who speaks the language approves the version.
    """

    key: Key
    version: str
    pieces: tuple[str, ...]
    subject: str
    text: str
    html: str
    parts: sms.Parts | None
    paragraphs: tuple[Paragraph, ...]
    content_items: tuple[str, ...]
    tactics: tuple[str, ...]
    status: str


class _InWords(dict[str, str]):
    """A case's values in words, each put into words once: when it is first asked for."""

    def __init__(self, values: Values, key: Key) -> None:
        self._values, self._key = values, key

    def __missing__(self, name: str) -> str:
        words = said(name, self._values, language=self._key.language, form=self._key.form)
        self[name] = words
        return words


def rendered(template: Template, values: Values) -> Rendered:
    """Return a template's message for one case.

    Raises:
        Refused: The text names an unknown variable, or one that the case has no value for.
    """
    key, words = template.key, _InWords(values, template.key)
    subject = literal(_filled(template.subject, words, key))
    paragraphs = tuple(Paragraph(part.role, _filled(part.text, words, key))
                       for part in template.paragraphs)  # fmt: skip
    text = ("\n" if key.form == "short" else "\n\n").join(part.text for part in paragraphs)
    parts = sms.parts(sms.plainer(text)) if key.form == "short" else None
    return Rendered(
        key, template.version, template.pieces, subject, parts.text if parts else text,
        _mail(template, words, paragraphs, subject) if key.form == "long" else "", parts,
        paragraphs, template.carries, template.tactics, template.status,
    )  # fmt: skip


def _mail(
    template: Template, words: _InWords, paragraphs: tuple[Paragraph, ...], subject: str
) -> str:
    key = template.key
    link = words[LINKS[template.act]] if template.button else ""
    return markup.page(paragraphs, subject=subject, language=key.language,
                       button=(typeset(template.button, key), link))  # fmt: skip


def _filled(text: str, words: _InWords, key: Key) -> str:
    """Return a text with each variable replaced by its value, once: a value is never read again."""
    return _with_places(text, key) % words


@lru_cache(maxsize=4096)
def _with_places(text: str, key: Key) -> str:
    """Return a text as `%` fills it; it is read for its variables once, however many it goes to."""
    return VARIABLE.sub(r"%(\1)s", typeset(text, key).replace("%", "%%"))


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

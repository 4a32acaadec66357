"""From a template and a case's values to the message; values go in once, and nothing reads them."""

from __future__ import annotations

import re
from dataclasses import dataclass

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


def rendered(template: Template, values: Values) -> Rendered:
    """Return a template's message for one case.

    Raises:
        Refused: The text names an unknown variable, or one that the case has no value for.
    """
    key = template.key
    subject = literal(filled(template.subject, values, key))
    paragraphs = tuple(Paragraph(part.role, filled(part.text, values, key))
                       for part in template.paragraphs)  # fmt: skip
    text = ("\n" if key.form == "short" else "\n\n").join(part.text for part in paragraphs)
    parts = sms.parts(sms.plainer(text)) if key.form == "short" else None
    return Rendered(
        key, template.version, template.pieces, subject, parts.text if parts else text,
        _mail(template, values, paragraphs, subject) if key.form == "long" else "", parts,
        paragraphs, template.carries, template.tactics, template.status,
    )  # fmt: skip


def _mail(
    template: Template, values: Values, paragraphs: tuple[Paragraph, ...], subject: str
) -> str:
    key = template.key
    link = filled(f"{{{LINKS[template.act]}}}", values, key) if template.button else ""
    return markup.page(paragraphs, subject=subject, language=key.language,
                       button=(typeset(template.button, key), link))  # fmt: skip


def filled(text: str, values: Values, key: Key) -> str:
    """Return a text with each variable replaced by its value, once: a value is never read again."""

    def value(found: re.Match[str]) -> str:
        return said(found[1], values, language=key.language, form=key.form)

    return VARIABLE.sub(value, typeset(text, key))


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

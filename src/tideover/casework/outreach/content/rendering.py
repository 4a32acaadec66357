"""From a template and a case's values to the message; values go in once, and nothing reads them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache, partial

from tideover.casework.outreach.content import markup, sms
from tideover.casework.outreach.content.template import (
    LINKS,
    VARIABLE,
    Key,
    Paragraph,
    Template,
    typeset,
)
from tideover.casework.outreach.content.values import Utility, Values, literal
from tideover.casework.outreach.content.variables import OF_UTILITY, of_utility, said


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
        self._values, self._said = values, partial(said, language=key.language, form=key.form)

    def __missing__(self, name: str) -> str:
        words = self[name] = self._said(name, self._values)
        return words


def rendered(template: Template, values: Values) -> Rendered:
    """Return a template's message for one case.

    Raises:
        Refused: The text names an unknown variable, or one that the case has no value for.
    """
    key, words = template.key, _InWords(values, template.key)
    subject, with_places = _with_places(template, values.utility, values.territory)
    subject = literal(subject % words)
    paragraphs = tuple(Paragraph(role, text % words) for role, text in with_places)
    text = ("\n" if key.form == "short" else "\n\n").join(part.text for part in paragraphs)
    parts = sms.parts(sms.plainer(text)) if key.form == "short" else None
    return Rendered(
        key, template.version, template.pieces, subject, parts.text if parts else text,
        _mail(template, words, paragraphs, subject) if key.form == "long" else "", parts,
        paragraphs, template.carries, template.tactics, template.status,
    )  # fmt: skip


@lru_cache(maxsize=256)
def _with_places(
    template: Template, utility: Utility, territory: str
) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return a text's subject, and its roles and paragraphs, as `%` fills them for one case.

    They are read once, and what a utility says of itself, the same in every message, is in them
    already. Whatever goes in is never read again.
    """
    key = template.key

    def place(found: re.Match[str]) -> str:
        name = found[1]
        if name not in OF_UTILITY:
            return f"%({name})s"
        return of_utility(name, utility, territory, key.language, key.form).replace("%", "%%")

    def places(text: str) -> str:
        return VARIABLE.sub(place, typeset(text, key).replace("%", "%%"))

    return places(template.subject), tuple((p.role, places(p.text)) for p in template.paragraphs)


def _mail(
    template: Template, words: _InWords, paragraphs: tuple[Paragraph, ...], subject: str
) -> str:
    key = template.key
    link = words[LINKS[template.act]] if template.button else ""
    return markup.page(paragraphs, subject=subject, language=key.language,
                       button=(typeset(template.button, key), link))  # fmt: skip

"""Which variant of a text an account gets: drawn by lot, so that what each brings is comparable."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from hashlib import sha256

from tideover.casework.outreach.content.shelf import chosen, shipped
from tideover.casework.outreach.content.template import PLAIN, Key, Template


@cache
def variants(purpose: str, form: str, language: str, tone: str) -> tuple[Template, ...]:
    """Return the plain text nearest to what was asked, and what is written beside it, by name.

    Raises:
        Refused: There is no such purpose, form, language or tone.

    Examples:
        >>> [one.key.variant for one in variants("day_after_due", "short", "nl-BE", "friendly")]
        ['plain', 'social_norm']
        >>> [one.key.variant for one in variants("help", "letter", "fr", "formal")]
        ['plain']
    """
    plain = chosen(purpose, form, language=language, tone=tone).key
    beside = (text for key, text in shipped().items() if _same_but_for_variant(key, plain))
    return tuple(sorted(beside, key=lambda text: text.key.variant))


def _same_but_for_variant(one: Key, other: Key) -> bool:
    return (one.purpose, one.form, one.language, one.tone) == (
        other.purpose, other.form, other.language, other.tone)  # fmt: skip


def drawn(account_id: str, purpose: str, among: Sequence[str]) -> str:
    """Return which of some variants an account gets for a purpose: always the same one.

    Each is as likely as the others, and one that is added later takes only its own share: nobody
    else's changes. With none to draw from it is the plain one.

    Examples:
        >>> drawn("A1", "help", ()), drawn("A1", "help", ("plain",))
        ('plain', 'plain')
        >>> several = [drawn(f"A{n}", "help", ("plain", "social_norm")) for n in range(1000)]
        >>> 450 < several.count("plain") < 550
        True
    """
    return max(
        among, default=PLAIN,
        key=lambda name: sha256(f"variant|{purpose}|{name}|{account_id}".encode()).digest(),
    )  # fmt: skip

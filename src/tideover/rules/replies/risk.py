"""Words of danger, death and illness in a reply, and what whoever reads it should do first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tideover.rules.replies.phrases import Phrasebook
from tideover.rules.replies.spelling import own_words, plain, shortened, words_of

SELF_HARM, VIOLENCE, ABUSE = "self_harm", "violence", "abuse"
BEREAVEMENT, MEDICAL = "bereavement", "medical"
KINDS = (SELF_HARM, VIOLENCE, ABUSE, BEREAVEMENT, MEDICAL)


class Risks:
    """Reads from lists of words what a person has to see, and how soon.

    Args:
        lists: Phrases by kind and language, `first` (the kinds that come before everything) and
            `what_to_do` by kind and language.
    """

    def __init__(self, lists: Mapping[str, Any]) -> None:
        kinds = {kind: [one for said in lists[kind].values() for one in said] for kind in KINDS}
        self._book = Phrasebook(kinds)
        self._first = tuple(lists["first"])
        self._what_to_do: Mapping[str, Mapping[str, str]] = lists["what_to_do"]

    def kinds(self, text: str) -> tuple[str, ...]:
        """Return the kinds of risk a reply speaks of, the gravest first."""
        found = set(self._book.names(words_of(plain(own_words(shortened(text))))))
        return tuple(kind for kind in KINDS if kind in found)

    def come_first(self, kinds: tuple[str, ...]) -> bool:
        """Return whether a person must see the reply before everything else."""
        return any(kind in self._first for kind in kinds)

    def what_to_do(self, kind: str, lang: str = "en") -> str:
        """Return what whoever reads such a reply should do, in their own language or English."""
        words = self._what_to_do[kind]
        return words.get(lang) or words["en"]

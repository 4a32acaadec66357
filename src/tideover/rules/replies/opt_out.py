"""Whether a reply asks for silence, or for an end of it. In doubt it asks for silence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from tideover.rules.replies.phrases import Phrasebook
from tideover.rules.replies.spelling import (
    clauses,
    own_words,
    plain,
    shortened,
    slips,
    squeezed,
    without_digits,
)

_SHORTEST_MISSPELT = 4  # letters; in a shorter word a slip makes another word
_LONG = 10  # letters from which on two slips still leave no doubt
_BARE_WORDS = 12  # a longer part is a sentence, to be read as one


class Silence:
    """Reads from lists of words whether someone wants no more messages.

    Args:
        lists: `alone` (words that mean it when nothing else is said), `anywhere` (words that mean
            it in any sentence), `phrases`, `leaving` (phrases that may speak of a contract too),
            `fillers`, `supply` (words that show that something else is to stop), `unless`,
            `other_words`, `start_alone`, `start_phrases`; each by language.

    Source:
        47 CFR 64.1200(a)(10): a called party may revoke consent in any reasonable manner.
    """

    def __init__(self, lists: Mapping[str, Any]) -> None:
        self._alone = _squeezed(_all(lists["alone"]))
        self._anywhere = _squeezed(_all(lists["anywhere"]))
        self._fillers = frozenset(plain(word) for word in _all(lists["fillers"]))
        self._other = _squeezed(_all(lists["other_words"]))
        self._start_alone = _squeezed(_all(lists["start_alone"]))
        self._phrases = Phrasebook({"stop": _all(lists["phrases"])})
        self._leaving = Phrasebook({"leave": _all(lists["leaving"])})
        self._unless = Phrasebook({"unless": _all(lists["unless"])})
        self._supply = Phrasebook({"supply": _all(lists["supply"])})
        self._start = Phrasebook({"start": _all(lists["start_phrases"])})
        self._means = lru_cache(maxsize=50_000)(self._uncached)

    def wanted(self, text: str) -> bool:
        """Return whether a reply asks that messages stop."""
        return bool(self.parts(text)[0])

    def parts(self, text: str) -> tuple[list[str], list[str]]:
        """Return the parts of a reply that ask for silence, and the parts that say something else.

        A reply that asks to be written to again asks for no silence.
        """
        read = plain(own_words(shortened(text)))
        all_parts = clauses(read)
        if self._comes_back(all_parts):
            return [], [" ".join(part) for part in all_parts]
        asking = [self._asks(part, first=place == 0) for place, part in enumerate(all_parts)]
        if not any(asking) and self._said_across(all_parts):
            asking = [True] * len(all_parts)
        joined = [(asks, " ".join(part)) for asks, part in zip(asking, all_parts, strict=True)]
        return [part for asks, part in joined if asks], [part for asks, part in joined if not asks]

    def ended(self, text: str) -> bool:
        """Return whether a reply asks to be written to again."""
        return self._comes_back(clauses(plain(own_words(shortened(text)))))

    def hinted(self, text: str) -> bool:
        """Return whether a reply asks for silence with a condition: not at work, not before 5."""
        words = [word for part in clauses(plain(own_words(shortened(text)))) for word in part]
        return self._phrases.any(words) and self._unless.any(words)

    def _asks(self, part: Sequence[str], *, first: bool) -> bool:
        if self._bare(part):
            return True
        if self._phrases.any(part) and not self._unless.any(part):
            return True
        if self._supply.any(part):
            return False
        if self._leaving.any(part) or any(self._means(word) == "anywhere" for word in part):
            return not self._unless.any(part)
        # "STOP i paid already": who begins with the word means it
        return first and part[0] == "stop" and len(part) <= _BARE_WORDS

    def _bare(self, part: Sequence[str]) -> bool:
        """Return whether a part says nothing but a word that asks for silence."""
        if len(part) > _BARE_WORDS:
            return False
        said = [word for word in part if word not in self._fillers and word.isalnum()]
        if not said:
            return any(word in self._alone for word in part)
        one = squeezed("".join(said))
        return all(self._means(word) for word in said) or (len(said) <= 3 and one in self._alone)

    def _said_across(self, parts: Sequence[Sequence[str]]) -> bool:
        """Return whether a phrase runs across the commas, or a word across spaces."""
        words = [word for part in parts for word in part]
        return self._phrases.any(words) and not self._unless.any(words)

    def _comes_back(self, parts: Sequence[Sequence[str]]) -> bool:
        words = [word for part in parts for word in part]
        said = [word for word in words if word not in self._fillers and word.isalnum()]
        alone = len(said) == 1 and squeezed(said[0]) in self._start_alone
        return alone or self._start.any(words)

    def _uncached(self, word: str) -> str:
        """Return `anywhere` or `alone` for a word that means it, misspelt or not; else nothing."""
        if word.isdigit():
            return ""
        short = squeezed(word)
        if short in self._anywhere or squeezed(without_digits(word)) in self._anywhere:
            return "anywhere"
        if short in self._alone or squeezed(without_digits(word)) in self._alone:
            return "alone"
        if short in self._other or short in self._fillers or short in self._start_alone:
            return ""
        if _misspelt(short, self._anywhere):
            return "anywhere"
        return "alone" if _misspelt(short, self._alone) else ""


def _misspelt(word: str, wanted: Iterable[str]) -> bool:
    """Return whether a word is one of the wanted but for a slip or two."""
    if len(word) < _SHORTEST_MISSPELT - 1:
        return False
    letters = set(word)
    for right in wanted:
        if len(right) < _SHORTEST_MISSPELT:
            continue
        most = 2 if len(right) >= _LONG else 1
        if len(letters.symmetric_difference(right)) > 2 * most:
            continue
        # a slip in the first letter of a short word makes another word: shop, atop
        if len(right) < 6 and word[0] != right[0] and word[:2] != right[1::-1]:
            continue
        if slips(word, right, most) <= most:
            return True
    return False


def _all(lists: Mapping[str, Iterable[str]]) -> list[str]:
    """Return the words of every language."""
    return [word for words in lists.values() for word in words]


def _squeezed(words: Iterable[str]) -> frozenset[str]:
    return frozenset(squeezed(plain(word).replace(" ", "")) for word in words)

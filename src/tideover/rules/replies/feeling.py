"""How a reply feels, from very bad to very good, by lists of words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from tideover.rules.replies.phrases import Phrasebook
from tideover.rules.replies.spelling import plain

_REACH = 2  # words that a `not` or a `very` reaches
_DAMPING = 4.0  # one mild word leaves a reply mild


class Feelings:
    """Reads from lists of words how a reply feels.

    Args:
        lists: `words` by how they feel (-3 to 3), `turning` (not, never) and `stronger` (very).
    """

    def __init__(self, lists: Mapping[str, Any]) -> None:
        self._book = Phrasebook(lists["words"])
        self._turning = frozenset(plain(word) for word in lists["turning"]["words"])
        self._stronger = frozenset(plain(word) for word in lists["stronger"]["words"])
        self.of_word = lru_cache(maxsize=50_000)(self._uncached)

    def of(self, words: Sequence[str]) -> float:
        """Return how words feel, from -1 to 1; 0 where no list knows them."""
        total = weight = 0.0
        for at, word in enumerate(words):
            felt = self.of_word(word)
            if not felt:
                continue
            before = words[max(0, at - _REACH) : at]
            if any(one in self._turning for one in before):
                felt = -0.5 * felt if felt > 0 else 0.5 * felt
            if any(one in self._stronger for one in before):
                felt *= 1.5
            total, weight = total + felt, weight + abs(felt)
        return max(-1.0, min(1.0, round(total / (weight + _DAMPING) * 1.5, 3)))

    def _uncached(self, word: str) -> float:
        names = self._book.names([word])
        return sum(map(float, names)) / len(names) if names else 0.0

"""The language of a reply, by its small words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from tideover.rules.replies.spelling import plain


class Languages:
    """Tells languages by their small words; a word of several counts less for each.

    Args:
        lists: Small words, by language.
    """

    def __init__(self, lists: Mapping[str, Iterable[str]]) -> None:
        by_word: dict[str, set[str]] = {}
        for lang, words in lists.items():
            for word in words:
                by_word.setdefault(plain(word), set()).add(lang)
        self._weights = {
            word: [(lang, 1 / len(langs)) for lang in sorted(langs)]
            for word, langs in by_word.items()
        }

    def of(self, words: Sequence[str]) -> str | None:
        """Return the language that words are most likely in, or None where they do not say."""
        seen: Counter[str] = Counter()
        for word in words:
            for lang, weight in self._weights.get(word, ()):
                seen[lang] += weight  # type: ignore[assignment]
        (first, best), *others = seen.most_common(2) or [("", 0)]
        return first if best and (not others or best > others[0][1]) else None

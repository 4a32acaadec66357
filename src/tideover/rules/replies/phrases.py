"""Phrases by name, found in the words of a reply; written as a person would list them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from tideover.rules.replies.spelling import plain

GAP = 3  # words that `..` may stand for
_STEM = 3  # letters by which phrases that begin with a stem are found


class Slot(NamedTuple):
    """What one word of a phrase may be."""

    exact: frozenset[str]
    stems: tuple[str, ...]
    may_lack: bool
    is_gap: bool

    def takes(self, word: str) -> bool:
        """Return whether a word fits here."""
        return word in self.exact or (bool(self.stems) and word.startswith(self.stems))


class Phrase(NamedTuple):
    """A phrase and the name it stands under."""

    name: str
    slots: tuple[Slot, ...]


class Found(NamedTuple):
    """A phrase that was found, and the words it covers."""

    name: str
    start: int
    end: int


class Phrasebook:
    """Phrases by name.

    In a phrase, `stop|quit` is either word, `text*` any word that begins so, `me?` a word that may
    lack, and `..` up to three words of any kind. Case and accents do not count.

    Examples:
        >>> book = Phrasebook({"leave": ["stop|quit text* me?"], "calm": ["no .. worries"]})
        >>> book.names("please quit texting".split()), book.names("no big worries".split())
        (['leave'], ['calm'])
    """

    def __init__(self, lists: Mapping[str, Iterable[str]]) -> None:
        self._by_word: dict[str, list[Phrase]] = {}
        self._by_stem: dict[str, list[Phrase]] = {}
        for name, phrases in lists.items():
            for written in phrases:
                self._add(Phrase(name, tuple(_slot(word) for word in written.split())))

    def _add(self, phrase: Phrase) -> None:
        first = phrase.slots[0]
        for word in first.exact:
            self._by_word.setdefault(word, []).append(phrase)
        for stem in first.stems:
            self._by_stem.setdefault(stem[:_STEM], []).append(phrase)

    def found(self, words: Sequence[str]) -> Iterator[Found]:
        """Yield every phrase found, in the order of where it begins."""
        for start, word in enumerate(words):
            for phrase in self._by_word.get(word, ()):
                if (end := _end(phrase.slots, words, start)) >= 0:
                    yield Found(phrase.name, start, end)
            for phrase in self._by_stem.get(word[:_STEM], ()):
                known = word in phrase.slots[0].exact  # then it was found above
                if not known and (end := _end(phrase.slots, words, start)) >= 0:
                    yield Found(phrase.name, start, end)

    def names(self, words: Sequence[str]) -> list[str]:
        """Return the names of what is found, each once, in order."""
        return list(dict.fromkeys(hit.name for hit in self.found(words)))

    def any(self, words: Sequence[str]) -> bool:
        """Return whether anything is found."""
        return next(self.found(words), None) is not None

    def longest(self, words: Sequence[str]) -> Iterator[Found]:
        """Yield what is found without overlaps: from the left, the longest first."""
        reached, best = 0, None
        for hit in self.found(words):
            if best is not None and hit.start > best.start:
                yield best
                reached, best = best.end, None
            if hit.start >= reached and (best is None or hit.end > best.end):
                best = hit
        if best is not None:
            yield best


def _slot(written: str) -> Slot:
    if written == "..":
        return Slot(frozenset(), (), may_lack=True, is_gap=True)
    may_lack = written.endswith("?")
    choices = [plain(choice) for choice in written.removesuffix("?").split("|")]
    exact = frozenset(choice for choice in choices if not choice.endswith("*"))
    stems = tuple(choice[:-1] for choice in choices if choice.endswith("*"))
    return Slot(exact, stems, may_lack, is_gap=False)


def _end(slots: Sequence[Slot], words: Sequence[str], at: int) -> int:
    """Return where a phrase that begins at a word ends, or -1."""
    for place, slot in enumerate(slots):
        if slot.is_gap:
            rest = slots[place + 1 :]
            ends = (_end(rest, words, at + skipped) for skipped in range(GAP + 1))
            return next((end for end in ends if end >= 0), -1)
        if at < len(words) and slot.takes(words[at]):
            at += 1
        elif not slot.may_lack:
            return -1
    return at

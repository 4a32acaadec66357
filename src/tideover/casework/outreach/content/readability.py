"""How easily a text reads: Flesch's measure with each language's own weights.

A score is a lint and no proof: 60 and more is what most people read without effort, and sentences
of fifteen words on average hold a thought each.

Source: en Flesch (1948); nl Douma (1960); es Fernández Huerta (1959); fr Kandel and Moles (1958).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import pyphen

EASIEST_BAR, LONGEST_SENTENCE = 60.0, 15.0
# start, per word in a sentence, per syllable in a word
WEIGHTS = {"en": (206.835, 1.015, 84.6), "nl": (206.84, 0.93, 77.0),
           "es": (206.84, 1.02, 60.0), "fr": (207.0, 1.015, 73.6)}  # fmt: skip
_PATTERNS = {"en": "en_US", "nl": "nl_NL", "es": "es", "fr": "fr"}
_VOWELS = re.compile(r"[aeiouyáéíóúàèìòùâêîôûäëïöüœæ]+")
_MUTE = {"en": re.compile(r"(?<=[^aeiouyl])e$"), "fr": re.compile(r"(?<=[^aeiouy])es?$")}
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_STOP = re.compile(r"[.!?]+(?=\s|$)|\n+")


@dataclass(frozen=True)
class Reading:
    """A text's score (higher is easier), and its mean sentence in words."""

    score: float
    words_a_sentence: float


def reading(text: str, language: str) -> Reading:
    """Return how easily a text reads.

    Args:
        text: Without variables, codes or addresses; nobody reads those as words.
        language: en, nl, es or fr.

    Examples:
        >>> reading("You can pay now. We can help you.", "en").score > 90
        True
        >>> reading("Notwithstanding obligations, remittance is required.", "en").score < 20
        True
    """
    sentences = [found for part in _STOP.split(text) if (found := _WORD.findall(part))]
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return Reading(0.0, 0.0)
    length = len(words) / len(sentences)
    syllables_a_word = sum(syllables(word, language) for word in words) / len(words)
    start, by_word, by_syllable = WEIGHTS[language]
    return Reading(round(start - by_word * length - by_syllable * syllables_a_word, 1),
                   round(length, 1))  # fmt: skip


def syllables(word: str, language: str) -> int:
    """Return a word's syllables, one at least.

    Hyphenation alone leaves out places where no line may break (`idea` has none), so each of its
    pieces counts its groups of vowels.

    Examples:
        >>> syllables("reminder", "en"), syllables("regeling", "nl"), syllables("facture", "fr")
        (3, 3, 2)
    """
    pieces = _hyphenation(language).inserted(word.lower()).split("-")
    mute = _MUTE.get(language)
    if mute and len(word) > 3:
        pieces[-1] = mute.sub("", pieces[-1])
    return max(1, sum(len(_VOWELS.findall(piece)) for piece in pieces))


@cache
def _hyphenation(language: str) -> pyphen.Pyphen:
    return pyphen.Pyphen(lang=_PATTERNS[language], left=1, right=1)

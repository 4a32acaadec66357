"""A reply's words as they are meant: whatever the case, accents, look-alike letters and tricks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

MOST_CHARACTERS = 8_000  # of a longer reply its beginning and its end are read
_HEAD = 6_000
# Letters of other alphabets that look like Latin ones; both replies and lists are folded, so that
# words of those alphabets still match their own list.
_LOOK_ALIKE = str.maketrans("авеёзікмнорстухѕјԁɡαβεικνορτυχоⅼ", "abeezikmhopctyxsjdgabeikvoptuxol")
_APOSTROPHES = "'’‘ʼ`´ʹ′＇"
_INVISIBLE = {"Mn", "Me", "Cf", "Cc", "Co", "Cs", "Cn"}
_TOKEN = re.compile(r"[^\W_]+|[\u2600-\u27bf\U0001f300-\U0001faff]")
_CLAUSE = re.compile(r"[.!?;:,()\[\]…\n\r\"“”«»|/–—]+|\s-+\s")
_REPEATED = re.compile(r"(.)\1+")
_THRICE = re.compile(r"([^\W\d_])\1{2,}")
_SPACED = re.compile(r"(?<![^\W_])(?:[^\W\d_][ .\-_*]{1,2}){3,11}[^\W\d_](?![^\W_])")
_SPACERS = re.compile(r"[ .\-_*]+")
_LEET = str.maketrans("013457@$!", "oieastasi")
_QUOTED = re.compile(
    r"(?m)^[ \t]*>.*$"
    r"|^[ \t]*(?:-{2,}[ \t]*)?(?:original message|oorspronkelijk bericht|mensaje original"
    r"|message d.origine|urspr.ngliche nachricht)[\s\S]*"
    r"|^[ \t]*(?:on|op|el|le|am)\b[^\n]{4,120}\b(?:wrote|schreef|escribi.|a .crit|schrieb)"
    r"[^\n]{0,60}:[ \t]*$[\s\S]*"
    # the line that every message ends with, when it comes back
    r"|\b(?:reply|text|send)[ ]+\W?stop\W?[ ]+to[ ]+(?:opt|end|unsub|cancel|stop)[^\n.]*"
    r"|\b(?:antwoord|sms|stuur)[ ]+(?:met[ ]+)?\W?stop\W?[ ]+om\b[^\n.]*"
    r"|\b(?:responda|env.e|responde)[ ]+\W?(?:stop|baja)\W?[ ]+para\b[^\n.]*"
    r"|\b(?:r.pondez|envoyez)[ ]+\W?stop\W?[ ]+pour\b[^\n.]*",
    re.IGNORECASE,
)


class _Folding(dict[int, int | str | None]):
    """What becomes of a character; worked out when it is first met."""

    def __missing__(self, code: int) -> int | str | None:
        character = chr(code)
        if character in "\n\t\r":
            self[code] = code
        elif character in _APOSTROPHES or unicodedata.category(character) in _INVISIBLE:
            self[code] = None
        else:
            self[code] = _LOOK_ALIKE.get(code, code)
        return self[code]


_FOLDING = _Folding()


def shortened(text: str) -> str:
    """Return a reply, or the beginning and end of one longer than anybody reads."""
    if len(text) <= MOST_CHARACTERS:
        return text
    return text[:_HEAD] + "\n" + text[_HEAD - MOST_CHARACTERS :]


def own_words(text: str) -> str:
    """Return what the customer wrote, without the message they quote; all of it if nothing is left.

    Examples:
        >>> own_words("I paid.\\n> Reply STOP to end these messages")
        'I paid.'
    """
    return _QUOTED.sub("", text).strip() or text


def plain(text: str) -> str:
    """Return a text in small Latin letters, without accents, apostrophes or what cannot be seen.

    Examples:
        >>> plain("J\u2019ai DÉJÀ payé"), plain("S\u0422O\u200bP")
        ('jai deja paye', 'stop')
    """
    folded = unicodedata.normalize("NFKD", text).casefold().translate(_FOLDING)
    return folded.translate(_LOOK_ALIKE)


def words_of(plain_text: str) -> list[str]:
    """Return the words of a plain text; an emoji is one, and three letters alike are one.

    Examples:
        >>> words_of("pleaaase s.t.o.p, 👍")
        ['please', 'stop', '👍']
    """
    joined = _SPACED.sub(lambda spaced: _SPACERS.sub("", spaced[0]), plain_text)
    return _TOKEN.findall(_THRICE.sub(r"\1", joined))


def clauses(plain_text: str) -> list[list[str]]:
    """Return the words of each part of a plain text that punctuation sets apart.

    Examples:
        >>> clauses("i paid. stop!")
        [['i', 'paid'], ['stop']]
    """
    joined = _SPACED.sub(lambda spaced: _SPACERS.sub("", spaced[0]), plain_text)
    parts = (words_of(part) for part in _CLAUSE.split(joined))
    return [part for part in parts if part]


def squeezed(word: str) -> str:
    """Return a word with no letter twice in a row, so that STOPPP is stop.

    Examples:
        >>> squeezed("stopppp")
        'stop'
    """
    return _REPEATED.sub(r"\1", word)


def without_digits(word: str) -> str:
    """Return a word whose digits stand for letters, as in ST0P, with the letters.

    Examples:
        >>> without_digits("5t0p"), without_digits("150")
        ('stop', '150')
    """
    return word if word.isdigit() else word.translate(_LEET)


def slips(one: str, other: str, most: int) -> int:
    """Return how many slips of the finger lie between two words, or `most + 1` where more do.

    A slip is a letter too many, too few, another, or two neighbours in the wrong order.

    Examples:
        >>> slips("stpo", "stop", 1), slips("stoip", "stop", 2), slips("start", "stop", 2)
        (1, 1, 3)
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: Sequence[int] = ()
    last: Sequence[int] = range(len(other) + 1)
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, wanted in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != wanted))
            swapped = i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted
            row.append(min(cost, before[j - 2] + 1) if swapped else cost)
        before, last = last, row
    return min(last[-1], most + 1)

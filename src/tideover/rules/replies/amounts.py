"""The sum of money that a reply names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, NamedTuple

from tideover.rules.replies.spelling import plain, shortened
from tideover.terms.money import LARGEST_WHOLE_DIGITS, MINOR_DIGITS, text

_NUMBER = r"\d{1,3}(?:[ .,'’]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d{1,2})?(?![\d])"
_APART = r"(?<![\w/:.,-])"
_GROUPED = re.compile(r"[ .,'’](?=\d{3}(?:\D|$))")
_AFTER = 24  # characters between a verb of paying and its sum


class Amount(NamedTuple):
    """A sum that was named.

    Args:
        minor_units: In the currency's smallest unit; in hundredths where no currency was named.
        currency: ISO 4217, or None where none was named.
    """

    minor_units: int
    currency: str | None

    def decimal(self) -> str:
        """Return the sum as decimal text with all digits of its currency.

        Examples:
            >>> Amount(5000, None).decimal(), Amount(700, "JPY").decimal()
            ('50.00', '700')
        """
        return text(self.minor_units, self.currency or "EUR")


class Sums:
    """Reads sums of money from lists of words.

    Args:
        lists: `currencies` (signs and words by currency), `pay` (how verbs of paying begin),
            `not_money` (what a bare number beside it counts), `numbers` (words of numbers).
    """

    def __init__(self, lists: Mapping[str, Any]) -> None:
        named = {plain(word): code for code, words in lists["currencies"].items() for word in words}
        self._currencies = {**named, **{code.lower(): code for code in MINOR_DIGITS}}
        signs = "|".join(sorted(map(re.escape, self._currencies), key=len, reverse=True))
        numbers = {plain(word): str(n) for n, words in lists["numbers"].items() for word in words}
        self._numbers = numbers
        spelt = "|".join(sorted(numbers, key=len, reverse=True))
        self._spelt = re.compile(rf"\b({spelt})(?=\s+(?:{signs})\b)")
        self._marked = re.compile(
            rf"(?:(?<![^\W\d_])(?P<before>{signs})\s?(?P<first>{_NUMBER}))"
            rf"|(?:{_APART}(?P<second>{_NUMBER})\s?(?P<after>{signs})(?![^\W_])(?:\s(?P<cents>\d\d)(?![\w.,/:-]))?)"
            rf"|(?:{_APART}(?P<third>{_NUMBER}),-)"
        )
        pay = "|".join(plain(word) for word in lists["pay"])
        other = "|".join(plain(word) for word in lists["not_money"])
        self._pay = re.compile(rf"\b(?:{pay})\w*")
        bare = rf"\s(?:\w+\s)?{_APART}({_NUMBER})(?!\s?(?:{other}|[%:/-]))(?![\w])"
        self._bare = re.compile(bare)

    def named(self, words: str) -> Amount | None:
        """Return the sum a reply names; of several the one after a verb of paying, or the first."""
        read = self._in_digits(_tidy(words))
        found = list(self._marked.finditer(read))
        verbs = [verb.end() for verb in self._pay.finditer(read)]
        near = [one for one in found if any(0 <= one.start() - end <= _AFTER for end in verbs)]
        for one in near + found:
            if (amount := self._amount(one)) is not None:
                return amount
        for end in verbs:
            bare = self._bare.match(read, end)
            if bare and (amount := _sum(bare[1], None)) is not None:
                return amount
        return None

    def _in_digits(self, read: str) -> str:
        return self._spelt.sub(lambda word: self._numbers[word[1]], read)

    def _amount(self, one: re.Match[str]) -> Amount | None:
        sign = one["before"] or one["after"]
        number = one["first"] or one["second"] or one["third"]
        if one["cents"] and number.isdigit():
            number = f"{number}.{one['cents']}"
        return _sum(number, self._currencies[sign] if sign else None)


def _tidy(words: str) -> str:
    read = unicodedata.normalize("NFKC", shortened(words))
    return plain(" ".join(read.split()))


def _sum(number: str, currency: str | None) -> Amount | None:
    """Return a number as people write it, with points or commas either way, as a sum above zero."""
    digits = MINOR_DIGITS[currency] if currency else 2
    whole, _, part = _GROUPED.sub("", number).replace(",", ".").partition(".")
    if not whole.isascii() or len(whole) > LARGEST_WHOLE_DIGITS or len(part) > digits:
        return None
    minor_units = int(whole + part.ljust(digits, "0"))
    return Amount(minor_units, currency) if minor_units else None

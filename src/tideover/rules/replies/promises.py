"""The day a reply promises: words of four languages and more as codes, and one reading of codes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from tideover.rules.replies.figures import FIGURE, coded_figure, day_of
from tideover.rules.replies.phrases import Found, Phrasebook
from tideover.rules.replies.spelling import plain, shortened
from tideover.terms.calendar import LAST_DAY, days

UNTIL, NO_CODE = "UT", "x"
FARTHEST_DAYS = 184  # a promise of a later day is none; nor is a day just past one of next year
_WORDS = re.compile(rf"{FIGURE.pattern}|[€$£]|\d+[^\W\d_]+|\d+|[^\W\d_]+\d*[^\W\d_]*")
_MONTH_AHEAD = "NX UO|UO NX|CM UO|UO CM"
_WEEK_AHEAD = "NX UK|UK NX|CM UK|UK CM"
_YEAR = r"(?: N(?P<y{0}>20\d\d))?"
# Of a group that several readings need, the name's letter counts: d day, m month, y year,
# w weekday, n how many, u of what, b of the span after this one. Tried in this order at each word.
_READINGS = {
    "gone": r"LS (?:W\d|UK|UO|E|M\d+)|(?:W\d|UK|UO|E) LS",
    "written": r"(?<!C )=(?P<s1>\d{8})(?! C)",
    "day_month": rf"(?:AT )?[NH](?P<d1>\d\d?) (?:AT )?M(?P<m1>\d+){_YEAR.format(1)}"
                 rf"|M(?P<m2>\d+) (?:AT )?[NH](?P<d2>\d\d?){_YEAR.format(2)}"
                 r"|F1 (?:AT )?M(?P<m3>\d+)",
    "month_begin": rf"(?:F1|BG) (?:AT )?(?:{_MONTH_AHEAD}|TH UO|M(?P<m4>\d+)|UO)"
                   r"|AT F1(?= ?$)",
    "month_end": rf"EN (?:AT )?(?:(?P<b1>{_MONTH_AHEAD})|TH UO|UO|M(?P<m5>\d+))",
    "mid_month": rf"MI (?:AT )?(?:(?P<b2>{_MONTH_AHEAD})|TH UO|UO|M(?P<m6>\d+))",
    "week_end": rf"EN (?:AT )?(?:(?P<b3>{_WEEK_AHEAD})|TH UK|UK)",
    "next_week_day": rf"(?:{_WEEK_AHEAD}) (?:AT )?W(?P<w1>\d)"
                     rf"|W(?P<w2>\d) (?:AT )?(?:{_WEEK_AHEAD})|NX W(?P<w3>\d)",
    "this_week_day": r"TH W(?P<w4>\d)",
    "week_day": r"W(?P<w5>\d)",
    "ahead": r"IN (?:AT )?(?:CM |NX )?[NV](?P<n1>\d+) (?P<u1>U[DKO])"
             r"|[NV](?P<n2>\d+) (?P<u2>U[DKO]) FN",
    "near": r"T(?P<n3>\d)",
    "weekend": r"(?P<b4>NX E|E NX|E CM)|E",
    "weeks": _WEEK_AHEAD,
    "months": _MONTH_AHEAD,
    "this_week": r"TH UK",
    "this_month": r"TH UO",
    "half_month": r"Q",
    "month_day": r"AT (?:N|V(?=1[3-9]|2\d|3\d))(?P<d3>\d\d?)(?! C| U[DKO]| [NV]\d)"
                 r"|AT H(?P<d4>\d\d?)(?! C)|H(?P<d5>\d\d?)(?= ?$| UO| AT UO| TH UO)",
    "payday": r"P",
}  # fmt: skip
_READING = re.compile(
    "|".join(f"(?P<{name}>(?<!\\S)(?:{one})(?!\\S))" for name, one in _READINGS.items())
)


class Days:
    """Reads promised days from lists of words.

    Args:
        lists: By language, words and phrases by code.
    """

    def __init__(self, lists: Mapping[str, Mapping[str, Sequence[str]]]) -> None:
        self._books = {lang: Phrasebook(words) for lang, words in lists.items()}

    def promised(
        self, text: str, *, on: date, lang: str | None = None, payday: int | None = None
    ) -> date | None:
        """Return the first day from `on` that a reply names, or None.

        Of a span (next week, end of the month, the weekend) it is the last day, so that nobody
        breaks a promise that they kept. `next Friday` is the Friday of next week. A weekday alone
        is the coming one, never `on` itself.

        Args:
            on: The day the reply was received.
            lang: Its language, where known; else the languages are tried in turn.
            payday: The day of the month on which this customer is paid, where known.
        """
        for codes in self._in_order(text, on=on, lang=lang):
            for reading in _READING.finditer(codes):
                found = day_of(reading, on=on, payday=payday)
                if found is not None and on <= found <= on + days(FARTHEST_DAYS) <= LAST_DAY:
                    return found
        return None

    def puts_off(self, text: str, *, on: date, lang: str | None = None) -> bool:
        """Return whether a reply says until when, or but: what makes of a no a later yes."""
        return f" {UNTIL} " in f" {next(self._in_order(text, on=on, lang=lang))} "

    def codes(self, words: Sequence[str], *, on: date, lang: str) -> str:
        """Return words as codes in a language; `x` is a word that has none."""
        hits = {hit.start: hit for hit in self._books[lang].longest(words)}
        return " ".join(_in_codes(words, hits, on=on, lang=lang))

    def _in_order(self, text: str, *, on: date, lang: str | None) -> Iterator[str]:
        """Yield a reply's codes in its language, then in any that makes more of it."""
        words = _WORDS.findall(plain(shortened(text)))
        coded = {one: self.codes(words, on=on, lang=one) for one in self._books}
        unknown = {one: codes.split().count(NO_CODE) for one, codes in coded.items()}
        best = sorted(self._books, key=lambda one: unknown[one])
        first = lang if lang in coded else best[0]
        yield coded[first]
        yield from (coded[one] for one in best if unknown[one] < unknown[first])


def _in_codes(
    words: Sequence[str], hits: Mapping[int, Found], *, on: date, lang: str
) -> Iterator[str]:
    at = 0
    while at < len(words):
        hit = hits.get(at)
        if hit is None:
            yield coded_figure(words[at], on=on, lang=lang)
            at += 1
            continue
        if hit.name != "glue":
            yield hit.name
        at = hit.end

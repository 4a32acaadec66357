"""The words of rulebooks in one language: a sentence a rule, and the phrases around them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tideover.rules.forms import MOST_TEXT
from tideover.terms.faults import Refused

LANGUAGES = ("en", "nl", "es", "fr")


@dataclass(frozen=True)
class Words:
    """What is said in one language.

    Args:
        rules: A sentence a rule, by its id; it may name the rule's values in braces.
        phrases: Everything else, by section and name.
    """

    lang: str
    rules: Mapping[str, str]
    phrases: Mapping[str, Mapping[str, str]]

    def phrase(self, section: str, name: str) -> str:
        """Return a phrase; a name nobody has words for stands for itself."""
        return self.phrases.get(section, {}).get(name, name.replace("_", " "))

    def of_rule(self, rule_id: str, kind: str) -> str:
        """Return the sentence of a rule; one without words of its own has those of its type."""
        return self.rules.get(rule_id) or self.phrase("type", kind)

    def month_day(self, text: str) -> str:
        """Return a day of the year, written as 12-01, as people say it."""
        month = self.phrase("month", str(int(text[:2])))
        return self.phrase("said", "month_day").format(day=int(text[3:]), month=month)

    def instant(self, at: float, zone: Any) -> str:
        """Return an instant as people say it."""
        local = datetime.fromtimestamp(at, zone)
        month = self.phrase("month", str(local.month))
        day = self.phrase("said", "day").format(day=local.day, month=month, year=local.year)
        return self.phrase("said", "instant").format(day=day, time=f"{local:%H:%M}")


def parse_words(texts: Iterable[tuple[str, str]], lang: str) -> Words:
    """Return the words of one language from texts, each with the name of its file.

    A section of phrases is a table; what stands outside of one is the sentence of a rule.

    Raises:
        Refused: A text is no TOML, or something in it is no sentence.
    """
    rules: dict[str, str] = {}
    phrases: dict[str, dict[str, str]] = {}
    for file, text in texts:
        for name, said in _toml(text, file).items():
            if isinstance(said, dict):
                phrases.setdefault(name, {}).update(_sentences(said, file))
            else:
                rules |= _sentences({name: said}, file)
    return Words(lang, rules, phrases)


def _toml(text: str, file: str) -> Mapping[str, Any]:
    try:
        if len(text) > MOST_TEXT:
            raise ValueError(f"it is longer than {MOST_TEXT:,} characters")
        return tomllib.loads(text)
    except (ValueError, RecursionError) as why:
        raise Refused(f"The words are no TOML: {str(why)[:200]}", where=file) from None


def _sentences(said: Mapping[str, Any], file: str) -> dict[str, str]:
    for name, sentence in said.items():
        if not isinstance(sentence, str) or not sentence.strip():
            raise Refused("Words are text", where=f"{file}, {name}", mend="Write a sentence")
    return dict(said)

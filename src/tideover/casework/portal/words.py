"""The portal's words: a folder of TOML a language; a text is named by its way through the file.

A utility may say some in words of its own; see `own_words`.
"""

from __future__ import annotations

import logging
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from tideover.casework import place
from tideover.casework.outreach.content.values import Money
from tideover.casework.outreach.content.variables import formatted, locale_of
from tideover.casework.portal.own_words import NAMED, Text, Words, file_of, flat, own_words

log = logging.getLogger("tideover.portal")


@cache
def shipped(language: str) -> Words:
    """Return every text of a language as we ship it, by its name: `promise.day.title`."""
    folder = files("tideover.casework.portal") / "texts" / language
    found: dict[str, Text] = {}
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if file.name.endswith(".toml"):
            found.update(flat(tomllib.loads(file.read_text(encoding="utf-8"))))
    return found


def words(language: str) -> Words:
    """Return every text of a language: the utility's own where it has one, else ours."""
    return _said(language, place.workspace())


@lru_cache(maxsize=32)
def _said(language: str, workspace: Path) -> Words:
    own = own_words(file_of(workspace, language), language, shipped(language))
    for one in own.refused:
        log.warning("own words refused, ours are said: %s: %s", one.where, one.what)
    return {**shipped(language), **own.words}


class Speaker:
    """Says texts in one language, with amounts and days as they are written there.

    Args:
        always: Values that any text may name: the utility's name and phone.
    """

    def __init__(self, language: str, territory: str, always: Mapping[str, str]) -> None:
        self.language, self._words, self._always = language, words(language), always
        self._locale = locale_of(language, territory)

    @property
    def locale(self) -> Any:
        """How days and amounts are written."""
        return self._locale

    def has(self, name: str) -> bool:
        """Say whether there is a text of a name."""
        return name in self._words

    def say(self, name: str, **values: Any) -> str:
        """Return a text with its values; a text that is not there is a fault of ours."""
        return self._filled(str(self._words[name]), values)

    def lines(self, name: str, **values: Any) -> list[str]:
        """Return the lines of a text that has several; those without their value are left out."""
        said, every = self._words[name], {**self._always, **values}
        found = [said] if isinstance(said, str) else said
        whole = (line for line in found if all(every.get(n, "") != "" for n in NAMED.findall(line)))
        return [self._filled(line, values) for line in whole]

    def maybe(self, name: str, **values: Any) -> str:
        """Return a text, or nothing where there is none."""
        return self.say(name, **values) if name in self._words else ""

    def written(self, value: Any) -> str:
        """Return an amount, a day or a number as one writes it."""
        if isinstance(value, Money | date | int):
            return formatted(value, self._locale, "long")
        return str(value)

    def _filled(self, text: str, values: Mapping[str, Any]) -> str:
        every = {**self._always, **values}
        return NAMED.sub(lambda found: self.written(every[found[1]]), text)

"""The plain forms of a stated table: text, a word of a few, a list, a day; or a refusal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tideover.terms.calendar import FIRST_DAY, LAST_DAY
from tideover.terms.faults import Refused

MOST_TEXT, MOST_DEEP = 2_000_000, 12
Params = Mapping[str, Any]


@dataclass(frozen=True)
class Forms:
    """Reads the fields of tables of one file.

    Args:
        file: Its name, for refusals.
    """

    file: str

    def wrong(self, what: str, where: str = "", mend: str = "") -> Refused:
        """Return the refusal of something in the file."""
        place = f"{self.file}, {where}" if where else self.file
        return Refused(what, where=place, mend=mend or "docs/guard.md shows how it is written")

    def known(self, stated: Any, names: Sequence[str], where: str) -> None:
        """Refuse a name that is not known."""
        if not isinstance(stated, dict):
            raise self.wrong("This must be a table of names and values", where)
        strange = next((name for name in stated if name not in names), None)
        if strange is not None:
            raise self.wrong(f"{strange!r} is not known here", where, known_are(sorted(names)))

    def text(self, one: Params, name: str, where: str) -> str:
        """Return a text that must be there."""
        found = one.get(name)
        if not isinstance(found, str) or not found.strip():
            raise self.wrong(f"`{name}` must be said, in words", where)
        return found

    def one_of(self, one: Params, name: str, words: Sequence[str], where: str) -> str:
        """Return a word of a few; without one, the first."""
        found = one.get(name, words[0])
        if found not in words:
            raise self.wrong(f"`{name}` is {found!r}", where, known_are(words))
        return str(found)

    def words(
        self, one: Params, name: str, where: str, default: tuple[str, ...] | None = None
    ) -> tuple[str, ...]:
        """Return a list of words."""
        found: Any = one.get(name, default)
        is_list = isinstance(found, list | tuple) and all(isinstance(word, str) for word in found)
        if is_list and (found or default == ()):
            return tuple(found)
        raise self.wrong(f"`{name}` must be a list of words", where)

    def table(self, one: Params, name: str, where: str) -> Params:
        """Return a table; none where nothing is said."""
        found = one.get(name, {})
        if not isinstance(found, dict):
            raise self.wrong(f"`{name}` must be a table", where)
        return found

    def day(self, one: Params, name: str, where: str, *, needed: bool = True) -> Any:
        """Return a day that lies in range."""
        found = one.get(name)
        if found is None and not needed:
            return None
        if type(found) is not date or not FIRST_DAY <= found <= LAST_DAY:
            mend = f"Write a day from {FIRST_DAY} to {LAST_DAY}, without quotes"
            raise self.wrong(f"`{name}` must be a day", where, mend)
        return found


def known_are(names: Any) -> str:
    """Return the remedy for a word that is not known."""
    return f"Known are {', '.join(names)}"


def deep(stated: Any) -> int:
    """Return how deep tables and lists lie in each other, without going there by recursion."""
    deepest, todo = 0, [(stated, 1)]
    while todo:
        one, depth = todo.pop()
        deepest = max(deepest, depth)
        if depth <= MOST_DEEP and isinstance(one, dict | list):
            inner = one.values() if isinstance(one, dict) else one
            todo += [(each, depth + 1) for each in inner]
    return deepest

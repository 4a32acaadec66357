"""What a question asks for, and how an answer is read: forgiving in form, strict in content."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest

from tideover.casework.outreach.content.values import HIDDEN
from tideover.casework.portal.frame import Setting
from tideover.terms import money

ONE, SOME, TEXT, LONG, AMOUNT, DAY, YES = "one", "some", "text", "long", "money", "day", "yes"
MOST_LETTERS, MOST_WORDS = 200, 4_000
Choices = Sequence[str] | Callable[[Setting], Sequence[tuple[str, ...]]]
Values = Mapping[str, Any]


class Wrong(Exception):
    """An answer that cannot be taken; its text is named, with the values that it says.

    Args:
        name: Of a text in the files; under `errors` where it names no file.
    """

    def __init__(self, name: str, **values: Any) -> None:
        super().__init__(name)
        self.name, self.values = name, values


@dataclass(frozen=True)
class Field:
    """One thing that is asked.

    Args:
        kind: one (of some), some (of some), text, long, money, day or yes (a box to tick).
        choices: Names whose words are in the files, or what gives names with their words.
        least, most: Of money: minor units. Of a day: how many days from today.
    """

    name: str
    kind: str
    choices: Choices = ()
    required: bool = True
    least: int | Callable[[Setting], int] = 1
    most: int | Callable[[Setting], int] = 60
    autocomplete: str = ""

    def options(self, stands: Setting, base: str) -> list[tuple[str, str, str]]:
        """Return what can be chosen: a name, its words, and a hint."""
        if self.kind not in (ONE, SOME):
            return []
        if callable(self.choices):
            return [(one[0], one[1], "".join(one[2:])) for one in self.choices(stands)]
        said = stands.speaker
        named = f"{base}.{self.name}"
        return [(name, said.say(f"{named}.{name}"), said.maybe(f"{named}.{name}_hint"))
                for name in self.choices]  # fmt: skip

    def read(self, request: HttpRequest, stands: Setting) -> Any:
        """Return the answer of a form, in a shape that can be kept.

        Raises:
            Wrong: It is missing, or cannot be taken.
        """
        typed = request.POST.getlist(self.name)
        if self.kind == SOME:
            return self._some(typed, stands)
        text = _clean(typed[0] if typed else "")
        if not text:
            if self.required:
                raise Wrong(self.kind)
            return ""
        return READ[self.kind](self, text, stands)

    def _names(self, stands: Setting) -> list[str]:
        return [name for name, *_ in self.choices(stands)] if callable(self.choices) else list(
            self.choices)  # fmt: skip

    def _some(self, typed: Sequence[str], stands: Setting) -> list[str]:
        known = self._names(stands)
        found = [name for name in known if name in typed]
        if self.required and not found:
            raise Wrong(SOME)
        return found

    def bounds(self, stands: Setting) -> tuple[int, int]:
        """Return the least and the most, as they are for the visitor."""
        least = self.least(stands) if callable(self.least) else self.least
        most = self.most(stands) if callable(self.most) else self.most
        return least, most

    def shown(self, answer: Any, stands: Setting, base: str) -> str:
        """Return an answer as the page on which answers are checked shows it."""
        if answer in ("", [], None, False):
            return stands.speaker.say("frame.nothing")
        if self.kind in (ONE, SOME):
            words = {name: said for name, said, _ in self.options(stands, base)}
            names = [answer] if self.kind == ONE else answer
            return "; ".join(words.get(name, name) for name in names)
        if self.kind == AMOUNT:
            return stands.speaker.written(stands.money(int(answer)))
        if self.kind == DAY:
            return stands.speaker.written(date.fromisoformat(answer))
        return stands.speaker.say("frame.yes") if self.kind == YES else str(answer)


def _clean(text: str) -> str:
    """Return what was typed without marks that hide or turn direction."""
    return text.translate(dict.fromkeys(map(ord, HIDDEN))).replace("\x00", "").strip()


def _one(field: Field, text: str, stands: Setting) -> str:
    if text not in field._names(stands):
        raise Wrong(ONE)
    return text


def _text(field: Field, text: str, stands: Setting) -> str:
    most = MOST_LETTERS if field.kind == TEXT else MOST_WORDS
    if len(text) > most:
        raise Wrong("long_text", most=most)
    return " ".join(text.split()) if field.kind == TEXT else text.replace("\r\n", "\n")


def _amount(field: Field, text: str, stands: Setting) -> int:
    assert stands.here is not None
    currency = stands.here.account.currency
    found = amount_of(text, currency)
    least, most = field.bounds(stands)
    if found is None:
        raise Wrong(AMOUNT)
    if not least <= found <= most:
        raise Wrong("money_between", least=stands.money(least), most=stands.money(most))
    return found


def amount_of(text: str, currency: str) -> int | None:
    """Return an amount as one types it, in minor units: spaces, a sign, a comma or points.

    Examples:
        >>> amount_of("€ 1.234,50", "EUR"), amount_of("1,234.50", "USD"), amount_of("12,5", "EUR")
        (123450, 123450, 1250)
        >>> amount_of("about ten", "EUR") is None
        True
    """
    kept = re.sub(r"[\s€$£]|eur|usd|gbp", "", text.lower())
    parts = re.split(r"[.,]", kept)
    if len(parts) > 1 and len(parts[-1]) == 3 and len(kept) > 4:
        whole, rest = "".join(parts), ""  # 1.234 is a thousand and some
    else:
        whole, rest = "".join(parts[:-1]) if len(parts) > 1 else parts[0], (
            parts[-1] if len(parts) > 1 else "")  # fmt: skip
    digits = money.MINOR_DIGITS[currency]
    try:
        return money.minor(f"{whole}.{rest.ljust(digits, '0')}" if digits and rest else whole,
                           currency)  # fmt: skip
    except ValueError:
        return None


def _day(field: Field, text: str, stands: Setting) -> str:
    found = day_of(text)
    if found is None:
        raise Wrong(DAY)
    least, most = field.bounds(stands)
    first, last = stands.today + timedelta(least), stands.today + timedelta(most)
    if not first <= found <= last:
        raise Wrong("day_between", first=first, last=last)
    return found.isoformat()


def day_of(text: str) -> date | None:
    """Return a day as browsers send it, or as one types it: 2026-12-05, 5-12-2026, 5/12/2026.

    Examples:
        >>> str(day_of("5 / 12 / 2026"))
        '2026-12-05'
    """
    numbers = [int(part) for part in re.findall(r"\d{1,4}", text)]
    if len(numbers) != 3:
        return None
    if numbers[0] < 1000:
        numbers.reverse()
    try:
        return date(*numbers)
    except ValueError:
        return None


def _yes(field: Field, text: str, stands: Setting) -> bool:
    return True


READ = {ONE: _one, TEXT: _text, LONG: _text, AMOUNT: _amount, DAY: _day, YES: _yes}

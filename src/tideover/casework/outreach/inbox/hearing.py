"""What the inbox asks of others: what a reply means, and that an opt-out is confirmed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from tideover.casework.outreach.inbox.confirming import Confirm, queue_confirmation

_STOP = re.compile(
    r"(stop|stopp?all|unsubscribe|opt.?out|quit|cancel|end|afmelden|uitschrijven|baja|"
    r"cancelar|desuscribir|arr[eê]t(er|ez)?|d[eé]sabonner|d[eé]sinscri(re|ption))",
    re.IGNORECASE,
)
_FEW_WORDS = 4


class Understood(Protocol):
    """What a reply seems to mean; the reading of replies returns one."""

    @property
    def intent(self) -> str: ...
    @property
    def confidence(self) -> float: ...
    @property
    def sentiment(self) -> float: ...
    @property
    def language(self) -> str: ...
    @property
    def opt_out(self) -> bool: ...
    @property
    def to_person(self) -> bool: ...
    @property
    def danger(self) -> bool: ...
    @property
    def promise_on(self) -> date | None: ...
    @property
    def amount_minor(self) -> int | None: ...


@dataclass(frozen=True)
class Unread:
    """A reply that nothing read but for the plain words of stopping: a person reads it."""

    opt_out: bool = False
    intent: str = ""
    confidence: float = 0.0
    sentiment: float = 0.0
    language: str = ""
    to_person: bool = True
    danger: bool = False
    promise_on: date | None = None
    amount_minor: int | None = None


Understand = Callable[[str, str, date], Understood]


def only_stop(text: str, language: str, on: date) -> Understood:
    """Return whether a reply plainly asks to stop, and nothing more of it.

    >>> only_stop("STOP!", "nl", date(2026, 3, 30)).opt_out
    True
    >>> only_stop("I will not stop paying my bill each month", "en", date(2026, 3, 30)).opt_out
    False
    """
    words = re.findall(r"[^\W_]+", text)
    found = len(words) <= _FEW_WORDS and any(_STOP.fullmatch(word) for word in words)
    return Unread(opt_out=found, intent="opt_out" if found else "")


@dataclass(frozen=True)
class Hearing:
    """Who reads replies, and who confirms an opt-out.

    Args:
        understand: Text, language and day of a reply; what it raises leaves the reply to a person,
            and the plain words of stopping still count.
        confirm: Queues one confirmation, in the transaction of the opt-out.
    """

    understand: Understand = only_stop
    confirm: Confirm = queue_confirmation

"""What one case puts into a text: typed, dated, handed in, and free of anything that could act."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from tideover.casework.outreach.content.links import checked_link
from tideover.terms.faults import Refused
from tideover.terms.money import MINOR_DIGITS

LONGEST = 120  # letters of one value; a five-megabyte name is somebody's mistake, not a name
LINES = 6  # of a postal address
_SPACES = re.compile("^ |  | $")
# Marks that turn the direction of what follows, or hide in it, can make one word look like another.
HIDDEN = frozenset("\u00ad\u061c\u180e\u200b\u200e\u200f\u2060\ufeff") | {
    chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
}
_HIDDEN = dict.fromkeys(map(ord, HIDDEN))


@dataclass(frozen=True)
class Money:
    """An amount to be written out: whole minor units of one currency."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if self.currency not in MINOR_DIGITS:
            raise Refused(f"{self.currency!r} is not a currency we know")


@dataclass(frozen=True)
class Utility:
    """Who writes, as printed on its bills, and how to reach it.

    Args:
        phone_hours: When the phone is answered, in the reader's language.
        postal_address: A line each.
        check_address: What a customer knows and can type, e.g. `rivierland.example/check`.
        stop_word: The one word that stops messages, in the reader's language.
        debt_help: Free advice on money at the place: its name, and its phone or address.
    """

    name: str
    phone: str
    phone_hours: str
    postal_address: tuple[str, ...]
    check_address: str
    stop_word: str
    debt_help: str

    def __post_init__(self) -> None:
        _neutralise(self)


@dataclass(frozen=True)
class Values:
    """The facts of one message, for the fixed list of variables; None where a case has none.

    Args:
        territory: ISO country of the reader, for how amounts and days are written; may be empty.
        address_as: How the person asked to be addressed; no title is guessed.
        amount: What is to be paid in all.
        bill_on: Day of the oldest open bill.
        due_on: Its due date.
        pay_link: Single-purpose, on the utility's own address, with nothing personal in it.
        help_link: The same, straight to where help is asked for.
        check_code: What can be typed at the check address, see `check_code`.
        pay_by: The day we ask for.
        instalment, instalment_on, instalments_left: What was agreed to be paid next, by a plan or a
            promise, on which day, and how many parts of the plan follow.
        answer_by, action_from: Of a notice: last day to answer, first day that more may follow.
        costs: What the law lets come on top, exactly.
        care_until: The day on which what somebody told to be protected ends.
    """

    utility: Utility
    territory: str
    address_as: str
    amount: Money
    bill_on: date
    due_on: date
    pay_link: str
    check_code: str
    help_link: str | None = None
    pay_by: date | None = None
    instalment: Money | None = None
    instalment_on: date | None = None
    instalments_left: int | None = None
    answer_by: date | None = None
    action_from: date | None = None
    costs: Money | None = None
    care_until: date | None = None

    def __post_init__(self) -> None:
        _neutralise(self)
        for link in filter(None, (self.pay_link, self.help_link)):
            checked_link(link, self.utility.check_address)


def literal(text: str) -> str:
    """Return a value as one harmless line: nothing that breaks lines, hides, or turns direction.

    Line breaks become spaces, because a break in a subject would start a header of its own.

    Examples:
        >>> literal("Ann\\r\\nBcc: all@list.example")
        'Ann Bcc: all@list.example'
        >>> literal("{{7*7}} <script>")
        '{{7*7}} <script>'
    """
    if text.isprintable() and len(text) <= LONGEST and not _SPACES.search(text):
        return text  # as nearly all are
    kept = text[: LONGEST * 2]
    if not kept.isprintable():  # what is printable neither breaks nor hides
        kept = "".join(" " if _breaks(letter) else letter for letter in kept).translate(_HIDDEN)
    return " ".join(kept.split())[:LONGEST]


def _breaks(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cc", "Zl", "Zp", "Cs", "Co")


_PLAIN = frozenset({date, int, Money, Utility, type(None)})  # nothing of it is a text of its own


def _neutralise(record: Utility | Values) -> None:
    for name, value in tuple(vars(record).items()):
        kind = type(value)
        if kind in _PLAIN:
            continue
        if kind is str or isinstance(value, str):
            said: str | tuple[str, ...] = literal(value)
        elif isinstance(value, tuple):
            said = tuple(map(literal, value[:LINES]))
        else:
            continue
        if said is not value:
            object.__setattr__(record, name, said)

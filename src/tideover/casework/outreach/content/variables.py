"""The fixed list of variables a text may name, and how each is written in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.numbers import format_currency, format_decimal, get_currency_precision

from tideover.casework.outreach.content.shelf import wording
from tideover.casework.outreach.content.template import SPOKEN
from tideover.casework.outreach.content.values import Money, Utility, Values
from tideover.terms.faults import Refused
from tideover.terms.money import MINOR_DIGITS
from tideover.terms.money import text as decimal_text

Value = str | int | date | Money | tuple[str, ...]


@dataclass(frozen=True)
class Variable:
    """One name a text may use.

    Args:
        kind: text, number, lines, money, day or count; how it is written follows from it.
        meaning: What it is, for those who write texts.
        of: Where it is in the values of a case.
    """

    name: str
    kind: str
    meaning: str
    of: Callable[[Values], Value | None]


VARIABLES = {each.name: each for each in (
    Variable("address_as", "text", "how the person asked to be addressed", lambda v: v.address_as),
    Variable("amount", "money", "what is to be paid in all", lambda v: v.amount),
    Variable("bill_on", "day", "the day of the oldest open bill", lambda v: v.bill_on),
    Variable("due_on", "day", "the day it was or is due", lambda v: v.due_on),
    Variable("pay_by", "day", "the day we ask for", lambda v: v.pay_by),
    Variable("pay_link", "text", "to pay or to choose", lambda v: v.pay_link),
    Variable("help_link", "text", "to ask for help", lambda v: v.help_link),
    Variable("check_code", "text", "shows that a message is ours", lambda v: v.check_code),
    Variable("check_address", "text", "where the code is typed", lambda v: v.utility.check_address),
    Variable("stop_word", "text", "the word that stops messages", lambda v: v.utility.stop_word),
    Variable("utility_name", "text", "who writes", lambda v: v.utility.name),
    Variable("phone", "number", "the number to call", lambda v: v.utility.phone),
    Variable("phone_hours", "text", "when it is answered", lambda v: v.utility.phone_hours),
    Variable("postal_address", "lines", "where to write to", lambda v: v.utility.postal_address),
    Variable("debt_help", "text", "free advice on money, there", lambda v: v.utility.debt_help),
    Variable("instalment", "money", "what was agreed to be paid next", lambda v: v.instalment),
    Variable("instalment_on", "day", "its day", lambda v: v.instalment_on),
    Variable("instalments_left", "count", "how many follow it", lambda v: v.instalments_left),
    Variable("answer_by", "day", "a notice's last day to answer", lambda v: v.answer_by),
    Variable("action_from", "day", "first day more may follow", lambda v: v.action_from),
    Variable("care_until", "day", "until when what was told counts", lambda v: v.care_until),
    Variable("costs", "money", "what the law lets come on top, exactly", lambda v: v.costs),
)}  # fmt: skip


def said(name: str, values: Values, *, language: str, form: str) -> str:
    """Return a variable's value as the reader's language writes it.

    Raises:
        Refused: There is no such variable, or the case has no value for it.
    """
    if name in OF_UTILITY:
        return of_utility(name, values.utility, values.territory, language, form)
    variable = VARIABLES.get(name)
    if variable is None:
        raise Refused(f"There is no variable {name!r}", mend=f"One of {', '.join(VARIABLES)}")
    value = variable.of(values)
    if form == SPOKEN and name == "check_code" and isinstance(value, str):
        value = spelled(value)
    return _written(variable, value, values.territory, language, form)


def spelled(code: str) -> str:
    """Return a code as it is read aloud, a letter at a time.

    >>> spelled("7Q2M-4XPD")
    '7 Q 2 M, 4 X P D'
    """
    return ", ".join(" ".join(part) for part in code.split("-"))


# What a utility says of itself is the same in every message.
OF_UTILITY = frozenset({"check_address", "stop_word", "utility_name", "phone", "phone_hours",
                         "postal_address", "debt_help"})  # fmt: skip


def of_utility(name: str, utility: Utility, territory: str, language: str, form: str) -> str:
    """Return what a utility says of itself, as a language writes it.

    Raises:
        Refused: It does not say it.
    """
    value = utility.name if name == "utility_name" else getattr(utility, name)
    return _written(VARIABLES[name], value, territory, language, form)


def _written(
    variable: Variable, value: Value | None, territory: str, language: str, form: str
) -> str:
    name = variable.name
    if value == "":
        value = wording(language, "shared")["unnamed"].get(name)
    if value is None or value in ("", ()):
        raise Refused(f"The text needs {name!r}, and the case has none",
                      mend=f"Give {variable.meaning}, or choose another text")  # fmt: skip
    written = formatted(value, locale_of(language, territory), form)
    # a telephone number that breaks over two lines is read wrongly
    return written.replace(" ", "\u00a0") if variable.kind == "number" else written


@cache
def locale_of(language: str, territory: str) -> Locale:
    """Return how a language is written in a country, or anywhere if that is not known.

    Examples:
        >>> str(locale_of("es", "US")), str(locale_of("nl", "XX"))
        ('es_US', 'nl')
    """
    try:
        return Locale.parse("_".join(filter(None, (language, territory))))
    except (UnknownLocaleError, ValueError):
        return Locale.parse(language)


def formatted(value: Value, locale: Locale, form: str) -> str:
    """Return an amount, a day, a count or a text as a language writes it in a form."""
    if isinstance(value, str):
        return value
    if isinstance(value, Money):
        return _amount(value, locale)
    if isinstance(value, date):
        return _day(value, locale, form)
    if isinstance(value, tuple):
        return "\n".join(value)
    return format_decimal(value, locale=locale)


def _amount(value: Money, locale: Locale) -> str:
    """Return an amount as its currency is written there.

    What stands around the cents is the same for many amounts, and takes a fourth of a message.
    """
    digits = MINOR_DIGITS[value.currency]
    if value.minor < 0 or not digits or digits != get_currency_precision(value.currency):
        amount = Decimal(decimal_text(value.minor, value.currency))
        return format_currency(amount, value.currency, locale=locale)
    whole, cents = divmod(value.minor, 10**digits)
    before, after = _around_cents(whole, value.currency, locale)
    return f"{before}{cents:0{digits}}{after}"


@lru_cache(maxsize=16_384)
def _around_cents(whole: int, currency: str, locale: Locale) -> tuple[str, str]:
    written = format_currency(whole, currency, locale=locale)
    before, _, after = written.rpartition("0" * MINOR_DIGITS[currency])
    return before, after


# Days and forms are few and say nothing of a person; writing one out costs a third of a message.
@lru_cache(maxsize=4096)
def _day(day: date, locale: Locale, form: str) -> str:
    if form == "short":
        text = format_skeleton("MMMMd", day, locale=locale)
    else:
        text = format_date(day, "long", locale=locale)
    if locale.language == "fr":
        text = text.replace("1 ", "1er ", 1) if day.day == 1 else text
        # the spelling of 1990: the other one has a letter that would double a text message's parts
        text = text.replace("août", "aout") if form == "short" else text
    # a day stays with its month; a no-break space would double a text message's parts
    return text if form == "short" else text.replace(" ", "\u00a0", 1)

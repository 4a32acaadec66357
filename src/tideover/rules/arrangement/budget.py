"""What a household can put aside a month, from a few figures it gives and the standard ones.

Nobody has to give any. Where figures are given, a plan that they do not carry is not offered.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tideover.rules.rulebook import DatedValues, Value
from tideover.terms.money import MINOR_DIGITS

SPARE_PCT = 80  # of what is left, where no country's figures say another share


@dataclass(frozen=True)
class Budget:
    """What comes in and what must go out, a month, in minor units.

    Args:
        adults, children: Who lives of it; children are under 18.
        income_minor: All that comes in, wages and benefits, after tax.
        home_minor: Rent or mortgage, and what comes with it.
        other_debts_minor: What must be paid on other debts.
        living_minor: Food, clothes, travel; none where the standard figures stand in.
    """

    income_minor: int
    home_minor: int = 0
    other_debts_minor: int = 0
    living_minor: int | None = None
    adults: int = 1
    children: int = 0


@dataclass(frozen=True)
class Standard:
    """The standard figures of a country for a month's living, dated, with their source.

    Args:
        spare_pct: The share of what is left that may go into a plan; the rest is for what nobody
            can foresee.
    """

    place: str
    currency: str
    first_adult: Value
    further_adult: Value
    child: Value
    spare_pct: Value
    citation: str
    source: str
    verified: str

    def living_minor(self, adults: int, children: int, day: date) -> int:
        """Return what a household needs a month, for food, clothes and travel."""
        first, more = self.first_adult.on(day).amount, self.further_adult.on(day).amount
        child = self.child.on(day).amount
        return _minor(first + more * max(adults - 1, 0) + child * children, self.currency)


_BOOK = ("place", "currency", "checked_on", "citation", "source", "verified", "values")
_VALUES = ("first_adult", "further_adult", "child", "spare_pct")


def parse_standard(text: str, file: str) -> Standard:
    """Return the standard figures a text states.

    Raises:
        Refused: It is no TOML, or a figure is missing.
    """
    reader = DatedValues(file)
    stated = reader.toml(text)
    reader.known(stated, _BOOK, "")
    reader.day(stated, "checked_on", "")
    source, currency = reader.text(stated, "source", ""), reader.text(stated, "currency", "")
    values = reader.values(stated, "figures", source)
    if currency not in MINOR_DIGITS or sorted(values) != sorted(_VALUES):
        raise reader.wrong(f"Standard figures are {', '.join(_VALUES)}, in a known currency")
    return Standard(
        reader.text(stated, "place", ""), currency, **values,
        citation=reader.text(stated, "citation", ""), source=source,
        verified=reader.one_of(stated, "verified", ("no", "partly", "yes"), ""),
    )  # fmt: skip


def can_pay_minor(
    budget: Budget, standard: Standard | None, day: date, *, bill_minor: int = 0
) -> int:
    """Return what a household can put into a plan a month; at least nothing.

    The larger of what it says it spends and the standard figure counts, since people in need spend
    less than they need.

    Args:
        standard: None where a country has no figures: then what it says it spends counts.
        bill_minor: The mean bill a month, which must be paid besides.

    Examples:
        >>> can_pay_minor(Budget(2_000_00, 900_00, 0, 600_00), None, date(2026, 11, 27))
        40000
    """
    needed = standard.living_minor(budget.adults, budget.children, day) if standard else 0
    living = max(needed, budget.living_minor or 0)
    left = budget.income_minor - budget.home_minor - budget.other_debts_minor - living - bill_minor
    share = Fraction(standard.spare_pct.on(day).amount if standard else SPARE_PCT) / 100
    return max(int(left * share), 0)


def _minor(units: object, currency: str) -> int:
    return int(Fraction(str(units)) * 10 ** MINOR_DIGITS[currency])

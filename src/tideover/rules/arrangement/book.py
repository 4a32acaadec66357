"""A plan book's text: rules of a place about payment plans, dated and sourced, or a refusal.

A value that the guard's rulebook of the place has already is named, not written again:
`longest_months = "US-PA-PLANLEN.lowest_months"`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tideover.rules.arrangement.limits import (
    GREATER,
    LESSER,
    Band,
    PlanBook,
    PlanRule,
    Policy,
    When,
)
from tideover.rules.rulebook import DatedValues, Params, Rulebook, Value
from tideover.terms.faults import Refused

KINDS = {
    "fewest_months": int, "longest_months": int, "offered_months": int, "last_due_by": str,
    "down_pct": Decimal, "down_bills": Decimal, "down_by": str,
    "instalment_pct": Decimal, "instalment_bills": Decimal, "instalment_by": str,
    "by_means": bool,
}  # fmt: skip
_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", re.ASCII)
_BOOK = ("place", "jurisdictions", "checked_on", "rule")
_RULE = ("id", "title", "services", "citation", "source", "verified", "band", "values")
_WHEN = ("income_up_to", "low_income", "heats", "services", "begins", "through")


def parse_plan_book(text: str, file: str, rulebooks: Sequence[Rulebook] = ()) -> PlanBook:
    """Return the plan book a text states.

    Args:
        file: Its name, for refusals.
        rulebooks: Where values may be that it names.

    Raises:
        Refused: The text is no TOML; a name, a day or a value is not one that can be.
    """
    values = {f"{rule.id}.{name}": value
              for book in rulebooks for rule in book.rules
              for name, value in rule.values.items()}  # fmt: skip
    reader = _Reader(file, values)
    return reader.book(reader.toml(text))


@dataclass(frozen=True)
class _Reader(DatedValues):
    named: Mapping[str, Value]

    def book(self, stated: Params) -> PlanBook:
        self.known(stated, _BOOK, "")
        rules = stated.get("rule")
        if not isinstance(rules, list) or not rules:
            raise self.wrong("A plan book has rules, each under [[rule]]")
        return PlanBook(
            self.text(stated, "place", ""), self.words(stated, "jurisdictions", ""),
            self.day(stated, "checked_on", ""), tuple(self.rule(one) for one in rules),
        )  # fmt: skip

    def rule(self, one: Any) -> PlanRule:
        self.known(one, _RULE, "a rule")
        where = f"rule {self.text(one, 'id', 'a rule')}"
        source = self.text(one, "source", where)
        bands = one.get("band", [{"values": one.get("values", {})}])
        if not isinstance(bands, list) or not bands or ("band" in one and "values" in one):
            raise self.wrong("A rule has [[rule.band]], or [rule.values] alone", where)
        return PlanRule(
            id=one["id"], title=self.text(one, "title", where),
            services=self.words(one, "services", where, ("all",)),
            citation=self.text(one, "citation", where), source=source,
            verified=self.one_of(one, "verified", ("yes", "partly", "no"), where),
            bands=tuple(self.band(band, where, source) for band in bands),
        )  # fmt: skip

    def band(self, band: Any, where: str, source: str) -> Band:
        self.known(band, ("when", "values"), where)
        stated = dict(self.table(band, "values", where))
        named = {name: said for name, said in stated.items() if isinstance(said, str)}
        own = {name: said for name, said in stated.items() if name not in named}
        found = dict(self.values({"values": own}, where, source))
        for name, of in named.items():
            if of not in self.named:
                raise self.wrong(f"No rulebook of this place has {of!r}", where)
            found[name] = self.named[of]
        self.known(found, tuple(KINDS), where)
        for name, value in found.items():
            self.check(name, value, where)
        return Band(self.when(self.table(band, "when", where), where), found)

    def check(self, name: str, value: Value, where: str) -> None:
        kind = KINDS[name]
        for amount in (version.amount for version in value.versions):
            number = isinstance(amount, int | Decimal) and not isinstance(amount, bool)
            right = (number and amount > 0) if kind is Decimal else type(amount) is kind
            if kind is int:
                right = right and amount > 0
            if name.endswith("_by") and kind is str:
                right = bool(
                    _DAY.fullmatch(amount) if name == "last_due_by" else amount in (LESSER, GREATER)
                )
            if not right:
                raise self.wrong(f"{name} cannot be {amount!r}", where)

    def when(self, stated: Params, where: str) -> When:
        self.known(stated, _WHEN, where)
        found: dict[str, Any] = dict(stated)
        income = found.get("income_up_to")
        if income is not None:
            if isinstance(income, bool) or not isinstance(income, int | Decimal):
                raise self.wrong("income_up_to is a number: % of the poverty level", where)
            found["income_up_to"] = Decimal(income)
        if "services" in found:
            found["services"] = self.words(stated, "services", where)
        for name in ("begins", "through"):
            if name in found and not _DAY.fullmatch(str(found[name])):
                raise self.wrong(f"{name} is a day of the year, as 12-01", where)
        if ("begins" in found) != ("through" in found):
            raise self.wrong("A season has begins and through", where)
        return When(**found)


def parse_policy(stated: Mapping[str, Any], file: str) -> Policy:
    """Return a utility's policy on plans; what it leaves out keeps its default.

    Raises:
        Refused: A name is not known, or a number cannot be.

    Examples:
        >>> parse_policy({"longest_months": 24}, "casework.toml").longest_months
        24
    """
    known = Policy.__dataclass_fields__
    found = dict(_policy(stated, known, file))
    return Policy(**found)


def _policy(
    stated: Mapping[str, Any], known: Mapping[str, Any], file: str
) -> Iterator[tuple[str, Any]]:
    for name, said in stated.items():
        if name not in known:
            raise Refused(f"{name!r} is no part of the policy on plans", where=file,
                          mend=f"Known are {', '.join(known)}")  # fmt: skip
        numbers = said if name == "months" else [said]
        fine = isinstance(numbers, list) and numbers and all(
            type(one) is int and 0 <= one <= 10_000_000 for one in numbers)  # fmt: skip
        if not fine:
            raise Refused(f"{name} cannot be {said!r}", where=file, mend="Write whole numbers")
        yield name, tuple(sorted(set(numbers))) if name == "months" else said

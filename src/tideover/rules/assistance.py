"""Who may get help from a programme, and why we think so. It never says that somebody may not.

A programme decides by itself. What is known here can only say that somebody *may* get it, with the
reasons; where nothing is known, they are asked to ask anyway.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tideover.rules.rulebook import DatedValues, Params, Value

# What may be a reason: each can stand on a page that somebody else in the house may see.
TOLD = ("low_income", "unemployed", "young_child", "elderly", "hardship")
INCOME, BEHIND = "small_income", "behind"
REASONS = (*TOLD, INCOME, BEHIND)
INCOME_UP_TO = "income_up_to"  # per cent of the poverty level of the place
_BOOK = ("checked_on", "programme")
_ONE = ("key", "citation", "source", "verified", "any_of", "services", "values")


@dataclass(frozen=True)
class Situation:
    """What is known of somebody.

    Args:
        circumstances: Kinds that hold today.
        service: electricity, gas, water and so on.
        income_pct: Of the poverty level; none where nobody said.
    """

    circumstances: frozenset[str]
    service: str = ""
    behind: bool = False
    income_pct: Decimal | None = None


@dataclass(frozen=True)
class Eligibility:
    """For whom a programme is, as its own rules say.

    Args:
        any_of: Reasons of which one is enough.
        services: For which supplies it is; `all` is every one.
    """

    key: str
    any_of: tuple[str, ...]
    services: tuple[str, ...]
    values: Mapping[str, Value]
    citation: str
    source: str
    verified: str

    def reasons(self, known: Situation, day: date) -> tuple[str, ...]:
        """Return why somebody may get it; nothing where we know no reason, which is no no.

        Examples:
            >>> fund = Eligibility("fund", ("low_income", "behind"), ("all",), {}, "", "", "no")
            >>> fund.reasons(Situation(frozenset({"low_income"}), behind=True), date(2026, 11, 27))
            ('low_income', 'behind')
        """
        if "all" not in self.services and known.service not in self.services:
            return ()
        holds = {name: name in known.circumstances for name in TOLD}
        holds[BEHIND] = known.behind
        holds[INCOME] = self._income(known, day)
        return tuple(name for name in self.any_of if holds[name])

    def _income(self, known: Situation, day: date) -> bool:
        most = self.values.get(INCOME_UP_TO)
        return (most is not None and known.income_pct is not None
                and known.income_pct <= Decimal(str(most.on(day).amount)))  # fmt: skip


def parse_assistance(text: str, file: str) -> Mapping[str, Eligibility]:
    """Return for whom programmes are, by their key.

    Raises:
        Refused: The text is no TOML, or states a reason that is none.
    """
    reader = _Reader(file)
    stated = reader.toml(text)
    reader.known(stated, _BOOK, "")
    reader.day(stated, "checked_on", "")
    found = [reader.programme(one) for one in stated.get("programme", [])]
    if len({one.key for one in found}) != len(found):
        raise reader.wrong("A programme is stated twice")
    return {one.key: one for one in found}


class _Reader(DatedValues):
    def programme(self, one: Params) -> Eligibility:
        self.known(one, _ONE, "a programme")
        key = self.text(one, "key", "a programme")
        where = f"programme {key}"
        source = self.text(one, "source", where)
        any_of = self.words(one, "any_of", where)
        values = self.values(one, where, source) if "values" in one else {}
        odd = [name for name in any_of if name not in REASONS]
        if odd or not any_of or (INCOME in any_of) != (INCOME_UP_TO in values):
            raise self.wrong(f"Reasons are {', '.join(REASONS)}; {INCOME} needs {INCOME_UP_TO}",
                             where)  # fmt: skip
        return Eligibility(
            key, any_of, self.words(one, "services", where, ("all",)), values,
            self.text(one, "citation", where), source,
            self.one_of(one, "verified", ("yes", "partly", "no"), where),
        )  # fmt: skip


def likely_first(
    keys: Iterable[str], books: Mapping[str, Eligibility], known: Situation, day: date
) -> list[tuple[str, tuple[str, ...]]]:
    """Return programmes with the reasons why somebody may get them, those with reasons first."""
    found = [(key, books[key].reasons(known, day) if key in books else ()) for key in keys]
    return sorted(found, key=lambda one: not one[1])

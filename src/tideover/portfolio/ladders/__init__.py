"""Arrears, contacts, disputes and plans -> what ladders of notices are told of each account."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from tideover.portfolio.engine import Engine
from tideover.portfolio.ladders.rows import FRAMES, TERMS
from tideover.rules.arrangement.running import Terms, ran
from tideover.rules.strategy.ladder import Account, Span, Taken
from tideover.terms.calendar import days

__all__ = ["SCHEMA", "STEPS", "TABLES", "Climbers", "climbers"]

TABLES = ("accounts", "bills", "payments", "adjustments", "contacts", "circumstances",
          "arrangements", "holidays")  # fmt: skip
SCHEMA = pa.schema([
    ("account_no", pa.int64()), ("account_id", pa.string()), ("ladder", pa.string()),
    ("place", pa.string()), ("due_on", pa.date32()), ("in_arrears_since", pa.date32()),
    ("decision_id", pa.string()), ("step", pa.string()), ("notice", pa.string()),
    ("content", pa.string()),
])  # fmt: skip
STEPS = pa.schema([SCHEMA.field(name) for name in (
    "decision_id", "account_id", "ladder", "step", "notice", "content")])  # fmt: skip


@dataclass(frozen=True)
class Climbers:
    """What is known of accounts in arrears, as ladders ask it.

    Args:
        since: The first day of the arrears of each, by account number.
        taken: The steps that were really taken, by account number and ladder.
        held: Disputes, plans and holds, by account number.
        holidays: Of the place of each account.
    """

    since: Mapping[int, date]
    taken: Mapping[tuple[int, str], list[Taken]]
    held: Mapping[int, list[Span]]
    holidays: Mapping[int, frozenset[date]]

    def account(self, account_no: int, ladder: str) -> Account:
        """Return what a ladder is told of an account; one without arrears is clear."""
        return Account(
            self.since.get(account_no), self.taken.get((account_no, ladder), ()),
            self.held.get(account_no, ()), self.holidays.get(account_no, frozenset()),
        )  # fmt: skip


def climbers(engine: Engine) -> Climbers:
    """Return what ladders are told of accounts in arrears at the end of the engine's day.

    Table in: views receivables (of the day), former_steps (columns of `STEPS`: decisions of earlier
        nights that would take a step), and the lake's TABLES
    """
    for name, make in FRAMES.items():
        view = f"ladder_{name}"
        engine.define(view, lambda make=make: make(engine), kept_as=view)  # type: ignore[misc]
    taken: dict[tuple[int, str], list[Taken]] = defaultdict(list)
    for row in _rows(engine, "taken"):
        key = row.pop("account_no"), row.pop("ladder")
        taken[key].append(Taken(**row))
    held: dict[int, list[Span]] = defaultdict(list)
    for row in _rows(engine, "holds"):
        held[row["account_no"]].append(Span(row["starts_on"], row["held_to"]))
    for account_no, span in _plans(engine):
        held[account_no].append(span)
    since = {row["account_no"]: row["in_arrears_since"] for row in _rows(engine, "spells")}
    return Climbers(since, taken, held, _holidays(engine))


def _rows(engine: Engine, name: str) -> list[dict[str, Any]]:
    return list(engine.rows(f"ladder_{name}").to_pylist())


def _plans(engine: Engine) -> Iterator[tuple[int, Span]]:
    """Yield the days on which arrangements ran."""
    paid: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for row in _rows(engine, "money"):
        paid[row["account_no"]].append((row["received_on"], row["amount_minor"]))
    tomorrow = engine.as_of + days(1)
    for row in _rows(engine, "plans"):
        row["down_payment_minor"] = row["down_payment_minor"] or 0
        terms = Terms(**{name: row[name] for name in TERMS})
        known_to = row["known_to"]
        for starts_on, ends_on in ran(terms, paid[row["account_no"]], tomorrow):
            ends = min((day for day in (ends_on, known_to) if day is not None), default=None)
            if ends is None or starts_on <= ends:
                yield row["account_no"], Span(starts_on, ends)


def _holidays(engine: Engine) -> dict[int, frozenset[date]]:
    """Return the holidays of each account's place, and of the country before its "-"."""
    by_place: dict[str, set[date]] = defaultdict(set)
    for row in _rows(engine, "holidays"):
        by_place[row["jurisdiction"]].add(row["holiday_on"])
    if not by_place:
        return {}
    places: dict[str, frozenset[date]] = {}
    found = {}
    for row in _rows(engine, "behind"):
        place = row["jurisdiction"] or ""
        if place not in places:
            country = place.partition("-")[0]
            places[place] = frozenset(by_place.get(place, set()) | by_place.get(country, set()))
        found[row["account_no"]] = places[place]
    return found

"""What the rows of a bucket say of each account, as the texts of its situation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from tideover.portfolio.situations.history import histories, rows_of
from tideover.portfolio.situations.names import Plain
from tideover.portfolio.situations.places import Places
from tideover.portfolio.situations.plans import standing_of
from tideover.portfolio.situations.told import of_circumstances, of_facts, overlaid, text_of
from tideover.rules.guard.contract import supplies
from tideover.rules.guard.scenario import Reading
from tideover.terms.faults import Refused
from tideover.terms.money import text

SCHEMA = pa.schema([
    ("account_no", pa.int64()), ("jurisdiction", pa.string()), ("timezone", pa.string()),
    ("services", pa.string()), ("customer", pa.string()), ("debt", pa.string()),
    ("context", pa.string()), ("history", pa.string()), ("doubt", pa.string()),
])  # fmt: skip
_TOLD = [name for name in SCHEMA.names if name != "history"]
Doubts = tuple[str, ...]
Text = tuple[str, Doubts]


class Told:
    """What is known of each account, by its number; most have little of it."""

    def __init__(self, tables: Mapping[str, pa.Table], reading: Reading, as_of: date) -> None:
        self.reading, self.as_of = reading, as_of
        self.histories = histories(tables, as_of=as_of)
        self.places = Places(rows_of(tables["holidays"]), rows_of(tables["area_events"]), as_of,
                             known=reading.kinds)  # fmt: skip
        self.circumstances = _grouped(tables["circumstances"])
        self.facts = _grouped(tables["facts"])
        self.household = _grouped(tables["household"])
        self.paid: dict[int, str] = dict(rows_of(tables["paid"]))
        self.promised: dict[int, str] = dict(rows_of(tables["promises"]))
        self.bills = {row[0]: row[1:] for row in rows_of(tables["bills"])}
        self.plans = self._plans(tables["plans"])
        self._read: dict[Any, tuple[Plain, Doubts]] = {}
        self._customers: dict[Any, Text] = {}
        self._contexts: dict[Any, Text] = {}
        self._debts: dict[Any, Text] = {}

    def _plans(self, table: pa.Table) -> dict[int, tuple[tuple[str, Any], ...]]:
        """Return the plan of each account that has one: the one agreed last."""
        found = {}
        for row in table.sort_by([("agreed_on", "ascending"), ("arrangement_id", "ascending")]
                                 ).to_pylist():  # fmt: skip
            found[row["account_no"]] = tuple(standing_of(row, self.as_of).items())
        return found

    def table(self, held: pa.Table) -> pa.Table:
        """Return one situation an account."""
        columns = zip(*map(self._row, held.to_pylist()), strict=True)
        told = dict(zip(_TOLD, map(pa.array, columns), strict=True))
        found = pc.index_in(held["account_no"], self.histories["account_no"])
        history = self.histories["history"].take(found).fill_null("[]")
        arrays = [(told | {"history": history})[f.name].cast(f.type) for f in SCHEMA]
        return pa.table(arrays, schema=SCHEMA)

    def _row(self, row: dict[str, Any]) -> tuple[Any, ...]:
        no, own = row["account_no"], self.facts.get(row["account_no"])
        facts, misfits = self._own(own) if own else ({}, ())
        customer, doubts = self._customer(row, own, facts)
        debt, more = self._debt(row, own, facts)
        context, others = self._context(row, own, facts)
        doubtful = sorted({*misfits, *doubts, *more, *others})
        return (no, row["jurisdiction"] or "", row["timezone"] or "",
                ";".join(supplies(row["commodity"] or "")), customer, debt, context,
                ";".join(doubtful) or None)  # fmt: skip

    def _own(self, rows: tuple[Any, ...]) -> tuple[Plain, Doubts]:
        """Return the utility's own facts; many accounts have the same."""
        found = self._read.get(rows)
        if found is None:
            facts, misfits = of_facts(rows, self.reading)
            found = self._read[rows] = facts, tuple(misfits)
        return found

    def _customer(self, row: dict[str, Any], own: Any, facts: Plain) -> Text:
        no = row["account_no"]
        known = (
            row["segment"], row["language"], self.paid.get(no), self.promised.get(no),
            self.plans.get(no, ()), self.circumstances.get(no, ()), self.household.get(no, ()),
        )  # fmt: skip
        found = self._customers.get((known, own))
        if found is None:
            found = self._laid(_customer(known), facts, "customer")
            self._customers[known, own] = found
        return found

    def _context(self, row: dict[str, Any], own: Any, facts: Plain) -> Text:
        where = row["jurisdiction"] or "", row["area_code"], row["timezone"] or ""
        found = self._contexts.get((where, own))
        if found is None:
            found = self._laid(self.places.context(where), facts, "context")
            self._contexts[where, own] = found
        return found

    def _debt(self, row: dict[str, Any], own: Any, facts: Plain) -> Text:
        owed, bills = row["arrears_minor"], self.bills.get(row["account_no"], ())
        known = row["days_past_due"] if owed > 0 else None, bills, row["commodity"] == "multi"
        found = self._debts.get((known, own))
        if found is None:
            found = self._laid(_debt(known, self.as_of), facts, "debt")
            self._debts[known, own] = found
        if owed <= 0 or "debt.amount" in facts:
            return found
        # exact as the money is: a float would not be
        return f'{{"amount": {text(owed, row["currency"])}, {found[0][1:]}', found[1]

    def _laid(self, told: Plain, facts: Plain, root: str) -> Text:
        """Return facts with the utility's own laid over them, or without where they do not fit."""
        own = [path for path in facts if path.startswith(f"{root}.")]
        if not own:
            return text_of(told), ()
        try:
            laid = overlaid(dict(told), facts, root)
            self.reading.check(root, laid)
        except (Refused, TypeError, AttributeError):
            return text_of(told), tuple(own)
        return text_of(laid), ()


def _grouped(table: pa.Table) -> dict[int, tuple[Any, ...]]:
    """Return the rows of each account, in one order."""
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows_of(table):
        found[row[0]].append(row[1:])
    return {
        no: tuple(sorted(rows, key=repr) if len(rows) > 1 else rows) for no, rows in found.items()
    }


def _debt(known: tuple[Any, ...], as_of: date) -> Plain:
    """Return what the lake says of a debt, but for its amount."""
    days_past_due, bills, covers_both = known
    told: Plain = {"covers_both": True} if covers_both else {}
    if days_past_due is None:
        return told
    since = (as_of - timedelta(days=days_past_due)).isoformat()
    told |= {"delinquent_since": since, "delinquency_commenced_on": since}
    for name, day in zip(("demand_on", "bill_due_on", "incurred_on"), bills, strict=False):
        if day is not None:
            told[name] = day
    return told


def _customer(known: tuple[Any, ...]) -> Plain:
    """Return what the lake says of a customer."""
    segment, language, paid, promised, plan, circumstances, household = known
    told = of_circumstances(circumstances)
    told["class"] = segment or "residential"
    if language:
        told["preferred_language"] = language.split("-")[0].lower()
    if paid:
        told["last_payment_on"] = paid
    if promised:
        told["promise"] = {"due_on": promised}
    if plan:
        told["plan"] = dict(plan)
        told["agreed_to_repay"] = True
    if household:
        told["address_contacts"] = [day for (day,) in household]
    return told

"""Philadelphia's late taxpayers as a city's export: one bill, one letter by lot, payments after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from walking import Columns, held_back, read_columns, write_source

SET = "philly_tax_letters/owners_dev.parquet"
AS_OF = date(2015, 6, 1)  # the letters go out; payments are counted from here
WINDOW_DAYS = 120  # [zones] window_days: to the reading of the ledger in September
DUE = date(2015, 3, 31)
JULY, SEPTEMBER = date(2015, 7, 22), AS_OF + timedelta(days=WINDOW_DAYS)
TAX_RATE = 0.0134  # of the assessed value, in 2015
LEDGER = ("owner_id", "azavea_section", "total_due", "assessed_mv", "kde", "N")


@dataclass(frozen=True)
class Owners:
    """Some of the owners, and by how many days their calendar is put back.

    There is one bill a person, so a night can learn only from people whose June was earlier. Those
    it learns from are put back by the window: their September has just been read.
    """

    rows: Columns
    days_back: int

    @property
    def n(self) -> int:
        """Return how many there are."""
        return len(self.rows["owner_id"])

    def day(self, day: date) -> str:
        """Return a day of 2015 in their calendar, as the city writes it."""
        return (day - timedelta(days=self.days_back)).strftime("%m/%d/%Y")

    def ledger(self) -> Columns:
        """Return the tax ledger: who owes what since when."""
        years = np.nan_to_num(self.rows["tenure"])
        bought = [self.day(AS_OF - timedelta(days=round(365.25 * each))) for each in years]
        return {
            **{name: self.rows[name] for name in LEDGER},
            "kde": [f"{each * 1e6:.6f}" for each in self.rows["kde"]],  # per million
            "years_of_tax": self._years_of_tax(),
            "bought_on": bought,
            "billed_on": [self.day(date(2015, 1, 31))] * self.n,
            "due_on": [self.day(DUE)] * self.n,
        }

    def _years_of_tax(self) -> list[str]:
        """Return the debt in years of tax: what a utility reads from the usual bill."""
        tax = np.nan_to_num(self.rows["assessed_mv"]) * TAX_RATE
        return [f"{due / year:.4f}" if year else "" for due, year
                in zip(self.rows["total_due"], tax, strict=True)]  # fmt: skip

    def letters(self) -> Columns:
        """Return who was sent which letter."""
        return {"owner_id": self.rows["owner_id"], "treat8": self.rows["treat8"],
                "sent_on": [self.day(AS_OF)] * self.n}  # fmt: skip

    def payments(self) -> Columns:
        """Return what was paid by July, and from then to September.

        The set knows the first day a payment came in; what has no day of its own is dated on the
        day the ledger was read. Where that says the bill is not settled though as much came in
        as was owed in June, the rest went to interest since: the bill stays a cent short.
        """
        due, settled = self.rows["total_due"], self.rows["paid_full_sep"] == 1
        july, september = (
            np.where(settled, paid, np.minimum(paid, due - 0.01))
            for paid in (self.rows["total_paid_jul"], self.rows["total_paid_sep"])
        )
        by_july = self._paid("july", july, (AS_OF, JULY))
        since = self._paid("september", september - july, (JULY, SEPTEMBER))
        return {name: [*by_july[name], *since[name]] for name in by_july}

    def _paid(self, state: str, money: np.ndarray, span: tuple[date, date]) -> Columns:
        first = [date.fromisoformat(day) if day else None
                 for day in self.rows["earliest_pmt_dec"]]  # fmt: skip
        after, end = span
        days = [max(day, after + timedelta(days=1)) if day and after <= day <= end else end
                for day in first]  # fmt: skip
        some = np.flatnonzero(money > 0)
        return {"owner_id": self.rows["owner_id"][some].tolist(), "state": [state] * len(some),
                "paid_on": [self.day(days[k]) for k in some],
                "paid": [f"{money[k]:.2f}" for k in some]}  # fmt: skip

    def corrections(self) -> Columns:
        """Return what was missing where the ledger of September says the bill is settled."""
        missing = self.rows["total_due"] - self.rows["total_paid_sep"]
        some = np.flatnonzero((self.rows["paid_full_sep"] == 1) & (missing > 0.004))
        return {"owner_id": self.rows["owner_id"][some],
                "posted_on": [self.day(SEPTEMBER)] * len(some),
                "missing": [f"{missing[k]:.2f}" for k in some]}  # fmt: skip


def halves(path: Path) -> tuple[Owners, Owners]:
    """Return seven tenths of the owners to learn from, and the three tenths held back."""
    owners = read_columns(path)
    back = held_back(owners["owner_id"])
    learnt_from, judged_on = ({name: column[mine] for name, column in owners.items()}
                              for mine in (~back, back))  # fmt: skip
    return Owners(learnt_from, WINDOW_DAYS), Owners(judged_on, 0)


def write_export(learnt_from: Owners, judged_on: Owners, export: Path) -> None:
    """Write the export as of the first of June: of those held back, nothing that came later."""
    both = [(learnt_from.ledger(), judged_on.ledger()),
            (learnt_from.letters(), judged_on.letters())]  # fmt: skip
    for name, (some, others) in zip(("ledger", "letters"), both, strict=True):
        write_source(export, name, {key: [*some[key], *others[key]] for key in some})
    write_source(export, "payments", learnt_from.payments())
    write_source(export, "corrections", learnt_from.corrections())


def labels(judged_on: Owners) -> Columns:
    """Return who had paid in full by September, by the city's ledger."""
    rows = judged_on.rows
    return {"account_id": rows["owner_id"], "outcome": rows["paid_full_sep"]}

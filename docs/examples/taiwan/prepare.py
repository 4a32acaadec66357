"""Taiwan's card customers as the export of a card company, with due dates made explicit.

A statement balance on a card holds what was left of the one before. What a statement *adds* is its
bill: balance, less the former balance, plus what was paid of that. So arrears on any day are the
statement balance that is due.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from walking import Columns, held_back, read_columns, write_source

SET = "taiwan_card_default/customers_dev.parquet"
# The set counts months back: BILL_AMT1 is September's statement, BILL_AMT6 April's. PAY_AMT1,
# paid in September, is what was paid of BILL_AMT2. PAY_0, PAY_2 .. PAY_6 say how the bill of the
# same month was paid, so each is known a month later than it is named for.
SEPTEMBER, AUGUST, APRIL = 1, 2, 6


@dataclass(frozen=True)
class Half:
    """Customers to learn from, or those held back; and how their months lie in the calendar.

    The night before the first of September looks at August's bill. It may learn from people of
    whom it knows how the very same bill was paid, only if theirs was a month ago: so the
    calendar of those it learns from is put a month back.
    """

    cards: Columns
    latest: int  # the last statement the export tells
    months_back: int = 0

    @property
    def statements(self) -> range:
        """Return the statements by their number in the set, the latest first."""
        return range(self.latest, APRIL + 1)

    def day(self, statement: int, of_month: int, *, later: int = 0) -> np.ndarray:
        """Return a day of a statement's month, or of a month later, for each customer."""
        month = 10 - statement - self.months_back + later
        text = f"{min(of_month, monthrange(2005, month)[1]):02}/{month:02}/2005"
        return self.all(text)

    def all(self, text: str) -> np.ndarray:
        """Return the same text for each customer."""
        return np.full(len(self.cards["ID"]), text, dtype=object)

    def write(self, export: Path) -> None:
        """Write the sources of an export."""
        known = [k for k in self.statements if k > self.latest]  # those whose month after is over
        cards = {"CARD_NO": self.cards["ID"], "OPENED_ON": self.day(APRIL, 1),
                 "LIMIT_BAL": self.cards["LIMIT_BAL"]}  # fmt: skip
        write_source(export, "cards", cards)
        write_source(export, "statements", _stacked([self._statement(k) for k in self.statements]))
        write_source(export, "receipts", _stacked([self._receipts(k) for k in known]))
        write_source(export, "standing", _stacked([self._standing(k) for k in known]))

    def _statement(self, k: int) -> Columns:
        balance = self.cards[f"BILL_AMT{k}"]
        left = self.cards[f"BILL_AMT{k + 1}"] - self.cards[f"PAY_AMT{k}"] if k < APRIL else 0
        return {"CARD_NO": self.cards["ID"], "STATEMENT_ON": self.day(k, 25),
                "PAY_BY": self.day(k, 30), "CHARGED": balance - left,
                "BALANCE": balance}  # fmt: skip

    def _receipts(self, k: int) -> Columns:
        money = self.cards[f"PAY_AMT{k - 1}"]
        rows = {"CARD_NO": self.cards["ID"], "RECEIVED": self.day(k, 15, later=1), "AMOUNT": money}
        return {name: column[money > 0] for name, column in rows.items()}

    def _standing(self, k: int) -> Columns:
        told = {"CARD_NO": self.cards["ID"], "KNOWN_ON": self.day(k, 31, later=1)}
        for before, name in enumerate(("PAY", "PAY_1_BEFORE", "PAY_2_BEFORE")):
            there = k + before <= APRIL
            told[name] = self.cards[f"PAY_{k + before}"].astype(str) if there else self.all("")
        return told


def halves(path: Path) -> tuple[Half, Half]:
    """Return seven tenths of the customers to learn from, and the three tenths held back."""
    cards = read_columns(path)
    back = held_back(cards["ID"])
    learnt_from, judged_on = ({name: column[mine] for name, column in cards.items()}
                              for mine in (~back, back))  # fmt: skip
    return Half(learnt_from, SEPTEMBER, months_back=1), Half(judged_on, AUGUST)


def labels(judged_on: Half) -> Columns:
    """Return who paid August's bill in full in September, which their export does not tell."""
    cards = judged_on.cards
    billed = cards["BILL_AMT2"] > 0
    paid = (cards["PAY_AMT1"] >= cards["BILL_AMT2"]).astype(int)
    return {"account_id": cards["ID"][billed], "outcome": paid[billed]}


def _stacked(parts: Sequence[Columns]) -> Columns:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

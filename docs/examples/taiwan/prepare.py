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
# paid in September, is what was paid of BILL_AMT2.
SEPTEMBER, AUGUST, APRIL = 1, 2, 6
STATUS = {1: "PAY_0", **{k: f"PAY_{k}" for k in range(2, APRIL + 1)}}
STATUS_COLUMNS = ("PAY", *(f"PAY_{k}_BEFORE" for k in range(1, APRIL)))


@dataclass(frozen=True)
class Question:
    """What is asked of the last statement, on a night a day after it was due.

    Args:
        last: The last statement there is, by its number in the set.
        status_later: How many months after a statement the bank's status of it is known.
    """

    as_of: str
    last: int
    status_later: int

    def money(self, cards: Columns) -> np.ndarray:
        """Return what came in for the last statement within a month."""
        if self.last == AUGUST:
            return np.asarray(cards["PAY_AMT1"])
        # Of October the set tells who defaulted, and no payments: who did not default is taken
        # to have paid what was owed.
        return np.where(cards["default.payment.next.month"] == 0, cards["BILL_AMT1"], 0)


QUESTIONS = {
    # PAY_2, named for August, tells how August's bill was paid: it is the answer itself.
    "paid": Question("2005-08-31", AUGUST, status_later=1),
    # Whoever published figures on default knew PAY_0, so it is known here.
    "default": Question("2005-10-01", SEPTEMBER, status_later=0),
}


@dataclass(frozen=True)
class Half:
    """Customers to learn from, or those held back; and how their months lie in the calendar.

    A night can learn only from what is over. So the calendar of those it learns from is put a
    month back: of them it knows how the same statement was paid that it asks about in others.
    """

    cards: Columns
    question: Question
    months_back: int

    def write(self, export: Path) -> None:
        """Write the sources of an export."""
        asked = range(self.question.last, APRIL + 1)
        known = asked[self.question.status_later :]
        cards = {"CARD_NO": self.cards["ID"], "OPENED_ON": self._day(APRIL, 1),
                 "LIMIT_BAL": self.cards["LIMIT_BAL"]}  # fmt: skip
        write_source(export, "cards", cards)
        write_source(export, "statements", _stacked([self._statement(k) for k in asked]))
        write_source(export, "receipts", _stacked([self._receipts(k) for k in asked]))
        write_source(export, "standing", _stacked([self._standing(k) for k in known]))

    def labels(self) -> Columns:
        """Return who paid the last statement in full, of those who had something to pay."""
        bill = self.cards[f"BILL_AMT{self.question.last}"]
        paid = (self.question.money(self.cards) >= bill).astype(int)
        return {"account_id": self.cards["ID"][bill > 0], "outcome": paid[bill > 0]}

    def _statement(self, k: int) -> Columns:
        balance = self.cards[f"BILL_AMT{k}"]
        left = self.cards[f"BILL_AMT{k + 1}"] - self.cards[f"PAY_AMT{k}"] if k < APRIL else 0
        used = [f"{share:.4f}" for share in balance / self.cards["LIMIT_BAL"]]
        return {"CARD_NO": self.cards["ID"], "STATEMENT_ON": self._day(k, 25),
                "PAY_BY": self._day(k, 30), "CHARGED": balance - left,
                "LIMIT_USED": np.array(used, dtype=object)}  # fmt: skip

    def _receipts(self, k: int) -> Columns:
        if k > self.question.last:
            money = self.cards[f"PAY_AMT{k - 1}"]
        else:  # of those held back the export does not tell it
            money = self.question.money(self.cards) * (self.months_back > 0)
        rows = {"CARD_NO": self.cards["ID"], "RECEIVED": self._day(k, 15, later=1), "AMOUNT": money}
        return {name: column[money > 0] for name, column in rows.items()}

    def _standing(self, k: int) -> Columns:
        known_on = self._day(k, 31, later=self.question.status_later)
        told = {"CARD_NO": self.cards["ID"], "KNOWN_ON": known_on}
        for before, name in enumerate(STATUS_COLUMNS):
            status = STATUS.get(k + before)
            told[name] = self.cards[status].astype(str) if status else self._all("")
        return told

    def _day(self, statement: int, of_month: int, *, later: int = 0) -> np.ndarray:
        """Return a day of a statement's month, or of a month later, for each customer."""
        month = 10 - statement - self.months_back + later
        return self._all(f"{min(of_month, monthrange(2005, month)[1]):02}/{month:02}/2005")

    def _all(self, text: str) -> np.ndarray:
        return np.full(len(self.cards["ID"]), text, dtype=object)


def halves(path: Path, question: Question) -> tuple[Half, Half]:
    """Return seven tenths of the customers to learn from, and the three tenths held back."""
    cards = read_columns(path)
    back = held_back(cards["ID"])
    learnt_from, judged_on = ({name: column[mine] for name, column in cards.items()}
                              for mine in (~back, back))  # fmt: skip
    return Half(learnt_from, question, months_back=1), Half(judged_on, question, months_back=0)


def _stacked(parts: Sequence[Columns]) -> Columns:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

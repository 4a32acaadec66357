"""What is owed on a day by age, and what was in arrears on days before it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from tideover.portfolio.totals.entries import NEVER, Credits, Debits
from tideover.portfolio.totals.spans import Grid, Ints, Sums

EDGES = (0, 30, 60, 90, 120)  # days past due above which each bucket of arrears begins
AGES = ("d1_30", "d31_60", "d61_90", "d91_120", "d121_plus")
OWED = tuple(f"{name}_minor" for name in ("balance", "arrears", "current", *AGES))


def days_of_debits(marks: Iterable[int], today: int) -> set[int]:
    """Return the due days through which debits are asked for.

    A debit is in arrears on a day when it was due by the day before.
    """
    return {mark - 1 for mark in marks} | {today - edge - 1 for edge in EDGES} | {today}


class Debt:
    """Debits and credits by the spans of days that arrears are asked for.

    Credits pay the oldest debits first, so what is unpaid among debits due before any day is what
    they add up to less all credits, or nothing: plain sums, no order. Arrears on a past day are
    the same of debits each from the day after it was due (or the day it was issued where that is
    later), a reversed payment weighing again from its reversal.

    Args:
        debits, credits: Grids by the day due, and by the day the credit came in.
    """

    def __init__(self, debits: Grid, credits: Grid, today: int) -> None:
        self._today, self._debits, self._credits = today, debits, credits
        self.due, self._issued_late = Sums(debits), Sums(debits)
        self.lowered, self._returned = Sums(credits), Sums(credits)
        self._next = np.full(debits.places, -NEVER)
        self._seen: list[Debits] = []

    def raise_by(self, owing: Debits) -> None:
        """Add debits."""
        self.due.add(owing.cells, owing.amount)
        late = np.flatnonzero(owing.issued > owing.due + 1)
        self._issued_late.add(owing.cells[late], -owing.amount[late])
        issued = self._debits.cells(owing.at[late], owing.issued[late] - 1)
        self._issued_late.add(issued, owing.amount[late])
        ahead = np.flatnonzero(owing.due >= self._today)
        np.minimum.at(self._next, owing.at[ahead], owing.due[ahead])
        self._seen.append(owing)

    def lower_by(self, money: Credits) -> None:
        """Add credits."""
        self.lowered.add(money.cells, money.amount)
        gone = money.gone
        back = self._credits.cells(money.at[gone], np.maximum(money.day[gone], money.back))
        self._returned.add(back, money.amount[gone])

    def arrears_on(self, day: int) -> Ints:
        """Return arrears at the end of one of the marks."""
        raised = self.due.until(day - 1) + self._issued_late.until(day - 1)
        found: Ints = np.maximum(raised - self._credited(day), 0)
        return found

    def _credited(self, day: int) -> Any:
        return self.lowered.until(day) - self._returned.until(day)

    def owed(self) -> dict[str, Any]:
        """Return what is owed by age, of the day itself, and the next and the oldest day due."""
        credit = self._credited(self._today)
        unpaid = [np.maximum(self.due.until(self._today - edge - 1) - credit, 0) for edge in EDGES]
        balance = self.due.total - credit
        by_now = np.maximum(self.due.until(self._today) - credit, 0)
        steps = [np.maximum(balance, 0), *unpaid, np.zeros_like(balance)]
        return {
            "balance_minor": balance,
            "arrears_minor": unpaid[0],
            **{name: steps[k] - steps[k + 1] for k, name in enumerate(OWED[2:])},
            "due_unpaid_minor": by_now - unpaid[0],
            "next_due_on": np.where(self._next == -NEVER, NEVER, self._next),
            "oldest_due_on": self._oldest(np.flatnonzero(unpaid[0]), credit),
        }

    def _oldest(self, behind: Ints, credit: Ints) -> Ints:
        """Return the due date of the first unpaid debit of places in arrears."""
        oldest = np.full(len(credit), NEVER)
        if not len(behind):
            return oldest
        # Sums say in which span it lies, so that only the debits of one span are put in order.
        cells, before = self.due.first_above(credit[behind], behind, self._today - 1)
        left = np.zeros_like(credit)
        left[behind] = credit[behind] - before
        at, due, amount = self._of_cells(cells)
        order = np.lexsort((due, at))
        at, due, amount = at[order], due[order], amount[order]
        so_far = np.cumsum(amount)
        first = np.flatnonzero(np.diff(at, prepend=-1))
        others = np.zeros_like(credit)
        others[at[first]] = so_far[first] - amount[first]
        unpaid = np.flatnonzero(so_far - others[at] > left[at])[::-1]
        oldest[at[unpaid]] = due[unpaid]  # of several the last one written, so the first
        return oldest

    def _of_cells(self, cells: Ints) -> tuple[Ints, Ints, Ints]:
        """Return place, due date and amount of the debits in some cells."""
        wanted = np.zeros(len(self._debits), dtype=bool)
        wanted[cells] = True
        found = []
        for owing in self._seen:
            mine = np.flatnonzero(wanted[owing.cells])
            found.append((owing.at[mine], owing.due[mine], owing.amount[mine]))
        at, due, amount = (np.concatenate(part) for part in zip(*found, strict=True))
        return at, due, amount

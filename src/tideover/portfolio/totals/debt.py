"""What is owed on a day by age, and what was in arrears on days before it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import numpy as np

from tideover.portfolio.totals.entries import NEVER, Credits, Debits
from tideover.portfolio.totals.spans import Ints, Places, Spans, Sums

EDGES = (0, 30, 60, 90, 120)  # days past due above which each bucket of arrears begins
AGES = ("d1_30", "d31_60", "d61_90", "d91_120", "d121_plus")
OWED = tuple(f"{name}_minor" for name in ("balance", "arrears", "current", *AGES))


class Debt:
    """Debits and credits by the spans of days that arrears are asked for.

    Credits pay the oldest debits first, so what is unpaid among debits due before any day is what
    they add up to less all credits, or nothing: plain sums, no order. Arrears on a past day are
    the same of debits each from the day after it was due (or the day it was issued where that is
    later), a reversed payment weighing again from its reversal.
    """

    def __init__(self, places: Places, marks: Iterable[int], today: int) -> None:
        self._today = today
        self._path = Spans([*marks, today])
        self._before = [today - edge - 1 for edge in EDGES]
        self._ages = Spans(self._before)
        n = len(places)
        self._unknown = np.int32(len(self._ages))  # a span of its own: issued after the day
        self._due = Sums(n, len(self._ages) + 1)
        self._raised, self._lowered = Sums(n, len(self._path)), Sums(n, len(self._path))
        self._next = np.full(n, -NEVER)
        self._late: list[Debits] = []

    def raise_by(self, owing: Debits) -> None:
        """Add debits."""
        span = np.where(owing.known, self._ages.of_days(owing.due), self._unknown)
        self._due.add(owing.at, owing.amount, span)
        in_arrears = np.maximum(owing.issued, owing.due + 1)
        self._raised.add(owing.at, owing.amount, self._path.of_days(in_arrears))
        ahead = np.flatnonzero(owing.known & (owing.due >= self._today))
        np.minimum.at(self._next, owing.at[ahead], owing.due[ahead])
        self._late.append(owing)

    def lower_by(self, money: Credits) -> None:
        """Add credits."""
        self._lowered.add(money.at, money.amount, self._path.of_days(money.day))
        gone = money.gone
        if len(gone):
            day = self._path.of_days(np.maximum(money.day[gone], money.back))
            self._lowered.add(money.at[gone], -money.amount[gone], day)

    @cached_property
    def _credited(self) -> Any:
        return self._lowered.running

    @cached_property
    def _behind(self) -> Any:
        return np.maximum(self._raised.running - self._credited, 0)

    def arrears_on(self, day: int) -> Ints:
        """Return arrears at the end of one of the marks."""
        return self._path.until(self._behind, day)

    def owed(self) -> dict[str, Any]:
        """Return what is owed by age, and the next and the oldest day due."""
        due, credit = self._due.running, self._path.until(self._credited, self._today)
        unpaid = [np.maximum(self._ages.until(due, day) - credit, 0) for day in self._before]
        balance = due[:, -2] - credit
        steps = [np.maximum(balance, 0), *unpaid, np.zeros_like(balance)]
        return {
            "balance_minor": balance,
            "arrears_minor": unpaid[0],
            **{name: steps[k] - steps[k + 1] for k, name in enumerate(OWED[2:])},
            "next_due_on": np.where(self._next == -NEVER, NEVER, self._next),
            "oldest_due_on": self._oldest(unpaid[0], credit),
        }

    def _oldest(self, arrears: Ints, credit: Ints) -> Ints:
        """Return the due date of the first unpaid debit of accounts in arrears."""
        oldest = np.full(len(arrears), NEVER)
        at, due, amount = self._overdue(arrears > 0)
        order = np.lexsort((due, at))
        at, due, amount = at[order], due[order], amount[order]
        so_far = np.cumsum(amount)
        first = np.flatnonzero(np.diff(at, prepend=-1))
        before = np.zeros_like(credit)
        before[at[first]] = so_far[first] - amount[first]
        unpaid = np.flatnonzero(so_far - before[at] > credit[at])[::-1]
        oldest[at[unpaid]] = due[unpaid]  # of several the last one written, so the first
        return oldest

    def _overdue(self, behind: Any) -> tuple[Ints, Ints, Ints]:
        """Return place, due date and amount of the overdue debits of accounts in arrears."""
        found: list[tuple[Ints, ...]] = [(np.empty(0, np.int64),) * 3]
        for owing in self._late:
            mine = np.flatnonzero(behind[owing.at])
            mine = mine[owing.known[mine] & (owing.due[mine] < self._today)]
            found.append((owing.at[mine], owing.due[mine], owing.amount[mine]))
        at, due, amount = (np.concatenate(part) for part in zip(*found, strict=True))
        return at, due, amount

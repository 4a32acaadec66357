"""Accounts, some at a time -> the sums that every indicator is made of, by group.

Sums are added up, so that accounts need never be held all at once: a bucket goes in, and a few
hundred numbers a group stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from tideover.portfolio.measures.cells import SMALL, Cell, Measure
from tideover.rules.ageing import BUCKETS

Floats = npt.NDArray[np.float64]
Place = tuple[str, str, str]  # currency, what is grouped by and the group; of everyone both empty

# What is added up of a measure: its two sums, accounts it is about, those with something in either
# sum, and answers that are not nought.
SUMS = ("total", "of", "accounts", "touched", "over", "swayed")
TOTAL, OF, ACCOUNTS, TOUCHED, OVER, SWAYED = range(len(SUMS))
AGED_BY = "bucket"  # which the matrix tells already


class Tally:
    """What accounts come to, by measure and group, and how their debts moved between ages.

    Args:
        measures: What is added up.
        by: Which columns are groups, where the accounts have them.
    """

    def __init__(self, measures: Sequence[Measure], by: Sequence[str]) -> None:
        self.measures, self.by = tuple(measures), tuple(by)
        self._sums: dict[Place, Floats] = {}
        self._moves: dict[Place, Floats] = {}

    def add(self, accounts: pd.DataFrame) -> None:
        """Add accounts to what was added before; nobody may come twice.

        Table in: columns of `portfolio.measures.measures`
        """
        for currency, some in accounts.groupby("currency", sort=True):
            for kind in ("", *(name for name in self.by if name in some)):
                codes, names = _groups(some, kind)
                sums = sums_of(some, codes, len(names), self.measures)
                moves = _moves_of(some, codes, len(names))
                for at, name in enumerate(names):
                    place = (str(currency), kind, name)
                    _plus(self._sums, place, sums[at])
                    if kind != AGED_BY:
                        _plus(self._moves, place, moves[at])

    @property
    def currencies(self) -> Iterator[tuple[str, str]]:
        """The currencies, each with what groups of it are called by at the end."""
        names = sorted({currency for currency, _, _ in self._sums})
        yield from ((name, "" if len(names) == 1 else f", {name}") for name in names)

    def cells(self, currency: str, end: str) -> Iterator[tuple[Measure, list[Cell]]]:
        """Yield each measure with its cells, one a group, by one way of grouping at a time."""
        for places in self._by_kind(currency):
            sums = np.stack([self._sums[place] for place in places])
            for at, measure in enumerate(self.measures):
                yield measure, cells_of(measure, sums[:, at], [_label(*p, end) for p in places])

    def moves(self, currency: str, end: str) -> Iterator[tuple[str, str, list[Cell]]]:
        """Yield how many stood in one age and stand in another, with its cells, one a group."""
        for places in self._by_kind(currency):
            if places[0] not in self._moves:
                continue
            counts = np.stack([self._moves[place] for place in places])
            labels = [_label(*place, end) for place in places]
            for first, last in zip(*np.nonzero(counts.sum(axis=0)), strict=True):
                of = counts[:, first].sum(axis=1)
                yield BUCKETS[first], BUCKETS[last], [
                    Cell(labels[at], counts[at, first, last], of[at], int(of[at]), 0.0,
                         bool(of[at] < SMALL)) for at in np.flatnonzero(of)]  # fmt: skip

    def _by_kind(self, currency: str) -> Iterator[list[Place]]:
        for kind in ("", *self.by):
            places = sorted(one for one in self._sums if one[:2] == (currency, kind))
            if places:
                yield places


def _plus(kept: dict[Place, Floats], place: Place, more: Floats) -> None:
    kept[place] = kept[place] + more if place in kept else more


def _label(currency: str, kind: str, name: str, end: str) -> str:
    return f"{kind} = {name}{end}" if kind else f"all{end}"


def _groups(accounts: pd.DataFrame, kind: str) -> tuple[Any, list[str]]:
    """Return which group each account stands in, as a place among names; -1 for none."""
    if not kind:
        return np.zeros(len(accounts), np.int64), [""]
    codes, names = pd.factorize(accounts[kind])
    return np.asarray(codes), [str(name) for name in names]


def sums_of(accounts: pd.DataFrame, codes: Any, groups: int, measures: Sequence[Measure]) -> Floats:
    """Return what each measure comes to in each group: groups, measures, `SUMS`."""
    chosen: dict[str, Any] = {}
    found = np.zeros((groups, len(measures), len(SUMS)))
    for at, measure in enumerate(measures):
        if measure.who not in chosen:
            stands = codes >= 0
            if measure.who:
                stands = stands & accounts[measure.who].to_numpy(bool)
            chosen[measure.who] = np.flatnonzero(stands)
        rows = chosen[measure.who]
        for which, values in enumerate(_summed(measure, accounts, rows)):
            if values is not None:
                found[:, at, which] = np.bincount(codes[rows], weights=values, minlength=groups)
    return found


def _summed(measure: Measure, accounts: pd.DataFrame, rows: Any) -> tuple[Any, ...]:
    """Return what is added up of each account, in the order of `SUMS`; none where nothing is."""
    column = accounts[measure.column].to_numpy(float)[rows]
    known = ~np.isnan(column)
    column, over, swayed = np.where(known, column, 0.0), known.astype(float), None
    if measure.over:
        over = np.nan_to_num(accounts[measure.over].to_numpy(float)[rows])
    if measure.kind == "score":
        swayed = np.nan_to_num(accounts["swayed"].to_numpy(float)[rows])
    return column, over, np.ones(len(rows)), column != 0, over != 0, swayed


def _moves_of(accounts: pd.DataFrame, codes: Any, groups: int) -> Floats:
    """Return how many of those behind stood in each age and stand in each: groups, then, now."""
    rows = np.flatnonzero((codes >= 0) & accounts["behind"].to_numpy(bool))
    ages = pd.Index(BUCKETS)
    then, now = (ages.get_indexer(accounts[name].to_numpy(object)[rows])
                 for name in ("bucket_before", "bucket_now"))  # fmt: skip
    at = (codes[rows] * len(BUCKETS) + then) * len(BUCKETS) + now
    counted = np.bincount(at, minlength=groups * len(BUCKETS) ** 2)
    return counted.reshape(groups, len(BUCKETS), len(BUCKETS)).astype(float)


def cells_of(measure: Measure, sums: Floats, labels: Sequence[str]) -> list[Cell]:
    """Return what a measure comes to in each group, and whether that is too few to be told.

    Args:
        sums: A row a group, in the order of `SUMS`.
    """
    counts = measure.kind in ("rate", "per_thousand", "score")
    found = []
    for label, row in zip(labels, sums, strict=True):
        n = rest_on = row[OF] if counts else row[ACCOUNTS]
        if not counts:
            rest_on = row[TOUCHED]
        if measure.kind == "ratio":
            rest_on = min(row[OVER], row[TOUCHED] or np.inf)
        nothing_to_hide = measure.kind == "sum" and rest_on == 0 and n >= SMALL
        found.append(Cell(label, float(row[TOTAL]), float(row[OF]), int(n), float(row[SWAYED]),
                          bool(rest_on < SMALL and not nothing_to_hide)))  # fmt: skip
    return found

"""Accounts -> what each group comes to, one pass a measure and a way of grouping."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

SMALL = 10  # a cell of fewer is suppressed: it could be told who they are


class Measure(NamedTuple):
    """One indicator.

    Args:
        kind: `rate`, the share of accounts in `column` (1, 0; null is left out), or of `over` where
            named; `per_thousand`, the sum of `column` a thousand of `over`; `sum`, that of
            `column`, whole; `ratio`, of two sums; `score`, a hundred times the mean of answers
            that are 1, 0 or -1: `column` their sum, `over` how many, `swayed` those not 0.
        who: Whom it is about: a column of yes and no; everyone where empty.
    """

    name: str
    kind: str
    column: str
    who: str = ""
    over: str = ""


class Cell(NamedTuple):
    """What one group comes to.

    Args:
        total, of: The two sums that the indicator is made of.
        n: How many accounts, contacts or answers it rests on.
        swayed: Of a score, the answers that are not nought.
        few: Whether it rests on so few that nothing is told.
    """

    group: str
    total: float
    of: float
    n: int
    swayed: float
    few: bool


def cells_of(
    accounts: pd.DataFrame, codes: np.ndarray, labels: Sequence[str], measures: Sequence[Measure]
) -> Iterator[tuple[Measure, list[Cell]]]:
    """Yield each measure with its cells, one a group.

    Args:
        codes: Which group each account stands in, as a place in `labels`; -1 for none.
    """
    chosen: dict[str, Any] = {}
    for measure in measures:
        if measure.who not in chosen:
            stands = codes >= 0
            if measure.who:
                stands = stands & accounts[measure.who].to_numpy(bool)
            chosen[measure.who] = np.flatnonzero(stands)
        rows = chosen[measure.who]
        yield measure, _cells(measure, accounts, rows, codes=codes[rows], labels=labels)


def _cells(
    measure: Measure, accounts: pd.DataFrame, rows: np.ndarray, *, codes: np.ndarray,
    labels: Sequence[str],
) -> list[Cell]:  # fmt: skip
    def summed(values: Any) -> Any:
        return np.bincount(codes, weights=values, minlength=len(labels))

    column = accounts[measure.column].to_numpy(float)[rows]
    known = ~np.isnan(column)
    column = np.where(known, column, 0.0)
    total, swayed = summed(column), np.zeros(len(labels))
    if measure.over:
        over = np.nan_to_num(accounts[measure.over].to_numpy(float)[rows])
        of = summed(over)
    else:
        over, of = known.astype(float), summed(known)
    n = of if measure.kind in ("rate", "per_thousand", "score") else summed(np.ones(len(rows)))
    rest_on = n if measure.kind in ("rate", "per_thousand", "score") else summed(column != 0)
    if measure.kind == "ratio":
        rest_on = np.minimum(summed(over != 0), np.where(rest_on == 0, np.inf, rest_on))
    if measure.kind == "score":
        swayed = summed(np.nan_to_num(accounts["swayed"].to_numpy(float)[rows]))
    nothing_to_hide = (rest_on == 0) & (n >= SMALL) & (measure.kind == "sum")
    return [Cell(labels[at], float(total[at]), float(of[at]), int(n[at]), float(swayed[at]),
                 bool(rest_on[at] < SMALL and not nothing_to_hide[at]))
            for at in range(len(labels))]  # fmt: skip


def suppressed(measure: Measure, cells: list[Cell]) -> list[Cell]:
    """Return cells, with a second one suppressed where a single one was.

    Everyone's figure less the others' would tell the single one.

    Examples:
        >>> some = [Cell("a", 3, 9, 9, 0, True), Cell("b", 9, 40, 40, 0, False)]
        >>> some += [Cell("c", 9, 20, 20, 0, False)]
        >>> [cell.few for cell in suppressed(Measure("x", "rate", "y"), some)]
        [True, False, True]
    """
    hidden = [cell for cell in cells if cell.few and cell.n > 0]
    shown = [cell for cell in cells if not cell.few]
    if len(hidden) != 1 or not shown or len(cells) == 1:
        return cells
    second = min(shown, key=lambda cell: cell.n)
    return [cell._replace(few=True) if cell is second else cell for cell in cells]

"""What a group comes to, and which groups are too small to be told of."""

from __future__ import annotations

from typing import NamedTuple

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

"""A group's sums as a figure with its interval, and how one week's differs from another's."""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

from scipy.stats import chi2

from tideover.portfolio.measures.cells import SMALL, Cell, Measure
from tideover.rules.lift import Group, lift, wilson

__all__ = ["SMALL", "Figure", "change", "figure"]

SURE, Z = 0.95, 1.959964
CHANGE = "change"
Ends = tuple[float | None, float | None, float | None]  # a value and its interval
_NOTHING: Ends = (None, None, None)


class Figure(NamedTuple):
    """An indicator of one group; value and interval are none where the cell is suppressed."""

    name: str
    group: str
    value: float | None
    low: float | None
    high: float | None
    n: int | None


def figure(measure: Measure, cell: Cell) -> Figure:
    """Return an indicator of one group."""
    if cell.few:
        return Figure(measure.name, cell.group, *_NOTHING, None)
    return Figure(measure.name, cell.group, *_ENDS[measure.kind](cell), cell.n)


def change(measure: Measure, now: Cell, before: Cell) -> Figure:
    """Return how far a week's figure lies above the one of the week before.

    The interval takes the two weeks for independent. An account that is behind in both mostly does
    the same in both, so it is too wide rather than too narrow.

    Source:
        Of shares Newcombe's method 10 (`rules.lift`); of counts a thousand the same square-and-add
        of Garwood's ends (G. Y. Zou, A. Donner, Statistics in Medicine 27 (2008), 1693-1702).
    """
    name = f"{measure.name}@{CHANGE}"
    if now.few or before.few or not (now.of and before.of):
        return Figure(name, now.group, *_NOTHING, None)
    ends = (_ENDS[measure.kind](cell) for cell in (now, before))
    return Figure(name, now.group, *_difference(measure, now, before, *ends), now.n)


def _difference(measure: Measure, now: Cell, before: Cell, late: Ends, early: Ends) -> Ends:
    (one, low_1, high_1), (other, low_2, high_2) = late, early
    if one is None or other is None:
        return _NOTHING
    if measure.kind == "rate":
        found = lift(_group(now), _group(before))
        return _NOTHING if found is None else (found.at, found.low, found.high)
    at = one - other
    if None in (low_1, high_1, low_2, high_2):
        return at, None, None
    down = sqrt((one - (low_1 or 0)) ** 2 + ((high_2 or 0) - other) ** 2)
    up = sqrt(((high_1 or 0) - one) ** 2 + (other - (low_2 or 0)) ** 2)
    return at, at - down, at + up


def _group(cell: Cell) -> Group:
    return Group(round(cell.total), round(cell.of))


def _share(cell: Cell) -> Ends:
    low, high = wilson(_group(cell), SURE)
    return cell.total / cell.of, low, high


def _a_thousand(cell: Cell) -> Ends:
    """Return a count a thousand, with Garwood's interval (Biometrika 28 (1936), 437-442)."""
    count, over = cell.total, cell.of
    low = chi2.ppf((1 - SURE) / 2, 2 * count) / 2 if count else 0.0
    high = chi2.ppf((1 + SURE) / 2, 2 * count + 2) / 2
    return 1000 * count / over, 1000 * float(low) / over, 1000 * float(high) / over


def _sum(cell: Cell) -> Ends:
    return cell.total, None, None


def _ratio(cell: Cell) -> Ends:
    return (cell.total / cell.of, None, None) if cell.of else _NOTHING


def _score(cell: Cell) -> Ends:
    """Return a score from -100 to 100, with the adjusted interval that never has no width.

    Source:
        B. Rocks, Interval estimation for the net promoter score, The American Statistician 70
        (2016), 365-372: three answers more, one and a half of them nought.
    """
    n = cell.of + 3
    middle = cell.total / n
    half = Z * sqrt(((cell.swayed + 1.5) / n - middle * middle) / n)
    low, high = max(middle - half, -1.0), min(middle + half, 1.0)
    return 100 * cell.total / cell.of, 100 * low, 100 * high


_ENDS = {"rate": _share, "per_thousand": _a_thousand, "sum": _sum, "ratio": _ratio, "score": _score}

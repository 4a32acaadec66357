"""How good a probability is: ranking, sharpness, honesty, with intervals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from tideover.portfolio.scores.outcomes import Numbers

BINS = 10
SMALLEST = 1e-6  # a probability is never said to be 0 or 1: log loss would be without bound
DRAWS = 200


def evaluate(p: npt.ArrayLike, outcome: npt.ArrayLike) -> dict[str, float | int | None]:
    """Return how a probability did against what happened; pairs with a gap are left out.

    Args:
        p: Probabilities of 1.
        outcome: 0 or 1.

    Returns:
        `auc` (null when all outcomes are the same), `log_loss`, `brier`, `ece` (over ten bins of
        equal count), `n`; all null when nothing is left.

    Examples:
        >>> evaluate([0.9, 0.2, 0.4, None], [1, 0, 1, 1])["auc"]
        1.0
    """
    said, seen = _pairs(p, outcome)
    ones = np.ones(len(said))
    found = {name: measure(said, seen, ones) for name, measure in _MEASURES.items()}
    return {**{name: _stated(value) for name, value in found.items()}, "n": len(said)}


def with_intervals(
    p: Numbers, outcome: Numbers, *, account_no: npt.NDArray[Any], seed: int
) -> dict[str, Any]:
    """Return each measure as [value, low, high]: 95 %, by drawing whole accounts again."""
    said, seen = _pairs(p, outcome)
    _, account = np.unique(account_no, return_inverse=True)
    rng = np.random.default_rng(seed)
    drawn: dict[str, list[float]] = {name: [] for name in _MEASURES}
    for _ in range(DRAWS if len(said) else 0):
        weight = rng.poisson(1.0, account.max() + 1).astype(float)[account]
        for name, measure in _MEASURES.items():
            drawn[name].append(measure(said, seen, weight))
    value = evaluate(said, seen)
    return {
        "n": value["n"],
        **{name: [value[name], *_middle(drawn[name], value[name])] for name in _MEASURES},
    }


def error_by_chance(p: Numbers) -> float:
    """Return the ECE that perfectly honest probabilities would show of so few outcomes."""
    spread = [float((p[rows] * (1 - p[rows])).sum())
              for rows in np.array_split(np.argsort(p, kind="stable"), BINS)]  # fmt: skip
    return float(np.sqrt(2 / np.pi) * np.sqrt(spread).sum() / max(len(p), 1))


def calibration_points(p: Numbers, outcome: Numbers) -> list[dict[str, float | int]]:
    """Return ten points of equal count: what was said, what happened, and its 95 % interval."""
    said, seen = _pairs(p, outcome)
    points: list[dict[str, float | int]] = []
    for rows in np.array_split(np.argsort(said, kind="stable"), BINS):
        if len(rows):
            low, high = _wilson(float(seen[rows].sum()), len(rows))
            points.append({"said": float(said[rows].mean()), "seen": float(seen[rows].mean()),
                           "low": low, "high": high, "n": len(rows)})  # fmt: skip
    return points


def _pairs(p: npt.ArrayLike, outcome: npt.ArrayLike) -> tuple[Numbers, Numbers]:
    said, seen = np.asarray(p, dtype=float), np.asarray(outcome, dtype=float)
    both = np.isfinite(said) & np.isfinite(seen)
    return said[both], seen[both]


def _auc(p: Numbers, outcome: Numbers, weight: Numbers) -> float:
    order = np.argsort(p, kind="stable")
    _, level = np.unique(p[order], return_inverse=True)
    ones = np.bincount(level, weight[order] * outcome[order])
    zeros = np.bincount(level, weight[order] * (1 - outcome[order]))
    both = ones.sum() * zeros.sum()
    below = np.cumsum(zeros) - zeros / 2  # a tie is half a win
    return float((ones * below).sum() / both) if both > 0 else float("nan")


def _log_loss(p: Numbers, outcome: Numbers, weight: Numbers) -> float:
    safe = np.clip(p, SMALLEST, 1 - SMALLEST)
    return _mean(-np.log(np.where(outcome == 1, safe, 1 - safe)), weight)


def _brier(p: Numbers, outcome: Numbers, weight: Numbers) -> float:
    return _mean((p - outcome) ** 2, weight)


def _ece(p: Numbers, outcome: Numbers, weight: Numbers) -> float:
    place = np.empty(len(p), dtype=int)
    place[np.argsort(p, kind="stable")] = np.arange(len(p)) * BINS // max(len(p), 1)
    gap = np.bincount(place, weight * (p - outcome), BINS)
    return float(np.abs(gap).sum() / weight.sum()) if weight.sum() else float("nan")


def _mean(values: Numbers, weight: Numbers) -> float:
    return float((values * weight).sum() / weight.sum()) if weight.sum() else float("nan")


_MEASURES: dict[str, Callable[[Numbers, Numbers, Numbers], float]] = {
    "auc": _auc, "log_loss": _log_loss, "brier": _brier, "ece": _ece,
}  # fmt: skip


def _middle(drawn: list[float], value: float | None) -> list[float | None]:
    sure = [each for each in drawn if np.isfinite(each)]
    if not sure or value is None:
        return [None, None]
    # Drawing again adds chance of its own to an ECE: the interval is moved back by that much.
    edges = np.percentile(sure, [2.5, 97.5]) - (np.mean(sure) - value)
    return [max(0.0, float(edge)) for edge in edges]


def _stated(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _wilson(events: float, n: int) -> tuple[float, float]:
    z2 = 1.96**2
    middle = (events + z2 / 2) / (n + z2)
    half = 1.96 / (n + z2) * float(np.sqrt(events * (n - events) / n + z2 / 4))
    return max(0.0, middle - half), min(1.0, middle + half)

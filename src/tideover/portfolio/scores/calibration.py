"""Making a probability honest again on a later period, where it has stopped being so."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tideover.portfolio.scores.measures import error_by_chance, evaluate
from tideover.portfolio.scores.outcomes import Numbers

ECE_LIMIT = 0.02
ISOTONIC_ROWS = 5_000  # fewer bend a free curve towards chance: then two numbers only
SMALLEST = 1e-4


@dataclass(frozen=True)
class Calibration:
    """A rising curve from what the model says to what happens, as points on it."""

    kind: str
    said: tuple[float, ...]
    seen: tuple[float, ...]

    def __call__(self, p: Numbers) -> Numbers:
        """Return honest probabilities."""
        honest: Numbers = np.interp(p, self.said, self.seen)
        return honest


def calibrate(p: Numbers, outcome: Numbers) -> Calibration | None:
    """Return the curve a later period asks for; None where the model is honest enough there.

    Isotonic where rows are many, else Platt's two numbers.
    """
    error = evaluate(p, outcome)["ece"]
    # What chance alone makes of so few rows is no reason to bend the scores.
    limit = float(np.hypot(ECE_LIMIT, error_by_chance(p)))
    if error is None or error <= limit or outcome.min() == outcome.max():
        return None
    return _isotonic(p, outcome) if len(p) >= ISOTONIC_ROWS else _platt(p, outcome)


def pooled(rate: Numbers, weight: Numbers) -> list[tuple[int, float, float]]:
    """Return neighbours pooled until rates rise (pool adjacent violators).

    Returns:
        For each pool: how many it took in, its rate, its weight.
    """
    pools: list[tuple[int, float, float]] = []
    for one, heavy in zip(rate.tolist(), weight.tolist(), strict=True):
        pools.append((1, one, heavy))
        while len(pools) > 1 and pools[-2][1] >= pools[-1][1]:
            (n, a, u), (m, b, v) = pools[-2:]
            pools[-2:] = [(n + m, (a * u + b * v) / (u + v), u + v)]
    return pools


def _isotonic(p: Numbers, outcome: Numbers) -> Calibration:
    order = np.argsort(p, kind="stable")
    pools = pooled(outcome[order], np.ones(len(p)))
    ends = np.cumsum([size for size, _, _ in pools])
    said = [float(rows.mean()) for rows in np.split(p[order], ends[:-1])]
    seen = np.clip([rate for _, rate, _ in pools], SMALLEST, 1 - SMALLEST)
    return Calibration("isotonic", tuple(said), tuple(seen.tolist()))


def _platt(p: Numbers, outcome: Numbers) -> Calibration:
    score = _logit(p)
    design = np.column_stack([np.ones(len(p)), score])
    weights = newton(design, outcome, penalty=np.array([0.0, 1.0]), start=np.array([0.0, 1.0]))
    grid = np.linspace(0.0, 1.0, 201)
    # A slope below zero would say the model is the wrong way round; then only the level moves.
    slope = max(weights[1], 0.0)
    seen = np.clip(sigmoid(weights[0] + slope * _logit(grid)), SMALLEST, 1 - SMALLEST)
    return Calibration("Platt", tuple(grid.tolist()), tuple(seen.tolist()))


def newton(design: Numbers, outcome: Numbers, *, penalty: Numbers, start: Numbers) -> Numbers:
    """Return the weights of a logistic regression with a ridge towards where it starts."""
    weights = start.astype(float)
    for _ in range(25):
        p = sigmoid(design @ weights)
        slope = design.T @ (outcome - p) - penalty * (weights - start)
        curve = (design.T * (p * (1 - p))) @ design + np.diag(penalty + 1e-9)
        step = np.linalg.solve(curve, slope)
        weights = weights + np.clip(step, -2.0, 2.0)
        if np.abs(step).max() < 1e-8:
            break
    return weights


def sigmoid(score: Numbers) -> Numbers:
    """Return probabilities of log odds."""
    p: Numbers = 1.0 / (1.0 + np.exp(-np.clip(score, -30, 30)))
    return p


def _logit(p: Numbers) -> Numbers:
    safe = np.clip(p, SMALLEST, 1 - SMALLEST)
    logit: Numbers = np.log(safe / (1 - safe))
    return logit

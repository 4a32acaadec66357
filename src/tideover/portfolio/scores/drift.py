"""Whether today's accounts still look like those the scores learnt from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from tideover.portfolio.scores.calibration import ECE_LIMIT
from tideover.portfolio.scores.inputs import Facts, facts, known
from tideover.portfolio.scores.measures import error_by_chance, evaluate
from tideover.portfolio.scores.models import Models
from tideover.portfolio.scores.outcomes import OUTCOMES, Numbers, concerned, numbers

PSI_LIMIT = 0.25  # above it, the trade calls a shift in a population large
FEWEST_ROWS = 500  # chance alone moves the shares of fewer
ERROR_LIMIT = 2 * ECE_LIMIT
MONTH, WEEK = timedelta(days=30), timedelta(days=7)


@dataclass(frozen=True)
class Drift:
    """How far one input of one group has moved (population stability index)."""

    group: str
    name: str
    psi: float

    def __str__(self) -> str:
        meaning = known(self.name).words.format("..") or self.name
        return (f"{self.name} ({meaning}) has shifted since the scores learnt: "
                f"PSI {self.psi:.2f}, limit {PSI_LIMIT}")  # fmt: skip


def drift(models: Models, features: pa.Table) -> list[Drift]:
    """Return how far each watched input has moved, the furthest first.

    The season is not watched: one night has one month. Groups of few accounts are not either.
    """
    found = []
    for group, mask in concerned(features).items():
        if mask.sum() < FEWEST_ROWS or group not in models.usual:
            continue
        names = tuple(models.usual[group])
        now = facts(features.filter(pa.array(mask)), names, currency=models.currency)
        for name, (edges, shares) in models.usual[group].items():
            psi = _stability(np.array(shares), _shares(now, name, edges))
            found.append(Drift(group, name, psi))
    return sorted(found, key=lambda each: (-each.psi, each.group, each.name))


def usual_shares(known_facts: Facts) -> dict[str, tuple[tuple[float, ...], tuple[float, ...]]]:
    """Return for each input its deciles and the share of accounts between them, unknown last."""
    usual = {}
    for name in known_facts.names:
        if known(name).family == "season":
            continue
        values = known_facts.of(name)
        there = values[~np.isnan(values)]
        cuts = np.quantile(there, np.arange(1, 10) / 10) if len(there) else np.empty(0)
        edges = tuple(np.unique(cuts).tolist())
        usual[name] = (edges, tuple(_shares(known_facts, name, edges).tolist()))
    return usual


def outcome_errors(models: Models, history: pa.Table) -> dict[str, float]:
    """Return for each score its calibration error on outcomes known since, beyond chance.

    Table in: history, of days after the training whose windows have closed
    """
    errors = {}
    groups = concerned(history)
    for outcome in OUTCOMES:
        y = numbers(history, outcome.name)
        rows = groups[outcome.group] & ~np.isnan(y)
        if rows.sum() >= FEWEST_ROWS:
            some = history.filter(pa.array(rows))
            now = facts(some, models.names[outcome.group], currency=models.currency)
            p = models.learnt[outcome.name].predict(now)
            error = evaluate(p, y[rows])["ece"] or 0.0
            errors[outcome.score] = max(0.0, error**2 - error_by_chance(p) ** 2) ** 0.5
    return errors


def needs_training(
    models: Models | None, as_of: date, *,
    drifts: Sequence[Drift] = (), errors: Mapping[str, float] | None = None,
) -> str | None:  # fmt: skip
    """Return why the scores must learn anew, in a sentence; None while they need not.

    Args:
        models: Those of the last training.
        as_of: The night.
        drifts: What `drift` found in it.
        errors: What `outcome_errors` found since.
    """
    if models is None:
        return "No scores have been learnt yet"
    age = as_of - models.as_of
    if age >= MONTH:
        return f"The scores are {age.days} days old, and learn monthly"
    if age < WEEK:
        return None  # what moved again within a week is noise, or no history exists of it yet
    for moved in drifts:
        if moved.psi > PSI_LIMIT:
            return str(moved)
    for score, error in sorted((errors or {}).items()):
        if error > ERROR_LIMIT:
            return f"{score} says other rates than happen: ECE {error:.3f}, limit {ERROR_LIMIT}"
    return None


def _shares(known_facts: Facts, name: str, edges: Sequence[float]) -> Numbers:
    values = known_facts.of(name)
    place = np.where(np.isnan(values), len(edges) + 1, np.searchsorted(edges, values, "right"))
    return np.bincount(place, minlength=len(edges) + 2) / max(len(values), 1)


def _stability(then: Numbers, now: Numbers) -> float:
    a, b = np.maximum(then, 1e-3), np.maximum(now, 1e-3)
    return float(((b - a) * np.log(b / a)).sum())

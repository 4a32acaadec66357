"""A Bayesian linear model of what ways are worth to accounts: learnt, kept, and asked.

What a contact brings over leaving alone is the sum, over the properties of the way and the traits
of the account, of one coefficient for each pair. All are believed to be near zero at first, those
of pairs the more; how near is learnt from the evidence too (by its marginal likelihood), so that
what is alike lends strength to what is rare.

Source: Rasmussen and Williams, Gaussian Processes for Machine Learning, 2.1 and 5.4.1; Agrawal and
    Goyal, Thompson sampling for contextual bandits with linear payoffs, 2013.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.linalg import cho_factor, cho_solve, solve_triangular
from threadpoolctl import threadpool_limits

from tideover.portfolio.choosing.traits import NAMES, Slots
from tideover.portfolio.files import appearing
from tideover.rules.choice import Option
from tideover.rules.contact import CHANNELS

Floats = npt.NDArray[np.float64]
DRAWS = 64  # of what is believed; the probability of a way is a count of these
CHUNK = 4_000
WIDE = 1.0  # of what would happen anyway nothing is believed beforehand
CONTACT = 0.15  # what a contact is thought to bring at most, about, in cures
SPREADS = (0.01, 0.03, 0.1)  # what a property, or a pair, may bring; which holds is learnt
TREATED = "treated"


@dataclass(frozen=True)
class Lessons:
    """What was learnt.

    Args:
        treatments: Those that occurred.
        mean, cov: Of the coefficients in the order of `Slots` by `NAMES`, then of the history.
        rows: Decisions that were learnt from; `effective`: as many of equal weight tell as much.
        noise: Standard deviation of what no trait explains.
        spreads: Of properties, and of pairs, as learnt.
    """

    treatments: tuple[str, ...]
    mean: Floats
    cov: Floats
    rows: int
    effective: float
    noise: float
    spreads: tuple[float, float]

    @property
    def id(self) -> str:
        """A name that is another one where anything that was learnt is."""
        return hashlib.sha256(b"".join(
            part.tobytes() for part in (self.mean, self.cov)
        ) + repr((self.treatments, self.rows)).encode()).hexdigest()[:12]  # fmt: skip

    @property
    def slots(self) -> Slots:
        """Where properties of ways stand."""
        return Slots(self.treatments)

    def draws(self, seed: str) -> Floats:
        """Return `DRAWS` sets of coefficients that may be the true ones, the same for a seed."""
        numbers = np.frombuffer(hashlib.sha256(seed.encode()).digest(), np.uint32)
        random = np.random.Generator(np.random.Philox(np.random.SeedSequence(numbers.tolist())))
        root = np.linalg.cholesky(self.cov + 1e-12 * np.eye(len(self.mean)))
        found: Floats = self.mean + random.standard_normal((DRAWS, len(self.mean))) @ root.T
        return found


def learn(rows: pa.Table, traits: Floats, answers: Floats, weight: Floats) -> Lessons:
    """Return what decisions and what followed them teach.

    Table in: rows, columns of `EVIDENCE`
    Args:
        traits: Of the account when it was decided, as `traits` gives them.
        answers: As `History.answers` gives them.
    """
    treated = rows["arm"].to_numpy(zero_copy_only=False) == TREATED
    columns = (rows[n].to_pylist() for n in ("treatment", "channel", "tone", "offer", "part"))
    ways = [Option(*words) if there else None
            for there, *words in zip(treated, *columns, strict=True)]  # fmt: skip
    slots = Slots(sorted({way.treatment for way in ways if way}))
    coded = {way: slots.of([way])[0] for way in dict.fromkeys(ways) if way}
    none = np.zeros(slots.width)
    properties = np.array([coded[way] if way else none for way in ways])
    place = np.array([CHANNELS.index(way.channel) if way else 0 for way in ways])
    own = np.where(treated, answers[np.arange(len(ways)), place], 0.0)
    reward, equal = rows["reward"].to_numpy(), weight * weight.sum() / (weight**2).sum()
    with threadpool_limits(1):  # more threads cost more than they bring
        seen = _Sums.of(properties, traits, own, reward, equal)
        spreads, fitted = max(
            ((each, seen.fitted(slots, each)) for each in product(SPREADS, SPREADS)
             if each[1] <= each[0]), key=lambda pair: pair[1].likelihood)  # fmt: skip
    kept = slice(len(NAMES), None)
    return Lessons(slots.treatments[:-1], fitted.mean[kept], fitted.cov[kept, kept], len(reward),
                   float(weight.sum() ** 2 / (weight**2).sum()), seen.noise, spreads)  # fmt: skip


@dataclass(frozen=True)
class _Fitted:
    mean: Floats
    cov: Floats
    likelihood: float


@dataclass(frozen=True)
class _Sums:
    """What the rows add up to: all that a linear model sees of them."""

    gram: Floats
    product: Floats
    squares: float
    rows: float
    noise: float

    @classmethod
    def of(cls, properties: Floats, traits: Floats, own: Floats, reward: Floats,
           weight: Floats) -> _Sums:  # fmt: skip
        width = len(NAMES) * (1 + properties.shape[1]) + 1
        gram, product = np.zeros((width, width)), np.zeros(width)
        for first in range(0, len(reward), CHUNK):
            part = slice(first, first + CHUNK)
            pairs = (properties[part, :, None] * traits[part, None, :]).reshape(len(own[part]), -1)
            design = np.column_stack([traits[part], pairs, own[part]])
            heavy = design * weight[part, None]
            gram += heavy.T @ design
            product += heavy.T @ reward[part]
        found = cls(gram, product, float(weight @ reward**2), float(weight.sum()), 1.0)
        return replace(found, noise=found._noise())

    def _noise(self) -> float:
        """Return what the traits alone leave unexplained."""
        n = len(NAMES)
        alone = np.linalg.solve(self.gram[:n, :n] + np.eye(n), self.product[:n])
        left = self.squares - float(alone @ self.product[:n])
        return float(np.sqrt(max(left / max(self.rows, 1.0), 1e-4)))

    def fitted(self, slots: Slots, spreads: tuple[float, float]) -> _Fitted:
        """Return what is believed after the evidence, and how likely that was beforehand."""
        prior = _prior(slots, *spreads)
        precise = self.gram / self.noise**2 + np.diag(1 / prior)
        factor = cho_factor(precise, lower=True)
        mean = cho_solve(factor, self.product / self.noise**2)
        inverse = solve_triangular(factor[0], np.eye(len(prior)), lower=True)
        likelihood = 0.5 * float(mean @ self.product) / self.noise**2
        likelihood -= float(np.log(np.diag(factor[0])).sum()) + 0.5 * float(np.log(prior).sum())
        return _Fitted(mean, inverse.T @ inverse, likelihood)


def _prior(slots: Slots, of_property: float, of_pair: float) -> Floats:
    """Return the variance that each coefficient is believed to have beforehand."""
    spread = np.full((slots.width, len(NAMES)), of_pair)
    spread[:, 0] = of_property
    spread[0, :] = CONTACT
    outcome = np.full(len(NAMES), WIDE)
    variances: Floats = np.concatenate([outcome, spread.ravel(), [CONTACT]]) ** 2
    return variances


def save(lessons: Lessons, path: Path) -> None:
    """Keep what was learnt."""
    with appearing(path) as unfinished, unfinished.open("wb") as file:
        np.savez(file, **_arrays(lessons))


def load(path: Path) -> Lessons:
    """Return what was kept."""
    with np.load(path, allow_pickle=False) as kept:
        return Lessons(
            tuple(kept["treatments"].tolist()), kept["mean"], kept["cov"],
            int(kept["rows"]), float(kept["effective"]), float(kept["noise"]),
            (float(kept["spreads"][0]), float(kept["spreads"][1])),
        )  # fmt: skip


def _arrays(lessons: Lessons) -> dict[str, Any]:
    return {"treatments": np.array(lessons.treatments, dtype=str), "mean": lessons.mean,
            "cov": lessons.cov, "rows": lessons.rows, "effective": lessons.effective,
            "noise": lessons.noise, "spreads": np.array(lessons.spreads)}  # fmt: skip

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
from collections.abc import Sequence
from dataclasses import dataclass, replace
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
SPREADS = (0.003, 0.01, 0.03, 0.1)  # what properties of a kind may bring; which holds is learnt
PAIRS = (0.1, 0.3, 1.0)  # what it may differ by a trait, as a part of that; learnt as well
TREATED = "treated"


@dataclass(frozen=True)
class Lessons:
    """What was learnt.

    Args:
        treatments: Those that occurred.
        mean, cov: Of the coefficients in the order of `Slots` by `NAMES`, then of the history.
        rows: Decisions that were learnt from; `effective`: as many of equal weight tell as much.
        noise: Standard deviation of what no trait explains.
        spreads: Of the properties of each kind, and last of pairs as a part of these, as learnt.
    """

    treatments: tuple[str, ...]
    mean: Floats
    cov: Floats
    rows: int
    effective: float
    noise: float
    spreads: tuple[float, ...]

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
        spreads = _likeliest(seen, slots)
        mean, cov = seen.fitted(slots, spreads)
    kept = slice(len(NAMES), None)
    return Lessons(slots.treatments[:-1], mean[kept], cov[kept, kept], len(reward),
                   float(weight.sum() ** 2 / (weight**2).sum()), seen.noise, spreads)  # fmt: skip


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

    def fitted(self, slots: Slots, spreads: Sequence[float]) -> tuple[Floats, Floats]:
        """Return what is believed after the evidence: the mean and the covariance."""
        factor, mean, _ = self._solved(slots, spreads)
        inverse = solve_triangular(factor, np.eye(len(mean)), lower=True)
        return mean, inverse.T @ inverse

    def likelihood(self, slots: Slots, spreads: Sequence[float]) -> float:
        """Return how likely the evidence was beforehand, as a logarithm but for a constant."""
        factor, mean, prior = self._solved(slots, spreads)
        fit = 0.5 * float(mean @ self.product) / self.noise**2
        return fit - float(np.log(np.diag(factor)).sum()) - 0.5 * float(np.log(prior).sum())

    def _solved(self, slots: Slots, spreads: Sequence[float]) -> tuple[Floats, Floats, Floats]:
        prior = _prior(slots, spreads)
        factor = cho_factor(self.gram / self.noise**2 + np.diag(1 / prior), lower=True)
        return factor[0], cho_solve(factor, self.product / self.noise**2), prior


def _likeliest(seen: _Sums, slots: Slots) -> tuple[float, ...]:
    """Return the spreads under which the evidence was likeliest, one after the other, twice."""
    spreads = [SPREADS[1]] * len(slots.factors) + [PAIRS[1]]
    for at in 2 * list(range(len(spreads))):
        tried = [
            [*spreads[:at], spread, *spreads[at + 1 :]]
            for spread in (SPREADS if at < len(slots.factors) else PAIRS)
        ]
        spreads = max(tried, key=lambda each: seen.likelihood(slots, each))
    return tuple(spreads)


def _prior(slots: Slots, spreads: Sequence[float]) -> Floats:
    """Return the variance that each coefficient is believed to have beforehand."""
    *of_kind, of_pair = spreads
    spread = np.full((slots.width, len(NAMES)), CONTACT)
    for at, of_property in enumerate(of_kind):
        spread[slots.factor(at), :] = of_property * of_pair
        spread[slots.factor(at), 0] = of_property
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
            tuple(kept["spreads"].tolist()),
        )  # fmt: skip


def _arrays(lessons: Lessons) -> dict[str, Any]:
    return {"treatments": np.array(lessons.treatments, dtype=str), "mean": lessons.mean,
            "cov": lessons.cov, "rows": lessons.rows, "effective": lessons.effective,
            "noise": lessons.noise, "spreads": np.array(lessons.spreads)}  # fmt: skip

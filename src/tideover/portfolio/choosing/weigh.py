"""What was learnt, and the cases of a night -> what each permitted way is worth to each account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from threadpoolctl import ThreadpoolController

from tideover.portfolio.choosing.best import shares_of_best
from tideover.portfolio.choosing.lessons import Lessons
from tideover.portfolio.choosing.personal import History
from tideover.portfolio.choosing.traits import NAMES, traits
from tideover.rules.choice import Option
from tideover.rules.contact import CHANNELS

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Believed:
    """What was learnt, as a night uses it.

    Args:
        seed: Of the draws: the settings' own, with the day, so that a night can be replayed.
        prices: What a contact by each channel costs, in cures.
    """

    lessons: Lessons
    seed: str
    prices: Mapping[str, float]

    @cached_property
    def coefficients(self) -> tuple[Floats, Floats]:
        """The mean and the draws, in one array with the mean first; and those of the history."""
        slots, learnt = self.lessons.slots, self.lessons
        every = np.concatenate([learnt.mean[None, :], learnt.draws(f"{self.seed}|{learnt.id}")])
        return every[:, :-1].reshape(len(every), slots.width, len(NAMES)), every[:, -1]

    def of_ways(self, ways: Sequence[Option]) -> Floats:
        """Return what a way brings for each trait, then for each channel's history; less its price.

        Returns:
            An array by the mean and each draw, by way, by trait and channel.
        """
        pairs, history = self.coefficients
        coded = self.lessons.slots.of(ways)
        found = np.zeros((len(pairs), len(ways), len(NAMES) + len(CHANNELS)))
        found[:, :, : len(NAMES)] = coded @ pairs
        for place, way in enumerate(ways):
            found[:, place, len(NAMES) + CHANNELS.index(way.channel)] = history
            found[:, place, 0] -= self.prices[way.channel]
        return found

    def at_best(self, accounts: Floats, may_use: npt.NDArray[np.bool_]) -> Floats:
        """Return what the best of all ways would bring on average, whatever a strategy permits.

        Of each kind of property the best is taken by itself: they add up.

        Args:
            accounts: Traits and history, one row each.
            may_use: Which channels reach each account.
        """
        pairs, history = (each[0] for each in self.coefficients)
        traits, answers = accounts[:, : len(NAMES)], accounts[:, len(NAMES) :]
        brings = traits @ pairs.T
        slots, best = self.lessons.slots, brings[:, 0].copy()
        prices = np.array([self.prices[channel] for channel in CHANNELS])
        for kind, words in enumerate(slots.factors):
            of_kind = brings[:, slots.factor(kind)]
            if words == CHANNELS:
                of_kind = np.where(may_use, of_kind + history * answers - prices, -np.inf)
            if kind == 0 and len(words) > 1:
                of_kind = of_kind[:, :-1]  # those that occurred
            best += of_kind.max(axis=1)
        return np.where(np.isfinite(best), best, 0.0)


@dataclass(frozen=True)
class Weigher:
    """Weighs the ways of some cases.

    Args:
        accounts: Traits and history of each, one row each.
        at_best: What the best of all ways would bring to each.
    """

    believed: Believed
    accounts: Floats
    at_best: Floats

    def weighed(
        self, which: Sequence[int], ways: tuple[Option, ...], *, leaves: bool
    ) -> tuple[Floats, Floats, Floats]:
        """Return how often each way was best, what it brings, and what the best of all would."""
        rows = np.asarray(which)
        worth = self.believed.of_ways(ways)
        quick, accounts = worth[1:].astype(np.float32), self.accounts[rows]
        with _threads().limit(limits=1):  # more threads cost more than they bring
            best = shares_of_best(quick, accounts.astype(np.float32), ways, leaves=leaves)
        gain = accounts @ worth[0].T
        if leaves:
            gain = np.column_stack([gain, np.zeros(len(gain))])
        return best, gain, self.at_best[rows]


@cache
def _threads() -> Any:
    """Return what holds threads back; looking for their libraries costs milliseconds, so once."""
    return ThreadpoolController()


@dataclass(frozen=True)
class Chooser:
    """What was learnt, and what accounts answered to earlier: all that weighing the ways asks."""

    believed: Believed
    history: History

    def of(self, cases: pa.Table) -> Weigher:
        """Return who weighs the ways of cases.

        Table in: cases, with `traits.COLUMNS`, account_no and the consents
        """
        day = cases["as_of"].cast(pa.int32()).to_numpy()
        answers = self.history.answers(cases["account_no"].to_numpy(), day)
        accounts = np.column_stack([traits(cases), answers])
        reached = [pc.is_in(cases[f"consent_{channel}"], pa.array(["granted", "unknown"]))
                   for channel in CHANNELS]  # fmt: skip
        may_use = np.column_stack([each.to_numpy(zero_copy_only=False) for each in reached])
        return Weigher(self.believed, accounts, self.believed.at_best(accounts, may_use))

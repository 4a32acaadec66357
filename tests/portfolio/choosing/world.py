"""A made-up town in which it is known what helps whom, to be learnt from night after night."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from tideover.portfolio.choosing import Lessons, Terms, evidence_of, learn
from tideover.portfolio.choosing.traits import NAMES
from tideover.portfolio.choosing.weigh import Believed, Weigher
from tideover.rules.choice import LEFT_ALONE, Option, floors_of
from tideover.rules.contact import CHANNELS

FIRST = date(2026, 1, 1)
HOLDOUT, FLOOR = 0.05, 0.03
PRICES = dict.fromkeys(CHANNELS, 0.0) | {"sms": 0.002, "letter": 0.03}
WAYS = tuple(Option("nudge", channel, tone, "none", part) for channel in ("email", "sms", "letter")
             for tone in ("friendly", "direct") for part in ("morning", "evening"))  # fmt: skip


def truth(traits: np.ndarray, way: Option) -> np.ndarray:
    """Return what a way adds to the chance of catching up: SMS to those who forgot, else little."""
    if way == LEFT_ALONE:
        return np.zeros(len(traits))
    of_channel = {"sms": 0.10, "email": 0.04, "letter": 0.0}[way.channel]
    forgot = 0.12 * (way.channel == "sms") * traits[:, NAMES.index("forgot")]
    # those who will pay anyway are not helped by being asked
    return of_channel + forgot - 0.35 * np.clip(traits[:, NAMES.index("likely")], 0, 1)


@dataclass
class Town:
    """People, and what followed the draws of its nights so far."""

    seed: int
    size: int = 700
    rows: list[dict[str, Any]] = field(default_factory=list)
    seen: list[np.ndarray] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = np.random.default_rng(self.seed)

    def night(self, at: int, lessons: Lessons | None) -> float:
        """Draw for everyone, see what follows, and return what the best would have added to it."""
        traits = self.random.normal(0, 0.3, (self.size, len(NAMES)))
        traits[:, 0] = 1.0
        shares = self.shares(traits, lessons, at)
        ways = (*WAYS, LEFT_ALONE)[: shares.shape[1]]
        held = self.random.random(self.size) < HOLDOUT
        place = (shares.cumsum(axis=1) < self.random.random((self.size, 1))).sum(axis=1)
        place = np.minimum(place, len(ways) - 1)
        adds = np.column_stack([truth(traits, way) - PRICES.get(way.channel, 0.0) for way in ways])
        added = np.where(held, 0.0, adds[np.arange(self.size), place])
        chance = 0.4 + 0.5 * traits[:, NAMES.index("likely")] + added
        paid = self.random.random(self.size) < np.clip(chance, 0.01, 0.99)
        for i in range(self.size):
            way = ways[place[i]]
            arm = "holdout" if held[i] else "none" if way == LEFT_ALONE else "treated"
            self.rows.append(dict(zip(Option._fields, way, strict=True)) | {
                "account_no": len(self.rows), "as_of": FIRST + timedelta(days=at), "arm": arm,
                "propensity": None if held[i] else shares[i, place[i]],
                "reward": float(paid[i]),
            })  # fmt: skip
        self.seen.append(traits)
        best = np.maximum(adds.max(axis=1), 0.0)[~held]
        return float((best - added[~held]).mean())

    def shares(self, traits: np.ndarray, lessons: Lessons | None, at: int) -> np.ndarray:
        """Return how likely each way is for each account."""
        if lessons is None:
            return np.full((len(traits), len(WAYS)), 1 / len(WAYS))
        weigher = self.weigher(traits, lessons, at)
        best, _, _ = weigher.weighed(range(len(traits)), WAYS, leaves=True)
        floors = np.array(floors_of(len(WAYS), FLOOR, leaves=True))
        return floors + (1 - floors.sum()) * best

    def weigher(self, traits: np.ndarray, lessons: Lessons, at: int) -> Weigher:
        """Return who weighs the ways of accounts."""
        accounts = np.column_stack([traits, np.zeros((len(traits), len(CHANNELS)))])
        return Weigher(Believed(lessons, f"7|{at}", PRICES), accounts, np.zeros(len(traits)))

    def learnt(self, at: int) -> Lessons:
        """Return what the nights so far teach."""
        rows = pa.Table.from_pylist(self.rows)
        weight = evidence_of(rows, Terms(FIRST + timedelta(days=at), 90, HOLDOUT))
        traits = np.concatenate(self.seen)
        return learn(rows, traits, np.zeros((len(traits), len(CHANNELS))), weight)

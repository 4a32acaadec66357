"""An account and a way of treating it, as the numbers that are learnt over.

What helps whom is learnt as the product of the two: each property of a way (its channel, tone,
offer, part of the day) by each trait of an account. With thousands of ways each alone learns
nothing; so they share what they have in common.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tideover.rules.choice import Option
from tideover.rules.contact import CHANNELS, PARTS_OF_DAY
from tideover.rules.strategy import OFFERS, TONES

Floats = npt.NDArray[np.float64]
ANOTHER = "another"  # a treatment of which nothing is known yet
PLAIN = ("zone", "debt_months", "days_past_due", "p_paid_in_full_30d", "months_in_arrears_12m",
         "reply_share_12m", "contacts_out_90d")  # fmt: skip
GUESSES = ("why_forgot", "why_payday", "why_stretched", "why_crisis")
COLUMNS = ("as_of", *PLAIN, *GUESSES, "pays_on", "pays_regularly")
MONTH = 30.44
NAMES = ("always", "yellow", "red", "debt", "age", "likely", "months behind", "replies", "contacts",
         "forgot", "payday", "stretched", "crisis", "pays soon", "pays later")  # fmt: skip


def traits(cases: pa.Table) -> Floats:
    """Return accounts as numbers of about the same size, one row each, columns as in `NAMES`.

    Table in: cases, with `COLUMNS`; what is not known stands at what is usual
    """
    zone = cases["zone"].to_numpy(zero_copy_only=False)
    known = {name: _number(cases, name) for name in COLUMNS if name not in ("zone", "as_of")}
    columns = [
        np.ones(len(zone)), zone == "yellow", zone == "red",
        np.log1p(np.clip(known["debt_months"], 0, 50)) - 0.9,
        np.log1p(np.clip(known["days_past_due"], 0, 400)) / 3 - 1,
        known["p_paid_in_full_30d"] - 0.4,
        known["months_in_arrears_12m"] / 12 - 0.3,
        known["reply_share_12m"] - 0.1,
        np.log1p(np.clip(known["contacts_out_90d"], 0, 50)) / 2 - 0.5,
        *(known[name] - 1 / 7 for name in GUESSES),
        *_payday(cases["as_of"], known["pays_on"], known["pays_regularly"]),
    ]  # fmt: skip
    # what is not known is put at zero, which is about what is usual
    found: Floats = np.nan_to_num(np.column_stack(columns).astype(float), nan=0.0)
    return found


def _payday(as_of: Any, pays_on: Any, regularly: Any) -> tuple[Any, Any]:
    """Return where between two usual paydays a day is: near one when one is near, and ahead."""
    turn = 2 * np.pi * (pays_on - pc.day(as_of).to_numpy()) / MONTH
    return regularly * np.cos(turn), regularly * np.sin(turn)


def _number(cases: pa.Table, name: str) -> Any:
    return cases[name].to_numpy().astype(float)


class Slots:
    """Where each property of a way stands among the numbers of ways."""

    def __init__(self, treatments: Sequence[str]) -> None:
        self.treatments = (*(t for t in treatments if t != ANOTHER), ANOTHER)
        self.factors = (self.treatments, CHANNELS, TONES, OFFERS, tuple(PARTS_OF_DAY))
        starts = np.cumsum([1, *map(len, self.factors)])
        self.width = int(starts[-1])
        self._places: list[dict[str, int]] = [
            {word: int(start) + at for at, word in enumerate(words)}
            for start, words in zip(starts, self.factors, strict=False)
        ]

    def of(self, ways: Sequence[Option]) -> Floats:
        """Return ways as numbers, one row each: the first column says that there is a contact."""
        found = np.zeros((len(ways), self.width))
        found[:, 0] = 1.0
        for row, way in enumerate(ways):
            for place in self.places(way):
                found[row, place] = 1.0
        return found

    def places(self, way: Option) -> list[int]:
        """Return the places of a way's properties."""
        known = [way.treatment if way.treatment in self._places[0] else ANOTHER, *way[1:]]
        return [places[word] for places, word in zip(self._places, known, strict=True)]

    def factor(self, at: int) -> slice:
        """Return where the properties of one kind stand."""
        places = list(self._places[at].values())
        return slice(places[0], places[-1] + 1)

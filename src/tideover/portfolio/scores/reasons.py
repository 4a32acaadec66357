"""Why a score is what it is, in a few neutral words with the account's own numbers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tideover.portfolio.scores.inputs import CARRIED, Facts, Input, known
from tideover.portfolio.scores.outcomes import Numbers
from tideover.portfolio.scores.scorecard import Scorecard
from tideover.terms.money import text

TOP = 3
LEAST_POINTS = 0.05  # log odds; less is not worth saying
HELPS, HINDERS = "helps: ", "hinders: "
TYPICAL = "like most accounts"
TOO_LITTLE = "too little history yet: the usual rate of accounts like it"

Words = npt.NDArray[np.object_]


def reasons(card: Scorecard | None, facts: Facts, *, good: bool, currency: str) -> list[str]:
    """Return for each account the three things that move it most from the typical, joined by `;`.

    What raises the hope of payment `helps`, what lowers it `hinders`, whatever the score is of.

    Args:
        card: The scorecard beside the score; None where too little is known for one.
        good: Whether the score is of a good outcome.
        currency: Of the amounts said.
    """
    if card is None:
        return [TOO_LITTLE] * len(facts)
    if not card.bins:
        return [TYPICAL] * len(facts)
    points = card.points(facts) * (1 if good else -1)
    moved, spokesman = _families(card, points)
    order = np.argsort(-np.abs(moved), axis=1, kind="stable")[:, :TOP]
    row = np.arange(len(facts))
    said = [_said(card, facts, place=spokesman[row, family], moved=moved[row, family],
                  currency=currency)
            for family in order.T]  # fmt: skip
    return [";".join(filter(None, parts)) or TYPICAL for parts in zip(*said, strict=True)]


def _families(card: Scorecard, points: Numbers) -> tuple[Numbers, npt.NDArray[np.int64]]:
    """Return the points of each family, and which of its inputs moves most that way."""
    family = [known(name).family for name in card.names]
    moved, spokesman = [], []
    for one in dict.fromkeys(family):
        places = np.flatnonzero([each == one for each in family])
        together = points[:, places].sum(axis=1)
        most = np.argmax(points[:, places] * np.sign(together)[:, None], axis=1)
        moved.append(together)
        spokesman.append(places[most])
    return np.column_stack(moved), np.column_stack(spokesman)


def _said(
    card: Scorecard, facts: Facts, *, place: npt.NDArray[np.int64], moved: Numbers, currency: str
) -> Words:
    words = np.full(len(facts), "", dtype=object)
    for one in np.unique(place):
        name = card.names[one]
        for prefix, mine in (
            (HELPS, (place == one) & (moved >= LEAST_POINTS)),
            (HINDERS, (place == one) & (moved <= -LEAST_POINTS)),
        ):
            words[mine] = prefix + phrases(name, facts.of(name)[mine], currency=currency)
    return words


def phrases(name: str, values: Numbers, *, currency: str) -> Words:
    """Return an input in words for each of its values; each different number is worded once."""
    spec = known(name)
    rounded = np.round(values * spec.scale, spec.places) + 0.0  # no "-0"
    different, place = np.unique(rounded, return_inverse=True)
    worded = [_phrase(spec, value, currency=currency) for value in different.tolist()]
    return np.array(worded, dtype=object)[place]


def _phrase(spec: Input, value: float, *, currency: str) -> str:
    if np.isnan(value):
        return f"{spec.family}: not known"
    if spec.levels:
        return spec.levels[int(value)]
    if spec.is_amount:
        return spec.words.format(f"{text(round(value), currency)} {currency}")
    number = f"{value:.{spec.places}f}"
    if spec.name.startswith(CARRIED):  # nobody knows how many of its digits mean something
        number = number.rstrip("0").rstrip(".")
    return spec.words.format(number)

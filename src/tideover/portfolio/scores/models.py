"""The scores as learnt: kept as readable text, named by what they say."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from tideover.portfolio.files import write_whole
from tideover.portfolio.scores.boosting import Boosting
from tideover.portfolio.scores.calibration import Calibration
from tideover.portfolio.scores.hazard import Hazard
from tideover.portfolio.scores.inputs import Facts
from tideover.portfolio.scores.outcomes import Numbers
from tideover.portfolio.scores.rates import Rates
from tideover.portfolio.scores.scorecard import Bins, Scorecard
from tideover.terms.faults import StepMissing

SMALLEST = 1e-6  # of a score, which files give six decimals
INDEX = "models.json"
BOOSTING, SCORECARD, RATES = "boosting", "scorecard", "rates"
Usual = dict[str, tuple[tuple[float, ...], tuple[float, ...]]]


@dataclass(frozen=True)
class Learnt:
    """What was learnt of one outcome: boosting where data allow, else a scorecard, else rates."""

    rates: Rates
    scorecard: Scorecard | None = None
    boosting: Boosting | None = None
    calibration: Calibration | None = None

    @property
    def status(self) -> str:
        """Which of the three the score comes from."""
        return BOOSTING if self.boosting else SCORECARD if self.scorecard else RATES

    def predict(self, facts: Facts) -> Numbers:
        """Return the probability of the outcome; NaN where nothing was ever seen.

        Never 0 or 1, also as it is written: nobody is certain to pay, or not to.
        """
        learner = self.boosting or self.scorecard or self.rates
        p = learner.predict(facts)
        honest = self.calibration(p) if self.calibration else p
        return np.clip(honest, SMALLEST, 1 - SMALLEST)


@dataclass(frozen=True)
class Models:
    """All scores of one training.

    Args:
        as_of: The day they were learnt.
        seed: What drew the samples.
        currency: Of the amounts they know.
        names: The inputs of each group of accounts.
        learnt: By outcome.
        hazard: When accounts in arrears pay.
        usual: For each group, how its inputs were spread; the drift watch compares.
        card: The model card.
    """

    as_of: date
    seed: int
    currency: str
    names: dict[str, tuple[str, ...]]
    learnt: dict[str, Learnt]
    hazard: Hazard
    usual: dict[str, Usual]
    card: dict[str, Any]

    @property
    def id(self) -> str:
        """A name that two trainings share exactly when they learnt the same."""
        whole = hashlib.sha256()
        for name, text in texts(self).items():
            whole.update(f"{name}\n{text}\n".encode())
        return whole.hexdigest()[:16]


def texts(models: Models) -> dict[str, str]:
    """Return the files that hold the scores, by name; the index, which names the rest, last."""
    index: dict[str, Any] = {
        "as_of": models.as_of.isoformat(), "seed": models.seed, "currency": models.currency,
        "names": models.names, "usual": models.usual, "card": models.card,
        "learnt": {name: asdict(learnt) for name, learnt in models.learnt.items()},
        "hazard": asdict(models.hazard),
    }  # fmt: skip
    files = {}
    for name, part in {**index["learnt"], "hazard": index["hazard"]}.items():
        if part["boosting"]:
            files[f"{name}.txt"] = part["boosting"].pop("text")
    for part in index["learnt"].values():
        rates = part["rates"]["rate"]
        part["rates"] = [None if math.isnan(rate) else rate for rate in rates]
    whole = json.dumps(index, indent=1, allow_nan=False)
    return {**dict(sorted(files.items())), INDEX: whole}


def save(models: Models, folder: Path) -> None:
    """Write the scores; a folder without its index holds no scores, so the index comes last."""
    for name, text in texts(models).items():
        write_whole(folder / name, text)


def load(folder: Path) -> Models:
    """Read scores that `save` wrote.

    Raises:
        StepMissing: There are none in the folder.
    """
    if not (folder / INDEX).is_file():
        raise StepMissing("No scores were learnt here", where=str(folder),
                          mend="Run the night: it learns them first")  # fmt: skip
    index = json.loads((folder / INDEX).read_text(encoding="utf-8"))
    hazard = index["hazard"]
    return Models(
        as_of=date.fromisoformat(index["as_of"]), seed=index["seed"], currency=index["currency"],
        names={group: tuple(names) for group, names in index["names"].items()},
        learnt={name: _learnt(part, folder / f"{name}.txt")
                for name, part in index["learnt"].items()},
        hazard=Hazard(tuple(hazard["weekly"]), _boosting(hazard, folder / "hazard.txt")),
        usual={group: {name: (tuple(edges), tuple(shares)) for name, (edges, shares) in of.items()}
               for group, of in index["usual"].items()},
        card=index["card"],
    )  # fmt: skip


def _learnt(part: dict[str, Any], trees: Path) -> Learnt:
    card, curve = part["scorecard"], part["calibration"]
    return Learnt(
        rates=Rates(tuple(math.nan if rate is None else rate for rate in part["rates"])),
        scorecard=card and Scorecard(
            bins=tuple(Bins(each["name"], tuple(each["edges"]), tuple(each["evidence"]),
                            each["worth"]) for each in card["bins"]),
            weights=tuple(card["weights"]), centre=tuple(card["centre"]), level=card["level"],
        ),
        boosting=_boosting(part, trees),
        calibration=curve and Calibration(curve["kind"], tuple(curve["said"]),
                                          tuple(curve["seen"])),
    )  # fmt: skip


def _boosting(part: dict[str, Any], trees: Path) -> Boosting | None:
    if not part["boosting"]:
        return None
    return Boosting(tuple(part["boosting"]["names"]), trees.read_text(encoding="utf-8"))

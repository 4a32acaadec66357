"""Outcomes, arms, traits -> what is expected of each person under each arm, by others' outcomes.

Cross-fitted: what is said of a person is learnt from the other folds, and people of one unit are in
one fold. So an expectation that fits noise does not flatter what is measured with it.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from threadpoolctl import threadpool_limits

FOLDS, SEED = 5, 20260101
ENOUGH = 100  # people of an arm in whom traits are looked at; below, its mean alone
ENOUGH_OF_EITHER = 10  # who did and who did not
PRIOR = 20  # people's worth of everyone's mean that an arm's own mean starts from
_CATEGORIES = 20


class Logged(NamedTuple):
    """What was done and what followed, a row a person or a decision.

    Args:
        outcome: Numbers, none missing.
        arm: What was done, as whole numbers from 0 to `arms` - 1.
        traits: What was known before; no columns where nothing is to be used.
        unit: Rows of one unit are not independent; one number a unit.
    """

    outcome: np.ndarray
    arm: np.ndarray
    arms: int
    traits: pd.DataFrame
    unit: np.ndarray | None = None


def folds(logged: Logged) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield rows to learn from and rows to say something of, five times or as often as it can."""
    rows, arms = np.arange(len(logged.arm)), logged.arm
    units = rows if logged.unit is None else logged.unit
    n = min(FOLDS, int(np.bincount(arms).max()), len(np.unique(units)))
    if n < 2:  # too few to leave any out; what is said of them says that they are few
        yield rows, rows
        return
    one_each = StratifiedKFold if logged.unit is None else StratifiedGroupKFold
    with warnings.catch_warnings():  # of an arm of fewer rows than folds, and of units unread
        warnings.simplefilter("ignore", UserWarning)
        found = list(one_each(n, shuffle=True, random_state=SEED).split(rows, arms, units))
    yield from found


def expected(logged: Logged) -> np.ndarray:
    """Return the expected outcome of each row under each arm: rows by arms, cross-fitted."""
    found = np.empty((len(logged.outcome), logged.arms))
    with threadpool_limits(1):  # more threads cost many times the work on a busy machine
        for learn, say in folds(logged):
            everyone = float(logged.outcome[learn].mean())
            for arm in range(logged.arms):
                theirs = learn[logged.arm[learn] == arm]
                found[say, arm] = _of_arm(logged, theirs, say, everyone)
    return found


def _of_arm(logged: Logged, theirs: np.ndarray, say: np.ndarray, everyone: float) -> np.ndarray:
    outcome = logged.outcome[theirs]
    mean = (outcome.sum() + PRIOR * everyone) / (len(theirs) + PRIOR)
    if logged.traits.shape[1] == 0 or len(theirs) < ENOUGH:
        return np.full(len(say), mean)
    yes_or_no = bool(np.isin(outcome, (0, 1)).all())
    if yes_or_no and min(outcome.sum(), (1 - outcome).sum()) < ENOUGH_OF_EITHER:
        return np.full(len(say), mean)
    model = make_pipeline(_prepared(logged.traits), LogisticRegression(max_iter=500)
                          if yes_or_no else Ridge())  # fmt: skip
    model.fit(logged.traits.iloc[theirs], outcome)
    rows = logged.traits.iloc[say]
    return np.asarray(model.predict_proba(rows)[:, 1] if yes_or_no else model.predict(rows))


def _prepared(traits: pd.DataFrame) -> Any:
    numbers = [name for name in traits.columns if pd.api.types.is_numeric_dtype(traits[name])]
    words = [name for name in traits.columns if name not in numbers]
    filled = SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True)
    named = OneHotEncoder(handle_unknown="infrequent_if_exist", max_categories=_CATEGORIES)
    return make_column_transformer(
        (make_pipeline(filled, StandardScaler()), numbers), (named, words)
    )

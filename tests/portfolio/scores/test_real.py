"""The learners on people who really paid; `docs/scores.md` has the numbers.

To see them: pytest tests/portfolio/scores/test_real.py --log-cli-level=INFO
"""

from __future__ import annotations

import logging
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.portfolio.scores import real
from tideover.portfolio.scores import apply, evaluate, train


def held_back_measures(table: Any, title: str) -> dict[str, Any]:
    """Learn from seven tenths of the accounts; measure on the rest."""
    learnt_from, unseen = real.held_back(table)
    models = train(learnt_from, as_of=date(2026, 1, 1), seed=1)
    p = apply(models, unseen)["p_paid_in_full_30d"].to_numpy()
    found = evaluate(p, unseen["paid_in_full_30d"].to_numpy())
    logging.getLogger(__name__).info("%s: %s", title, found)
    return found


@pytest.mark.parametrize(("outcome", "carried", "auc"), [
    ("paid", True, 0.78), ("paid", False, 0.78), ("default", True, 0.775), ("default", False, 0.67),
])  # fmt: skip
def test_taiwan_is_ranked_well_and_honestly(
    shared: Path, outcome: str, carried: bool, auc: float
) -> None:
    table = real.taiwan(shared, outcome, carried=carried)
    found = held_back_measures(table, f"Taiwan, {outcome}, carried columns {carried}")
    assert found["auc"] >= auc
    assert found["ece"] <= 0.02


def test_philadelphia_is_ranked_as_far_as_one_balance_can(shared: Path) -> None:
    found = held_back_measures(real.philadelphia(shared), "Philadelphia, paid by September")
    assert found["auc"] >= 0.62

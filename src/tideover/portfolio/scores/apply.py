"""Features in, scores out: likelihoods, reasons in words, and when each account will have paid."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from tideover.portfolio.scores.inputs import Facts, facts
from tideover.portfolio.scores.models import Models
from tideover.portfolio.scores.outcomes import (
    LATE,
    OUTCOMES,
    PAID,
    WEEKS,
    Mask,
    Outcome,
    concerned,
)
from tideover.portfolio.scores.reasons import reasons

SCORES = pa.schema([
    ("account_no", pa.int64()),
    *((outcome.score, pa.float64()) for outcome in OUTCOMES),
    ("reasons", pa.string()),
    *((f"paid_by_w{week}", pa.float64()) for week in range(1, WEEKS + 1)),
])  # fmt: skip


def apply(models: Models, features: pa.Table) -> pa.Table:
    """Score accounts as of a day, in as many pieces as is convenient.

    Table in: features, n accounts
    Table out: n rows, same order, key account_no
        p_paid_in_full_30d, p_cure_60d, p_roll_30d  0 to 1, null unless in arrears
        p_first_late    0 to 1, null unless a reliable payer with a bill to come
        reasons         str, joined by `;`, of p_paid_in_full_30d or p_first_late; null with both
        paid_by_w1 .. paid_by_w12  0 to 1, paid in full by the end of that week; null unless in
            arrears

    Raises:
        ColumnMissing: Names the column, and the columns that were there.
    """
    n = features.num_rows
    found = {name: np.full(n, np.nan) for name in SCORES.names[1:]}
    words = np.full(n, None, dtype=object)
    for group, (mask, known_facts) in _groups(models, features).items():
        for outcome in (each for each in OUTCOMES if each.group == group):
            found[outcome.score][mask] = models.learnt[outcome.name].predict(known_facts)
        words[mask] = _reasons(models, known_facts, PAID if group == PAID.group else LATE)
        if group == PAID.group:
            curves = models.hazard.paid_by(known_facts, found[PAID.score][mask])
            for week in range(WEEKS):
                found[f"paid_by_w{week + 1}"][mask] = curves[:, week]
    columns = {name: pa.array(values, from_pandas=True) for name, values in found.items()}
    columns["reasons"] = pa.array(words, type=pa.string())
    columns["account_no"] = features.column("account_no")
    return pa.table(columns).select(SCORES.names).cast(SCORES)


def why(models: Models, features: pa.Table) -> pa.Table:
    """Return the reasons of every score: account_no, and a column named for each outcome."""
    columns = {"account_no": features.column("account_no")}
    groups = _groups(models, features)
    for outcome in OUTCOMES:
        mask, known_facts = groups[outcome.group]
        words = np.full(features.num_rows, None, dtype=object)
        words[mask] = _reasons(models, known_facts, outcome)
        columns[outcome.name] = pa.array(words, type=pa.string())
    return pa.table(columns)


def _groups(models: Models, features: pa.Table) -> dict[str, tuple[Mask, Facts]]:
    found = {}
    for group, mask in concerned(features).items():
        mine = features.filter(pa.array(mask))
        found[group] = mask, facts(mine, models.names[group], currency=models.currency)
    return found


def _reasons(models: Models, known_facts: Facts, outcome: Outcome) -> list[str]:
    card = models.learnt[outcome.name].scorecard
    return reasons(card, known_facts, good=outcome.good, currency=models.currency)

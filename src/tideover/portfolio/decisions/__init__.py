"""Zones, scores, reach -> one decision an account, with reasons and the probability of the draw."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pyarrow as pa

from tideover.portfolio.decisions.arms import IN_DOUBT, Night, Verdict, evenly, standing
from tideover.portfolio.decisions.cases import facts, known_of, situated, undecided
from tideover.portfolio.decisions.drawing import SCHEMA as CHOICES
from tideover.portfolio.decisions.drawing import Drawing
from tideover.portfolio.decisions.permission import Guarding, Permissions
from tideover.portfolio.workspace import Settings
from tideover.rules.choice import decision_id
from tideover.rules.condition import Fact
from tideover.rules.strategy import Policy

__all__ = ["CHOICES", "SCHEMA", "Drawing", "Guarding", "Permissions", "decide", "facts"]

SCHEMA = pa.schema([
    ("decision_id", pa.string()), ("account_id", pa.string()), ("as_of", pa.date32()),
    ("zone", pa.string()), ("arrears_minor", pa.int64()), ("currency", pa.string()),
    ("days_past_due", pa.int32()), ("p_paid_in_full_30d", pa.float64()), ("stage", pa.string()),
    ("rule", pa.string()), ("arm", pa.string()), ("treatment", pa.string()),
    ("channel", pa.string()), ("tone", pa.string()), ("offer", pa.string()),
    ("send_at", pa.string()), ("propensity", pa.float64()), ("reasons", pa.string()),
    ("blocked_by", pa.string()), ("defer_until", pa.string()), ("strategy", pa.string()),
])  # fmt: skip
_NAMELESS = pa.schema(list(SCHEMA)[:-1])  # what is decided, whichever strategy decides it
_OF_THE_CASE = ("account_id", "zone", "arrears_minor", "currency", "days_past_due",
                "p_paid_in_full_30d")  # fmt: skip
_WHAT_WAS_DECIDED = ("rule", "arm", "treatment", "channel", "tone", "offer", "send_at")


def decide(
    cases: pa.Table, *, policy: Policy, settings: Settings, as_of: date,
    guarding: Guarding | None = None,
) -> pa.Table:  # fmt: skip
    """Decide on every account in arrears, and propose to some before their due date, or on it.

    The same cases, policy, settings and day give the same decisions, whatever the order of rows.

    Table in: cases, one row an account, key account_id
        account_id, currency, timezone, zone, arrears_minor, days_past_due, days_to_due,
        p_paid_in_full_30d, in_doubt (boolean), `reasons` of the scores, the columns of reach,
        and whatever else the policy asks; due_unpaid where it is known; with `guarding`, account_no
    Table out: the accounts in arrears or proposed a contact before their due date, in their order;
        columns of `SCHEMA`, text null where it does not apply
    Raises:
        ColumnMissing: Names the columns a decision or the policy needs and are not there.
    """
    cases = undecided(cases)
    asked = facts(cases, policy)
    rows_of_policy = policy.rows
    rows = [rows_of_policy[index] for index in policy.rows_of(list(asked.values()))]
    known, owed = known_of(cases), cases["arrears_minor"].to_pylist()
    kept = [i for i, row in enumerate(rows)
            if owed[i] > 0 or not (row.then.is_silence or known[i].in_doubt)]  # fmt: skip
    night = Night.of(as_of, settings)
    if guarding:
        contacted = [i for i in kept if not (rows[i].then.is_silence or known[i].in_doubt)]
        for i, situation in zip(contacted, situated(cases, contacted, guarding), strict=True):
            known[i] = known[i]._replace(situation=situation)
    permissions = guarding.permissions if guarding else None
    found = [standing(known[i], rows[i].then, night, permissions) for i in kept]
    drawing = guarding.drawing if guarding else None
    verdicts = (drawing.verdicts(found, cases.take(pa.array(kept, pa.int64())), night) if drawing
                else [evenly(one, night) for one in found])  # fmt: skip
    stages = [asked["stage"][i] for i in kept]
    rules = [IN_DOUBT if known[i].in_doubt else rows[i].id for i in kept]
    decided = _table(cases.take(pa.array(kept, pa.int64())), stages, rules, verdicts, night=night)
    return decided.append_column(
        SCHEMA.field("strategy"), pa.array([policy.name] * len(kept), pa.string())
    )


def _table(
    cases: pa.Table,
    stages: Sequence[Fact],
    rules: Sequence[str],
    verdicts: Sequence[Verdict],
    *,
    night: Night,
) -> pa.Table:
    columns: dict[str, Any] = {name: cases[name] for name in _OF_THE_CASE}
    columns |= {name: [v[place] for v in verdicts] for place, name in enumerate(Verdict._fields)}
    columns |= {"as_of": [night.as_of] * len(cases), "stage": stages, "rule": rules}
    drawn = zip(*(columns[name] for name in _WHAT_WAS_DECIDED), strict=True)
    columns["decision_id"] = [
        decision_id(night.choice.seed, night.as_of, account_id, *words)
        for account_id, words in zip(cases["account_id"].to_pylist(), drawn, strict=True)
    ]
    return pa.table({field.name: columns[field.name] for field in _NAMELESS}).cast(_NAMELESS)

"""What a night asked its strategy with, account by account, so that the day can ask it again."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from math import isnan

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tideover.doors.night.bucket import CASE_TABLES, cases_from, doubts_of
from tideover.doors.night.climbing import with_places
from tideover.doors.night.guessing import are_asked, with_guesses
from tideover.doors.strategies.shelf import InForce
from tideover.portfolio.decisions import facts
from tideover.portfolio.lake import Lake
from tideover.portfolio.workspace import Settings
from tideover.rules.condition import Fact


def asked_with(
    read: Callable[[str], pa.Table], lake: Lake, strategies: InForce, settings: Settings,
    whose: Mapping[str, str],
) -> dict[str, str]:  # fmt: skip
    """Return the inputs of each account's strategy as a JSON object, by account_id.

    With them stand `usual_bill_minor` and `usage_ratio`, whatever the strategy asks for.

    Args:
        read: A table of the night's bucket, by its name.
        whose: By account_id, the label of the strategy that decided on it.
    """
    cases = cases_from({name: read(name) for name in CASE_TABLES}, doubts_of(lake))
    cases = cases.filter(pc.is_in(cases["account_id"], pa.array(list(whose), pa.string())))
    cases = with_places(cases, read("ladders"), strategies)
    if are_asked(strategies):
        cases = with_guesses(cases, lake, None, settings)
    labels = np.array([whose[each] for each in cases["account_id"].to_pylist()], dtype=object)
    found: dict[str, str] = {}
    for label, policy in strategies.policies.items():
        mine = cases.filter(pa.array(labels == label, pa.bool_()))
        columns = {**facts(mine, policy), "arrears_minor": mine["arrears_minor"].to_pylist(),
                   **_for_the_portal(mine)}  # fmt: skip
        rows = zip(*columns.values(), strict=True)
        for account_id, row in zip(mine["account_id"].to_pylist(), rows, strict=True):
            found[account_id] = json.dumps(dict(zip(columns, map(_plain, row), strict=True)))
    return found


def _for_the_portal(mine: pa.Table) -> dict[str, list[Fact]]:
    """Return what plans are sized by, and how use compares with last year."""
    usual = [None if bill is None or isnan(bill) else round(bill)
             for bill in mine["usual_bill_minor"].to_pylist()]  # fmt: skip
    return {"usual_bill_minor": usual, "usage_ratio": mine["usage_ratio"].to_pylist()}


def _plain(value: Fact) -> Fact:
    return None if isinstance(value, float) and isnan(value) else value

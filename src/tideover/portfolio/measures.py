"""Accounts with what followed -> indicators, each defined once, here; with intervals, by group.

`docs/measures.md` says the same in words, and a test holds the two to each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import chi2

from tideover.rules.ageing import BUCKETS, bucket_of
from tideover.rules.lift import Group, wilson

SMALL = 10  # a cell of fewer is suppressed: it could be told who they are
SURE = 0.95
RATE, PER_THOUSAND, SUM = "rate", "per_thousand", "sum"
GROUPS = ("bucket", "commodity", "area_code", "segment", "circumstance", "held_out")


Ends = tuple[float | None, float | None, float | None]  # a value and its interval


class Measure(NamedTuple):
    """One indicator.

    Args:
        kind: `rate`, the share of accounts in `column` (1, 0; null is left out); `per_thousand`,
            the sum of `column` a thousand of `over`; `sum`, that of `column`, whole.
        who: Whom it is about: a column of yes and no; everyone where empty.
    """

    name: str
    kind: str
    column: str
    who: str = ""
    over: str = ""


MEASURES = (
    Measure("cure_rate", RATE, "cured", "behind"),
    Measure("self_cure_rate", RATE, "cured", "behind_held_out"),
    Measure("paid_in_full_rate", RATE, "paid_in_full", "behind"),
    Measure("response_rate", RATE, "paid_anything", "behind"),
    Measure("roll_rate", RATE, "rolled", "behind"),
    Measure("promise_rate", RATE, "promised", "behind"),
    Measure("plan_rate", RATE, "plan_agreed", "behind"),
    Measure("arrangement_kept_rate", RATE, "plan_kept", "behind"),
    Measure("contact_rate", RATE, "contacted", "behind"),
    Measure("reply_rate", RATE, "replied", "behind_contacted"),
    Measure("disconnection_rate", RATE, "disconnected", "behind"),
    Measure("call_rate", RATE, "called_in", "behind"),
    Measure("optouts_per_thousand", PER_THOUSAND, "opted_out", "", "contacts"),
    Measure("complaints_per_thousand", PER_THOUSAND, "complained", "", "contacts"),
    Measure("accounts_in_arrears", SUM, "is_behind_now"),
    Measure("arrears_minor", SUM, "arrears_now_minor"),
    Measure("arrears_over_90_minor", SUM, "over_90_now_minor"),
    Measure("money_in_minor", SUM, "money_in_minor"),
)


class Figure(NamedTuple):
    """An indicator of one group; value and interval are none where the cell is suppressed."""

    name: str
    group: str
    value: float | None
    low: float | None
    high: float | None
    n: int | None


def measures(accounts: pd.DataFrame) -> Iterator[Figure]:
    """Yield every indicator, of everyone and by group.

    Table in: accounts, one row each; the columns that `MEASURES` name, `currency`, those of
        `GROUPS`, and `bucket_before`, `bucket_now` for the roll-rate matrix
    """
    for currency, some in accounts.groupby("currency", sort=True):
        end = "" if accounts["currency"].nunique() == 1 else f", {currency}"
        for group, rows in _grouped(some):
            for measure in MEASURES:
                yield _figure(measure, group + end, rows)
        yield from _matrix(some, end)


def _grouped(accounts: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    yield "all", accounts
    for name in GROUPS:
        for value, rows in accounts.groupby(name, sort=True):
            yield f"{name} = {value}", rows


def _figure(measure: Measure, group: str, rows: pd.DataFrame) -> Figure:
    rows = rows[rows[measure.who].astype(bool)] if measure.who else rows
    column = rows[measure.column]
    if measure.kind == SUM:
        of_few = 0 < int((column != 0).sum()) < SMALL
        return _kept(
            measure.name, group, (float(column.sum()), None, None), 0 if of_few else len(rows)
        )
    if measure.kind == PER_THOUSAND:
        over = float(rows[measure.over].sum())
        return _kept(measure.name, group, _a_thousand(float(column.sum()), over), int(over))
    known = column.dropna()
    return _kept(measure.name, group, _share(int(known.sum()), len(known)), len(known))


def _share(did: int, of: int) -> Ends:
    if not of:
        return None, None, None
    low, high = wilson(Group(did, of), SURE)
    return did / of, low, high


def _a_thousand(count: float, over: float) -> Ends:
    """Return a count a thousand, with Garwood's interval (Biometrika 28 (1936), 437-442)."""
    if not over:
        return None, None, None
    low = chi2.ppf((1 - SURE) / 2, 2 * count) / 2 if count else 0.0
    high = chi2.ppf((1 + SURE) / 2, 2 * count + 2) / 2
    return 1000 * count / over, 1000 * float(low) / over, 1000 * float(high) / over


def _matrix(accounts: pd.DataFrame, end: str) -> Iterator[Figure]:
    """Yield the roll-rate matrix: of each ageing bucket, the share that stands in each now."""
    behind = accounts[accounts["behind"].astype(bool)]
    for before, rows in behind.groupby("bucket_before", sort=True):
        for now, some in rows.groupby("bucket_now", sort=True):
            yield _kept(f"roll_from_{before}_to_{now}", f"all{end}",
                        _share(len(some), len(rows)), len(rows))  # fmt: skip


def _kept(name: str, group: str, found: Ends, n: int) -> Figure:
    if n < SMALL:
        return Figure(name, group, None, None, None, None)
    return Figure(name, group, *found, n)


def bucket_column(arrears: np.ndarray, days_past_due: np.ndarray) -> list[str]:
    """Return in which ageing bucket the oldest debt of each account stands."""
    days = np.where(arrears > 0, days_past_due, 0)
    return [BUCKETS[bucket_of(int(day))] for day in days]

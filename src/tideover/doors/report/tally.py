"""The night's tables, a bucket at a time -> the sums the page is about; never across currencies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tideover.doors.night import Results
from tideover.doors.report.settled import SETTLED_BY, settled
from tideover.portfolio import zones
from tideover.rules.ageing import BUCKETS
from tideover.rules.zone import MARKS
from tideover.terms.calendar import month_end_before

WEEK, MONTH = 7, 30
FIRST_FAST = 20  # accounts entering yellow fast that the page names
PAST_DUE_FROM = dict(zip(BUCKETS[1:], (1, 31, 61, 91, 121), strict=True))  # days, of each bucket
MARK_COLUMNS = [f"arrears_mark_{k}_minor" for k in range(1, MARKS + 1)]
AGO_COLUMNS = {WEEK: "arrears_7d_ago_minor", MONTH: "arrears_30d_ago_minor"}

_HABITS = ["on_time_share_6m", "paid_share_3m", "days_since_paid"]
_PLACED_BY = ["account_no", "currency", "commodity", "segment", "usual_bill_minor",
              "speed_minor_per_day", "first_time"]  # fmt: skip
_OWED = ["account_id", "customer_id", "arrears_minor", "days_past_due", "tenure_days",
         *(f"{bucket}_minor" for bucket in BUCKETS), *AGO_COLUMNS.values()]  # fmt: skip
_FAST = ["account_id", "currency", "zone", "arrears_minor", "days_to_next"]


@dataclass(frozen=True)
class Tally:
    """All that is counted over a night, or over a bucket of it.

    Args:
        owed: By currency, the sums that `owed_sums` names.
        snapshot: People, money and habits by zone, and what moved.
        cohorts: `currency, cohort, accounts, arrears_minor`, of accounts in arrears.
        decided: `accounts, arrears_minor` by `SETTLED_BY`.
        fast: The first accounts that enter yellow fast: those on the way, the soonest first, then
            those just arrived, the largest arrears first.
        people: Ids of customers with an account in arrears, each once.
    """

    owed: pa.Table
    snapshot: zones.Snapshot
    cohorts: pa.Table
    decided: pa.Table
    fast: pa.Table
    people: pa.Array

    @property
    def by_currency(self) -> dict[str, dict[str, int]]:
        """Return what is owed, by currency."""
        return {row.pop("currency"): row for row in self.owed.to_pylist()}

    def total(self, name: str) -> int:
        """Return a count over all currencies; money must never be asked for this way."""
        return int(pc.sum(self.owed[name]).as_py() or 0)


def tallied(results: Results) -> Tally:
    """Count a night."""
    fitted = results.zones
    buckets = zip(*map(results.parts, ("features", "zones", "decisions")), strict=True)
    parts = [_of_bucket(paths, fitted, results.as_of) for paths in buckets]
    return Tally(
        owed=summed((part.owed for part in parts), ["currency"]),
        snapshot=zones.added(part.snapshot for part in parts),
        cohorts=summed((part.cohorts for part in parts), ["currency", "cohort"]),
        decided=summed((part.decided for part in parts), SETTLED_BY),
        fast=_soonest(pa.concat_tables(part.fast for part in parts)),
        people=pc.unique(pa.concat_arrays([part.people for part in parts])),
    )


def summed(tables: Iterable[pa.Table], keys: list[str]) -> pa.Table:
    """Return the sums of all other columns by key, in the order of the keys."""
    every = pa.concat_tables(tables)
    names = [name for name in every.column_names if name not in keys]
    sums = every.group_by(keys, use_threads=False).aggregate([(name, "sum") for name in names])
    sums = sums.rename_columns([name.removesuffix("_sum") for name in sums.column_names])
    return sums.select(every.column_names).sort_by([(key, "ascending") for key in keys])


def _of_bucket(paths: tuple[Path, ...], fitted: zones.Fitted, as_of: date) -> Tally:
    features, placed_path, decided = paths
    area = [fitted.bands.indicator] if fitted.bands.indicator else []
    known = pq.ParquetFile(features).read(
        columns=[*_PLACED_BY, *_OWED, *MARK_COLUMNS, *_HABITS, *area])  # fmt: skip
    placed = pq.ParquetFile(placed_path).read()
    now = known
    for name in placed.column_names:
        if name not in known.column_names:
            now = now.append_column(name, placed[name])
    behind = now.filter(pc.greater(now["arrears_minor"], 0))
    one = pa.array(np.ones(len(behind), dtype=np.int64))
    return Tally(
        owed=owed_sums(now),
        snapshot=zones.snapshot(now, week_ago=then(known, fitted, as_of, WEEK),
                                month_ago=then(known, fitted, as_of, MONTH)),
        cohorts=summed([behind.select(["currency", "cohort", "arrears_minor"])
                        .append_column("accounts", one)], ["currency", "cohort"]),
        decided=summed([settled(decided)], SETTLED_BY),
        fast=_soonest(now.filter(now["entering_yellow_fast"]).select(_FAST)),
        people=behind["customer_id"].combine_chunks().unique(),
    )  # fmt: skip


def owed_sums(now: pa.Table) -> pa.Table:
    """Return what is owed by currency: counts of accounts, and money in minor units.

    Table out: one row a currency
        accounts, behind               all of them, and those in arrears
        arrears_minor
        <bucket>_minor, <bucket>_accounts   money of an age; accounts whose oldest debt is of it
        <bucket>_rolled, <bucket>_rolled_minor  accounts whose oldest debt came of that age within
            a week, and their arrears
        arrears_mark_<k>_minor, arrears_mark_<k>_accounts   at the last month ends, 1 the latest
        arrears_7d_ago_minor, arrears_7d_ago_accounts, and 30d
    """
    arrears, late = now["arrears_minor"], now["days_past_due"].fill_null(0)
    sums = {"currency": now["currency"], "accounts": pc.is_valid(now["account_id"]),
            "behind": pc.greater(arrears, 0), "arrears_minor": arrears}  # fmt: skip
    oldest = pc.and_(pc.equal(late, 0), pc.greater(now["current_minor"], 0))
    ends = [*list(PAST_DUE_FROM.values())[1:], None]
    sums |= {"current_minor": now["current_minor"], "current_accounts": oldest}
    for (bucket, begins), ends_before in zip(PAST_DUE_FROM.items(), ends, strict=True):
        in_it = pc.greater_equal(late, begins)
        if ends_before:
            in_it = pc.and_(in_it, pc.less(late, ends_before))
        rolled = pc.and_(in_it, pc.less(late, begins + WEEK))
        sums |= {f"{bucket}_minor": now[f"{bucket}_minor"], f"{bucket}_accounts": in_it,
                 f"{bucket}_rolled": rolled,
                 f"{bucket}_rolled_minor": pc.if_else(rolled, arrears, 0)}  # fmt: skip
    for name in (*MARK_COLUMNS, *AGO_COLUMNS.values()):
        past = now[name].fill_null(0)
        sums |= {name: past, name.replace("_minor", "_accounts"): pc.greater(past, 0)}
    whole = {name: column if name == "currency" else column.cast(pa.int64())
             for name, column in sums.items()}  # fmt: skip
    return summed([pa.table(whole)], ["currency"])


def then(known: pa.Table, fitted: zones.Fitted, as_of: date, days: int) -> pa.Table:
    """Return the zones of the accounts there were so many days ago, by today's thresholds.

    The path of arrears ends then: month ends that had not come by that day are left out.
    """
    day = as_of - timedelta(days=days)
    existed = known.filter(pc.greater_equal(known["tenure_days"].fill_null(days), days))
    to_come = sum(month_end_before(as_of, k) >= day for k in range(1, MARKS + 1))
    past = existed.select([*_PLACED_BY, *_areas(fitted)])
    past = past.append_column("as_of", pa.repeat(pa.scalar(day), len(existed)))
    past = past.append_column("arrears_minor", existed[AGO_COLUMNS[days]].fill_null(0))
    none = pa.nulls(len(existed), pa.int64())
    for place, name in enumerate(MARK_COLUMNS):
        former = MARK_COLUMNS[place + to_come : place + to_come + 1]
        past = past.append_column(name, existed[former[0]] if former else none)
    return zones.place(past, fitted).append_column("arrears_minor", past["arrears_minor"])


def _areas(fitted: zones.Fitted) -> list[str]:
    return [fitted.bands.indicator] if fitted.bands.indicator else []


def _soonest(fast: pa.Table) -> pa.Table:
    way = pc.if_else(pc.equal(fast["zone"], "green"), 0, 1)
    left = pc.if_else(pc.equal(fast["zone"], "green"), fast["days_to_next"].fill_null(0.0), 0.0)
    order = fast.append_column("way", way).append_column("left", left)
    order = order.sort_by(
        [
            ("way", "ascending"),
            ("left", "ascending"),
            ("arrears_minor", "descending"),
            ("account_id", "ascending"),
        ]
    )
    return order.slice(0, FIRST_FAST).select(_FAST)

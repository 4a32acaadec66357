"""What each account in treatment used, month by month, beside last year and homes like it.

The export has no weather. What weather does shows in everybody's use: how the use of homes in the
same area changed from last year to this one (`around`) is taken out of a customer's own change.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tideover.doors.publication.treatment import Publication, Treated
from tideover.terms.calendar import days

FEWEST_HOMES = 10  # fewer could show who they are, and say little
QUARTER, YEAR = days(91), days(365)
_BILL = ["account_no", "issued_on", "usage", "usage_unit", "known_until"]
_HOME = ["account_no", "area_code", "commodity", "segment"]
_TYPES = pa.schema([
    ("account_id", pa.string()), ("unit", pa.string()), ("months", pa.string()),
    ("used", pa.float64()), ("year_before", pa.float64()), ("around", pa.float64()),
    ("alike", pa.float64()), ("homes", pa.int64()),
])  # fmt: skip
_METERED = pa.schema([("account_no", pa.int64()), ("issued_on", pa.date32()),
                      ("usage", pa.float64()), ("usage_unit", pa.string())])  # fmt: skip
Home = tuple[str, str, str]


@dataclass
class Homes:
    """What homes of one area, commodity and segment used in a quarter, and a year before.

    Args:
        used: By kind of home, the use of each in the quarter.
        change: By kind of home, the use of each against the same quarter a year before.
    """

    used: dict[Home, list[Any]] = field(default_factory=lambda: defaultdict(list))
    change: dict[Home, list[Any]] = field(default_factory=lambda: defaultdict(list))

    def add(self, kinds: list[Home], used: Any, before: Any) -> None:
        """Add the homes of a bucket."""
        codes: dict[Home, int] = {}
        at = np.array([codes.setdefault(kind, len(codes)) for kind in kinds])
        for kind, code in codes.items():
            mine = at == code
            known = mine & (used > 0)
            self.used[kind].append(used[known].astype(np.float32))
            both = known & (before > 0)
            self.change[kind].append((used[both] / before[both]).astype(np.float32))

    def of(self, kind: Home) -> tuple[float | None, float | None, int]:
        """Return how use changed around, what homes like it used, and how many those are."""
        used, change = _whole(self.used.get(kind)), _whole(self.change.get(kind))
        around = float(np.median(change)) if len(change) >= FEWEST_HOMES else None
        similar = float(np.median(used)) if len(used) >= FEWEST_HOMES else None
        return around, similar, len(used)


def _whole(parts: list[Any] | None) -> Any:
    return np.concatenate(parts) if parts else np.empty(0, np.float32)


@dataclass(frozen=True)
class Used:
    """What a night publishes of use; homes are counted over all buckets first."""

    night: Publication
    homes: Homes

    @classmethod
    def of(cls, night: Publication) -> Used:
        """Return it, with every home counted."""
        homes = Homes()
        for part in night.results.parts("receivables"):
            bucket = int(part.stem.partition("=")[2])
            known = night.read("features", bucket, _HOME)
            bills = _bills(night, bucket)
            this, before = (_sums(known, bills, night.as_of - YEAR * ago) for ago in (0, 1))
            homes.add(_kinds(known), this, before)
        return cls(night, homes)

    def rows(self, treated: Treated) -> pa.Table:
        """Return what the accounts of a bucket used, as rows of usage_seen."""
        table = _bills(self.night, treated.bucket)
        wanted = treated.owed["account_no"].combine_chunks()
        mine = table.filter(pc.is_in(table["account_no"], wanted)).to_pylist()
        of_account: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for row in mine:
            of_account[row["account_no"]].append(row)
        known = _homes(self.night, treated)
        ids = treated.owed["account_id"].to_pylist()
        each = zip(ids, known, wanted.to_pylist(), strict=True)
        found = [self._row(account_id, kind, of_account[no]) for account_id, kind, no in each
                 if no in of_account]  # fmt: skip
        return pa.Table.from_pylist(found, _TYPES)

    def _row(self, account_id: str, kind: Home, bills: list[dict[str, Any]]) -> dict[str, Any]:
        day = self.night.as_of
        around, similar, homes = self.homes.of(kind)
        return {
            "account_id": account_id, "unit": bills[-1]["usage_unit"] or "",
            "months": json.dumps(_months(bills, day)),
            "used": _within(bills, day - QUARTER, day),
            "year_before": _within(bills, day - YEAR - QUARTER, day - YEAR),
            "around": around, "alike": similar, "homes": homes,
        }  # fmt: skip


def _bills(night: Publication, bucket: int) -> pa.Table:
    """Return the metered bills of a bucket, of two years."""
    since = night.as_of - YEAR - YEAR
    parts = [_metered(part, since, night.as_of) for part in night.lake.parts("bills", bucket)]
    empty = _METERED.empty_table()
    return pa.concat_tables([empty, *(part.cast(empty.schema) for part in parts)])


def _metered(part: Path, since: date, until: date) -> pa.Table:
    rows = pq.ParquetFile(part).read(columns=_BILL)
    kept = pc.and_(pc.is_null(rows["known_until"]), pc.is_valid(rows["usage"]))
    kept = pc.and_(kept, pc.and_(pc.greater(rows["issued_on"], pa.scalar(since)),
                                 pc.less_equal(rows["issued_on"], pa.scalar(until))))  # fmt: skip
    return rows.filter(kept).drop_columns(["known_until"])


def _sums(known: pa.Table, bills: pa.Table, day: date) -> Any:
    """Return what each home used by the bills of the quarter before a day; 0 without one."""
    issued = bills["issued_on"]
    within = pc.and_(pc.greater(issued, pa.scalar(day - QUARTER)),
                     pc.less_equal(issued, pa.scalar(day)))  # fmt: skip
    mine = bills.filter(within)
    at = pc.index_in(mine["account_no"], known["account_no"].combine_chunks())
    place, used = pc.fill_null(at, known.num_rows).to_numpy(), mine["usage"].to_numpy()
    return np.bincount(place, weights=used, minlength=known.num_rows + 1)[: known.num_rows]


def _kinds(known: pa.Table) -> list[Home]:
    columns = (pc.fill_null(known[name], "").to_pylist() for name in _HOME[1:])
    return list(zip(*columns, strict=True))


def _homes(night: Publication, treated: Treated) -> list[Home]:
    """Return which kind of home each account of a bucket is."""
    known = night.read("features", treated.bucket, _HOME)
    place = pc.index_in(treated.owed["account_no"], known["account_no"].combine_chunks())
    return _kinds(known.take(place))


def _within(bills: list[dict[str, Any]], after: date, through: date) -> float | None:
    found = [row["usage"] for row in bills if after < row["issued_on"] <= through]
    return float(sum(found)) if found else None


def _months(bills: list[dict[str, Any]], day: date) -> list[tuple[str, float, float | None]]:
    """Return the last twelve months with a bill: its name, use, and the same month's a year ago."""
    by_month: dict[tuple[int, int], float] = defaultdict(float)
    for row in bills:
        by_month[row["issued_on"].year, row["issued_on"].month] += row["usage"]
    return [(f"{year}-{month:02}", round(used, 3), _rounded(by_month.get((year - 1, month))))
            for (year, month), used in sorted(by_month.items())
            if date(year, month, 1) > day - YEAR - days(15)]  # fmt: skip


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)

"""What each account in treatment used, month by month, beside last year and homes like it.

The export has no weather. What weather does shows in everybody's use: how the use of homes in the
same area changed from last year to this one (`around`) is taken out of a customer's own change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tideover.doors.publication.as_json import as_json, lists
from tideover.doors.publication.treatment import Publication, Treated
from tideover.terms.calendar import days

FEWEST_HOMES = 10  # fewer could show who they are, and say little
QUARTER, YEAR = days(91), days(365)
_SPAN = 100_000  # months an account is apart from the next in a common key
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


class Around(NamedTuple):
    """What is known around a home.

    Args:
        around: How use changed there, against the same quarter a year before.
        alike: What homes like it used.
        homes: How many those are.
    """

    around: float | None
    alike: float | None
    homes: int


UNKNOWN = Around(None, None, 0)


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

    def told(self) -> dict[Home, Around]:
        """Return what is known around each kind of home, once all are added."""
        return {kind: self._of(kind) for kind in self.used}

    def _of(self, kind: Home) -> Around:
        used, change = np.concatenate(self.used[kind]), np.concatenate(self.change[kind])
        around = float(np.median(change)) if len(change) >= FEWEST_HOMES else None
        similar = float(np.median(used)) if len(used) >= FEWEST_HOMES else None
        return Around(around, similar, len(used))


@dataclass(frozen=True)
class Used:
    """What a night publishes of use; homes are counted over all buckets first."""

    night: Publication
    around: Mapping[Home, Around]

    @classmethod
    def of(cls, night: Publication) -> Used:
        """Return it, with every home counted."""
        homes = Homes()
        for part in night.results.parts("receivables"):
            bucket = int(part.stem.partition("=")[2])
            known = night.read("features", bucket, _HOME)
            bills = _placed(_bills(night, bucket), known)
            this, before = (_sums(known, bills, night.as_of - YEAR * ago)[0] for ago in (0, 1))
            homes.add(_kinds(known), this, before)
        return cls(night, homes.told())

    def rows(self, treated: Treated) -> pa.Table:
        """Return what the accounts of a bucket used, as rows of usage_seen."""
        day, known = self.night.as_of, treated.owed
        bills = _placed(_bills(self.night, treated.bucket), known)
        at, last = _last_of_each(bills["at"].to_numpy())
        homes = _homes(self.night, treated)
        around = [self.around.get(homes[place], UNKNOWN) for place in at.tolist()]
        used = {}
        for name, ago in (("used", 0), ("year_before", 1)):
            sums, count = _sums(known, bills, day - YEAR * ago)
            used[name] = pa.array(sums[at], mask=count[at] == 0)
        return pa.table({
            "account_id": known["account_id"].take(pa.array(at)),
            "unit": pc.fill_null(bills["usage_unit"].take(pa.array(last)), ""),
            "months": months(bills, day, at), **used,
            **dict(zip(Around._fields, zip(*around, strict=True), strict=True)),
        }, _TYPES) if around else _TYPES.empty_table()  # fmt: skip


def _last_of_each(values: Any) -> tuple[Any, Any]:
    """Return the different values, and where each stands last."""
    found, from_behind = np.unique(values[::-1], return_index=True)
    return found, len(values) - 1 - from_behind


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


def _placed(bills: pa.Table, known: pa.Table) -> pa.Table:
    """Return the bills of some accounts, with the place `at` of each among these."""
    at = pc.index_in(bills["account_no"], known["account_no"].combine_chunks())
    return bills.append_column("at", at).filter(pc.is_valid(at))


def _sums(known: pa.Table, bills: pa.Table, day: date) -> tuple[Any, Any]:
    """Return what each home used by the bills of the quarter before a day, and how many these are.

    Table in: bills, as `_placed` gives them
    """
    issued = bills["issued_on"]
    within = pc.and_(pc.greater(issued, pa.scalar(day - QUARTER)),
                     pc.less_equal(issued, pa.scalar(day)))  # fmt: skip
    mine = bills.filter(within)
    at, used = mine["at"].to_numpy(), mine["usage"].to_numpy()
    n = known.num_rows
    return np.bincount(at, weights=used, minlength=n), np.bincount(at, minlength=n)


def _kinds(known: pa.Table) -> list[Home]:
    columns = (pc.fill_null(known[name], "").to_pylist() for name in _HOME[1:])
    return list(zip(*columns, strict=True))


def _homes(night: Publication, treated: Treated) -> list[Home]:
    """Return which kind of home each account of a bucket is."""
    known = night.read("features", treated.bucket, _HOME)
    place = pc.index_in(treated.owed["account_no"], known["account_no"].combine_chunks())
    return _kinds(known.take(place))


def months(bills: pa.Table, day: date, places: Any) -> pa.Array:
    """Return the last twelve months with a bill: its name, use, and the same month's a year ago.

    Table in: bills, as `_placed` gives them
    Args:
        places: The accounts that are asked about, in order.
    Returns:
        A list of lists, as JSON, one an account.
    """
    month = bills["issued_on"].to_numpy().astype("datetime64[M]").astype(np.int64)
    at = bills["at"].to_numpy().astype(np.int64)  # a bucket's last places times _SPAN need all 64
    keys, which = np.unique(at * _SPAN + month, return_inverse=True)
    sums = np.round(np.bincount(which, weights=bills["usage"].to_numpy(), minlength=len(keys)), 3)
    before = np.minimum(np.searchsorted(keys, keys - 12), len(keys) - 1)
    known = keys[before] == keys - 12
    at, number = np.divmod(keys, _SPAN)
    late = number > _month_of(day - YEAR - days(15))
    items = pc.binary_join_element_wise(
        '["', pa.array(np.datetime_as_string(number[late].astype("datetime64[M]"))), '", ',
        as_json(pa.array(sums[late])), ", ",
        as_json(pa.array(sums[before][late], mask=~known[late])), "]", "")  # fmt: skip
    ends = np.searchsorted(at[late], places, side="right")
    return lists(pa.array(np.concatenate([[0], ends]), pa.int32()), items)


def _month_of(day: date) -> int:
    """Return the months since 1970."""
    return (day.year - 1970) * 12 + day.month - 1

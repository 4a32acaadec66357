"""Features -> the table zones: where each account stands, since when, and how fast it moves."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tideover.portfolio.zones.counts import UNKNOWN, Words, bands_of, cohort_words, words
from tideover.portfolio.zones.fitted import Fitted
from tideover.portfolio.zones.learn import fixed_thresholds
from tideover.portfolio.zones.search import Floats, Ints
from tideover.rules.zone import FAST_DAYS, MARKS, ZONES, entered_on
from tideover.terms.faults import ColumnMissing

NEEDED = (
    "account_no", "as_of", "currency", "commodity", "segment", "usual_bill_minor",
    "arrears_minor", "speed_minor_per_day", "first_time",
    *(f"arrears_mark_{mark}_minor" for mark in range(1, MARKS + 1)),
)  # fmt: skip
NEVER = 2**62  # more than any balance: everyone is green
ALL_ALONG = -1  # in this zone at the first month end looked at already

Bools = npt.NDArray[np.bool_]


def place(features: pa.Table, fitted: Fitted) -> pa.Table:
    """Place every account in its balance risk zone; does what `rules.zone` does for one.

    Table in: features, one row an account, all of one day.
        A mark that is null (no account yet) counts as no arrears.
    Table out: as many rows in the same order
        account_no             int64
        zone                   "green" | "yellow" | "red"
        cohort                 whose thresholds: `EUR`, `EUR gas`, `EUR fixed`;
                               or `JPY without thresholds`
        entered_on             date; null when it was in this zone at all 12 month ends
        first_time             bool, as in features
        days_to_next           float64, at the present speed; null in red or when arrears
                               stand still or fall
        entering_yellow_fast   bool, see `rules.zone.entering_yellow_fast`

    Raises:
        ColumnMissing: Names the columns that are missing, and those that are there.
    """
    missing = [name for name in NEEDED if name not in features.column_names]
    if missing:
        raise ColumnMissing(f"The zones need {', '.join(missing)}", where="features",
                            mend=f"There are {', '.join(features.column_names)}")  # fmt: skip
    cohort, thresholds = cohort_thresholds(features, fitted)
    marks = [f"arrears_mark_{mark}_minor" for mark in range(MARKS, 0, -1)]
    path = np.stack([_whole(features[name]) for name in (*marks, "arrears_minor")])
    zone, entered = walk(path, thresholds)
    first = features["first_time"].fill_null(False).to_numpy()
    just_arrived = first & (entered == MARKS)
    speed = features["speed_minor_per_day"].fill_null(0.0).to_numpy()
    days = days_left(zone, path[-1], thresholds, speed)
    on_the_way = (zone == 0) & (path[-1] > 0) & (days <= FAST_DAYS)
    return pa.table({
        "account_no": features["account_no"],
        "zone": pa.array(np.array(ZONES, dtype=object)[zone], pa.string()),
        "cohort": pa.array(cohort, pa.string()),
        "entered_on": _dates(entered, features["as_of"]),
        "first_time": pa.array(first, pa.bool_()),
        "days_to_next": pa.array(days, pa.float64(), mask=np.isnan(days)),
        "entering_yellow_fast": pa.array(on_the_way | ((zone == 1) & just_arrived), pa.bool_()),
    })  # fmt: skip


def walk(path: Ints, thresholds: Ints) -> tuple[Ints, Ints]:
    """Return each account's zone at the end of its path, and the step at which it entered it.

    Args:
        path: Arrears, a row a month end, the last row now; minor units.
        thresholds: The largest arrears of green, and of yellow, a row each.
    """
    way_back = thresholds - thresholds // 10
    zone = np.zeros(path.shape[1], dtype=np.int64)
    entered = np.full(path.shape[1], ALL_ALONG, dtype=np.int64)
    for step, arrears in enumerate(path):
        at_least = (arrears > thresholds).sum(axis=0)
        at_most = (arrears > way_back).sum(axis=0)
        before, zone = zone, np.clip(zone, at_least, at_most)
        entered[zone != before] = step or ALL_ALONG
    return zone, entered


def days_left(zone: Ints, arrears: Ints, thresholds: Ints, speed: Floats) -> Floats:
    """Return days until the next threshold at the present speed; NaN where there is none."""
    nearing = (zone < len(thresholds)) & (speed > 0)
    following = np.take_along_axis(thresholds, np.minimum(zone, 1)[None], axis=0)[0]
    nearing &= following < NEVER
    return np.where(nearing, (following - arrears) / np.where(nearing, speed, 1.0), np.nan)


def cohort_thresholds(features: pa.Table, fitted: Fitted) -> tuple[Words, Ints]:
    """Return whose thresholds each account has, and the two thresholds; minor units."""
    parts = cohort_words(_banded(features, fitted), fitted.bands)
    currency = words(features["currency"])
    name = np.full(features.num_rows, "", dtype=object)
    thresholds = np.zeros((2, features.num_rows), dtype=np.int64)
    for one in words(features["currency"].unique()):
        mine = currency == one
        own = fixed_thresholds(fitted.own, one)
        name[mine] = f"{one} fixed" if own else f"{one} without thresholds"
        thresholds[:, mine] = [[t.at_minor] for t in own] if own else NEVER
    for cohort in fitted.cohorts:  # the wider come first, so the narrowest one is left standing
        if cohort.status == "learnt":
            mine = currency == cohort.currency
            for dimension, part in cohort.where:
                mine &= parts[dimension] == part
            name[mine] = cohort.name
            thresholds[:, mine] = [[at] for at in cohort.at_minor]
    return name, thresholds


def _banded(features: pa.Table, fitted: Fitted) -> pa.Table:
    currency = words(features["currency"])
    usual = features["usual_bill_minor"].cast(pa.float64()).fill_null(np.nan).to_numpy()
    bills = np.full(features.num_rows, UNKNOWN, dtype=np.int64)
    for one, edges in fitted.bands.bills.items():
        mine = currency == one
        bills[mine] = bands_of(usual[mine], edges)
    areas = np.full(features.num_rows, UNKNOWN, dtype=np.int64)
    if fitted.bands.indicator is not None:
        indicator = features[fitted.bands.indicator].cast(pa.float64()).fill_null(np.nan)
        areas = bands_of(indicator.to_numpy(), fitted.bands.areas)
    return features.select(["currency", "commodity", "segment"]).append_column(
        "usual_bill", pa.array(bills)).append_column("area", pa.array(areas))  # fmt: skip


def _whole(column: pa.ChunkedArray) -> Ints:
    found: Ints = column.fill_null(0).to_numpy().astype(np.int64)
    return found


def _dates(entered: Ints, as_of: pa.ChunkedArray) -> pa.Array:
    if len(entered) == 0:
        return pa.array([], pa.date32())
    day: date = pc.max(as_of).as_py()
    on = [entered_on(step, day) for step in range(MARKS + 1)]
    return pa.array(on, pa.date32()).take(pa.array(entered, mask=entered == ALL_ALONG))

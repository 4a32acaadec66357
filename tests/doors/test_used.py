"""What accounts used, as a publication says it, beside the export read by hand."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date, timedelta
from statistics import median

import numpy as np
import pyarrow as pa
import pytest

from tests.doors.conftest import AS_OF, Utility
from tideover.doors.night.desk import open_lake
from tideover.doors.night.results import Results
from tideover.doors.publication.treatment import Publication
from tideover.doors.publication.used import FEWEST_HOMES, Homes, Used, months
from tideover.doors.strategies.shelf import in_force
from tideover.portfolio.workspace import Workspace

DAY = date.fromisoformat(AS_OF)
QUARTER = timedelta(days=91)


@pytest.fixture(scope="module")
def published(utility: Utility) -> pa.Table:
    """Return the use that a publication of the made-up utility brings."""
    workspace = Workspace.open(utility.workspace)
    night = Publication(Results.of(workspace, DAY), open_lake(workspace), in_force(workspace, DAY),
                        pa.array([], pa.string()))  # fmt: skip
    used = Used.of(night)
    return pa.concat_tables([used.rows(treated) for treated in night.buckets()])


def by_hand(utility: Utility) -> dict[str, float]:
    """Return the metered use of each account in the last quarter, from the export's rows."""
    found: dict[str, float] = defaultdict(float)
    for row in utility.rows("bills"):
        if row["usage"] and DAY - QUARTER < date.fromisoformat(row["issued_on"]) <= DAY:
            found[row["account_id"]] += float(row["usage"])
    return dict(found)


def test_use_of_a_quarter_is_what_the_bills_say(utility: Utility, published: pa.Table) -> None:
    wanted = by_hand(utility)
    rows = [row for row in published.to_pylist() if row["used"]]
    assert len(rows) > 50
    assert all(row["used"] == pytest.approx(wanted[row["account_id"]]) for row in rows)


def test_homes_alike_are_the_median_of_their_area_commodity_and_segment(
    utility: Utility, published: pa.Table
) -> None:
    wanted = by_hand(utility)
    segments = {row["customer_id"]: row["segment"] for row in utility.rows("customers")}
    kinds = {row["account_id"]: (row["area_code"], row["commodity"], segments[row["customer_id"]])
             for row in utility.rows("accounts")}  # fmt: skip
    alike: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    for account_id, used in wanted.items():
        if used > 0:  # nobody lives where nothing is used
            alike[kinds[account_id]].append(used)
    told = [row for row in published.to_pylist() if row["alike"]]
    assert told
    for row in told:
        mine = alike[kinds[row["account_id"]]]
        assert (row["alike"], row["homes"]) == (pytest.approx(median(mine), rel=1e-5), len(mine))


def test_months_stand_beside_those_of_a_year_before(published: pa.Table) -> None:
    months = json.loads(published["months"][0].as_py())
    assert [name for name, *_ in months] == sorted(name for name, *_ in months)
    assert len(months) <= 12


def test_of_nine_homes_nothing_is_told() -> None:
    homes, kind = Homes(), ("97", "water", "residential")
    for count in (FEWEST_HOMES - 1, 1):
        homes.add([kind] * count, np.full(count, 12.0), np.full(count, 10.0))
        known = homes.told()[kind]
        assert (known.around is None) == (known.alike is None) == (known.homes < FEWEST_HOMES)
    assert homes.told()[kind] == (pytest.approx(1.2), 12.0, 10)


def test_the_last_account_of_a_large_bucket_has_its_own_months() -> None:
    bills = pa.table({
        "at": pa.array([0, 30_000, 30_000, 30_000], pa.int32()), "usage": [5.0, 7.0, 3.0, 9.5],
        "issued_on": [DAY, DAY, DAY, date(DAY.year - 1, DAY.month, 1)],
    })  # fmt: skip
    told = [json.loads(text) for text in months(bills, DAY, np.array([0, 30_000])).to_pylist()]
    name = f"{DAY:%Y-%m}"
    assert told == [[[name, 5.0, None]], [[name, 10.0, 9.5]]]

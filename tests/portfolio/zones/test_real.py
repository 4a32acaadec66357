"""Zones on real people: the intervals overlap those found when methods were compared."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from tests.portfolio.zones import made_up
from tideover.portfolio.zones import Cohort


def columns(shared: Path, name: str) -> dict[str, np.ndarray]:
    path = shared / "data" / name
    if not path.is_file():
        pytest.skip(f"the shared set {name} is not here")
    table = pq.read_table(path)
    return {each: table[each].to_numpy() for each in table.column_names}


def overlap(zones: Cohort, bounds: list[tuple[int, int]]) -> list[bool]:
    """Say of each interval whether it overlaps the one it should; bounds in whole units."""
    return [t.low_minor <= high * 100 and low * 100 <= t.high_minor
            for t, (low, high) in zip(zones.thresholds, bounds, strict=True)]  # fmt: skip


def test_philadelphia_drops_where_it_was_found_to(shared: Path) -> None:
    owners = columns(shared, "philly_tax_letters/owners_dev.parquet")
    balance = np.round(owners["total_due"] * 100).astype(np.int64)
    counts = made_up.counts(balance, owners["paid_full_sep"], currency=["USD"] * len(balance))
    (zones,) = made_up.learnt(counts, "USD").cohorts
    assert zones.status == "learnt"
    assert overlap(zones, [(44, 199), (217, 444)]) == [True, True]


@pytest.mark.parametrize("months", [(1,), (1, 2, 3, 4, 5)])
def test_taiwan_drops_where_it_was_found_to(shared: Path, months: tuple[int, ...]) -> None:
    cards = columns(shared, "taiwan_card_default/customers_dev.parquet")
    bill = np.concatenate([cards[f"BILL_AMT{month + 1}"] for month in months])
    money = np.concatenate([cards[f"PAY_AMT{month}"] for month in months])
    customer = np.tile(np.arange(len(cards["ID"])), len(months))
    due = bill > 0
    counts = made_up.counts(bill[due] * 100, (money >= bill)[due], account=customer[due],
                            currency=["TWD"] * int(due.sum()))  # fmt: skip
    (zones,) = made_up.learnt(counts, "TWD").cohorts
    assert zones.status == "learnt"
    assert overlap(zones, [(4165, 5089), (15_270, 17_140)]) == [True, True]

"""The kernel says of random small worlds what adding up row by row says."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest

from tideover.portfolio.outcomes import DECIDED
from tideover.portfolio.outcomes.kernel import (
    BIT,
    CAME_IN,
    HAPPENED,
    OTHER_CREDIT,
    RAISED,
    RETURNED,
    STAYS_DAYS,
    after,
)

FIRST, WINDOWS = date(2026, 1, 1), (7, 30, 60)
MONEY = RAISED | CAME_IN | RETURNED | OTHER_CREDIT
TYPES = (pa.int64(), pa.date32(), pa.int32(), pa.int64(), pa.date32())
SCHEMA = pa.schema(list(zip(HAPPENED, TYPES, strict=True)))


def world(seed: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return decisions and happenings of three accounts over two hundred days."""
    chance = random.Random(seed)
    decided = [{"decision_id": f"D{n}", "account_no": chance.randint(1, 3),
                "as_of": FIRST + timedelta(chance.randint(0, 90))} for n in range(9)]  # fmt: skip
    rows = []
    for _ in range(90):
        day = FIRST + timedelta(chance.randint(-20, 200))
        what = chance.choice([RAISED, CAME_IN, CAME_IN, RETURNED, OTHER_CREDIT, BIT["contacts"],
                              BIT["replies"] | BIT["calls_in"]])  # fmt: skip
        amount = chance.choice([5, 10, 10, 20]) * (-1 if what in (CAME_IN, OTHER_CREDIT) else 1)
        since = day - timedelta(chance.randint(0, 40)) if what == RETURNED else None
        rows.append(dict(zip(HAPPENED, (chance.randint(1, 3), day, what, amount, since),
                             strict=True)))  # fmt: skip
    return decided, rows


def plainly(one: dict[str, Any], rows: list[dict[str, Any]], seen: int) -> dict[str, Any]:
    """Return what followed a decision, row by row."""
    as_of = one["as_of"]
    mine = [row for row in rows if row["account_no"] == one["account_no"]]

    def owing(day: date) -> int:
        return sum(row["amount"] for row in mine if row["what"] & MONEY and row["day"] <= day)

    def in_days(first: date, last: date) -> list[dict[str, Any]]:
        return [row for row in mine if first < row["day"] <= last]

    inside = in_days(as_of, as_of + timedelta(seen))
    ours = [row for row in inside if row["what"] == CAME_IN
            or (row["what"] == RETURNED and row["since"] > as_of)]  # fmt: skip
    cured = next((days for days in range(1, seen + 1) if owing(as_of) > 0
                  and owing(as_of + timedelta(days)) <= 0), None)  # fmt: skip
    later = [as_of + timedelta((cured or 0) + k) for k in range(1, STAYS_DAYS + 1)]
    return {
        "arrears_minor": max(owing(as_of), 0), "owing_after_minor": owing(as_of + timedelta(seen)),
        "money_in_minor": -sum(row["amount"] for row in ours), "cured_after": cured,
        "other_minor": sum(row["amount"] for row in inside if row["what"] == OTHER_CREDIT),
        "relapsed": int(cured is not None and any(owing(day) > 0 for day in later)),
        "contacts": sum(row["what"] == BIT["contacts"] for row in inside),
        "calls_in": sum(bool(row["what"] & BIT["calls_in"]) for row in inside),
        "contact_cost_thousandths": sum(row["amount"] for row in inside
                                        if row["what"] == BIT["contacts"]),
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
def test_it_says_what_adding_up_row_by_row_says(seed: int) -> None:
    decided, rows = world(seed)
    until = FIRST + timedelta(100)
    found = after(pa.Table.from_pylist(decided, DECIDED), pa.Table.from_pylist(rows, SCHEMA),
                  until=until, windows=WINDOWS).to_pylist()  # fmt: skip
    assert len(found) == len(decided) * len(WINDOWS)
    by_id = {one["decision_id"]: one for one in decided}
    for row in found:
        one = by_id[row["decision_id"]]
        seen = min(row["window_days"], (until - one["as_of"]).days)
        told = plainly(one, rows, seen)
        assert {name: row[name] for name in told} == told


def test_of_nothing_it_says_nothing() -> None:
    none = after(DECIDED.empty_table(), SCHEMA.empty_table(), until=FIRST, windows=WINDOWS)
    assert none.num_rows == 0

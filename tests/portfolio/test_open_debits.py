"""Open debits: what is unpaid of each, held to the scalar reference and the golden accounts."""

from __future__ import annotations

import csv
import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from tideover.doors.cli import run
from tideover.portfolio.lake import Lake, Manifest, lake_schema, write_table
from tideover.portfolio.open_debits import open_debits
from tideover.rules.ageing import Credit, Debit, owed
from tideover.terms.tables import TABLES

DAY = date(2026, 3, 31)
GOLDEN = (date(2024, 12, 31), date(2025, 6, 30), date(2026, 3, 31))


def lake_of(root: Path, **tables: list[dict[str, Any]]) -> Lake:
    """Write rows as a lake of one bucket."""
    lake = Lake(root, Manifest(version=1, buckets=1))
    for name, rows in tables.items():
        path = lake.folder(name, 0) / "a.parquet"
        write_table(path, pa.Table.from_pylist(rows, lake_schema(TABLES[name])))
        lake.manifest.parts[name] = {"0": [path.name]}
    return lake


def made_up(account_no: int, chance: random.Random) -> dict[str, list[dict[str, Any]]]:
    """Return bills, payments and adjustments of an account, some after the day, some undone."""

    def on() -> date:
        return DAY - timedelta(days=chance.randint(-40, 200))

    of = {"account_no": account_no}
    bills = [
        of
        | {
            "bill_id": f"B{chance.randint(0, 10**6)}",
            "issued_on": (day := on()),
            "due_on": day + timedelta(days=chance.randint(-3, 30)),
            "amount_minor": chance.randint(0, 9_000),
        }
        for _ in range(chance.randint(0, 6))
    ]
    payments = [of | {"payment_id": f"P{n}", "received_on": (day := on()),
                      "amount_minor": chance.randint(0, 12_000), "status": chance.choice(
                          ("settled", "reversed")), "reversed_on": day + timedelta(days=9)}
                for n in range(chance.randint(0, 4))]  # fmt: skip
    adjustments = [of | {"adjustment_id": f"J{chance.randint(0, 10**6)}", "posted_on": on(),
                         "amount_minor": chance.randint(-5_000, 5_000)}
                   for _ in range(chance.randint(0, 3))]  # fmt: skip
    return {"bills": bills, "payments": payments, "adjustments": adjustments}


def reference(rows: dict[str, list[dict[str, Any]]]) -> tuple[int, int]:
    """Return what the scalar reference says of an account: what is unpaid, and its arrears."""
    debits = [Debit(b["bill_id"], b["issued_on"], b["due_on"], b["amount_minor"])
              for b in rows["bills"]]  # fmt: skip
    credits = [Credit(p["received_on"], p["amount_minor"],
                      p["reversed_on"] if p["status"] == "reversed" else None)
               for p in rows["payments"]]  # fmt: skip
    for j in rows["adjustments"]:
        day, amount = j["posted_on"], j["amount_minor"]
        if amount > 0:
            debits.append(Debit(j["adjustment_id"], day, day, amount))
        else:
            credits.append(Credit(day, -amount))
    told = owed(debits, credits, DAY)
    return max(told.balance_minor, 0), told.arrears_minor


def test_unpaid_parts_add_up_to_what_the_reference_says(tmp_path: Path) -> None:
    chance = random.Random(20260331)
    accounts = {no: made_up(no, chance) for no in range(1, 400)}
    whole = {name: [row for rows in accounts.values() for row in rows[name]]
             for name in ("bills", "payments", "adjustments")}  # fmt: skip
    lake = lake_of(tmp_path, **whole)
    found = open_debits(lake, 0, DAY, pa.array(list(accounts), pa.int64())).to_pylist()
    for no, rows in accounts.items():
        mine = [row for row in found if row["account_no"] == no]
        late = sum(row["unpaid_minor"] for row in mine if row["due_on"] < DAY)
        assert (sum(row["unpaid_minor"] for row in mine), late) == reference(rows)
        assert all(0 < row["unpaid_minor"] <= row["amount_minor"] for row in mine)


def test_a_debit_can_be_paid_in_part_and_the_oldest_is_paid_first(tmp_path: Path) -> None:
    bill = {"account_no": 1, "amount_minor": 100, "issued_on": date(2026, 1, 1)}
    lake = lake_of(
        tmp_path,
        bills=[bill | {"bill_id": "B2", "due_on": date(2026, 1, 20)},
               bill | {"bill_id": "B10", "due_on": date(2026, 1, 20)},
               bill | {"bill_id": "B3", "due_on": date(2026, 1, 9)}],
        payments=[{"account_no": 1, "received_on": date(2026, 2, 1), "amount_minor": 150,
                   "status": "settled"}],
    )  # fmt: skip
    found = open_debits(lake, 0, DAY, pa.array([1], pa.int64()))
    unpaid = dict(zip(found["debit_id"].to_pylist(), found["unpaid_minor"].to_pylist(),
                      strict=True))  # fmt: skip
    assert unpaid == {"B10": 50, "B2": 100}, "ids are compared as text"


def test_other_accounts_are_not_told_of(tmp_path: Path) -> None:
    bill = {"amount_minor": 100, "issued_on": date(2026, 1, 1), "due_on": date(2026, 1, 20)}
    lake = lake_of(tmp_path, bills=[bill | {"account_no": n, "bill_id": f"B{n}"} for n in (1, 2)])
    assert open_debits(lake, 0, DAY, pa.array([2], pa.int64()))["account_no"].to_pylist() == [2]
    assert open_debits(lake, 0, DAY, pa.array([], pa.int64())).num_rows == 0


@pytest.mark.parametrize("day", GOLDEN)
def test_the_golden_accounts_have_the_arrears_that_the_contract_says(
    shared: Path, tmp_path: Path, day: date
) -> None:
    golden = shared / "contract" / "golden"
    assert run(["init", str(tmp_path / "ws")]) == 0
    assert run(["ingest", str(tmp_path / "ws"), str(golden / "export")]) == 0
    lake = Lake.open(tmp_path / "ws" / "lake")
    accounts = pa.concat_tables([pq.read_table(part, partitioning=None)
                                 for part in lake.parts("accounts")])  # fmt: skip
    ids = dict(zip(accounts["account_no"].to_pylist(), accounts["account_id"].to_pylist(),
                   strict=True))  # fmt: skip
    found = open_debits(lake, 0, day, pa.array(list(ids), pa.int64()))
    late = found.filter(pc.less(found["due_on"], day))
    with (golden / f"expected-{day}.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            mine = [r["unpaid_minor"] for r in late.to_pylist()
                    if ids[r["account_no"]] == row["account_id"]]  # fmt: skip
            assert sum(mine) == round(float(row["arrears"]) * 100), row["account_id"]

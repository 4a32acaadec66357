"""The twin's export is what the contract says, to the letter."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tideover.rehearsal.twin import Plan, make_twin, write_twin
from tideover.rehearsal.twin.place import PENNSYLVANIA
from tideover.terms.faults import Usage
from tideover.terms.money import minor
from tideover.terms.tables import CARRIED, TABLES

Read = Callable[[str], list[dict[str, str]]]
WRITTEN = sorted(TABLES.keys() - {CARRIED.name})
PATTERNS = {
    "date": r"\d{4}-\d\d-\d\d",
    "datetime": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d",
    "money": r"-?\d+\.\d\d",
    "number": r"-?\d+(\.\d+)?",
    "integer": r"\d+",
    "boolean": "true|false",
    "string": ".+",
}


@pytest.mark.parametrize("name", WRITTEN)
def test_every_value_is_written_as_the_contract_says(name: str, read: Read) -> None:
    rows = read(name)
    assert rows
    for column in TABLES[name].columns:
        values = {row[column.name] for row in rows}
        filled = values - {""}
        assert not column.required or "" not in values, column.name
        assert not column.one_of or filled <= set(column.one_of), column.name
        wrong = [v for v in filled if not re.fullmatch(PATTERNS[column.kind], v)]
        assert wrong == [], column.name
        if column.minimum is not None:
            assert all(Decimal(v) >= column.minimum for v in filled), column.name


@pytest.mark.parametrize("name", WRITTEN)
def test_keys_are_unique_and_owners_exist(name: str, read: Read) -> None:
    rows = read(name)
    keys = [tuple(row[column] for column in TABLES[name].key) for row in rows]
    assert len(set(keys)) == len(keys)
    for owner in ("account_id", "customer_id"):
        if TABLES[name].has(owner):
            there = {row[owner] for row in read(owner.replace("_id", "s"))} | {""}
            assert {row[owner] for row in rows} <= there


def test_the_declaration_states_rows_and_exact_sums(small_twin: Path, read: Read) -> None:
    said = json.loads((small_twin / "export.json").read_text())
    assert (said["kind"], said["exported_at"]) == ("full", "2026-06-30T23:59:59+02:00")
    assert sorted(said["tables"]) == WRITTEN
    for name, stated in said["tables"].items():
        rows = read(name)
        assert stated["rows"] == len(rows)
        if "amount" in stated:
            total = sum(minor(row["amount"], "EUR") for row in rows)
            assert minor(stated["amount"], "EUR") == total


def test_nothing_is_dated_after_the_last_day(read: Read) -> None:
    last = "2026-06-30"
    happened = {"bills": "issued_on", "payments": "received_at", "adjustments": "posted_on",
                "contacts": "occurred_at", "promises": "made_at", "arrangements": "agreed_on",
                "service_steps": "occurred_on", "circumstances": "starts_on",
                "accounts": "opened_on"}  # fmt: skip
    for name, column in happened.items():
        assert max(row[column] for row in read(name))[:10] <= last, name
    for name, column in (("payments", "reversed_on"), ("accounts", "closed_on")):
        assert max(row[column] for row in read(name)) <= last, name


def test_a_payment_by_link_names_a_contact_of_its_account(read: Read) -> None:
    contacts = {row["contact_id"]: row for row in read("contacts")}
    linked = [row for row in read("payments") if row["contact_id"]]
    assert linked
    for payment in linked:
        reminder = contacts[payment["contact_id"]]
        assert reminder["account_id"] == payment["account_id"]
        assert reminder["purpose"] == "reminder"
        assert reminder["occurred_at"] < payment["received_at"]


def test_a_bill_starts_the_day_after_the_one_before(read: Read) -> None:
    by_account: dict[str, list[dict[str, str]]] = {}
    for bill in read("bills"):
        by_account.setdefault(bill["account_id"], []).append(bill)
    for bills in by_account.values():
        bills.sort(key=lambda bill: bill["issued_on"])
        for one, after in pairwise(bills):
            gap = date.fromisoformat(after["period_start"]) - date.fromisoformat(one["period_end"])
            assert gap.days == 1


def test_nobody_lives_at_the_addresses(read: Read) -> None:
    nobody = r"c\d{9}@example\.org|\+999\d{9}|1 Sample Street, \d{9} Sampletown"
    assert all(re.fullmatch(nobody, row["address"]) for row in read("contact_points"))
    assert all(re.fullmatch(r"Customer \d{9}", row["name"]) for row in read("customers"))


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.*")}


def test_the_same_seed_makes_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    for name, seed in (("one", 1), ("again", 1), ("other", 2)):
        make_twin(tmp_path / name, accounts=300, days=200, seed=seed)
    one, again, other = (bytes_of(tmp_path / name) for name in ("one", "again", "other"))
    assert one == again
    assert one["bills.csv"] != other["bills.csv"]


def test_parquet_holds_the_same_rows_as_csv(tmp_path: Path) -> None:
    reports = [write_twin(tmp_path / form, Plan(300, 200, 1, form=form))
               for form in ("csv", "parquet")]  # fmt: skip
    assert reports[0].rows == reports[1].rows
    assert reports[0].amounts == reports[1].amounts
    bills: Any = pq.read_table(tmp_path / "parquet/bills")
    text = (tmp_path / "csv/bills.csv").read_text().splitlines()
    first = bills.slice(0, 1).to_pylist()[0].values()
    assert ",".join(str(value) for value in first) == text[1]


def test_a_pennsylvanian_twin_pays_in_dollars_on_its_own_clock(tmp_path: Path) -> None:
    report = write_twin(tmp_path / "x", Plan(200, 100, 1, place=PENNSYLVANIA))
    assert report.last_day == date(2026, 6, 30)
    account = (tmp_path / "x/accounts.csv").read_text().splitlines()[1]
    assert ",US-PA,America/New_York,USD," in account
    assert '"exported_at": "2026-06-30T23:59:59-04:00"' in (tmp_path / "x/export.json").read_text()


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "bills.csv").write_text("mine")
    with pytest.raises(Usage, match="not empty"):
        make_twin(tmp_path, accounts=10, days=100, seed=1)
    assert [path.name for path in tmp_path.iterdir()] == ["bills.csv"]


@pytest.mark.parametrize(("accounts", "days", "seed"), [(0, 100, 1), (10, 0, 1), (10, 100, -1)])
def test_what_cannot_be_is_refused(accounts: int, days: int, seed: int, tmp_path: Path) -> None:
    with pytest.raises(Usage):
        make_twin(tmp_path / "x", accounts=accounts, days=days, seed=seed)
    assert not (tmp_path / "x").exists()


def test_a_single_account_and_a_single_day_are_a_utility_too(tmp_path: Path) -> None:
    assert make_twin(tmp_path / "x", accounts=1, days=1, seed=1).rows["accounts"] == 1

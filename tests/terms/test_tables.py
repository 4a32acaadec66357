"""The canonical tables are the contract's, column for column."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tideover.terms.tables import CARRIED, REQUIRED, TABLES, Column, Table

OURS = [table for table in TABLES.values() if table is not CARRIED]


def as_contract(column: Column, table: Table) -> dict[str, Any]:
    """Return a column as `datapackage.json` would say it."""
    stated: dict[str, Any] = {"name": column.name}
    stated["type"] = "number" if column.kind == "money" else column.kind
    constraints: dict[str, Any] = {}
    if column.required:
        constraints["required"] = True
    if table.key == (column.name,):
        constraints["unique"] = True
    if column.one_of:
        constraints["enum"] = list(column.one_of)
    if column.minimum is not None:
        constraints["minimum"] = column.minimum
    return {**stated, "constraints": constraints} if constraints else stated


@pytest.fixture(scope="session")
def contract(shared: Path) -> dict[str, Any]:
    """Return the contract's tables by name."""
    package = json.loads((shared / "contract/datapackage.json").read_text(encoding="utf-8"))
    return {resource["name"]: resource["schema"] for resource in package["resources"]}


def test_the_tables_are_the_contracts(contract: dict[str, Any]) -> None:
    assert [table.name for table in OURS] == list(contract)
    assert [table.name for table in OURS[:4]] == list(REQUIRED)


@pytest.mark.parametrize("table", OURS, ids=lambda table: table.name)
def test_every_column_is_the_contracts(table: Table, contract: dict[str, Any]) -> None:
    schema = contract[table.name]
    fields = [{k: v for k, v in field.items() if k != "description"} for field in schema["fields"]]
    assert [as_contract(column, table) for column in table.columns] == fields
    assert list(table.key) == schema["primaryKey"]


def test_who_a_row_belongs_to_decides_its_bucket() -> None:
    owners = {name: TABLES[name].owner for name in ("bills", "circumstances", "holidays")}
    assert owners == {"bills": "account_id", "circumstances": "customer_id", "holidays": ""}


def test_names_and_addresses_never_reach_the_lake() -> None:
    identity = {(t.name, c.name) for t in OURS for c in t.columns if c.identity}
    assert {("customers", "name"), ("customers", "birth_date"), ("accounts", "postcode"),
            ("contact_points", "address"), ("contacts", "text")} == identity  # fmt: skip

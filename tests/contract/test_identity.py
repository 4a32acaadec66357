"""Who people are and what they wrote lies in the vault, and in no byte of the lake."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.contract.conftest import Desk, Row, account, customer, text, write

SECRETS = {
    "name": "Wilhelmina Zwaluwenburg", "birth_date": "1951-07-23", "postcode": "9999QX",
    "address": "zwaluw@mail.invalid", "text": "I lost my job and my son is ill",
}  # fmt: skip
POINT = {"contact_point_id": "K1", "customer_id": "C1", "channel": "email", "consent": "granted",
         "address": SECRETS["address"]}  # fmt: skip
CONTACT = {"contact_id": "T1", "account_id": "A1", "channel": "email", "direction": "inbound",
           "occurred_at": "2026-02-01T12:00:00+01:00", "purpose": "service",
           "text": SECRETS["text"]}  # fmt: skip


@pytest.fixture
def loaded(desk: Desk) -> Desk:
    """Return a workspace with one person's identity in every column that has it; some rows bad."""
    person = {"name": SECRETS["name"], "birth_date": SECRETS["birth_date"]}
    people = [customer("C1", **person), customer("C2", **person) | {"segment": "odd"}]
    homes = [account("A1", postcode=SECRETS["postcode"]),
             account("A2", postcode=SECRETS["postcode"], currency="XXX")]  # fmt: skip
    export = write(desk.folder(), customers=people, accounts=homes, bills=[], payments=[])
    said: dict[str, list[Row]] = {
        "contact_points": [POINT, POINT | {"contact_point_id": "K2", "channel": "fax"}],
        "contacts": [CONTACT, CONTACT | {"contact_id": "T2", "outcome": "odd"}],
    }
    for table, rows in said.items():
        columns = list(dict.fromkeys(name for row in rows for name in row))
        (export / f"{table}.csv").write_text(text(rows, columns), encoding="utf-8")
    done = desk.load(export)
    assert [found["quarantined"] for found in done.tables.values()] == [1, 1, 0, 0, 1, 1]
    return desk


def values(folder: Path) -> set[str]:
    """Return every value of every Parquet file below a folder, as text."""
    found: set[str] = set()
    for path in folder.rglob("*.parquet"):
        for column in pq.ParquetFile(path).read().columns:
            found.update(map(str, column.combine_chunks().to_pylist()))
    return found


def test_the_lake_has_no_identity_in_any_value_or_byte(loaded: Desk) -> None:
    lake = loaded.workspace / "lake"
    seen = "\n".join(values(lake))
    raw = b"".join(path.read_bytes() for path in lake.rglob("*") if path.is_file())
    for secret in SECRETS.values():
        assert secret not in seen
        assert secret.encode() not in raw


def test_the_lake_has_no_identity_column(loaded: Desk) -> None:
    names = {name for path in (loaded.workspace / "lake").rglob("*.parquet")
             for name in pq.read_schema(path).names}  # fmt: skip
    assert names
    assert not names & {"name", "birth_date", "address", "postcode", "text"}


def test_the_vault_has_the_identity_of_accepted_rows(loaded: Desk) -> None:
    vault = loaded.workspace / "vault"
    for table, columns in (("customers", ["name", "birth_date"]), ("accounts", ["postcode"]),
                           ("contact_points", ["address"]), ("contacts", ["text"])):  # fmt: skip
        rows = pa.concat_tables([pq.ParquetFile(path).read()
                                 for path in (vault / table).rglob("*.parquet")])  # fmt: skip
        for column in columns:
            assert [str(value) for value in rows[column].to_pylist()] == [SECRETS[column]]


def test_nothing_outside_the_vault_has_identity(loaded: Desk) -> None:
    for path in loaded.workspace.rglob("*"):
        if path.is_file() and "vault" not in path.relative_to(loaded.workspace).parts:
            held = path.read_bytes()
            assert not [name for name, secret in SECRETS.items() if secret.encode() in held], path

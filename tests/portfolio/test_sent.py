"""Contacts that carry the id of a decision are what became of it, on the same account only."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from tideover.portfolio.lake import Lake, Manifest, lake_schema, write_table
from tideover.portfolio.sent import DECIDED, SCHEMA, candidates, sent
from tideover.terms.tables import TABLES

AT = datetime(2026, 4, 1, 9, tzinfo=UTC)
FIRST, SECOND = f"D{'0' * 20}", f"D{'1' * 20}"


def decided(*rows: tuple[str, str]) -> pa.Table:
    schema = pa.schema([SCHEMA.field(name) for name in DECIDED])
    told = {"as_of": date(2026, 3, 31), "propensity": 0.25, "treatment": "reminder"}
    return pa.Table.from_pylist([told | {"decision_id": i, "account_id": a} for i, a in rows],
                                schema)  # fmt: skip


def lake_of(root: Path, *contacts: dict[str, Any]) -> Lake:
    rows = [{"channel": "email", "occurred_at": AT, "occurred_on": AT.date(),
             "outcome": "delivered"} | row for row in contacts]  # fmt: skip
    lake = Lake.open(root)
    write_table(lake.folder("contacts", 0) / "p.parquet",
                pa.Table.from_pylist(rows, lake_schema(TABLES["contacts"])))  # fmt: skip
    return lake.commit(Manifest(version=1, buckets=1, parts={"contacts": {"0": ["p.parquet"]}}))


def test_a_contact_with_the_id_of_a_decision_joins_it_with_its_probability(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, {"contact_id": FIRST, "account_id": "A1"},
                   {"contact_id": "M77", "account_id": "A2"})  # fmt: skip
    found = sent(candidates(lake), decided((FIRST, "A1"), (SECOND, "A2")))
    assert found.rows.to_pylist() == [{
        "decision_id": FIRST, "account_id": "A1", "as_of": date(2026, 3, 31), "contact_id": FIRST,
        "occurred_at": AT, "channel": "email", "outcome": "delivered", "propensity": 0.25,
        "treatment": "reminder",
    }]  # fmt: skip
    assert found.elsewhere.num_rows == 0


def test_a_contact_of_another_account_does_not_join_and_is_said_so(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, {"contact_id": FIRST, "account_id": "A2"})
    found = sent(candidates(lake), decided((FIRST, "A1")))
    assert found.rows.num_rows == 0
    assert found.elsewhere.to_pylist() == [{"contact_id": FIRST, "account_id": "A2"}]


def test_only_versions_that_stand_and_days_that_have_come_count(tmp_path: Path) -> None:
    lake = lake_of(
        tmp_path,
        {"contact_id": FIRST, "account_id": "A1", "known_until": date(2026, 4, 2)},
        {"contact_id": FIRST, "account_id": "A1", "outcome": "bounced"},
    )
    assert candidates(lake)["outcome"].to_pylist() == ["bounced"]
    assert candidates(lake, until=date(2026, 3, 31)).num_rows == 0


def test_a_lake_without_contacts_has_none(tmp_path: Path) -> None:
    assert sent(candidates(Lake.open(tmp_path)), decided((FIRST, "A1"))).rows.num_rows == 0

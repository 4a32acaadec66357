"""Where rows lie: orphans that heal, keys that move, days at the account's own place, the vault."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq

from tests.portfolio.intake.exports import Utility, account, bill, customer, payment
from tideover.portfolio.duck import DuckEngine
from tideover.portfolio.intake import check
from tideover.portfolio.lake import lake_schema, vault_schema
from tideover.terms.tables import TABLES

ZONES = ("Europe/Amsterdam", "America/New_York", "America/St_Johns", "Asia/Kolkata",
         "Pacific/Apia", "Pacific/Kiritimati", "Australia/Lord_Howe", "Africa/Casablanca",
         "America/Sao_Paulo", "Asia/Kathmandu", "Antarctica/Troll")  # fmt: skip


def test_an_orphan_heals_when_its_account_arrives(utility: Utility) -> None:
    utility.writes(bills=[bill(1), bill(2, account_id="A2")])
    utility.loads()
    assert utility.faults() == [("B2", "account_id", "A2")]
    utility.clears()
    utility.writes(customers=[customer(2)], accounts=[account(2)])
    report = utility.loads()
    assert (report.healed, "bills" in report.tables) == ({"bills": 1}, False)
    assert (utility.held(), utility.ids("bills")) == ([], ["B1", "B2"])


def test_orphans_of_orphans_heal_together(utility: Utility) -> None:
    utility.writes(accounts=[account(1), account(2)], bills=[bill(2, account_id="A2")])
    utility.loads()
    assert [row["key"] for row in utility.held()] == ["A2", "B2"]
    utility.clears()
    utility.writes(customers=[customer(2)])
    assert utility.loads().healed == {"accounts": 1, "bills": 1}


def test_an_orphan_whose_amount_is_wrong_too_stays(utility: Utility) -> None:
    utility.writes(bills=[bill(2, account_id="A2", amount="x")])
    utility.loads()
    utility.writes(customers=[customer(2)], accounts=[account(2)])
    utility.loads()
    assert utility.faults() == [("B2", "amount", "x")]
    assert [row["account_id"] for row in utility.doubts()] == ["A2"]


def test_a_held_row_leaves_when_its_key_is_accepted(utility: Utility) -> None:
    utility.writes(bills=[bill(1, amount="x"), bill(2, amount="y")])
    utility.loads()
    utility.writes(bills=[bill(1)])
    utility.loads()
    assert utility.faults() == [("B2", "amount", "y")]


def test_a_held_row_that_comes_again_is_held_once(utility: Utility) -> None:
    for text in ("x", "y"):
        utility.writes(bills=[bill(1, amount=text), bill(0, bill_id="", usage="1")])
        utility.loads()
    assert utility.faults() == [("B1", "amount", "y"), ("", "bill_id", "")]


def test_a_bill_that_moves_to_another_account_stands_there_alone(tmp_path: Path) -> None:
    utility = Utility(tmp_path, buckets=7)
    people = [customer(n) for n in range(9)], [account(n) for n in range(9)]
    utility.writes(customers=people[0], accounts=people[1], payments=[payment(1)],
                   bills=[bill(n, account_id=f"A{n}") for n in range(9)])  # fmt: skip
    utility.loads("2026-02-01")
    utility.writes(bills=[bill(n, account_id=f"A{(n + 1) % 9}") for n in range(9)])
    utility.loads("2026-02-05")
    assert {row["bill_id"]: row["account_id"] for row in utility.rows("bills")} == {
        f"B{n}": f"A{(n + 1) % 9}" for n in range(9)}  # fmt: skip
    assert len(utility.rows("bills")) == 9
    assert {row["known_from"] for row in utility.rows("bills")} == {date(2026, 2, 5)}


def test_the_day_of_a_payment_is_the_one_at_the_account(utility: Utility) -> None:
    start = datetime(2025, 1, 1, 0, 30, tzinfo=UTC)
    moments = [start + timedelta(hours=11 * n) for n in range(800)]
    paid = [payment(f"{zone}{n}", account_id=zone, received_at=moment.isoformat())
            for zone in ZONES for n, moment in enumerate(moments)]  # fmt: skip
    utility.writes(accounts=[account(1, account_id=zone, timezone=zone) for zone in ZONES],
                   payments=paid)  # fmt: skip
    utility.loads()
    rows = utility.rows("payments")
    assert len(rows) == len(ZONES) * 800
    assert [row for row in rows if row["received_on"] !=
            row["received_at"].astimezone(ZoneInfo(row["account_id"])).date()] == []  # fmt: skip


def test_a_corrected_timezone_corrects_the_days(utility: Utility) -> None:
    utility.writes(payments=[payment(1, received_at="2026-01-10T23:30:00+00:00")])
    utility.loads()
    assert utility.rows("payments")[0]["received_on"] == date(2026, 1, 11)
    utility.clears()
    utility.writes(accounts=[account(1, timezone="America/New_York")])
    utility.loads("2026-02-02")
    assert utility.rows("payments")[0]["received_on"] == date(2026, 1, 10)
    assert len(utility.rows("payments", standing=False)) == 1


def test_the_lake_holds_nothing_that_names_a_person(utility: Utility) -> None:
    marks = ("Xantippe", "1987-06-05", "9999ZZ", "x@example.org", "I lost my job")
    utility.writes(
        customers=[customer(1, name=marks[0], birth_date=marks[1])],
        accounts=[account(1, postcode=marks[2])],
        contact_points=[{"contact_point_id": "T1", "customer_id": "C1", "channel": "email",
                         "address": marks[3], "consent": "granted"}],
        contacts=[{"contact_id": "K1", "account_id": "A1", "channel": "email", "purpose": "reply",
                   "direction": "inbound", "occurred_at": "2026-01-01T10:00Z", "text": marks[4]}],
        bills=[bill(1), bill(2, amount=marks[0])],
    )  # fmt: skip
    utility.loads()
    parts = utility.workspace.lake.rglob("*.parquet")
    tables = [pq.read_table(part, partitioning=None) for part in parts]
    told = "".join(str(table.to_pylist()) for table in tables)
    told += "".join(p.read_text() for p in utility.workspace.lake.rglob("*.json"))
    assert len(tables) >= 6
    assert [mark for mark in (*marks, "datetime.date(1987, 6, 5)") if mark in told] == []
    kept = str([pq.read_table(p, partitioning=None).to_pylist()
                for p in utility.lake.vault.rglob("*.parquet")])  # fmt: skip
    assert [mark for mark in (*marks[2:], marks[0]) if mark not in kept] == []


def types(schema: pa.Schema) -> list[tuple[str, pa.DataType]]:
    """Return the columns of a schema, whether or not it says which are never null."""
    return [(field.name, field.type) for field in schema]


def test_parts_have_the_schema_of_the_lake(utility: Utility) -> None:
    utility.loads()
    for name in ("customers", "accounts", "bills", "payments"):
        for part in utility.lake.parts(name):
            assert types(pq.read_schema(part)) == types(lake_schema(TABLES[name]))
    for part in utility.lake.vault_parts("accounts"):
        assert types(pq.read_schema(part)) == types(vault_schema(TABLES["accounts"]))


def test_an_accounts_rows_lie_together_in_the_order_of_days(utility: Utility) -> None:
    bills = [bill(n, account_id=f"A{n % 2 + 1}", issued_on=f"2026-01-{28 - n:02}")
             for n in range(20)]  # fmt: skip
    people = [customer(1), customer(2)], [account(1), account(2)]
    utility.writes(customers=people[0], accounts=people[1], bills=bills)
    utility.loads()
    (part,) = utility.lake.parts("bills")
    order = [(row["account_no"], row["issued_on"]) for row in pq.read_table(part).to_pylist()]
    assert order == sorted(order)


def test_rows_lie_in_the_bucket_of_their_account(tmp_path: Path, engine: DuckEngine) -> None:
    utility = Utility(tmp_path, buckets=5)
    utility.writes(customers=[customer(n) for n in range(20)], payments=[payment(1)],
                   accounts=[account(n) for n in range(20)],
                   bills=[bill(n, account_id=f"A{n}") for n in range(20)])  # fmt: skip
    utility.loads()
    for table, owner in (("bills", "account_id"), ("customers", "customer_id")):
        for bucket in range(5):
            for part in utility.lake.parts(table, bucket):
                ids = pq.read_table(part, partitioning=None)[owner].to_pylist()
                hashes = [hashlib.md5(i.encode()).hexdigest() for i in ids]
                assert {int(text[:8], 16) % 5 for text in hashes} == {bucket}


def test_a_check_shows_what_would_happen_and_changes_nothing(utility: Utility) -> None:
    utility.writes(bills=[bill(1, colour="red"), bill(2, amount="x"), bill(3, account_id="A9")])
    seen = check(utility.workspace, utility.export)
    bills = seen.tables["bills"]
    assert (bills.accepted, bills.quarantined, bills.ignored) == (1, 2, ("colour",))
    assert [(column, n) for column, _, n in bills.faults] == [("account_id", 1), ("amount", 1)]
    assert "amount is no decimal" in str(seen)
    assert list(utility.workspace.root.rglob("*.parquet")) == []
    assert utility.lake.manifest.version == 0

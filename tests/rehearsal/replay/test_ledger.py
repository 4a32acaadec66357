"""Contacts of a rehearsal: the cap and the week's count, as the night has them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.portfolio import lake_rows as rows
from tideover.portfolio.lake import Lake, Manifest, lake_schema, write_table
from tideover.portfolio.reach import reach, siblings
from tideover.portfolio.reach.siblings import SIBLINGS
from tideover.portfolio.workspace import ContactSettings
from tideover.rehearsal.replay.ledger import CONTACTS, Ledger, proposed
from tideover.terms.tables import TABLES

DAY = date(2026, 3, 10)
CASES = pa.table({"account_no": pa.array([7, 3, 5], pa.int64()),
                  "contacts_7d": pa.array([0, 0, 0], pa.int32()),
                  "cap_contact_at": pa.array([None] * 3, CONTACTS.field("at").type)})  # fmt: skip


def at(days_ago: int, hour: int = 9) -> datetime:
    return datetime(2026, 3, 10, hour, tzinfo=UTC) - timedelta(days=days_ago)


def ledger(*contacts: tuple[int, datetime]) -> Ledger:
    nos, instants = [no for no, _ in contacts], [instant.isoformat() for _, instant in contacts]
    return Ledger(proposed(nos, instants))


def seen(book: Ledger, **said: Any) -> dict[int, tuple[int, datetime | None]]:
    table = book.shown(CASES, ContactSettings(), **({"as_of": DAY} | said))
    return {row["account_no"]: (row["contacts_7d"], row["cap_contact_at"])
            for row in table.to_pylist()}  # fmt: skip


def test_the_second_latest_contact_fills_a_cap_of_two() -> None:
    found = seen(ledger((3, at(6)), (3, at(2)), (3, at(4)), (5, at(1)), (9, at(1))))
    assert found == {7: (0, None), 3: (3, at(4)), 5: (1, None)}


def test_contacts_that_are_yet_to_come_count_when_they_are_asked_for() -> None:
    book = ledger((3, at(2)), (3, at(-1)))
    assert seen(book)[3] == (1, None)
    assert seen(book, through=DAY + timedelta(days=1))[3] == (2, at(2))


def test_older_contacts_count_no_more() -> None:
    assert seen(ledger((3, at(7)), (3, at(8))))[3] == (0, None)


@pytest.mark.parametrize("cap", [1, 2, 3])
def test_without_a_strategy_it_is_what_the_night_says(warm_engine: Any, cap: int) -> None:
    made = [(no, at(days, hour)) for no in (3, 5, 7) for days in range(no) for hour in (8, 17)]
    contacts = [{"account_no": no, "contact_id": f"K{n}", "direction": "outbound",
                 "channel": "sms", "occurred_at": instant, "occurred_on": instant.date()}
                for n, (no, instant) in enumerate(made)]  # fmt: skip
    rows.show(warm_engine, accounts=[rows.account(no) for no in (3, 5, 7)], contacts=contacts)
    warm_engine.at(DAY)
    night = {row["account_no"]: (row["contacts_7d"], row["cap_contact_at"])
             for row in warm_engine.arrow(reach_of(warm_engine, cap)).to_pylist()}  # fmt: skip
    table = ledger(*made).shown(CASES, ContactSettings(cap=cap), as_of=DAY)
    ours = {row["account_no"]: (row["contacts_7d"], row["cap_contact_at"])
            for row in table.to_pylist()}  # fmt: skip
    assert ours == night


def reach_of(engine: Any, cap: int) -> Any:
    """Return reach with a cap of its own; definitions keep the cap they were first made with."""
    for name in ("recent_contacts", "permissions", "holds_in_force"):
        engine._defined.discard(name)
        engine._frames.pop(name, None)
    engine.view_arrow("siblings", engine.arrow(siblings(engine)))
    return reach(engine, cap=cap)


def sharing(**whose: int) -> pa.Table:
    """Return accounts, each after the first letter of its customer's name, in their order."""
    told = [
        {
            "account_no": no,
            "account_id": name,
            "customer_id": name[0],
            "customer_contacts_7d": 0,
            "customer_contacts_cap": 0,
        }
        for name, no in whose.items()
    ]
    return pa.Table.from_pylist(told, SIBLINGS).sort_by("account_no")  # fmt: skip


def test_the_cap_is_a_customers_whichever_accounts_were_written_to() -> None:
    book = ledger((3, at(2)), (9, at(1)), (7, at(3))).over(sharing(A3=3, A9=9, A5=5))
    assert seen(book) == {7: (1, None), 3: (2, at(2)), 5: (2, at(2))}
    told = book.shared(ContactSettings(), as_of=DAY)
    assert told["customer_contacts_cap"].to_pylist() == [2, 2, 2]


def test_a_ledger_knows_which_row_would_have_made_a_contact() -> None:
    by = pa.table({"strategy": ["nl 1"], "rule": ["first_reminder"]})
    book = ledger((3, at(1))).plus(proposed([5], [at(0).isoformat()], by=by))
    assert book.contacts["rule"].to_pylist() == [None, "first_reminder"]


def test_contacts_of_the_night_make_way_for_those_of_the_strategies(tmp_path: Path) -> None:
    own, campaign = "D" + "a" * 20, "D" + "b" * 20
    stated = {"K1": at(1), own: at(1, 10), campaign: at(1, 11), "D" + "c" * 20: at(5)}
    told = [{"account_no": 3, "contact_id": id_, "direction": "outbound", "occurred_at": instant,
             "occurred_on": instant.date()} for id_, instant in stated.items()]  # fmt: skip
    lake = Lake(tmp_path, Manifest(version=1, buckets=1, parts={"contacts": {"0": ["p.parquet"]}}))
    write_table(lake.folder("contacts", 0) / "p.parquet",
                pa.Table.from_pylist(told, lake_schema(TABLES["contacts"])))  # fmt: skip
    kept = Ledger.of(lake, DAY - timedelta(days=7), DAY, own_since=DAY - timedelta(days=3),
                     others=[campaign])  # fmt: skip
    assert kept.contacts["at"].to_pylist() == [at(1), at(1, 11), at(5)]
    assert Ledger.of(lake, DAY - timedelta(days=7), DAY).contacts.num_rows == 4

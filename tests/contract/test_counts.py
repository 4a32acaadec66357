"""Accepted and quarantined make up what was read; which row wins; which column is at fault.

That the counts add up is asserted in `Desk.load`, of every table and every load of this folder.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from tests.contract.conftest import Desk, Row, account, bill, customer, payment, text, write

FAULTS: list[Callable[[int], Row]] = [
    lambda n: bill(f"B{n}"), lambda n: bill(f"B{n}", amount="x"),
    lambda n: bill(""), lambda n: bill(f"B{n}", account_id="NOPE"),
    lambda n: bill(f"B{n}", due_on=""), lambda n: bill("SAME", amount=str(n)),
    lambda n: bill(f"B{n}", kind="Regular"),
]  # fmt: skip


def test_whatever_is_read_is_accepted_or_quarantined(desk: Desk) -> None:
    draw, held = Random(7), 0
    assert desk.whole().code == 0
    for load in range(3):
        rows = [draw.choice(FAULTS)(100 * load + n) for n in range(60)]
        done = desk.delta(bills=rows)
        bad = sum(not row["bill_id"] or row["amount"] == "x" or row["account_id"] == "NOPE"
                  or not row["due_on"] or row["kind"] == "Regular" for row in rows)  # fmt: skip
        assert done.counts("bills") == (60, 60 - bad, bad, 0)
        held += bad
    keys = [row["key"] for row in desk.rows("quarantine") if row["key"]]
    assert len(keys) == len(set(keys)) <= held


def test_unchanged_rows_count_as_accepted(settled: Desk) -> None:
    done = settled.delta(bills=[bill("B1", amount="10.0"), bill("B2")])
    assert done.counts("bills") == (2, 2, 0, 1)
    assert len(settled.versions("bills")) == 2


def test_the_last_of_rows_with_one_key_wins_and_all_are_accepted(desk: Desk) -> None:
    rows = [bill("B1", amount=f"{n}.00") for n in (5, 9, 7)]
    assert desk.whole(bills=[rows[0], bill("B2"), *rows[1:]]).counts("bills") == (4, 4, 0, 0)
    assert desk.amounts() == {"B1": 700, "B2": 1000}


def test_among_parts_the_last_in_the_order_of_names_wins(desk: Desk) -> None:
    export = write(desk.folder(), customers=[customer("C1")], accounts=[account("A1")], payments=[])
    (export / "bills").mkdir()
    for part, amount in (("part-2", "2.00"), ("part-1", "1.00"), ("part-0", "3.00")):
        cells = text([bill("B1", amount=amount)], list(bill("B1")))
        (export / "bills" / f"{part}.csv").write_text(cells, encoding="utf-8")
    assert desk.load(export).counts("bills") == (3, 3, 0, 0)
    assert desk.amounts() == {"B1": 200}


BAD_BILL = bill("B1", account_id="", issued_on="x", due_on="x", amount="x", kind="x",
                period_start="x", usage="x")  # fmt: skip
IN_ORDER = ["account_id", "issued_on", "due_on", "amount", "kind", "period_start", "usage"]


def test_an_entry_names_the_first_faulty_column_of_the_contract(desk: Desk) -> None:
    sound = bill("B1", period_start="", usage="")
    rows = [BAD_BILL | {c: sound[c] for c in IN_ORDER[:n]} | {"bill_id": f"B{n}"}
            for n in range(len(IN_ORDER))]  # fmt: skip
    columns = [*reversed(IN_ORDER), "bill_id"]
    export = write(desk.folder(), customers=[customer("C1")], accounts=[account("A1")], payments=[])
    (export / "bills.csv").write_text(text(rows, columns), encoding="utf-8")
    assert desk.load(export).counts("bills") == (7, 0, 7, 0)
    assert desk.held() == {f"B{n}": (c, BAD_BILL[c]) for n, c in enumerate(IN_ORDER)}


def test_a_missing_primary_key_is_a_fault_of_that_column(desk: Desk) -> None:
    done = desk.whole(customers=[customer("C1"), customer("")],
                      accounts=[account("A1"), account("")], payments=[payment("")],
                      bills=[bill(""), bill("", amount="ten")])  # fmt: skip
    assert [found["quarantined"] for found in done.tables.values()] == [1, 1, 2, 1]
    columns = sorted(row["column"] for row in desk.rows("quarantine"))
    assert columns == ["account_id", "bill_id", "bill_id", "customer_id", "payment_id"]


@pytest.mark.parametrize("column", ["subject", "subject_id", "name", "starts_on"])
def test_any_part_of_a_longer_key_may_be_missing(desk: Desk, column: str) -> None:
    fact = {"subject": "account", "subject_id": "A1", "name": "pets", "value": "2",
            "starts_on": "2026-01-01"}  # fmt: skip
    export = write(desk.folder(), customers=[customer("C1")], accounts=[account("A1")], bills=[],
                   payments=[])  # fmt: skip
    (export / "facts.csv").write_text(text([fact, fact | {column: ""}], list(fact)), "utf-8")
    assert desk.load(export).counts("facts") == (2, 1, 1, 0)
    assert [row["column"] for row in desk.rows("quarantine")] == [column]


def test_a_faulty_row_leaves_the_sound_version_standing(settled: Desk) -> None:
    assert settled.delta(bills=[bill("B1", amount="ten")]).counts("bills") == (1, 0, 1, 0)
    assert settled.amounts() == {"B1": 1000}
    assert settled.held() == {"B1": ("amount", "ten")}


def test_a_row_leaves_quarantine_when_its_key_is_accepted_later(desk: Desk) -> None:
    assert desk.whole(bills=[bill("B1", amount="ten"), bill("B2", amount="two")]).code == 0
    assert desk.delta(bills=[bill("B1", amount="10.00")]).counts("bills") == (1, 1, 0, 0)
    assert desk.held() == {"B2": ("amount", "two")}


def test_a_row_that_fails_twice_has_one_entry_the_latest(desk: Desk) -> None:
    assert desk.whole(bills=[bill("B1", amount="ten")]).code == 0
    assert desk.delta(bills=[bill("B1", kind="odd")]).counts("bills") == (1, 0, 1, 0)
    assert [row["value"] for row in desk.rows("quarantine")] == ["odd"]

"""Rows that refer to what is missing: they wait, heal by themselves, and nobody is chased."""

from __future__ import annotations

from tests.contract.conftest import DAY, Desk, account, adjustment, bill, customer, payment
from tideover.doors.cli import run


def test_an_orphan_heals_when_a_later_load_brings_its_account(settled: Desk) -> None:
    late = bill("B2", account_id="A2", amount="5.00")
    assert settled.delta(bills=[late]).counts("bills") == (1, 0, 1, 0)
    assert settled.held() == {"B2": ("account_id", "A2")}
    assert settled.delta(accounts=[account("A2")]).counts("accounts") == (1, 1, 0, 0)
    assert settled.held() == {}
    assert settled.amounts() == {"B1": 1000, "B2": 500}


def test_a_chain_of_orphans_heals_at_once(settled: Desk) -> None:
    assert settled.delta(bills=[bill("B2", account_id="A2")]).code == 0
    assert settled.delta(accounts=[account("A2", customer_id="C2")]).code == 0
    held = {"A2": ("customer_id", "C2"), "B2": ("account_id", "A2")}
    assert settled.held() == held
    assert settled.delta(customers=[customer("C2")]).code == 0
    assert settled.held() == {}
    assert settled.amounts() == {"B1": 1000, "B2": 1000}


def test_every_checked_reference_is_checked_and_heals(desk: Desk) -> None:
    done = desk.whole(customers=[], accounts=[account("A1")], bills=[bill("B1")],
                      payments=[payment("P1")], adjustments=[adjustment("J1")])  # fmt: skip
    assert [found["quarantined"] for found in done.tables.values()] == [0, 1, 1, 1, 1]
    assert desk.delta(customers=[customer("C1")]).code == 0
    assert desk.held() == {}
    assert [desk.amounts(t) for t in ("payments", "adjustments")] == [{"P1": 100}, {"J1": 100}]


def test_parents_may_come_in_any_file_of_the_same_load(desk: Desk) -> None:
    done = desk.whole(customers=[customer("C9"), customer("C1")],
                      accounts=[account("A2", customer_id="C9"), account("A1")],
                      bills=[bill("B1", account_id="A2")])  # fmt: skip
    assert sum(found["quarantined"] for found in done.tables.values()) == 0


def test_an_orphan_with_another_fault_stays_and_names_that(settled: Desk) -> None:
    assert settled.delta(bills=[bill("B2", account_id="A2", amount="1.005")]).code == 0
    assert settled.held() == {"B2": ("account_id", "A2")}
    assert settled.delta(accounts=[account("A2")]).code == 0
    assert settled.held() == {"B2": ("amount", "1.005")}


def test_an_orphan_leaves_when_its_key_is_accepted_for_another_account(settled: Desk) -> None:
    assert settled.delta(bills=[bill("B2", account_id="A2", amount="5.00")]).code == 0
    assert settled.delta(bills=[bill("B2", amount="6.00")]).counts("bills") == (1, 1, 0, 0)
    assert settled.held() == {}


def test_an_orphan_that_heals_does_not_undo_a_later_row_of_its_key(settled: Desk) -> None:
    assert settled.delta(bills=[bill("B2", account_id="A2", amount="5.00")]).code == 0
    assert settled.delta(bills=[bill("B2", amount="6.00")]).code == 0
    assert settled.delta(accounts=[account("A2")]).code == 0
    assert settled.amounts() == {"B1": 1000, "B2": 600}


def test_a_newer_orphan_takes_the_place_of_an_older_one(settled: Desk) -> None:
    for amount in ("5.00", "6.00"):
        late = bill("B2", account_id="A2", amount=amount)
        assert settled.delta(bills=[late]).counts("bills") == (1, 0, 1, 0)
    assert len(settled.rows("quarantine")) == 1
    assert settled.delta(accounts=[account("A2")]).code == 0
    assert settled.amounts() == {"B1": 1000, "B2": 600}


def test_a_row_that_comes_with_its_account_beats_the_orphan(settled: Desk) -> None:
    assert settled.delta(bills=[bill("B2", account_id="A2", amount="5.00")]).code == 0
    done = settled.delta(accounts=[account("A2")],
                         bills=[bill("B2", account_id="A2", amount="6.00")])  # fmt: skip
    assert done.counts("bills") == (1, 1, 0, 0)
    assert settled.amounts()["B2"] == 600
    assert settled.held() == {}


def test_ids_are_matched_byte_by_byte(desk: Desk) -> None:
    ids = ["A1", "a1", "A1 ", "A\u200b1", "A1\u200f", "\u0410" + "1", "e\u0301", "\u00e9", "01",
           "1", "NULL", "nan", "A,1", 'A"1', "\U0001f600"]  # fmt: skip
    bills = [bill(f"B{n}", account_id=key, amount=f"{n + 1}.00") for n, key in enumerate(ids)]
    done = desk.whole(accounts=[account(key) for key in ids[:-4]], bills=bills)
    assert done.counts("bills") == (15, 11, 4, 0)
    assert [value for _, value in desk.held().values()] == ids[-4:]
    assert desk.delta(accounts=[account(key) for key in ids[-4:]]).code == 0
    bills_of = {row["account_id"]: row["amount_minor"] for row in desk.standing("bills").values()}
    assert bills_of == {key: 100 * (n + 1) for n, key in enumerate(ids)}


def test_a_payment_may_come_before_its_bill(desk: Desk) -> None:
    assert desk.whole(payments=[payment("P1")]).counts("payments") == (1, 1, 0, 0)
    assert desk.owed() == {"A1": "-1.00"}
    assert desk.delta(bills=[bill("B1")]).code == 0
    assert desk.owed() == {"A1": "9.00"}


def test_an_account_in_doubt_is_shown_and_nobody_is_chased(desk: Desk) -> None:
    accounts = [account(f"A{n}") for n in range(1, 6)]
    bills = [bill(f"B{n}", account_id=f"A{n}", amount="500.00") for n in range(1, 6)]
    doubt = {"A1": "bills", "A2": "payments", "A3": "adjustments"}
    desk.whole(accounts=accounts, bills=[*bills, bill("X1", amount="50.")],
               payments=[payment("X2", account_id="A2", status="maybe")],
               adjustments=[adjustment("X3", account_id="A3", posted_on="")])  # fmt: skip
    assert run(["night", str(desk.workspace), "--as-of", DAY]) == 0
    rows = {row["account_id"]: row for row in desk.rows("decisions", "--as-of", DAY)}
    assert set(rows) == {f"A{n}" for n in range(1, 6)}
    for key, row in rows.items():
        assert ("doubt" in row["reasons"] + row["blocked_by"]) == (key in doubt)
        if key in doubt:
            assert (row["arm"], row["channel"], row["tone"], row["send_at"], row["offer"]) == (
                "none", "", "", "", "none")  # fmt: skip
            assert row["arrears"] == "500.00"

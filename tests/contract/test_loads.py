"""What one load does after another: upserts, no-ops, withdrawals, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest

from tests.contract.conftest import DAY, Desk, Row, account, adjustment, bill, payment, write

FOUR = [bill(f"B{n}", amount=f"{n}.00") for n in range(1, 5)]


def test_the_later_load_wins_whole_rows(desk: Desk) -> None:
    first = [bill("B1", period_start="2025-12-01", usage="12.5", usage_unit="kWh"), bill("B2")]
    assert desk.whole(bills=first).code == 0
    done = desk.delta(bills=[bill("B1", amount="99.99")])
    assert done.counts("bills") == (1, 1, 0, 0)
    assert desk.amounts() == {"B1": 9999, "B2": 1000}
    row = desk.standing("bills")["B1"]
    assert (row["period_start"], row["usage"], row["usage_unit"]) == (None, None, None)


def test_a_delta_without_rows_changes_nothing(settled: Desk) -> None:
    before = {table: settled.versions(table) for table in ("accounts", "bills", "payments")}
    assert settled.delta(bills=[], said={"kind": "delta"}).code == 0
    assert settled.delta(said={"kind": "delta"}).code == 0
    assert {table: settled.versions(table) for table in before} == before


def test_a_reversal_that_comes_later_counts_from_its_day(settled: Desk) -> None:
    back = payment("P1", status="reversed", reversed_on="2026-02-10")
    assert settled.delta(payments=[back]).code == 0
    assert settled.owed("2026-02-09") == {"A1": "9.00"}
    assert settled.owed("2026-02-10") == {"A1": "10.00"}


def test_the_same_files_again_change_no_byte(settled: Desk) -> None:
    before = settled.state()
    assert settled.load(settled.root / "export-1").code == 0
    assert settled.state() == before


def test_yesterdays_file_again_does_not_undo_what_came_since(settled: Desk) -> None:
    assert settled.delta(bills=[bill("B1", amount="20.00")]).code == 0
    assert settled.load(settled.root / "export-1").code == 0
    assert settled.amounts() == {"B1": 2000}


def test_every_version_of_a_row_is_kept_with_its_load_time(desk: Desk) -> None:
    said = {"kind": "full", "exported_at": f"{DAY}T08:00:00Z"}
    assert desk.whole(said=said, bills=[bill("B1")]).code == 0
    for hour, amount in (("09", "20.00"), ("10", "30.00")):
        said = {"kind": "delta", "exported_at": f"{DAY}T{hour}:00:00Z"}
        assert desk.delta(said=said, bills=[bill("B1", amount=amount)]).code == 0
    versions = sorted(desk.versions("bills"), key=lambda row: row["load_no"])
    assert [row["amount_minor"] for row in versions] == [1000, 2000, 3000]
    assert [row["until_load_no"] for row in versions][-1] is None
    assert [row["known_from"] for row in versions][1:] == [date(2026, 3, 31)] * 2


def test_a_declared_full_load_withdraws_what_is_absent(desk: Desk) -> None:
    assert desk.whole(bills=FOUR).code == 0
    assert desk.whole(bills=FOUR[:3], said={"kind": "full"}).code == 0
    assert desk.amounts() == {"B1": 100, "B2": 200, "B3": 300}
    assert {row["bill_id"] for row in desk.versions("bills")} == {"B1", "B2", "B3", "B4"}


def test_a_withdrawn_row_may_come_back(desk: Desk) -> None:
    assert desk.whole(bills=FOUR).code == 0
    assert desk.whole(bills=FOUR[:3], said={"kind": "full"}).code == 0
    assert desk.delta(bills=FOUR[3:]).counts("bills") == (1, 1, 0, 0)
    assert desk.amounts()["B4"] == 400


def test_a_load_that_declares_nothing_withdraws_nothing(desk: Desk) -> None:
    assert desk.whole(bills=FOUR).code == 0
    assert desk.whole(bills=[bill("B5")]).code == 0
    assert set(desk.amounts()) == {"B1", "B2", "B3", "B4", "B5"}


@pytest.mark.parametrize("amount", [
    "11.00", "10.00",
])  # fmt: skip
def test_rows_whose_account_a_full_load_withdraws_are_orphans(desk: Desk, amount: str) -> None:
    accounts = [account(f"A{n}") for n in range(1, 5)]
    bills = [bill(f"B{n}", account_id=f"A{n}") for n in range(1, 5)]
    assert desk.whole(accounts=accounts, bills=bills).code == 0
    bills[0] = bill("B1", amount=amount)
    done = desk.whole(accounts=accounts[:3], bills=bills, said={"kind": "full"})
    assert done.counts("bills")[:3] == (4, 3, 1)
    assert desk.held() == {"B4": ("account_id", "A4")}


def test_an_older_export_is_refused_by_its_instant(settled: Desk) -> None:
    said: Row = {"kind": "delta", "exported_at": f"{DAY}T23:00:00+02:00"}
    assert settled.delta(said=said, bills=[bill("B2")]).code == 0
    older = said | {"exported_at": f"{DAY}T20:59:59Z"}
    settled.refuses(write(settled.folder(), said=older, bills=[bill("B3")]))
    later = said | {"exported_at": f"{DAY}T22:00:00Z"}
    assert settled.delta(said=later, bills=[bill("B3")]).code == 0


UNLIKE: list[Row] = [
    {"bills": {"rows": 3, "amount": "30.50"}}, {"bills": {"rows": 2, "amount": "30.51"}},
    {"bills": {"amount": "30.49"}}, {"payments": {"rows": 1}}, {"customers": {"rows": 2}},
    {"adjustments": {"rows": 1, "amount": "-5.00"}},
]  # fmt: skip


def test_totals_unlike_those_declared_refuse_the_load(settled: Desk) -> None:
    bills = [bill("B2", amount="20.25"), bill("B3", amount="10.25")]
    for totals in UNLIKE:
        said = {"kind": "delta", "tables": totals}
        refusal = settled.refuses(write(settled.folder(), said=said, bills=bills))
        assert next(iter(totals)) in refusal


def test_totals_as_declared_let_the_load_in(settled: Desk) -> None:
    totals = {"bills": {"rows": 2, "amount": "30.5"}, "payments": {"rows": 0, "amount": "0.00"},
              "adjustments": {"rows": 2, "amount": "-4.00"}}  # fmt: skip
    bills = [bill("B2", amount="20.25"), bill("B3", amount="10.25")]
    moves = [adjustment("J1"), adjustment("J2", amount="-5.00")]
    said = {"kind": "delta", "tables": totals}
    assert settled.delta(said=said, bills=bills, adjustments=moves).code == 0


def test_totals_count_rows_that_go_to_quarantine(settled: Desk) -> None:
    said = {"kind": "delta", "tables": {"bills": {"rows": 2}}}
    done = settled.delta(said=said, bills=[bill("B2"), bill("B3", due_on="soon")])
    assert done.counts("bills") == (2, 1, 1, 0)


UNKNOWN: list[Row] = [
    {"kind": "snapshot"}, {"kind": "FULL"}, {"kind": "delta", "exported_at": "yesterday"},
    {"kind": "delta", "exported_at": f"{DAY}T10:00:00"}, {"kind": 1},
    {"kind": "delta", "tables": []}, {"kind": "delta", "tables": {"bills": {"rows": "two"}}},
    {"kind": "delta", "tables": {"bills": {"amount": "NaN"}}},
]  # fmt: skip


def test_a_declaration_the_contract_does_not_know_is_refused(settled: Desk) -> None:
    for said in UNKNOWN:
        settled.refuses(write(settled.folder(), said=said, bills=[bill("B2")]))


def test_strict_refuses_any_quarantined_row(settled: Desk) -> None:
    export = write(settled.folder(), bills=[bill("B2"), bill("B3", amount="ten")])
    settled.refuses(export, "--strict")
    assert settled.load(export).counts("bills") == (2, 1, 1, 0)
    assert settled.delta("--strict", bills=[bill("B4")]).code == 0


TEN = [bill(f"B{n}", amount="10.00") for n in range(10)]


@pytest.mark.parametrize("bills", [
    TEN[:7], [], [bill(f"B{n}", amount="100.00") for n in range(10)],
], ids=["30 % fewer", "none", "ten times the money"])  # fmt: skip
def test_a_full_load_unlike_the_last_waits_for_a_person(desk: Desk, bills: list[Row]) -> None:
    accounts = [account(f"A{n}") for n in range(1, 3)]
    assert desk.whole(accounts=accounts, bills=TEN).code == 0
    tables = {"customers": [{"customer_id": "C1", "segment": "business"}], "payments": []}
    export = write(desk.folder(), said={"kind": "full"}, accounts=accounts, bills=bills, **tables)
    assert "--accept-drift" in desk.refuses(export)
    assert desk.load(export, "--accept-drift").code == 0
    assert set(desk.amounts()) == {row["bill_id"] for row in bills}


def test_a_full_load_a_little_unlike_the_last_passes(desk: Desk) -> None:
    assert desk.whole(bills=TEN).code == 0
    fewer = [bill(f"B{n}", amount="12.00") for n in range(8)]
    assert desk.whole(said={"kind": "full"}, bills=fewer).code == 0

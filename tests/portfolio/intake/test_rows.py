"""Rows that cannot be taken: held back with the first faulty column, never cast into something."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.portfolio.intake.exports import Utility, account, bill, customer, payment
from tideover.terms import money


def held_of(utility: Utility, **tables: Any) -> list[tuple[str, str, str]]:
    """Return what is held back when these tables are loaded."""
    utility.writes(**tables)
    utility.loads()
    return utility.faults()


@pytest.mark.parametrize(
    "amount",
    ["NaN", "inf", "-inf", "1e309", "1e5", "0x10", "1_000", "١٢", "(5.00)", "1" * 20, "1.005",
     "50.", ".5", "+5", " 5", "5 ", "1,50", "1.234,56", "1,234.56", "5€", "--5", "-0.01"],
)  # fmt: skip
def test_what_is_no_amount_is_held_back(utility: Utility, amount: str) -> None:
    assert held_of(utility, bills=[bill(1, amount=amount)]) == [("B1", "amount", amount)]


@pytest.mark.parametrize(
    ("currency", "amount", "minor"),
    [("EUR", "0", 0), ("EUR", "-0.00", 0), ("EUR", "5", 500), ("EUR", "5.1", 510), ("JPY", "7", 7),
     ("KWD", "1.005", 1005), ("USD", "999999999999999.99", 99999999999999999)],
)  # fmt: skip
def test_an_amount_is_whole_minor_units_of_its_currency(
    utility: Utility, currency: str, amount: str, minor: int
) -> None:
    utility.writes(accounts=[account(1, currency=currency)], payments=[payment(1, amount="1")])
    assert held_of(utility, bills=[bill(1, amount=amount)]) == []
    assert [row["amount_minor"] for row in utility.rows("bills")] == [minor]


def test_yen_have_no_decimals(utility: Utility) -> None:
    accounts = [account(1, currency="JPY")]
    held = held_of(utility, accounts=accounts, bills=[bill(1, amount="7.0")], payments=[])
    assert held == [("B1", "amount", "7.0")]


@pytest.mark.parametrize(
    "day",
    ["0001-01-01", "9999-12-31", "2026-02-30", "01/02/2026", "2026-13-01", "1899-12-31",
     "2200-01-01", "2026-1-1", "20260101", "2026-01-01 ", "2026-01-01T00:00:00", "infinity",
     "٢٠٢٦-٠١-٠١"],
)  # fmt: skip
def test_what_is_no_day_is_held_back(utility: Utility, day: str) -> None:
    assert held_of(utility, bills=[bill(1, due_on=day)]) == [("B1", "due_on", day)]


@pytest.mark.parametrize(
    "moment",
    ["2026-01-05T10:00:00", "2026-01-05", "2026-01-05T24:00:00Z", "2026-01-05T10:61:00Z",
     "2026-02-30T10:00:00Z", "2026-01-05T10:00:00+0100", "2026-01-05T10:00:00 Z",
     "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00", "2026-01-05T10:00:00+19:00"],
)  # fmt: skip
def test_what_is_no_time_with_an_offset_is_held_back(utility: Utility, moment: str) -> None:
    held = held_of(utility, payments=[payment(1, received_at=moment)])
    assert held == [("P1", "received_at", moment)]


@pytest.mark.parametrize(
    "moment", ["2026-01-05T10:00Z", "2026-01-05 10:00:00+01:00", "2026-01-05T10:00:00.123456-05:30"]
)
def test_a_time_may_have_other_forms_of_iso_8601(utility: Utility, moment: str) -> None:
    assert held_of(utility, payments=[payment(1, received_at=moment)]) == []


@pytest.mark.parametrize("currency", ["eur", "XXX", "EURO", "978"])
def test_an_unknown_currency_holds_the_account_back(utility: Utility, currency: str) -> None:
    held = held_of(utility, accounts=[account(1, currency=currency)])
    assert ("A1", "currency", currency) in held


@pytest.mark.parametrize(
    ("table", "said", "column"),
    [("accounts", {"timezone": "Mars/Base"}, "timezone"), ("accounts", {"timezone": "CET+1"}, "timezone"),
     ("accounts", {"autopay": "yes"}, "autopay"), ("accounts", {"currency": ""}, "currency"),
     ("customers", {"household_size": "2.5"}, "household_size"),
     ("customers", {"household_size": "-1"}, "household_size"),
     ("customers", {"customer_id": "x" * 201}, "customer_id"),
     ("customers", {"customer_id": "C\t1"}, "customer_id"),
     ("payments", {"status": "reversed"}, "reversed_on"),
     ("payments", {"method": "Card"}, "method"), ("bills", {"usage": "1e5"}, "usage")],
)  # fmt: skip
def test_a_column_means_what_the_contract_says(
    utility: Utility, table: str, said: dict[str, str], column: str
) -> None:
    row = {"customers": customer, "accounts": account, "bills": bill, "payments": payment}[table](2)
    held = held_of(utility, **{table: [row | {"account_id": "A1"} if table == "bills" else row,
                                       row | said]})  # fmt: skip
    assert column in [at for _, at, _ in held]


def test_the_first_faulty_column_counts(utility: Utility) -> None:
    broken = bill(1, account_id="NOPE", issued_on="x", amount="y", kind="z")
    assert held_of(utility, bills=[broken]) == [("B1", "account_id", "NOPE")]


def test_ids_are_told_apart_byte_by_byte(utility: Utility) -> None:
    alike = ["A1", "А1", "A1\u200b", "\u202eA1", "a1", " A1"]
    rows = [account(1) | {"account_id": name} for name in alike]
    held = held_of(utility, accounts=rows, bills=[bill(n) | {"account_id": name}
                                                  for n, name in enumerate(alike)])  # fmt: skip
    assert held == []
    assert len({row["account_no"] for row in utility.rows("bills")}) == len(alike)


def test_names_may_be_anything(utility: Utility) -> None:
    assert held_of(utility, customers=[customer(1, name="💧 \u202eolleH\t=cmd|' /C")]) == []


def test_an_account_with_a_held_row_is_in_doubt(utility: Utility) -> None:
    held_of(utility, bills=[bill(1), bill(2, amount="x"), bill(3, due_on="")],
            accounts=[account(1), account(2)])  # fmt: skip
    assert utility.doubts() == [{"account_no": 1, "account_id": "A1", "rows": 2}]


AMOUNTS = st.sampled_from(["1.00", "2", "-1", "x", "", "1.999", "7.5"])
ROWS = st.lists(st.tuples(st.sampled_from(["", "B1", "B2", "B3"]), st.sampled_from(["A1", "A9", ""]),
                          AMOUNTS), max_size=12)  # fmt: skip


@settings(deadline=None, max_examples=12,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(loads=st.lists(ROWS, min_size=1, max_size=3))
def test_accepted_and_quarantined_add_up_to_read(
    loads: list[list[tuple[str, str, str]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    utility = Utility(tmp_path_factory.mktemp("utility"))
    utility.writes(customers=[customer(1)], accounts=[account(1)], payments=[payment(1)])
    for rows in loads:
        utility.writes(bills=[bill(9), *(bill(0, bill_id=key, account_id=owner, amount=amount)
                                         for key, owner, amount in rows)])  # fmt: skip
        for counts in utility.loads().tables.values():
            assert counts["accepted"] + counts["quarantined"] == counts["read"]
            assert counts["unchanged"] <= counts["accepted"]
    sound = [(key, amount) for key, owner, amount in rows if _is_sound(key, owner, amount)]
    standing = {row["bill_id"]: row["amount_minor"] for row in utility.rows("bills")}
    assert standing == standing | {key: money.minor(amount, "EUR") for key, amount in sound}


def _is_sound(key: str, owner: str, amount: str) -> bool:
    return bool(key) and owner == "A1" and amount in ("1.00", "2", "7.5")

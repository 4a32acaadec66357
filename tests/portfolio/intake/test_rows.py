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


LARGEST = 10**money.LARGEST_WHOLE_DIGITS - 1
NO_AMOUNTS = (f"{LARGEST + 1}",
              "NaN", "inf", "-inf", "1e309", "1e5", "0x10", "1_000", "١٢", "(5.00)", "1" * 20,
              "1.005", "50.", ".5", "+5", " 5", "5 ", "1,50", "1.234,56", "1,234.56", "5€", "--5",
              "-0.01", "")  # fmt: skip
NO_DAYS = ("0001-01-01", "9999-12-31", "2026-02-30", "01/02/2026", "2026-13-01", "1899-12-31",
           "2200-01-01", "2026-1-1", "20260101", "2026-01-01 ", "2026-01-01T00:00:00", "infinity",
           "٢٠٢٦-٠١-٠١", "")  # fmt: skip
NO_TIMES = ("2026-01-05T10:00:00", "2026-01-05", "2026-01-05T24:00:00Z", "2026-01-05T10:61:00Z",
            "2026-02-30T10:00:00Z", "2026-01-05T10:00:00+0100", "2026-01-05T10:00:00 Z",
            "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00", "2026-01-05T10:00:00+19:00",
            "")  # fmt: skip


def test_what_is_no_amount_is_held_back(utility: Utility) -> None:
    rows = [bill(n, amount=text) for n, text in enumerate(NO_AMOUNTS)]
    expected = [(f"B{n}", "amount", text) for n, text in enumerate(NO_AMOUNTS)]
    assert held_of(utility, bills=rows) == expected


def test_what_is_no_day_is_held_back(utility: Utility) -> None:
    rows = [bill(n, due_on=text) for n, text in enumerate(NO_DAYS)]
    assert held_of(utility, bills=rows) == [(f"B{n}", "due_on", t) for n, t in enumerate(NO_DAYS)]


def test_what_is_no_time_with_an_offset_is_held_back(utility: Utility) -> None:
    rows = [payment(n, received_at=text) for n, text in enumerate(NO_TIMES)]
    expected = [(f"P{n}", "received_at", text) for n, text in enumerate(NO_TIMES)]
    assert held_of(utility, payments=rows) == expected


def test_a_time_may_have_other_forms_of_iso_8601(utility: Utility) -> None:
    forms = ("2026-01-05T10:00Z", "2026-01-05 10:00:00+01:00", "2026-01-05T10:00:00.123456-05:30")
    rows = [payment(n, received_at=text) for n, text in enumerate(forms)]
    assert held_of(utility, payments=rows) == []


def test_an_amount_is_whole_minor_units_of_its_currency(utility: Utility) -> None:
    sound = [("EUR", "0", 0), ("EUR", "-0.00", 0), ("EUR", "5", 500), ("EUR", "5.1", 510),
             ("JPY", "7", 7), ("KWD", "1.005", 1005), ("USD", f"{LARGEST}.99", LARGEST * 100 + 99),
             ("JPY", "7.0", None), ("KWD", "1.0005", None)]  # fmt: skip
    utility.writes(
        accounts=[account(n, customer_id="C1", currency=c) for n, (c, _, _) in enumerate(sound)],
        bills=[bill(n, account_id=f"A{n}", amount=text) for n, (_, text, _) in enumerate(sound)],
    )
    utility.loads()
    assert [row["amount_minor"] for row in utility.rows("bills")] == [
        minor for _, _, minor in sound if minor is not None]  # fmt: skip
    assert utility.faults() == [("B7", "amount", "7.0"), ("B8", "amount", "1.0005")]


def test_an_account_has_a_known_currency_and_timezone(utility: Utility) -> None:
    said = [("currency", text) for text in ("eur", "XXX", "EURO", "978", "")]
    said += [("timezone", text) for text in ("Mars/Base", "CET+1", "europe/amsterdam", "")]
    said += [("autopay", "yes"), ("opened_on", "")]
    rows = [account(n, customer_id="C1", autopay="True") | {column: text}
            for n, (column, text) in enumerate(said, 2)]  # fmt: skip
    assert held_of(utility, accounts=[account(1), *rows]) == [
        (f"A{n}", column, text) for n, (column, text) in enumerate(said, 2)]  # fmt: skip


def test_ids_and_numbers_have_limits(utility: Utility) -> None:
    long, cut = "x" * 201, "C\t1"
    held = held_of(utility, customers=[
        customer(1, household_size="2"), customer(2, household_size="2.5"),
        customer(3, household_size="-1"), customer(0, customer_id=long),
        customer(0, customer_id=cut), customer(4, income_band="f")])  # fmt: skip
    assert held == [("C2", "household_size", "2.5"), ("C3", "household_size", "-1"),
                    (long, "customer_id", long), (cut, "customer_id", cut),
                    ("C4", "income_band", "f")]  # fmt: skip


def test_a_reversed_payment_says_since_when(utility: Utility) -> None:
    rows = [payment(1, status="reversed"), payment(2, status="reversed", reversed_on="2026-01-20")]
    assert held_of(utility, payments=rows) == [("P1", "reversed_on", "")]


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
KEYS, OWNERS = st.sampled_from(["", "B1", "B2", "B3"]), st.sampled_from(["A1", "A9", ""])
ROWS = st.lists(st.tuples(KEYS, OWNERS, AMOUNTS), max_size=12)


@settings(deadline=None, max_examples=8,
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

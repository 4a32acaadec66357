"""The utility's own export in our words."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.portfolio.intake.exports import Utility, account, bill, payment
from tideover.portfolio.intake.mapping import parse_mapping
from tideover.terms.faults import Refused, Usage

INVOICES = """
[files.invoices]
encoding = "cp1252"
delimiter = ";"
decimal = ","
grouping = "."
dates = ["%d/%m/%Y", "%Y%m%d"]
nulls = ["9999-12-31", "NULL"]

[tables.bills]
source = "invoices"
[tables.bills.columns]
bill_id = { join = ["REGION", "NO"], by = "-", before = "F" }
account_id = "CONTRACT"
issued_on = "DATE"
due_on = { from = "DATE", plus_days = 14 }
amount = "TOTAL"
kind = { from = "TYPE", values = { R = "regular", S = "final", "*" = "fee" } }
period_end = "UNTIL"
usage_unit = { constant = "kWh" }

[[tables.bills.route]]
to = "nowhere"
column = "TYPE"
values = ["TRAILER"]

[[tables.bills.route]]
to = "adjustments"
negative = "TOTAL"
[tables.bills.route.columns]
adjustment_id = { join = ["REGION", "NO"], by = "-", before = "C" }
posted_on = "DATE"
kind = { constant = "credit" }
"""
HEAD = "REGION;NO;CONTRACT;DATE;TOTAL;TYPE;UNTIL;NOTE\n"


def with_invoices(utility: Utility, *lines: str) -> Utility:
    """Return the utility with a mapping and its invoices in place of bills."""
    (utility.export / "bills.csv").unlink()
    utility.maps(INVOICES)
    text = HEAD + "".join(f"{line}\n" for line in lines)
    utility.writes_text("invoices", text.encode("cp1252"))
    return utility


def test_an_export_is_read_in_its_own_words(utility: Utility) -> None:
    with_invoices(utility, "1;7;A1;31/01/2026;1.234,56;S;9999-12-31;café").loads()
    (row,) = utility.rows("bills")
    assert (row["bill_id"], row["amount_minor"], row["kind"]) == ("F1-7", 123456, "final")
    assert (row["issued_on"], row["due_on"]) == (date(2026, 1, 31), date(2026, 2, 14))
    assert (row["period_end"], row["usage_unit"]) == (None, "kWh")


def test_a_value_nobody_named_falls_back(utility: Utility) -> None:
    with_invoices(utility, "1;7;A1;20260131;1,5;Z;NULL;").loads()
    (row,) = utility.rows("bills")
    assert (row["kind"], row["issued_on"], row["amount_minor"]) == ("fee", date(2026, 1, 31), 150)


def test_amounts_that_do_not_fit_the_profile_are_held_back(utility: Utility) -> None:
    misfits = ["1,234.56", "1234.56", "1.23,4", "12.34", "1.2345,00", "1,"]
    lines = [f"1;{n};A1;31/01/2026;{text};R;;" for n, text in enumerate(["1.234,5", *misfits])]
    with_invoices(utility, *lines).loads()
    assert utility.faults() == [(f"F1-{n}", "amount", text) for n, text in enumerate(misfits, 1)]


def test_days_that_do_not_fit_the_profile_are_held_back(utility: Utility) -> None:
    misfits = ["2026-01-31", "31/02/2026", "1/2/26"]
    with_invoices(utility, *[f"1;{n};A1;{day};1,00;R;;" for n, day in enumerate(misfits)]).loads()
    held = [(key, column) for key, column, _ in utility.faults()]
    assert held == [(f"F1-{n}", "issued_on") for n in range(3)]


def test_a_negative_bill_becomes_an_adjustment(utility: Utility) -> None:
    lines = ("1;7;A1;31/01/2026;-5,00;R;;", "1;8;A1;31/01/2026;2,00;R;;", "9;;;;;TRAILER;;")
    with_invoices(utility, *lines)
    utility.declares(tables={"bills": {"rows": 3, "amount": "-3.00"}})
    report = utility.loads()
    assert [report.tables[name]["read"] for name in ("bills", "adjustments")] == [1, 1]
    (row,) = utility.rows("adjustments")
    assert (row["adjustment_id"], row["amount_minor"], row["kind"]) == ("C1-7", -500, "credit")
    assert utility.held() == []


def test_local_times_are_those_of_the_stated_zone(utility: Utility) -> None:
    utility.maps('[files.payments]\ntimezone = "America/New_York"\n')
    stated = ["2026-07-01 22:00:00", "2026-01-01 22:00:00", "2026-01-01T22:00:00+01:00", "soon"]
    utility.writes(payments=[payment(n, received_at=text) for n, text in enumerate(stated)])
    utility.loads()
    assert [row["received_at"] for row in utility.rows("payments")] == [
        datetime(2026, 7, 2, 2, tzinfo=UTC), datetime(2026, 1, 2, 3, tzinfo=UTC),
        datetime(2026, 1, 1, 21, tzinfo=UTC)]  # fmt: skip
    assert utility.faults() == [("P3", "received_at", "soon")]


def test_a_wide_row_becomes_several(utility: Utility) -> None:
    utility.maps("""
        [tables.bills]
        source = "wide"
        [tables.bills.columns]
        account_id = "ID"
        kind = { constant = "regular" }
        due_on = { constant = "2026-03-01" }
        [[tables.bills.rows]]
        bill_id = { from = "ID", after = "-jan" }
        issued_on = { constant = "2026-01-31" }
        amount = "JAN"
        [[tables.bills.rows]]
        bill_id = { from = "ID", after = "-feb" }
        issued_on = { constant = "2026-02-28" }
        amount = "FEB"
    """)
    utility.writes(wide=[{"ID": "A1", "JAN": "1", "FEB": "2"}])
    assert utility.loads().tables["bills"]["read"] == 2
    assert {row["bill_id"]: row["amount_minor"] for row in utility.rows("bills")} == {
        "A1-jan": 100, "A1-feb": 200}  # fmt: skip


def test_a_carried_column_is_a_number_an_account_and_day(utility: Utility) -> None:
    utility.maps("""
        [carried.credit_limit]
        source = "accounts"
        value = "LIMIT"
        measured_on = { constant = "2026-01-01" }
        [carried.rating]
        source = "ratings"
        account_id = "ID"
        value = "R"
        measured_on = "DAY"
    """)
    utility.writes(accounts=[account(1, LIMIT="2500.5"), account(2, customer_id="C1", LIMIT="")],
                   ratings=[{"ID": "A2", "R": "-2", "DAY": "2026-01-05"}])  # fmt: skip
    utility.loads()
    assert [(row["account_id"], row["name"], row["measured_on"], row["value"])
            for row in utility.rows("carried")] == [
        ("A1", "credit_limit", date(2026, 1, 1), 2500.5),
        ("A2", "rating", date(2026, 1, 5), -2.0)]  # fmt: skip


def test_a_new_mapping_reads_the_same_files_again(utility: Utility) -> None:
    utility.loads()
    utility.maps('[tables.bills.columns]\nkind = { constant = "fee" }\n')
    assert utility.loads("2026-02-02").tables["bills"]["unchanged"] == 0
    assert [row["kind"] for row in utility.rows("bills")] == ["fee"]


def test_a_source_column_that_is_not_there_is_refused(utility: Utility) -> None:
    utility.maps('[tables.bills.columns]\nusage = "KWH"\n')
    with pytest.raises(Refused, match="KWH"):
        utility.loads()


def test_source_columns_may_have_any_name(utility: Utility) -> None:
    utility.maps("[tables.bills.columns]\nusage = 'a \"b\" ''c'\n".replace("''", "'")
                 .replace("'a", "'''a").replace("'c'", "'c'''"))  # fmt: skip
    utility.writes(bills=[bill(1) | {'a "b" \'c': "7"}])
    utility.loads()
    assert utility.rows("bills")[0]["usage"] == 7.0


@pytest.mark.parametrize(
    "text",
    ["[tables.debts]", "[tables.bills]\nsauce = 'x'", "[tables.bills.columns]\namont = 'X'",
     "[tables.bills.columns]\namount = { from = 'X', constant = '1' }", "x = 1", "[files.a]\nx = 1",
     "[files.a]\nencoding = 'klingon'", "[files.a]\ndelimiter = '||'", "[files.a]\ndecimal = ';'",
     "[tables.bills.columns]\nbill_id = { join = 'X' }",
     "[tables.bills.columns]\ndue_on = { from = 'X', plus_days = '3' }", "[tables]\nbills = 1",
     "[files.a]\ntimezone = 'Mars'", "[files.a]\ntimes = ['%H']", "[files.a]\nnulls = 'x'",
     "[carried.a]\nsource = 'x'", "[[tables.bills.route]]\nto = 'hell'\nnegative = 'X'",
     "[[tables.bills.route]]\nto = 'nowhere'", "not toml"],
)  # fmt: skip
def test_a_mapping_that_says_the_unknown_is_refused(text: str) -> None:
    with pytest.raises(Usage):
        parse_mapping(text)

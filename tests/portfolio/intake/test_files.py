"""Whole files that are not what they claim to be: refused in a sentence, with nothing changed."""

from __future__ import annotations

import gzip
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from tests.portfolio.intake.exports import Utility, bill, csv_text, customer, payment
from tideover.portfolio.intake import stream
from tideover.terms.faults import Refused

HEAD = "bill_id,account_id,issued_on,due_on,amount,kind\n"
ROW = "B1,A1,2026-01-01,2026-01-15,50.00,regular\n"


def refusal(utility: Utility) -> str:
    """Return what a load is refused with; nothing that stood before may have changed."""
    before = utility.lake.manifest
    with pytest.raises(Refused) as refused:
        utility.loads()
    assert utility.lake.manifest == before
    assert list(utility.workspace.lake.glob("*/*/*.parquet")) == []
    return str(refused.value)


def test_a_byte_order_mark_is_no_part_of_the_first_column(utility: Utility) -> None:
    utility.writes_text("bills", b"\xef\xbb\xbf" + (HEAD + ROW).encode())
    assert utility.loads().tables["bills"]["accepted"] == 1


def test_line_ends_may_be_mixed(utility: Utility) -> None:
    text = HEAD.replace("\n", "\r\n") + ROW + ROW.replace("B1", "B2").replace("\n", "\r\n") + \
        ROW.replace("B1", "B3").rstrip()  # fmt: skip
    utility.writes_text("bills", text)
    utility.loads()
    assert utility.ids("bills") == ["B1", "B2", "B3"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "latin-1"])
def test_another_encoding_is_refused(utility: Utility, encoding: str) -> None:
    text = "customer_id,segment,name\nC1,residential,Ann\nC2,residential,Zoë\n"
    utility.writes_text("customers", text.encode(encoding))
    said = refusal(utility)
    assert "customers.csv" in said
    assert ("line 1" if encoding == "utf-16" else "line 3") in said


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HEAD + 'B1,"A1,2026-01-01,2026-01-15,50.00,regular\n' + ROW, "opened in line 2"),
        (HEAD + ROW + 'B2,A1,2026-01-01,2026-01-15,"50.00,regular\n"B3","A1",,,,\n',
         "opened in line 3"),
        (HEAD + ROW + 'B2,A1 5" pipe,2026-01-01,2026-01-15,50.00,regular\n', "line 3"),
        (HEAD + ROW + "B2,A1,2026-01-01\0,2026-01-15,50.00,regular\n", "NUL byte. line 3"),
        (HEAD.replace("due_on", "amount") + ROW, "'amount' twice"),
        (HEAD.replace(",due_on", "") + ROW, "no column 'due_on'"),
        (HEAD.rstrip() + "," + ",".join(f"x{n}" for n in range(100_000)) + "\n" + ROW,
         "the limit is 1000"),
        ("", "is empty"),
    ],
)  # fmt: skip
def test_a_csv_that_is_none_is_refused_with_its_line(
    utility: Utility, text: str, expected: str
) -> None:
    utility.writes_text("bills", text)
    assert expected in refusal(utility)


def test_a_file_with_a_header_alone_has_no_rows(utility: Utility) -> None:
    utility.writes_text("bills", HEAD.rstrip())
    assert utility.loads().tables["bills"]["read"] == 0


def test_a_row_of_too_few_or_too_many_fields_is_held_back(utility: Utility) -> None:
    utility.writes_text("bills", HEAD + ROW + "B2,A1,2026-01-01\n\n" + "B3" + ROW[2:-1] + ",1,2\n")
    assert utility.loads().tables["bills"] == {
        "read": 3, "accepted": 1, "quarantined": 2, "unchanged": 0}  # fmt: skip
    assert [(row["key"], row["line"]) for row in utility.held()] == [("B2", 3), ("B3", 5)]
    assert [row["rows"] for row in utility.doubts()] == [2]


def test_gzip_and_parts_are_read_as_the_file_would_be(utility: Utility) -> None:
    (utility.export / "bills.csv").unlink()
    (utility.export / "bills").mkdir()
    for number in (1, 2):
        packed = gzip.compress((HEAD + ROW.replace("B1", f"B{number}")).encode())
        (utility.export / f"bills/{number}.csv.gz").write_bytes(packed)
    utility.loads()
    assert utility.ids("bills") == ["B1", "B2"]


def test_a_gzip_that_unpacks_to_the_absurd_is_refused(utility: Utility, monkeypatch: Any) -> None:
    monkeypatch.setattr(stream, "RATIO_FROM_BYTES", 1_000_000)
    (utility.export / "bills.csv").unlink()
    utility.writes_text("bills", gzip.compress((HEAD + "0" * 9_000_000).encode()), ".csv.gz")
    assert "unpacks to more than" in refusal(utility)


def test_a_gzip_cut_short_is_refused(utility: Utility) -> None:
    (utility.export / "bills.csv").unlink()
    utility.writes_text("bills", gzip.compress((HEAD + ROW).encode())[:-9], ".csv.gz")
    assert "no whole gzip" in refusal(utility)


def test_a_table_that_is_there_twice_is_refused(utility: Utility) -> None:
    utility.writes_text("bills", gzip.compress((HEAD + ROW).encode()), ".csv.gz")
    assert "more than once" in refusal(utility)


def test_a_zip_of_parts_is_refused_unopened(utility: Utility) -> None:
    (utility.export / "bills.csv").unlink()
    (utility.export / "bills").mkdir()
    utility.writes_text("bills/parts", b"PK\x03\x04", ".zip")
    assert "no CSV and no Parquet" in refusal(utility)


def test_a_required_table_must_be_there(utility: Utility) -> None:
    (utility.export / "payments.csv").unlink()
    assert "no payments" in refusal(utility)


def rows_of_one(count: int) -> pa.Table:
    """Return bills that are all the same one, so that they pack to next to nothing."""
    values = dict.fromkeys(("bill_id", "account_id", "issued_on", "due_on"), "1")
    return pa.table({name: pa.DictionaryArray.from_arrays(np.zeros(count, np.int8), [value])
                     for name, value in values.items()})  # fmt: skip


def test_parquet_that_declares_more_rows_than_it_can_hold_is_refused(utility: Utility) -> None:
    utility.writes_parquet("bills", rows_of_one(3_000_000))
    assert "declares 3,000,000 rows" in refusal(utility)


@pytest.mark.parametrize("damage", ["cut", "flipped", "footer"])
def test_damaged_parquet_is_refused(utility: Utility, damage: str) -> None:
    rows = [bill(n) for n in range(500)]
    utility.writes_parquet("bills", pa.Table.from_pylist(rows))
    path: Path = utility.export / "bills.parquet"
    raw = bytearray(path.read_bytes())
    if damage == "cut":
        raw = raw[: len(raw) // 2]
    elif damage == "flipped":
        raw[4:400] = bytes(byte ^ 0x55 for byte in raw[4:400])
    else:
        raw[-8:-4] = (2**31 - 1).to_bytes(4, "little")
    path.write_bytes(raw)
    assert "Parquet" in refusal(utility)


def test_what_was_loaded_before_stays_when_a_file_is_refused(utility: Utility) -> None:
    utility.loads()
    before = utility.rows("bills")
    utility.writes_text("bills", HEAD + 'B2,"A1')
    with pytest.raises(Refused):
        utility.loads("2026-02-02")
    assert utility.rows("bills") == before


def test_parquet_types_mean_what_their_text_would(utility: Utility) -> None:
    bills = [bill(1) | {"amount": Decimal("12.34"), "issued_on": date(2026, 1, 1),
                        "due_on": datetime(2026, 1, 15)}]  # fmt: skip # noqa: DTZ001
    coded = pa.dictionary(pa.int8(), pa.string())
    schema = pa.schema([("bill_id", pa.string()), ("account_id", coded), ("issued_on", pa.date32()),
                        ("due_on", pa.timestamp("ns")), ("amount", pa.decimal128(18, 4)),
                        ("kind", pa.large_string())])  # fmt: skip
    utility.writes_parquet("bills", pa.Table.from_pylist(bills, schema))
    paid = [payment(1) | {"received_at": datetime(2026, 1, 10, 23, 30, tzinfo=UTC)}]
    utility.writes_parquet("payments", pa.Table.from_pylist(paid))
    utility.loads()
    assert [(row["amount_minor"], row["due_on"]) for row in utility.rows("bills")] == [
        (1234, date(2026, 1, 15))]  # fmt: skip
    assert utility.rows("payments")[0]["received_on"] == date(2026, 1, 11)


def test_a_binary_float_is_rounded_half_even(utility: Utility) -> None:
    floats = {0.1 + 0.2: 30, 0.125: 12, 0.375: 38, 2.675: 268, 1e-5: 0, -0.0: 0, 7.0: 700,
              123456789012.34: 12345678901234}  # fmt: skip
    rows = [bill(n) | {"amount": amount} for n, amount in enumerate(floats)]
    utility.writes_parquet("bills", pa.Table.from_pylist(rows))
    utility.loads()
    assert [row["amount_minor"] for row in utility.rows("bills")] == list(floats.values())


def test_a_float_that_is_no_amount_is_held_back(utility: Utility) -> None:
    floats = {float("nan"): "NaN", float("inf"): "inf", 1e15: "1e+15", 1e300: "1e+300", -1.0: "-1"}
    rows = [bill(n) | {"amount": amount} for n, amount in enumerate(floats)]
    utility.writes_parquet("bills", pa.Table.from_pylist(rows))
    utility.loads()
    expected = [(f"B{n}", "amount", text) for n, text in enumerate(floats.values())]
    assert utility.faults() == expected


def test_times_beyond_all_calendars_are_held_back(utility: Utility) -> None:
    rows = pa.Table.from_pylist([payment(1)])
    far = pa.array([2**62], pa.timestamp("us", "UTC"))
    utility.writes_parquet("payments", rows.set_column(2, "received_at", far))
    utility.loads()
    assert [(key, column) for key, column, _ in utility.faults()] == [("P1", "received_at")]


def test_a_field_of_five_megabytes_is_held_back_not_refused(utility: Utility) -> None:
    utility.writes(customers=[customer(1), customer(2, name="x" * 5_000_000)])
    utility.loads()
    (row,) = utility.held()
    assert (row["key"], row["column"], len(row["value"])) == ("C2", "name", 1000)


def test_quotes_may_hold_line_ends_and_commas(utility: Utility) -> None:
    rows = [customer(1, name='Ann, "An"\nof the hill\r\nno 3'), customer(2, segment="none")]
    utility.writes_text("customers", csv_text(rows))
    utility.loads()
    assert [(row["key"], row["line"]) for row in utility.held()] == [("C2", 5)]

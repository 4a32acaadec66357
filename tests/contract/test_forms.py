"""One export in every form the contract allows gives the same receivables."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest

from tests.contract.conftest import Desk, Row, account, bill, payment, text, write

ACCOUNTS = [account("A1"), account("A2", timezone="Asia/Kolkata")]
BILLS = [bill("B1", amount="100.10"), bill("B2", account_id="A2", amount="0.07")]
PAYMENTS = [payment("P1", amount="33.33")]
OWED = {"A1": "66.77", "A2": "0.07"}
Change = Callable[[Path], None]


def export(desk: Desk) -> Path:
    return write(desk.folder(), customers=[{"customer_id": "C1", "segment": "business"}],
                 accounts=ACCOUNTS, bills=BILLS, payments=PAYMENTS)  # fmt: skip


def zipped(path: Path) -> None:
    path.with_suffix(".csv.gz").write_bytes(gzip.compress(path.read_bytes()))
    path.unlink()


def as_parquet(path: Path) -> None:
    pq.write_table(pacsv.read_csv(path), path.with_suffix(".parquet"))
    path.unlink()


def as_text_parquet(path: Path) -> None:
    names = pacsv.read_csv(path).column_names
    types = pacsv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()))
    pq.write_table(pacsv.read_csv(path, convert_options=types), path.with_suffix(".parquet"))
    path.unlink()


def in_parts(path: Path) -> None:
    head, *rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.with_suffix("").mkdir()
    for n, row in enumerate(rows):
        part = path.with_suffix("") / f"part-{n}.csv"
        part.write_text(head + row, encoding="utf-8")
        as_parquet(part)
    path.unlink()


def with_bom(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())


def with_crlf(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


def without_last_line_end(path: Path) -> None:
    path.write_bytes(path.read_bytes().removesuffix(b"\n"))


def columns_backwards(path: Path) -> None:
    rows = [line.split(",")[::-1] for line in path.read_text(encoding="utf-8").splitlines()]
    path.write_text("".join(",".join(row) + "\n" for row in rows), encoding="utf-8")


def all_quoted(path: Path) -> None:
    rows = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
    lines = [",".join(f'"{cell}"' for cell in row) + "\n" for row in rows]
    path.write_text("".join(lines), encoding="utf-8")


def with_bom_and_quotes(path: Path) -> None:
    all_quoted(path)
    with_bom(path)


def with_another_column(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("".join(f"{line},x{n}\n" for n, line in enumerate(lines)), encoding="utf-8")


KINDS: list[Change] = [zipped, as_parquet, in_parts]
FORMS: list[Change] = [*KINDS, as_text_parquet, with_bom, with_crlf, without_last_line_end,
                       columns_backwards, all_quoted, with_bom_and_quotes, with_another_column,
                       ]  # fmt: skip


def changed(desk: Desk, change: Change) -> Path:
    """Return the export with every file changed."""
    folder = export(desk)
    for path in sorted(folder.iterdir()):
        change(path)
    return folder


@pytest.mark.parametrize("change", KINDS, ids=lambda change: change.__name__)
def test_receivables_do_not_depend_on_the_kind_of_files(desk: Desk, change: Change) -> None:
    assert desk.load(changed(desk, change)).code == 0
    assert desk.owed() == OWED


@pytest.mark.parametrize("change", FORMS, ids=lambda change: change.__name__)
def test_rows_do_not_depend_on_the_form_of_the_files(desk: Desk, change: Change) -> None:
    assert desk.load(export(desk)).code == 0
    before = [desk.versions(table) for table in ("accounts", "bills", "payments")]
    done = desk.load(changed(desk, change))
    assert {name: done.counts(name) for name in done.tables} == {
        "customers": (1, 1, 0, 1), "accounts": (2, 2, 0, 2), "bills": (2, 2, 0, 2),
        "payments": (1, 1, 0, 1),
    }  # fmt: skip
    assert [desk.versions(table) for table in ("accounts", "bills", "payments")] == before


DECIMALS = [
    (pa.array([Decimal("0.10"), Decimal("1234.55")], pa.decimal128(12, 2)), [10, 123455]),
    (pa.array([Decimal("0.1000"), Decimal("2.5000")], pa.decimal128(18, 4)), [10, 250]),
    (pa.array([Decimal("100"), Decimal("0")], pa.decimal128(9, 0)), [10000, 0]),
]
TEXTS = [
    (pa.array(["0.10", "1234.5"]), [10, 123450]),
    (pa.array(["0.10", "1234.5"]).dictionary_encode(), [10, 123450]),
    (pa.array(["0.10", "1234.5"], pa.large_string()), [10, 123450]),
    (pa.array([3, 4], pa.int64()), [300, 400]),
]
FLOATS = [
    (pa.array([0.1, 0.2]), [10, 20]),
    (pa.array([0.125, 0.375]), [12, 38]),  # halves that a binary float holds exactly
    (pa.array([0.625, 1.125]), [62, 112]),
    (pa.array([0.1, 0.7], pa.float32()), [10, 70]),
    (pa.array([0.30000000000000004, 1234567890.13]), [30, 123456789013]),
    (pa.array([1e-9, 5e5]), [0, 50000000]),
]


def parquet_bills(desk: Desk, amounts: Any, **columns: Any) -> Path:
    """Return an export whose bills of A1 are a Parquet file with these amounts."""
    folder = write(desk.folder(), customers=[{"customer_id": "C1", "segment": "business"}],
                   accounts=[account("A1")], payments=[])  # fmt: skip
    bills_part(folder / "bills.parquet", amounts, **columns)
    return folder


def bills_part(path: Path, amounts: Any, **columns: Any) -> None:
    """Write bills of A1 with these amounts; their ids begin with the file's name."""
    rows = [bill(f"{path.stem}-{n}") for n in range(len(amounts))]
    table = {name: pa.array([row[name] for row in rows]) for name in rows[0]}
    pq.write_table(pa.table(table | {"amount": amounts} | columns), path)


@pytest.mark.parametrize("forms", [DECIMALS, TEXTS, FLOATS], ids=["decimals", "texts", "floats"])
def test_amounts_in_parquet_are_exact_and_floats_rounded_half_even(
    desk: Desk, forms: list[tuple[Any, list[int]]]
) -> None:
    folder = write(desk.folder(), customers=[{"customer_id": "C1", "segment": "business"}],
                   accounts=[account("A1")], payments=[])  # fmt: skip
    (folder / "bills").mkdir()
    for n, (amounts, _) in enumerate(forms):
        bills_part(folder / "bills" / f"{n}.parquet", amounts)
    assert desk.load(folder).counts("bills")[2] == 0
    found = desk.amounts()
    assert [[found[f"{n}-{i}"] for i in range(2)] for n in range(len(forms))] == [
        units for _, units in forms
    ]


def test_floats_that_are_no_amount_are_quarantined(desk: Desk) -> None:
    amounts = pa.array([float("nan"), float("inf"), -0.01, 1e300, None, 5.0])
    assert desk.load(parquet_bills(desk, amounts)).counts("bills") == (6, 1, 5, 0)
    assert desk.amounts() == {"bills-5": 500}


def test_a_decimal_with_more_than_minor_units_is_quarantined(desk: Desk) -> None:
    amounts = pa.array([Decimal("1.005"), Decimal("1.250")], pa.decimal128(12, 3))
    assert desk.load(parquet_bills(desk, amounts)).counts("bills") == (2, 1, 1, 0)
    assert desk.amounts() == {"bills-1": 125}


def test_an_empty_text_in_parquet_is_a_missing_value(desk: Desk) -> None:
    kinds = pa.array(["", "regular"])
    done = desk.load(parquet_bills(desk, pa.array(["1.00", "2.00"]), kind=kinds))
    assert done.counts("bills") == (2, 1, 1, 0)
    assert desk.held() == {"bills-0": ("kind", "")}


def test_days_and_times_in_parquet_may_have_their_own_types(desk: Desk) -> None:
    bills = parquet_bills(desk, pa.array(["9.00"]), due_on=pa.array([date(2026, 1, 15)]))
    row: Row = payment("P1", received_at=datetime(2026, 2, 1, 23, 30, tzinfo=UTC))
    (bills / "payments.csv").unlink()
    pq.write_table(pa.Table.from_pylist([row]), bills / "payments.parquet")
    assert desk.load(bills).counts("payments") == (1, 1, 0, 0)
    assert desk.standing("payments")["P1"]["received_on"] == date(2026, 2, 2)  # in Amsterdam


def test_a_table_that_is_there_twice_is_refused(desk: Desk) -> None:
    folder = export(desk)
    (folder / "bills.csv.gz").write_bytes(gzip.compress((folder / "bills.csv").read_bytes()))
    assert "bills" in desk.refuses(folder)


@pytest.mark.parametrize("table", ["customers", "accounts", "bills", "payments"])
def test_the_first_load_must_have_every_required_table(desk: Desk, table: str) -> None:
    folder = export(desk)
    (folder / f"{table}.csv").unlink()
    assert table in desk.refuses(folder)


def test_a_line_end_inside_quotes_moves_the_lines_after_it(desk: Desk) -> None:
    rows = [bill("B1"), bill("B2", amount="ten")]
    cells = text(rows, [*bill("B1"), "usage_unit"]).replace("regular,\n", 'regular,"k\nWh"\n', 1)
    folder = export(desk)
    (folder / "bills.csv").write_text(cells, encoding="utf-8")
    assert desk.load(folder).counts("bills") == (2, 1, 1, 0)
    assert [(row["key"], row["line"]) for row in desk.rows("quarantine")] == [("B2", "4")]

"""Files that are not what they claim are refused with one sentence, and nothing changes.

B1, B2, B4, B9, B10 and B16 of the catalogue of bad input in the paper on reliability.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.contract.conftest import Desk, bill, text

Bytes = Callable[..., Path]
HEAD = ",".join(bill("B1"))
ROW = ",".join(bill("B1").values())
SOUND = f"{HEAD}\n{ROW}\n"
MANY = "".join(f"c{n}," for n in range(100_000))

NO_CSV = {
    "UTF-16": SOUND.encode("utf-16"),
    "UTF-16 without a mark": SOUND.encode("utf-16-le"),
    "Latin-1": SOUND.replace("B1", "Zoë").encode("latin-1"),
    "Windows-1252": SOUND.replace("B1", "€1").encode("cp1252"),
    "half a character at the end": SOUND.encode() + "é".encode()[:1],
    "semicolons": SOUND.replace(",", ";").encode(),
    "an unclosed quote": f'{SOUND}"B2,A1,2026-01-01,2026-01-15,10.00,regular\n'.encode(),
    "an unclosed quote in the middle": f'{HEAD}\n{ROW[:-7]}"regular\n{ROW}\n'.encode(),
    "text after a closed quote": f'{HEAD}\n"B1"x{ROW[2:]}\n'.encode(),
    "a NUL": f"{SOUND}B\x002{ROW[2:]}\n".encode(),
    "a column twice": f"{HEAD},amount\n{ROW},10.00\n".encode(),
    "a required column missing": SOUND.replace("due_on", "falls_due").encode(),
    "the key missing": SOUND.replace("bill_id", "id").encode(),
    "100,000 columns": f"{HEAD},{MANY}\n".encode(),
    "no byte at all": b"",
    "a mark and nothing else": b"\xef\xbb\xbf",
    "no header": f"{ROW}\n".encode(),
    "Parquet under another name": b"PAR1\x15\x04\x15\x00PAR1",
    "gzip under another name": gzip.compress(SOUND.encode()),
}


@pytest.mark.parametrize("content", NO_CSV.values(), ids=NO_CSV)
def test_a_file_that_is_no_such_csv_is_refused(
    desk: Desk, bad_bytes: Bytes, content: bytes
) -> None:
    assert "bills" in desk.refuses(bad_bytes(content))


@pytest.mark.parametrize(("content", "line"), [
    (f"{SOUND}B\x002{ROW[2:]}\n", "line 3"), (f'{SOUND}"B2{ROW[2:]}\n{ROW}\n', "line 3"),
])  # fmt: skip
def test_a_refusal_names_the_position(
    desk: Desk, bad_bytes: Bytes, content: str, line: str
) -> None:
    assert line in desk.refuses(bad_bytes(content.encode()))


def test_a_refusal_leaves_what_was_loaded_before(settled: Desk, bad_bytes: Bytes) -> None:
    settled.refuses(bad_bytes(SOUND.encode("utf-16")))
    settled.refuses(bad_bytes(NO_CSV["an unclosed quote"]), "--accept-drift")
    assert settled.owed() == {"A1": "9.00"}


@pytest.mark.invariant("I7")
def test_ragged_rows_are_quarantined_one_by_one(desk: Desk, bad_bytes: Bytes) -> None:
    short, long = f"B2{ROW[2:-8]}", f"B3{ROW[2:]},more"
    done = desk.load(bad_bytes(f"{SOUND}{short}\n{long}\nB4{ROW[2:]}\n".encode()))
    assert done.counts("bills") == (4, 2, 2, 0)
    assert [row["line"] for row in desk.rows("quarantine")] == ["3", "4"]
    assert desk.amounts() == {"B1": 1000, "B4": 1000}


def test_mixed_line_ends_are_read(desk: Desk, bad_bytes: Bytes) -> None:
    content = f"{HEAD}\r\n{ROW}\nB2{ROW[2:]}\r\nB3{ROW[2:]}".encode()
    assert desk.load(bad_bytes(content)).counts("bills") == (3, 3, 0, 0)
    assert set(desk.amounts()) == {"B1", "B2", "B3"}


def test_decimal_commas_are_quarantined_whatever_their_grouping(
    desk: Desk, bad_bytes: Bytes
) -> None:
    rows = [bill(f"B{n}", amount=a) for n, a in enumerate(("1.234,56", "1,234.56", "1234,5"))]
    done = desk.load(bad_bytes(text(rows, list(rows[0])).encode()))
    assert done.counts("bills") == (3, 0, 3, 0)


def test_a_header_without_rows_is_an_empty_table(desk: Desk, bad_bytes: Bytes) -> None:
    assert desk.load(bad_bytes(f"{HEAD}\n".encode())).counts("bills") == (0, 0, 0, 0)
    assert desk.load(bad_bytes(HEAD.encode())).code == 0


def packed(tmp_path: Path, rows: int = 50) -> bytes:
    """Return a Parquet file of sound bills."""
    path = tmp_path / "packed.parquet"
    pq.write_table(pa.Table.from_pylist([bill(f"B{n}") for n in range(rows)]), path)
    return path.read_bytes()


def claiming(content: bytes, told: int, claimed: int) -> bytes:
    """Return a Parquet file whose footer claims another number of rows.

    Numbers are zigzag varints of Thrift's compact protocol. The file's number of rows comes first,
    then the values of each column, which stay, then the row group's number of rows.
    """
    size = int.from_bytes(content[-8:-4], "little")
    body, footer = content[: -8 - size], content[-8 - size : -8]
    true, false = (b"\x16" + varint(number) for number in (told, claimed))
    first, *columns, last = footer.split(true)
    footer = first + false + true.join(columns) + false + last
    return body + footer + len(footer).to_bytes(4, "little") + b"PAR1"


def varint(number: int) -> bytes:
    """Return a number as a zigzag varint."""
    left, out = number * 2, b""
    while left > 127:
        out += bytes([left % 128 + 128])
        left //= 128
    return out + bytes([left])


@pytest.mark.parametrize("claimed", [
    1_000_000_000, 2_000_000, 5_002,
    5_000,
])  # fmt: skip
def test_parquet_that_claims_rows_it_has_not_is_refused(
    desk: Desk, bad_bytes: Bytes, tmp_path: Path, claimed: int
) -> None:
    content = claiming(packed(tmp_path, 5_001), 5_001, claimed)
    assert "arquet" in desk.refuses(bad_bytes(content, "bills.parquet"))


def test_a_small_parquet_of_very_many_rows_is_refused(desk: Desk, bad_bytes: Bytes) -> None:
    export = bad_bytes(b"", "bills.parquet")
    rows = pa.table({name: pa.nulls(2_000_000, pa.string()) for name in bill("B1")})
    pq.write_table(rows, export / "bills.parquet", row_group_size=2_000_000)
    assert (export / "bills.parquet").stat().st_size < 40_000
    assert "2,000,000 rows" in desk.refuses(export)


def test_a_gzip_that_unpacks_to_absurd_size_is_refused(desk: Desk, bad_bytes: Bytes) -> None:
    bomb = gzip.compress(SOUND.encode() + f"{ROW}\n".encode() * 2_600_000, 6)
    assert len(bomb) < 500_000
    assert "unpacks" in desk.refuses(bad_bytes(bomb, "bills.csv.gz"))


def test_a_cut_gzip_is_refused(desk: Desk, bad_bytes: Bytes) -> None:
    whole = gzip.compress(SOUND.encode() * 50)
    desk.refuses(bad_bytes(whole[:-10], "bills.csv.gz"))
    desk.refuses(bad_bytes(whole[:40] + b"\xff" + whole[41:], "bills.csv.gz"))
    desk.refuses(bad_bytes(SOUND.encode(), "bills.csv.gz"))


@pytest.mark.parametrize("share", [0.0, 0.02, 0.5, 0.98, 0.999])
def test_cut_off_parquet_is_refused(
    desk: Desk, bad_bytes: Bytes, tmp_path: Path, share: float
) -> None:
    content = packed(tmp_path)
    desk.refuses(bad_bytes(content[: int(len(content) * share)], "bills.parquet"))


def test_flipped_bits_are_refused_or_harmless_never_a_crash(
    settled: Desk, bad_bytes: Bytes, tmp_path: Path
) -> None:
    content = packed(tmp_path)
    export, before = bad_bytes(content, "bills.parquet"), settled.amounts()
    for at in range(7, len(content), len(content) // 24):
        damaged = content[:at] + bytes([content[at] ^ 0x55]) + content[at + 1 :]
        (export / "bills.parquet").write_bytes(damaged)
        done = settled.load(export, "--strict")
        assert done.code in (0, 3)
        if done.code == 3:
            assert settled.amounts() == before
        before = settled.amounts()


def test_a_time_of_parquet_out_of_range_is_quarantined(desk: Desk, bad_bytes: Bytes) -> None:
    far = pa.array([2**62, -(2**62), 0], pa.timestamp("us", "UTC"))
    rows = {"payment_id": ["P1", "P2", "P3"], "account_id": ["A1"] * 3, "received_at": far,
            "amount": [1.0, 2.0, 3.0], "status": ["settled"] * 3}  # fmt: skip
    export = bad_bytes(b"", "payments.parquet")
    pq.write_table(pa.table(rows), export / "payments.parquet")
    done = desk.load(export)
    assert done.code == 3 or done.counts("payments") == (3, 1, 2, 0)

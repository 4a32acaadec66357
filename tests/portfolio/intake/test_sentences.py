"""What intake says of what is wrong, and when a row that was wrong is forgotten."""

from __future__ import annotations

import gzip
import re

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.portfolio.intake.exports import Utility, bill, csv_text, payment
from tideover.terms.faults import Refused

FOREIGN = """
[files.bills]
decimal = ","
grouping = "."
dates = ["%d/%m/%Y"]
"""


def refusal(utility: Utility) -> str:
    with pytest.raises(Refused) as told:
        utility.loads()
    return str(told.value)


def test_a_good_row_further_on_frees_its_key_from_quarantine(utility: Utility) -> None:
    utility.writes(bills=[bill(1, amount="50."), bill(2), bill(1, amount="60.00")])
    counts = utility.loads().tables["bills"]
    assert (counts["read"], counts["accepted"], counts["quarantined"]) == (3, 2, 1)
    assert [row["amount_minor"] for row in utility.rows("bills")] == [6000, 5000]
    assert (utility.faults(), utility.doubts()) == ([], [])


def test_a_bad_row_further_on_stays_in_quarantine(utility: Utility) -> None:
    utility.writes(bills=[bill(1), bill(1, amount="50.")])
    utility.loads()
    assert utility.faults() == [("B1", "amount", "50.")]
    assert len(utility.doubts()) == 1


def test_a_fault_under_a_mapping_says_what_the_mapping_expects(utility: Utility) -> None:
    utility.maps(FOREIGN)
    days = {"issued_on": "01/01/2026", "due_on": "15/01/2026"}
    utility.writes(bills=[bill(1, **days, amount="50.00"),
                          bill(2, amount="1,00", issued_on="2026-01-01")])  # fmt: skip
    utility.loads()
    assert [(row["value"], row["reason"]) for row in utility.held()] == [
        ("50.00", "is no decimal with ',' before its decimals and with '.' between thousands, "
                  "as the mapping says"),
        ("2026-01-01", "is no day as %d/%m/%Y, from 1900 to 2199, as the mapping says"),
    ]  # fmt: skip


def test_a_day_to_add_to_that_does_not_fit_is_a_fault_and_not_missing(utility: Utility) -> None:
    utility.maps(
        FOREIGN
        + """
        [tables.bills.columns]
        due_on = { from = "issued_on", plus_days = 14 }
        period_end = { from = "UNTIL", plus_days = 1 }
    """
    )
    utility.writes(bills=[bill(1, issued_on="01/01/2026", amount="1,00", UNTIL="soon")])
    utility.loads()
    assert utility.faults() == [("B1", "period_end", "soon")]


def test_damaged_parquet_is_named(utility: Utility) -> None:
    rows = pa.Table.from_pylist([payment(n) for n in range(2000)])
    utility.writes_parquet("payments", rows)
    path = utility.export / "payments.parquet"
    first = pq.ParquetFile(path).metadata.row_group(0).column(0)
    raw = bytearray(path.read_bytes())
    begin = first.dictionary_page_offset or first.data_page_offset
    raw[begin : begin + first.total_compressed_size] = b"\xff" * first.total_compressed_size
    path.write_bytes(raw)
    assert refusal(utility).startswith("payments.parquet is no whole Parquet file")


def test_a_field_beyond_the_limit_has_a_sentence_of_our_own(utility: Utility) -> None:
    (utility.export / "bills.csv").unlink()
    text = csv_text([bill(1), bill(2, kind="x" * 20_000_000)])
    utility.writes_text("bills", gzip.compress(text.encode()), ".csv.gz")
    said = refusal(utility)
    assert said.startswith("bills.csv.gz has a row longer than 8 MB, the longest that is read.")
    assert "try to" not in said


def test_totals_that_differ_are_told_as_amounts(utility: Utility) -> None:
    utility.writes(bills=[bill(1, amount="110.00"), bill(2, amount="0.50")])
    utility.declares(kind="full", tables={"bills": {"rows": 2, "amount": "110.00"}})
    assert re.search(r"An amount of 110 is declared and 110\.5 was read", refusal(utility))


def test_the_vault_is_open_to_its_owner_alone(utility: Utility) -> None:
    utility.loads()
    assert utility.workspace.vault.stat().st_mode & 0o777 == 0o700
    utility.workspace.vault.chmod(0o755)
    utility.loads()
    assert utility.workspace.vault.stat().st_mode & 0o777 == 0o700

"""Lines and blocks: what a person sees in an editor, wherever the blocks happen to end."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.portfolio.intake.exports import csv_text
from tideover.portfolio.intake import stream
from tideover.portfolio.intake.reading import LINE, RAGGED, opened
from tideover.terms.faults import Refused

FIELD = st.text(st.sampled_from(list('ab,"\n\r é')), max_size=4)
ROWS = st.lists(st.fixed_dictionaries({"one": FIELD, "two": FIELD}), min_size=1, max_size=12)


@pytest.fixture
def tiny_blocks(monkeypatch: Any) -> None:
    """Let files be read 24 bytes at a time; a row of these tests is not longer."""
    monkeypatch.setattr(stream, "BLOCK_BYTES", 24)


def read(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a file as text, with their lines."""
    return [row for batch in opened(path).batches({"one", "two"}) for row in batch.to_pylist()]


@settings(deadline=None, max_examples=60,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(rows=ROWS)
def test_every_row_comes_with_its_text_and_its_line(
    rows: list[dict[str, str]], tmp_path: Path, tiny_blocks: None
) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(csv_text(rows, csv.QUOTE_ALL).encode())
    lines, begins = [], 2
    for row in rows:
        lines.append(begins)
        text = csv_text([row], csv.QUOTE_ALL).split("\n", 1)[1]
        begins += len(io.StringIO(text, newline=None).read().split("\n")) - 1
    found = read(path)
    assert [(row["one"] or "", row["two"] or "") for row in found] == [
        (row["one"], row["two"]) for row in rows]  # fmt: skip
    assert [row[LINE] for row in found] == lines


def test_carriage_returns_that_a_block_parts_are_two_lines(
    tmp_path: Path, monkeypatch: Any
) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(b'one,two\n1,"\r\r"\n2,3\n')
    for size in range(8, 24):  # the first block holds the header whole
        monkeypatch.setattr(stream, "BLOCK_BYTES", size)
        assert [row[LINE] for row in read(path)] == [2, 5], size


def test_blank_lines_are_no_rows_but_count_as_lines(tmp_path: Path, tiny_blocks: None) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(b"one,two\n\n1,2\r\n\r\n,\n\n\n3,4\nx\n5,6\n\n")
    found = [(row[LINE], row["one"], bool(row[RAGGED])) for row in read(path)]
    assert sorted(found, key=str) == sorted(
        [(3, "1", False), (5, None, False), (8, "3", False), (9, "x", True), (10, "5", False)],
        key=str,
    )


@settings(deadline=None, max_examples=100,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(text=st.text(st.sampled_from(list('a,"\n')), max_size=24))
def test_quotes_that_no_reader_agrees_on_are_refused(
    text: str, tmp_path: Path, tiny_blocks: None
) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("one,two\n" + text, encoding="utf-8")
    try:
        sound = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        with pytest.raises(Refused):
            read(path)
        return
    try:
        found = read(path)
    except Refused:
        return  # stricter than Python: a quote in the middle of a field
    assert len(found) == len([record for record in sound if record])


def test_a_file_is_never_held_whole(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(stream, "BLOCK_BYTES", 1000)
    path = tmp_path / "rows.csv"
    path.write_text("one,two\n" + '1,"2\n"\r\n' * 10_000, encoding="utf-8")
    blocks = stream.CheckedStream(path)
    sizes = [len(block) for block in iter(lambda: blocks.read(1_000_000), b"")]
    assert max(sizes) <= 1001  # a carriage return may wait for its line feed
    assert sum(sizes) == path.stat().st_size
    assert max(batch.num_rows for batch in opened(path).batches({"one"})) < 1000

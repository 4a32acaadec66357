"""The rows of one source file as text: every column a string, with its line, nothing cast yet.

Engines read a cut-off `50.` as 50 and `1_000` as 1000, so what a column holds is kept as it is
written until the checks have looked at it.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from tideover.portfolio.intake.stream import BLOCK_BYTES, CheckedStream, Numbers
from tideover.terms.faults import Refused

COLUMN_LIMIT = 1_000
PARQUET_ROW_LIMIT = 500_000_000
ROWS_PER_BYTE_LIMIT, RATIO_FROM_ROWS = 8, 1_000_000
UNCOMPRESSED_LIMIT_BYTES, ROW_GROUP_LIMIT_BYTES = 40 * 1024**3, 4 * 1024**3
BATCH_ROWS = 65_536
# Columns of ours beside the source's own; no export may have these names.
LINE, RECORD, RAGGED = "__line", "__record", "__ragged"


@dataclass(frozen=True)
class Opened:
    """A source file whose header was accepted.

    Args:
        columns: Its columns, as it names them.
        typed: Columns whose text was written here from a Parquet type, so no profile applies.
        floats: Those of them that were binary floats, whose last digits mean nothing.
    """

    columns: tuple[str, ...]
    typed: frozenset[str]
    floats: frozenset[str]
    _source: Any

    def batches(self, wanted: Collection[str]) -> Iterator[pa.RecordBatch]:
        """Yield the wanted columns as text, with line, record number, and what is ragged."""
        kept = [name for name in self.columns if name in wanted]
        first, *_, file = self._source
        if isinstance(first, pq.ParquetFile):
            yield from _parquet_batches(first, file, kept)
        else:
            yield from _Records(self._source, self.columns, kept).batches()


def opened(path: Path, *, encoding: str = "utf-8", delimiter: str = ",") -> Opened:
    """Open a source file and check its header or its footer.

    Raises:
        Refused: It is not what it claims to be.
    """
    if path.name.endswith(".parquet"):
        return _opened_parquet(path)
    stream = CheckedStream(path, encoding=encoding, delimiter=delimiter)
    line = stream.first_line().removeprefix("\ufeff")
    names = tuple(next(csv.reader([line], delimiter=delimiter), []))
    _check_header(path.name, names)
    return Opened(names, frozenset(), frozenset(), (stream, delimiter, path.name))


def _check_header(file: str, names: tuple[str, ...]) -> None:
    where = f"{file}, line 1"
    if len(names) > COLUMN_LIMIT:
        raise Refused(f"It has {len(names)} columns; the limit is {COLUMN_LIMIT}", where=where)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise Refused(f"The header names the column {twice[0]!r} twice", where=where)


class _Records:
    """The records of a CSV file; those with too few or too many fields are kept apart."""

    def __init__(self, source: Any, columns: tuple[str, ...], kept: list[str]) -> None:
        self._stream: CheckedStream
        self._stream, self._delimiter, self._file = source
        self._columns, self._kept = columns, kept
        self._ragged: deque[Any] = deque()  # the reader reads ahead, and notes them meanwhile
        self._skipped = np.zeros(0, np.int64)  # records that are ragged, by number
        self._next = 2  # the record that comes next; the header is 1
        names = [*kept, LINE, RECORD, RAGGED]
        types = [*[pa.string()] * len(kept), pa.int64(), pa.int64(), pa.string()]
        self._schema = pa.schema(list(zip(names, types, strict=True)))

    def batches(self) -> Iterator[pa.RecordBatch]:
        try:
            for batch in self._reader():
                ragged = self._noted()
                yield self._numbered(batch, ragged)
                yield from self._ragged_rows(ragged)
            yield from self._ragged_rows(self._noted())
        except pa.ArrowInvalid as error:
            raise self._no_csv(error) from None

    def _no_csv(self, error: pa.ArrowInvalid) -> Refused:
        if "straddling" in str(error):  # the engine's word for a row beyond its block
            return Refused(f"{self._file} has a row longer than {BLOCK_BYTES // 1024**2} MB, "
                           "the longest that is read", where=f"after line {self._line_before()}",
                           mend="Look for a quote that should not be there, or shorten the text"
                           )  # fmt: skip
        return Refused(f"{self._file} is no CSV that can be read",
                       where=f"after line {self._line_before()}", mend="Export it again"
                       )  # fmt: skip

    def _line_before(self) -> int:
        """Return the line of the last record that was read."""
        return int(self._stream.lines_of(np.asarray([max(self._next - 1, 1)], np.int64))[0])

    def _reader(self) -> Any:
        return pacsv.open_csv(
            pa.PythonFile(self._stream, mode="r"),
            read_options=pacsv.ReadOptions(use_threads=False, block_size=BLOCK_BYTES),
            parse_options=pacsv.ParseOptions(
                delimiter=self._delimiter, newlines_in_values=True, ignore_empty_lines=False,
                invalid_row_handler=self._keep_apart),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(self._columns, pa.string()), null_values=[""],
                strings_can_be_null=True, include_columns=self._kept, check_utf8=False),
        )  # fmt: skip

    def _keep_apart(self, row: Any) -> str:
        self._ragged.append(row)
        return "skip"

    def _noted(self) -> list[Any]:
        """Return the ragged rows noted since the last time, each once."""
        rows = []
        while self._ragged:
            rows.append(self._ragged.popleft())
        return rows

    def _numbered(self, batch: pa.RecordBatch, ragged: list[Any]) -> pa.RecordBatch:
        new = np.asarray([row.number for row in ragged], np.int64)
        self._skipped = np.concatenate((self._skipped[self._skipped >= self._next], new))
        reach = np.arange(self._next, self._next + batch.num_rows + len(self._skipped))
        records = np.setdiff1d(reach, self._skipped, assume_unique=True)[: batch.num_rows]
        if batch.num_rows:
            self._next = int(records[-1]) + 1
        full = pa.RecordBatch.from_arrays(
            [*batch.columns, pa.array(self._stream.lines_of(records)), pa.array(records),
             pa.nulls(len(records), pa.string())], schema=self._schema)  # fmt: skip
        blank = self._stream.are_blank(records)
        return full.filter(pa.array(~blank)) if blank.any() else full

    def _ragged_rows(self, rows: list[Any]) -> Iterator[pa.RecordBatch]:
        if not rows:
            return
        records = np.asarray([row.number for row in rows], np.int64)
        lines: Numbers = self._stream.lines_of(records)
        found = [{**self._fields(row.text), LINE: int(line), RECORD: row.number,
                  RAGGED: f"has {row.actual_columns} fields, the header {row.expected_columns}"}
                 for row, line in zip(rows, lines, strict=True)]  # fmt: skip
        yield pa.RecordBatch.from_pylist(found, schema=self._schema)

    def _fields(self, text: str) -> dict[str, str | None]:
        """Return the fields a ragged row does have, so that it can be told whose it is."""
        try:
            fields = next(csv.reader([text], delimiter=self._delimiter), [])
        except csv.Error:
            fields = []
        return {name: field or None for name, field in zip(self._columns, fields, strict=False)}


def _opened_parquet(path: Path) -> Opened:
    try:
        file = pq.ParquetFile(path, pre_buffer=False)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise _no_parquet(path.name, error) from None
    _check_footer(path, file.metadata)
    schema = file.schema_arrow
    _check_header(f"{path.name}, footer", tuple(schema.names))
    typed = frozenset(f.name for f in schema if not _is_text(_plain(f.type)))
    floats = frozenset(f.name for f in schema if pa.types.is_floating(_plain(f.type)))
    return Opened(tuple(schema.names), typed, floats, (file, path.name))


def _no_parquet(file: str, error: BaseException) -> Refused:
    return Refused(f"{file} is no whole Parquet file: {str(error).split(chr(10))[0][:120]}",
                   mend="It is damaged; export it again")  # fmt: skip


def _check_footer(path: Path, footer: pq.FileMetaData) -> None:
    groups = [footer.row_group(i) for i in range(footer.num_row_groups)]
    rows, size = footer.num_rows, sum(group.total_byte_size for group in groups)
    largest = max((group.total_byte_size for group in groups), default=0)
    mend = "Hand it over as parts"
    absurd = rows > RATIO_FROM_ROWS and rows > ROWS_PER_BYTE_LIMIT * path.stat().st_size
    if rows > PARQUET_ROW_LIMIT or absurd:
        raise Refused(f"{path.name} declares {rows:,} rows, more than a file of its size can hold,"
                      f" or than the limit of {PARQUET_ROW_LIMIT:,}", mend=mend)  # fmt: skip
    if size > UNCOMPRESSED_LIMIT_BYTES or largest > ROW_GROUP_LIMIT_BYTES:
        raise Refused(f"{path.name} declares {size:,} bytes, or a row group of {largest:,}, beyond"
                      " the limits of 40 GB and 4 GB", mend=mend)  # fmt: skip
    flat = [group.column(j).num_values == group.num_rows
            for group in groups for j in range(group.num_columns)]  # fmt: skip
    if not all(flat):
        raise Refused(f"{path.name} has columns of another length than its footer says",
                      mend="It is damaged; export it again")  # fmt: skip
    if min([rows, size, *(group.num_rows for group in groups)]) < 0 or rows != sum(
        group.num_rows for group in groups
    ):
        raise Refused(f"{path.name} has a footer that contradicts itself", mend="Export it again")


def _parquet_batches(file: pq.ParquetFile, name: str, kept: list[str]) -> Iterator[pa.RecordBatch]:
    count = 0
    try:
        for batch in file.iter_batches(BATCH_ROWS, columns=kept, use_threads=False):
            records = pa.array(np.arange(count + 1, count + 1 + batch.num_rows))
            count += batch.num_rows
            texts = [_text(kept_name, batch.column(kept_name)) for kept_name in kept]
            yield pa.RecordBatch.from_arrays(
                [*texts, records, records, pa.nulls(batch.num_rows, pa.string())],
                names=[*kept, LINE, RECORD, RAGGED])  # fmt: skip
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise _no_parquet(name, error) from None
    if count != file.metadata.num_rows:
        raise Refused(f"{name} holds {count:,} rows, its footer says {file.metadata.num_rows:,}")


_WRITTEN_AS_THEY_ARE = (pa.types.is_null, pa.types.is_boolean, pa.types.is_integer,
                        pa.types.is_date)  # fmt: skip


def _plain(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _text(name: str, column: pa.Array) -> pa.Array:
    """Return a Parquet column as the contract would write it in a CSV."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    kind = column.type
    if pa.types.is_timestamp(kind):
        zone = "UTC" if kind.tz else None
        text = column.cast(pa.timestamp("us", zone), safe=False).cast(pa.string())
        return text if zone else pc.replace_substring_regex(text, r" 00:00:00\.0+$", "")
    if pa.types.is_decimal(kind):
        text = pc.replace_substring_regex(column.cast(pa.string()), r"(\.\d*?)0+$", r"\1")
        text = pc.replace_substring_regex(text, r"^-?0E.*$", "0")
        return pc.replace_substring_regex(text, r"\.$", "")
    if pa.types.is_floating(kind):
        return pc.replace_substring(column.cast(pa.string()), "nan", "NaN")
    if _is_text(kind) or any(is_one(kind) for is_one in _WRITTEN_AS_THEY_ARE):
        text = column.cast(pa.string())
        return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)
    raise Refused(f"The column {name!r} is a Parquet {kind}, which is no text, number or time")

"""Source files -> text rows in Parquet, a block at a time, before anything is checked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tideover.portfolio.intake.folder import SourceFile
from tideover.portfolio.intake.given import FILE, SEQ, Staged
from tideover.portfolio.intake.mapping import Feed, Mapping
from tideover.portfolio.intake.reading import LINE, RAGGED, RECORD, Opened, opened
from tideover.terms.faults import Refused
from tideover.terms.tables import TABLES

Progress = Callable[[str], None]
PROGRESS_ROWS = 1_000_000


def stage(files: Sequence[SourceFile], mapping: Mapping, folder: Path, *, progress: Progress,
          limit: int | None = None) -> list[Staged]:  # fmt: skip
    """Write the files' wanted columns as text, with file, line and place in file order.

    Args:
        limit: Rows a file at most; None for all.

    Raises:
        Refused: A file is not what it claims to be, or lacks a column.
    """
    folder.mkdir(parents=True, exist_ok=True)
    writer, staged = _Writer(progress, limit), []
    for number, file in enumerate(files):
        profile = mapping.profile(file.source)
        source = opened(file.path, encoding=profile.encoding, delimiter=profile.delimiter)
        feeds = [feed for feed in mapping.feeds if feed.source == file.source]
        for feed in feeds:
            _check_columns(file, feed, source)
        wanted = frozenset().union(*(feed.wanted for feed in feeds)) & set(source.columns)
        path = folder / f"{number:05d}.parquet"
        writer.write(path, file.name, source, wanted)
        staged.append(Staged(file, path, wanted, source.typed & wanted, source.floats & wanted,
                             frozenset(source.columns) - wanted))  # fmt: skip
    return staged


def _check_columns(file: SourceFile, feed: Feed, source: Opened) -> None:
    there = set(source.columns)
    mend = f"Columns there: {', '.join(sorted(there)[:40])}"
    for column in sorted(feed.demanded - there):
        raise Refused(f"{file.name} has no column {column!r}, which the mapping names", mend=mend)
    for canonical in TABLES[feed.table].columns:
        if canonical.required and not there.issuperset(feed.origin(canonical.name).columns):
            where = "" if feed.table == file.source else f"needed for {feed.table}"
            raise Refused(f"{file.name} has no column {canonical.name!r}", where=where, mend=mend)


class _Writer:
    """Writes one file after the other; every row gets a place after those before it."""

    def __init__(self, progress: Progress, limit: int | None) -> None:
        self._progress, self._limit = progress, limit
        self._first = 0  # the place of what comes next

    def write(self, path: Path, file: str, source: Opened, wanted: frozenset[str]) -> None:
        schema = pa.schema([*[(name, pa.string()) for name in source.columns if name in wanted],
                            (LINE, pa.int64()), (RAGGED, pa.string()), (FILE, pa.string()),
                            (SEQ, pa.int64())])  # fmt: skip
        rows, after, told = 0, self._first, 0
        with pq.ParquetWriter(path, schema, compression="lz4", use_dictionary=[FILE]) as writer:
            for batch in source.batches(wanted):
                batch = batch if self._limit is None else batch.slice(0, self._limit - rows)
                if not batch.num_rows:
                    continue
                place = pc.add(batch.column(RECORD), self._first)
                at = pa.repeat(pa.scalar(file), batch.num_rows)
                kept = [batch.column(n) for n in schema.names if n in batch.schema.names]
                writer.write_batch(pa.RecordBatch.from_arrays([*kept, at, place], schema=schema))
                rows, after = rows + batch.num_rows, max(after, pc.max(place).as_py() + 1)
                if rows == self._limit:
                    break
                if rows - told >= PROGRESS_ROWS:
                    told = rows
                    self._progress(f"{file}: {rows:,} rows read")
        self._first = after

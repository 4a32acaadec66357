"""What loading an export would do, seen on the first rows; nothing is changed."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tideover.portfolio.intake.alone import alone, embedded_engine, sweep
from tideover.portfolio.intake.given import Staged, source_of
from tideover.portfolio.intake.held import fault_counts
from tideover.portfolio.intake.load import Loading, stamped, take_in
from tideover.portfolio.intake.mapping import Mapping, read_mapping
from tideover.portfolio.intake.plan import planned
from tideover.portfolio.intake.staging import stage
from tideover.portfolio.lake import Lake
from tideover.portfolio.workspace import Workspace
from tideover.terms.tables import TABLES

REFERRED_TO = ("customers", "accounts")  # read whole, because other rows name them


@dataclass(frozen=True)
class TablePreview:
    """What the first rows of one table would become.

    Args:
        columns: For each canonical column, where it comes from; empty where from nowhere.
        ignored: Source columns that nothing reads.
        faults: Column, reason and how many rows.
    """

    files: tuple[str, ...]
    columns: dict[str, str]
    ignored: tuple[str, ...]
    accepted: int
    quarantined: int
    faults: list[tuple[str, str, int]]


@dataclass(frozen=True)
class Preview:
    """What the first rows of an export would become, by table."""

    rows: int
    tables: dict[str, TablePreview]

    def __str__(self) -> str:
        """Return it for a person to read."""
        lines = [f"On the first {self.rows:,} rows of each file (customers and accounts whole):"]
        for name, table in self.tables.items():
            lines += ["", f"{name}, from {', '.join(table.files)}: {table.accepted:,} rows "
                      f"accepted, {table.quarantined:,} quarantined"]  # fmt: skip
            lines += [f"  {column:<18} {'<- ' + origin if origin else '(nothing)'}"
                      for column, origin in table.columns.items()]  # fmt: skip
            if table.ignored:
                lines.append(f"  not read: {', '.join(table.ignored)}")
            lines += [f"  {rows:,} quarantined: {column} {reason}"
                      for column, reason, rows in table.faults]  # fmt: skip
        return "\n".join(lines)


def check(workspace: Workspace, export_dir: Path, *, rows: int = 1000) -> Preview:
    """Say what loading an export would do, from its first rows.

    It is a load like any other that is never made to count. Totals and drift are not compared,
    since the rows are not all read.

    Raises:
        Refused: A file is not what it claims to be.
    """
    with alone(workspace) as lake, embedded_engine(workspace) as (engine, scratch):
        mapping = read_mapping(workspace.mapping)
        plan = planned(lake, mapping, export_dir)
        files = [file for some in plan.files.values() for file in some]
        sources = {feed.source for table in REFERRED_TO for feed in mapping.of(table)}
        whole = [file for file in files if file.source in sources]
        begun = [file for file in files if file.source not in sources]
        staged = stage(whole, mapping, scratch / "whole", progress=_silent)
        staged += stage(begun, mapping, scratch / "begun", progress=_silent, limit=rows)
        loading = Loading(engine, Lake(lake.root, deepcopy(lake.manifest)), plan, scratch, _silent)
        loading.lake.manifest.buckets = max(lake.manifest.buckets, 1)
        take_in(loading, staged, stamped(plan, lake, datetime.now(UTC)))
        seen = {name: _table(loading, name, mapping, staged) for name in plan.tables}
        sweep(lake)
    return Preview(rows, seen)


def _silent(_: str) -> None:
    """Tell nothing: the first rows take no time."""


def _table(loading: Loading, name: str, mapping: Mapping, staged: Sequence[Staged]) -> TablePreview:
    feeds = mapping.of(name)
    files = [file for file in staged if file.file.source in {feed.source for feed in feeds}]
    there = frozenset[str]().union(*(file.columns for file in files))
    columns = {column.name: next(filter(None, (source_of(f, column, there) for f in feeds)), "")
               for column in TABLES[name].columns}  # fmt: skip
    arrivals = loading.arrived[name]
    accepted = sum(sound for sound, _ in arrivals.by_file.values())
    quarantined = sum(faulty for _, faulty in arrivals.by_file.values())
    ignored = {column for file in files for column in file.ignored}
    return TablePreview(tuple(file.file.name for file in files), columns, tuple(sorted(ignored)),
                        accepted, quarantined, fault_counts(loading.engine, arrivals))  # fmt: skip

"""What every step of one night needs at hand: the workspace, the lake as it stood, the engine."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from tideover.portfolio.duck import DuckEngine
from tideover.portfolio.engine import Engine
from tideover.portfolio.features import TABLES
from tideover.portfolio.ladders import TABLES as LADDER_TABLES
from tideover.portfolio.lake import Lake
from tideover.portfolio.reach import TABLES as REACH_TABLES
from tideover.portfolio.situations import TABLES as SITUATION_TABLES
from tideover.portfolio.workspace import Workspace
from tideover.terms.faults import StepMissing, Usage

READ = sorted(
    {*TABLES, *REACH_TABLES, *SITUATION_TABLES, *LADDER_TABLES}
)  # every table of the lake that a night reads
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Desk:
    """One night's workspace, lake, engine, and the day it is about."""

    workspace: Workspace
    lake: Lake
    engine: Engine
    as_of: date
    progress: Progress

    def gathered(self, only: Sequence[pa.Array] | None = None) -> Desk:
        """Return the desk with customers laid out by the buckets of their accounts.

        Args:
            only: For each bucket the accounts whose customers are wanted; all where not given.
        """
        lake, scratch = self.lake, self.workspace.scratch
        if lake.gathered or lake.manifest.buckets == 1:
            return self
        folder = scratch / f"gathered-{lake.manifest.version}{'-some' if only else ''}"
        if only or not folder.is_dir():
            for former in scratch.glob("gathered-*"):
                shutil.rmtree(former, ignore_errors=True)
            lake.gather(self.engine, READ, folder, only=only)
        return replace(self, lake=replace(lake, gathered=folder))

    @property
    def carried(self) -> list[str]:
        """Return the names of the utility's own numbers, in order."""
        if not self.lake.parts("carried"):
            return []
        self.lake.show(self.engine, ["carried"])
        f = self.engine.F
        names = self.engine.arrow(
            self.engine.table("carried").groupBy("name").agg(f.count(f.lit(1)).alias("n"))
        )
        return sorted(names["name"].to_pylist())


def open_lake(workspace: Workspace) -> Lake:
    """Return the lake, or say that nothing was loaded."""
    lake = Lake.open(workspace.lake)
    if not lake.manifest.version:
        raise StepMissing(
            "Nothing has been loaded yet",
            where=str(workspace.root),
            mend=f"Load an export with: tideover ingest {workspace.root} EXPORT_DIR",
        )
    return lake


def open_engine(workspace: Workspace) -> Engine:
    """Return the engine the settings name.

    Raises:
        Usage: The name is not known, or Spark is wanted and not installed.
    """
    wanted = workspace.settings.engine
    if wanted.name == "duckdb":
        return DuckEngine(scratch=workspace.scratch, threads=wanted.threads, memory=wanted.memory)
    if wanted.name != "spark":
        raise Usage(
            f"There is no engine named {wanted.name!r}",
            where="tideover.toml [engine]",
            mend='Known are "duckdb" and "spark"',
        )
    try:
        from tideover.portfolio.spark import SparkEngine
    except ImportError as error:
        raise Usage(
            f"The engine spark is not installed ({error.name})",
            where="tideover.toml [engine]",
            mend="Install it with: pip install 'tideover[spark]', and Java",
        ) from None
    return SparkEngine(scratch=workspace.scratch, master=wanted.master)


def aligned(left: pa.Table, right: pa.Table, columns: list[str]) -> pa.Table:
    """Return columns of a table in the order of another's account_no; null where it has no row."""
    place = pc.index_in(left["account_no"], right["account_no"].combine_chunks())
    return right.select(columns).take(place)

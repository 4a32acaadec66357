"""Which files of an export are new, and what the manifest remembers of the others."""

from __future__ import annotations

from collections.abc import Mapping as Dictionary
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tideover.portfolio.intake.folder import (
    DECLARATION_FILE,
    Declaration,
    SourceFile,
    declaration,
    files_of,
)
from tideover.portfolio.intake.mapping import Mapping
from tideover.portfolio.lake import Lake
from tideover.terms.faults import Refused
from tideover.terms.tables import REQUIRED

Record = dict[str, Any]  # as the manifest's `loads` hold it


@dataclass(frozen=True)
class Plan:
    """What a load is going to do.

    Args:
        files: Every file of the export, by source.
        new: Those to be read.
        former: What the manifest remembers of the others, by name.
        withdrawn_from: Tables of which absent keys are withdrawn.
        last_full: The last full load before; empty where there is none.
    """

    declaration: Declaration
    mapping: Mapping
    full: bool
    files: Dictionary[str, list[SourceFile]]
    new: list[SourceFile]
    former: Dictionary[str, Record]
    withdrawn_from: frozenset[str]
    last_full: Record

    @property
    def kind(self) -> str:
        """Return `full` or `delta`."""
        return "full" if self.full else "delta"

    @property
    def tables(self) -> list[str]:
        """Return the tables the export has files for."""
        fed = [feed.table for feed in self.mapping.feeds if self.files[feed.source]]
        return list(dict.fromkeys(fed))


def planned(lake: Lake, mapping: Mapping, export_dir: Path) -> Plan:
    """Look at an export folder and decide what of it is to be read.

    Raises:
        Refused: There is no such folder, a table it must have is missing, or it is older than
            what was loaded last.
    """
    if not export_dir.is_dir():
        raise Refused("There is no such export folder", where=export_dir.name)
    said, loads = declaration(export_dir), lake.manifest.loads
    files = {source: files_of(export_dir, source) for source in mapping.sources}
    full = said.kind == "full" or (not loads and not said.kind)
    if full or not loads:
        _check_required(mapping, files, export_dir)
    _check_not_older(said, lake)
    last_full: Record = next((load for load in reversed(loads) if load["kind"] == "full"), {})
    stale = _stale(mapping, files, loads, last_full) if full else set()
    seen = _seen(loads, mapping)
    new: list[SourceFile] = []
    former: dict[str, Record] = {}
    for file in (file for some in files.values() for file in some):
        known = seen.get((file.source, file.sha256))
        if file.source in stale or (known is None and not full):
            new.append(file)
        else:
            former[file.name] = known or {}
    tables = frozenset(feed.table for feed in mapping.feeds if feed.source in stale)
    return Plan(said, mapping, full, files, new, former, tables, last_full)


def _check_required(
    mapping: Mapping, files: Dictionary[str, list[SourceFile]], export_dir: Path
) -> None:
    for table in REQUIRED:
        if not any(files[feed.source] for feed in mapping.of(table)):
            raise Refused(f"The export has no {table}", where=export_dir.name,
                          mend=f"Put {table}.csv, .csv.gz or .parquet, or a folder of parts"
                               " there")  # fmt: skip


def _check_not_older(said: Declaration, lake: Lake) -> None:
    last = lake.manifest.last_exported_at
    if said.exported_at and last and said.exported_at < datetime.fromisoformat(last):
        raise Refused(f"The export of {said.exported_at.isoformat()} is older than the last one, "
                      f"of {last}", where=DECLARATION_FILE, mend="Load the newest")  # fmt: skip


def _seen(loads: list[Record], mapping: Mapping) -> dict[tuple[str, str], Record]:
    """Return what is remembered of every file that was read with this mapping."""
    return {(file["source"], file["sha256"]): file for load in loads
            if load["mapping"] == mapping.sha256 for file in load["files"]}  # fmt: skip


def _stale(mapping: Mapping, files: Dictionary[str, list[SourceFile]], loads: list[Record],
           last_full: Record) -> set[str]:  # fmt: skip
    """Return the sources a full load has to read: what they feed may differ from what stands.

    With a source, all that feeds the same tables is read, or absent keys could not be told.
    """
    same = last_full.get("mapping") == mapping.sha256
    since = last_full.get("load_no", 0)
    later = [load for load in loads if load["load_no"] > since and "journal" not in load]
    touched = {file["source"] for load in later for file in load["files"] if file["new"]}
    stale = {source for source in mapping.sources
             if not same or source in touched or {file.sha256 for file in files[source]} !=
             {f["sha256"] for f in last_full["files"] if f["source"] == source}}  # fmt: skip
    while True:
        tables = {feed.table for feed in mapping.feeds if feed.source in stale}
        wider = {feed.source for feed in mapping.feeds if feed.table in tables}
        if tables & {"customers", "accounts"}:  # whoever is withdrawn orphans rows anywhere
            wider = set(mapping.sources)
        if wider == stale:
            return stale
        stale = wider

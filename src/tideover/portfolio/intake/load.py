"""One load: an export folder in, the next state of the lake out, or nothing at all.

Everything is written beside what stands; one replacement of the manifest makes it count.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from tideover.portfolio.engine import DuckEngine
from tideover.portfolio.intake import held
from tideover.portfolio.intake.arrivals import (
    Arrivals,
    arrive,
    find_losers,
    know_accounts,
    know_customers,
    know_former_accounts,
    know_moved_accounts,
    number_accounts,
)
from tideover.portfolio.intake.given import Staged, given
from tideover.portfolio.intake.mapping import read_mapping
from tideover.portfolio.intake.plan import Plan, Record, planned
from tideover.portfolio.intake.staging import Progress, stage
from tideover.portfolio.intake.versions import Stamp, merge, moved_buckets
from tideover.portfolio.intake.whole import (
    Total,
    Totals,
    check_declared,
    check_drift,
    of_export,
    totals,
)
from tideover.portfolio.lake import LOCAL_DAYS, Lake, write_whole
from tideover.portfolio.workspace import Workspace
from tideover.terms.faults import Refused, StepMissing
from tideover.terms.tables import TABLES

ACCOUNTS_A_BUCKET = 150_000
Counts = dict[str, int]  # read, accepted, quarantined, unchanged


@dataclass(frozen=True)
class IntakeReport:
    """What a load did.

    Args:
        tables: Of each table of the export: read, accepted, quarantined, unchanged rows;
            accepted and quarantined add up to read.
        healed: Orphans of earlier loads that are accepted now, by table; not among the read.
    """

    run_id: str
    tables: dict[str, Counts]
    healed: dict[str, int] = field(default_factory=dict)


@dataclass
class Loading:
    """A load under way: the working state, and what arrived so far."""

    engine: DuckEngine
    lake: Lake
    plan: Plan
    scratch: Path
    progress: Progress
    arrived: dict[str, Arrivals] = field(default_factory=dict)
    unchanged: dict[str, int] = field(default_factory=dict)


def ingest(workspace: Workspace, export_dir: Path, *, now: datetime, progress: Progress,
           strict: bool = False, accept_drift: bool = False) -> IntakeReport:  # fmt: skip
    """Take an export into the lake: every row accepted or quarantined, or the load refused.

    Args:
        strict: Refuse the load when any row would be quarantined.
        accept_drift: Take a full load that is much unlike the last one.
        now: When the load began; it is the load's time where `export.json` says none.

    Raises:
        Refused: Something is not what it claims to be; nothing was changed.
        StepMissing: Another load is running.
    """
    with alone(workspace) as lake, embedded_engine(workspace) as (engine, scratch):
        plan = planned(lake, read_mapping(workspace.mapping), export_dir)
        staged = stage(plan.new, plan.mapping, scratch / "staged", progress=progress)
        found = totals(engine, plan.mapping, staged)
        tables = of_export(plan, found)
        check_declared(plan.declaration, tables)
        if plan.full and not accept_drift:
            check_drift(plan, tables)
        if not plan.new and not plan.withdrawn_from:
            return _sound(_report(lake.manifest.loads[-1]["run_id"], plan), strict)
        working = Lake(lake.root, deepcopy(lake.manifest))
        loading = Loading(engine, working, plan, scratch, progress)
        _choose_buckets(loading, workspace, tables["accounts"].rows)
        stamp = stamped(plan, lake, now)
        take_in(loading, staged, stamp)
        report = _sound(_report(stamp.run_id, plan, loading), strict)
        held.write_entries(engine, working, stamp.run_id)
        held.write_doubts(engine, working, stamp.run_id)
        _commit(loading, _record(loading, report, stamp, found))
        return report


@contextmanager
def alone(workspace: Workspace) -> Iterator[Lake]:
    """Keep other loads out, and leave nothing behind that does not count."""
    workspace.lake.mkdir(parents=True, exist_ok=True)
    with (workspace.lake / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StepMissing("Another load is running", where=str(workspace.root),
                              mend="Wait until it is done") from None  # fmt: skip
        lake = Lake.open(workspace.lake)
        _sweep(lake)
        try:
            yield lake
        except BaseException:
            _sweep(Lake.open(workspace.lake))
            raise


def _sweep(lake: Lake) -> None:
    """Delete what no manifest names: parts of unfinished loads, and of states long replaced."""
    kept = {path for table in lake.manifest.parts
            for path in (*lake.parts(table), *lake.vault_parts(table))}  # fmt: skip
    kept |= {lake.root / lake.manifest.doubts, lake.vault / lake.manifest.quarantine}
    kept |= {lake.root / "loads" / f"{load['run_id']}.json" for load in lake.manifest.loads}
    for pattern in ("*/bucket=*/*", "doubts-*", ".doubts-*", "quarantine-*", ".quarantine-*",
                    "loads/*"):  # fmt: skip
        for path in (*lake.root.glob(pattern), *lake.vault.glob(pattern)):
            if path not in kept:
                path.unlink()


@contextmanager
def embedded_engine(workspace: Workspace) -> Iterator[tuple[DuckEngine, Path]]:
    """Open the embedded engine over a clean scratch folder, whatever engine the nights run on."""
    scratch = workspace.scratch / "intake"
    shutil.rmtree(scratch, ignore_errors=True)
    settings = workspace.settings.engine
    engine = DuckEngine(scratch=scratch / "spilled", threads=settings.threads,
                        memory=settings.memory)  # fmt: skip
    try:
        yield engine, scratch
    finally:
        engine.close()
        shutil.rmtree(scratch, ignore_errors=True)


def _choose_buckets(loading: Loading, workspace: Workspace, accounts: int) -> None:
    """Choose the bucket count at the first load; it is kept ever after."""
    manifest = loading.lake.manifest
    chosen = workspace.settings.lake.buckets or -(-accounts // ACCOUNTS_A_BUCKET)
    manifest.buckets = manifest.buckets or max(chosen, 1)


def stamped(plan: Plan, lake: Lake, now: datetime) -> Stamp:
    """Return the mark of a load; its id is a hash of all that goes in."""
    loads = lake.manifest.loads
    files = [f"{file.name}:{file.sha256}" for some in plan.files.values() for file in some]
    told = "\n".join([*files, plan.mapping.sha256, plan.declaration.text,
                      str(lake.manifest.version)])  # fmt: skip
    run_id = hashlib.sha256(told.encode()).hexdigest()[:12]
    moment = plan.declaration.exported_at or now
    last = date.fromisoformat(loads[-1]["day"]) if loads else date.min
    day = max(moment.astimezone(UTC).date(), last)
    return Stamp(len(loads) + 1, run_id, day, moment.isoformat())


def take_in(loading: Loading, staged: Sequence[Staged], stamp: Stamp) -> None:
    """Check and merge table after table: customers, accounts, then what refers to them."""
    engine, lake = loading.engine, loading.lake
    held.show_old(engine, lake)
    know_former_accounts(engine, lake)
    for name in TABLES:
        _take_in_table(loading, name, staged, stamp)
        if name == "customers":
            know_customers(engine, lake)
        elif name == "accounts":
            know_accounts(engine, lake)
            know_moved_accounts(engine)
    held.keep_others(engine, list(loading.arrived))


def _take_in_table(loading: Loading, name: str, staged: Sequence[Staged], stamp: Stamp) -> None:
    engine, lake, table = loading.engine, loading.lake, TABLES[name]
    withdraws = name in loading.plan.withdrawn_from
    rows = given(table, loading.plan.mapping.of(name), staged)
    rows += [] if withdraws else held.orphans(engine, table)
    moved = name in LOCAL_DAYS and bool(moved_buckets(engine))
    if not rows and not withdraws and not moved:
        return
    arrivals = Arrivals(table, loading.scratch, (), {}, 0)
    if rows:
        loading.progress(f"{name}: checking")
        arrivals = arrive(engine, table, rows, folder=loading.scratch / name,
                          buckets=lake.manifest.buckets)  # fmt: skip
    if name == "accounts":
        first = lake.manifest.next_account_no
        lake.manifest.next_account_no = number_accounts(engine, arrivals, first)
    find_losers(engine, arrivals)
    loading.arrived[name] = arrivals
    loading.unchanged[name] = merge(engine, lake, arrivals, stamp, withdraws=withdraws)
    held.enter(engine, arrivals, forget=withdraws)
    sound, faulty = (sum(counts) for counts in zip((0, 0), *arrivals.by_file.values(), strict=True))
    loading.progress(f"{name}: {sound:,} rows accepted, {faulty:,} quarantined")


def _report(run_id: str, plan: Plan, loading: Loading | None = None) -> IntakeReport:
    """Add up what was read now and what is remembered of files that were loaded before."""
    tables: dict[str, Counts] = {}
    arrived = loading.arrived if loading else {}
    for name in TABLES:
        now = list(arrived[name].by_file.values()) if name in arrived else []
        before = [record["tables"][name] for record in plan.former.values()
                  if name in record.get("tables", {})]  # fmt: skip
        if name in plan.tables or now:
            accepted = sum(sound for sound, _ in (*now, *before))
            quarantined = sum(faulty for _, faulty in (*now, *before))
            unchanged = sum(sound for sound, _ in before)
            unchanged += loading.unchanged.get(name, 0) if loading else 0
            tables[name] = {"read": accepted + quarantined, "accepted": accepted,
                            "quarantined": quarantined, "unchanged": unchanged}  # fmt: skip
    healed = {name: arrivals.healed for name, arrivals in arrived.items() if arrivals.healed}
    return IntakeReport(run_id, tables, healed)


def _sound(report: IntakeReport, strict: bool) -> IntakeReport:
    held_back = {name: c["quarantined"] for name, c in report.tables.items() if c["quarantined"]}
    if strict and held_back:
        listed = ", ".join(f"{name} {rows:,}" for name, rows in held_back.items())
        raise Refused(f"Rows would be quarantined, and --strict was given: {listed}",
                      mend="See them with: tideover intake check")  # fmt: skip
    return report


def _record(loading: Loading, report: IntakeReport, stamp: Stamp, found: Totals) -> Record:
    """Return what the manifest remembers of this load."""
    plan = loading.plan
    files = []
    for file in (file for some in plan.files.values() for file in some):
        new = file in plan.new
        before: Mapping[str, Record] = plan.former.get(file.name, {})
        counts = {name: arrivals.by_file[file.name] for name, arrivals in loading.arrived.items()
                  if file.name in arrivals.by_file} if new else before.get("tables", {})  # fmt: skip
        sums = {name: total[file.name].record() for name, total in found.items()
                if file.name in total} if new else before.get("totals", {})  # fmt: skip
        files.append({"source": file.source, "name": file.name, "sha256": file.sha256, "new": new,
                      "tables": counts, "totals": sums})  # fmt: skip
    sums = {name: total.record() for name, total in of_export(plan, found).items() if total != Total()}
    return {"run_id": stamp.run_id, "load_no": stamp.load_no, "kind": plan.kind,
            "time": stamp.time, "day": stamp.day.isoformat(), "mapping": plan.mapping.sha256,
            "files": files, "totals": sums, "tables": report.tables,
            "healed": report.healed}  # fmt: skip


def _commit(loading: Loading, record: Record) -> None:
    """Make the working state the one that counts."""
    lake, manifest = loading.lake, loading.lake.manifest
    for table in manifest.parts:
        for part in (*lake.parts(table), *lake.vault_parts(table)):
            if record["run_id"] in part.name and part.exists():
                _settle(part)
    write_whole(lake.root / "loads" / f"{record['run_id']}.json", json.dumps(record, indent=1))
    manifest.version += 1
    manifest.loads.append(record)
    if loading.plan.declaration.exported_at:
        manifest.last_exported_at = loading.plan.declaration.exported_at.isoformat()
    lake.commit(manifest)


def _settle(path: Path) -> None:
    """Wait until a file is on disk, so that the manifest never names what a power cut took."""
    with path.open("rb") as file:
        os.fsync(file.fileno())

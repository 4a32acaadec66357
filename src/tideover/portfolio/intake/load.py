"""One load: an export folder in, the next state of the lake out, or nothing at all.

Everything is written beside what stands; one replacement of the manifest makes it count.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from tideover.portfolio.duck import DuckEngine
from tideover.portfolio.files import settle, write_whole
from tideover.portfolio.intake import held
from tideover.portfolio.intake.alone import alone, embedded_engine
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
from tideover.portfolio.intake.mapping import parse_mapping, read_mapping
from tideover.portfolio.intake.plan import Plan, Record, planned
from tideover.portfolio.intake.report import IntakeReport, reported
from tideover.portfolio.intake.staging import Progress, stage
from tideover.portfolio.intake.versions import Stamp, merge, moved_buckets
from tideover.portfolio.intake.whole import (
    Totals,
    check_declared,
    check_drift,
    of_export,
    totals,
)
from tideover.portfolio.lake import LOCAL_DAYS, Lake
from tideover.portfolio.workspace import Workspace
from tideover.terms.faults import Refused
from tideover.terms.tables import TABLES

ACCOUNTS_A_BUCKET = 150_000


@dataclass(frozen=True)
class Conditions:
    """On what conditions a load is taken.

    Args:
        strict: Refuse it when any row would be quarantined.
        accept_drift: Take a full load that is much unlike the last one.
        journal: The rows are casework's own, under the contract's names: they are added beside
            those of the CIS and change none of them. It is what the manifest remembers of the load,
            such as how far the events were read; without it the rows are an export's.
    """

    strict: bool = False
    accept_drift: bool = False
    journal: Mapping[str, Any] | None = None


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


def came_by_api(workspace: Workspace) -> list[Path]:
    """Return the folders of rows that came by the API and wait, in the order they came."""
    return sorted(path for path in workspace.incoming.glob("[!.]*") if path.is_dir())


def ingest(workspace: Workspace, export_dir: Path, *, now: datetime, progress: Progress,
           conditions: Conditions = Conditions()) -> IntakeReport:  # fmt: skip
    """Take an export into the lake: every row accepted or quarantined, or the load refused.

    Args:
        now: When the load began; it is the load's time where `export.json` says none.

    Raises:
        Refused: Something is not what it claims to be; nothing was changed.
        StepMissing: Another load is running.
    """
    with alone(workspace) as lake, embedded_engine(workspace) as (engine, scratch):
        mapping = parse_mapping("") if conditions.journal else read_mapping(workspace.mapping)
        plan = planned(lake, mapping, export_dir)
        staged = stage(plan.new, plan.mapping, scratch / "staged", progress=progress)
        found = totals(engine, plan.mapping, staged)
        tables = of_export(plan, found)
        check_declared(plan.declaration, tables)
        if plan.full and not conditions.accept_drift:
            check_drift(plan, tables)
        if not plan.new and not plan.withdrawn_from and not conditions.journal:
            report = reported(lake.manifest.last_export["run_id"], plan, {}, {})
            _check_strict(report, conditions)
            return report
        working = Lake(lake.root, deepcopy(lake.manifest))
        loading = Loading(engine, working, plan, scratch, progress)
        _choose_buckets(loading, workspace, tables["accounts"].rows)
        stamp = stamped(plan, lake, now, journal=conditions.journal)
        take_in(loading, staged, stamp)
        report = reported(stamp.run_id, plan, loading.arrived, loading.unchanged)
        _check_strict(report, conditions)
        held.write_entries(engine, working, stamp.run_id)
        held.write_doubts(engine, working, stamp.run_id)
        record = _record(loading, report, stamp, found)
        if conditions.journal:
            record |= {"kind": "journal", "journal": dict(conditions.journal)}
        _commit(loading, record)
        return report


def _choose_buckets(loading: Loading, workspace: Workspace, accounts: int) -> None:
    """Choose the bucket count at the first load; it is kept ever after."""
    manifest = loading.lake.manifest
    chosen = workspace.settings.lake.buckets or -(-accounts // ACCOUNTS_A_BUCKET)
    manifest.buckets = manifest.buckets or max(chosen, 1)


def stamped(
    plan: Plan, lake: Lake, now: datetime, *, journal: Mapping[str, Any] | None = None
) -> Stamp:
    """Return the mark of a load; its id is a hash of all that goes in."""
    loads = lake.manifest.loads
    files = [f"{file.name}:{file.sha256}" for some in plan.files.values() for file in some]
    carried = [json.dumps(dict(journal))] if journal else []
    told = "\n".join([*files, plan.mapping.sha256, plan.declaration.text,
                      str(lake.manifest.version), *carried])  # fmt: skip
    run_id = hashlib.sha256(told.encode()).hexdigest()[:12]
    moment = plan.declaration.exported_at or now
    last = date.fromisoformat(loads[-1]["day"]) if loads else date.min
    day = max(moment.astimezone(UTC).date(), last)
    return Stamp(len(loads) + 1, run_id, day, moment.isoformat(), is_journal=journal is not None,
                 journals=lake.manifest.journals)  # fmt: skip


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
    if arrivals.by_file:
        sound, faulty = map(sum, zip(*arrivals.by_file.values(), strict=True))
        loading.progress(f"{name}: {sound:,} rows accepted, {faulty:,} quarantined")


def _check_strict(report: IntakeReport, conditions: Conditions) -> None:
    held_back = {name: c["quarantined"] for name, c in report.tables.items() if c["quarantined"]}
    if conditions.strict and held_back:
        listed = ", ".join(f"{name} {rows:,}" for name, rows in held_back.items())
        raise Refused(f"Rows would be quarantined, and --strict was given: {listed}",
                      mend="See them with: tideover intake check")  # fmt: skip


def _record(loading: Loading, report: IntakeReport, stamp: Stamp, found: Totals) -> Record:
    """Return what the manifest remembers of this load."""
    plan = loading.plan
    files = []
    for file in (file for some in plan.files.values() for file in some):
        new = file in plan.new
        before: Mapping[str, Record] = plan.former.get(file.name, {})
        counts = before.get("tables", {}) if not new else {
            name: arrivals.by_file[file.name] for name, arrivals in loading.arrived.items()
            if file.name in arrivals.by_file}  # fmt: skip
        sums = before.get("totals", {}) if not new else {
            name: total[file.name].record() for name, total in found.items()
            if file.name in total}  # fmt: skip
        files.append({"source": file.source, "name": file.name, "sha256": file.sha256, "new": new,
                      "tables": counts, "totals": sums})  # fmt: skip
    sums = {name: total.record() for name, total in of_export(plan, found).items()}
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
                settle(part)
    write_whole(lake.root / "loads" / f"{record['run_id']}.json", json.dumps(record, indent=1))
    manifest.version += 1
    manifest.loads.append(record)
    if loading.plan.declaration.exported_at:
        manifest.last_exported_at = loading.plan.declaration.exported_at.isoformat()
    lake.commit(manifest)

"""Runs a night: every bucket once, then one small file that makes its results count."""

from __future__ import annotations

import gc
import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq

import tideover
from tideover.doors.night.bucket import NIGHT_TABLES, Tonight, through_the_night
from tideover.doors.night.changed import Former, changed_accounts
from tideover.doors.night.choosing import choosing, scarce_channels
from tideover.doors.night.climbing import Climbing, required_by
from tideover.doors.night.customers import keep_to_cap, siblings_of
from tideover.doors.night.desk import Desk, Progress, open_engine, open_lake
from tideover.doors.night.done import NightDone
from tideover.doors.night.filling import fill
from tideover.doors.night.learning import Learnt, learnt, zones_call_for, zones_since_learnt
from tideover.doors.rulebooks import guard_for
from tideover.doors.strategies.shelf import InForce, in_force
from tideover.portfolio import scores
from tideover.portfolio.decisions import Permissions
from tideover.portfolio.files import one_at_a_time, write_whole
from tideover.portfolio.workspace import SETTINGS_FILE, Workspace


def night(workspace: Workspace, as_of: date, progress: Progress) -> NightDone:
    """Compute a night and make it the one that counts for its day.

    The run id hashes everything that goes in, so the same night again is a no-op; another one
    replaces it whole when it is complete, and not before.

    Raises:
        StepMissing: Another night is running in this workspace, or nothing was loaded.
    """
    lock = workspace.root / "nights" / ".lock"
    with one_at_a_time(lock, work="night", where=workspace.root), _uncollected():
        return _alone(workspace, as_of, progress)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep Python from looking for cycles of objects, a third of the time of deciding.

    What a bucket leaves is let go of when nothing refers to it; few of its objects go in circles,
    and those are looked for once a bucket.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _alone(workspace: Workspace, as_of: date, progress: Progress) -> NightDone:
    """Compute a night while no other one runs in the workspace."""
    lake = open_lake(workspace)
    rules = in_force(workspace, as_of)
    permissions = Permissions(guard_for(workspace))
    engine = open_engine(workspace)
    try:
        desk = Desk(workspace, lake, engine, as_of, progress)
        models = learnt(desk)
        chosen = choosing(desk)
        climbing = Climbing.of(workspace, rules, as_of, lake.manifest.loads[-1]["time"])
        basis = _hash(_basis(desk, models, rules, permissions), climbing.basis, chosen.name)
        run_id = _hash(basis, json.dumps(asdict(lake.manifest), sort_keys=True))
        folder = workspace.night(as_of) / run_id
        done = _told(workspace, as_of)
        if done is None or done.run_id != run_id:
            former = None if scarce_channels(workspace.settings) else _former(desk, basis)
            sharing = siblings_of(desk)
            tonight = Tonight(folder, models, rules, permissions, desk.carried, sharing, climbing,
                              chosen, former)  # fmt: skip
            changed = list(changed_accounts(lake, former)) if former else None
            gathered = desk.gathered(changed)
            for bucket in range(lake.manifest.buckets):
                through_the_night(gathered, tonight, bucket,
                                  changed=changed[bucket] if changed else None)  # fmt: skip
                gc.collect(1)
                progress(f"bucket {bucket + 1} of {lake.manifest.buckets} decided")
            keep_to_cap(folder, sharing, workspace.settings.contact.cap, required_by(rules))
            told = fill(folder, workspace.settings.capacity)
            done = replace(_finish(desk, folder, models, basis), choice=chosen.name, capacity=told)
            _keep(desk, folder, done)
        return done
    finally:
        engine.close()


def _basis(desk: Desk, models: Learnt, rules: InForce, permissions: Permissions) -> str:
    """Return a hash of all that goes into a night but the lake."""
    workspace = desk.workspace
    return _hash(
        tideover.__version__, desk.as_of.isoformat(), models.id, models.scores.id,
        rules.hash, permissions.version,
        (workspace.root / SETTINGS_FILE).read_text(encoding="utf-8"),
    )  # fmt: skip


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


def _former(desk: Desk, basis: str) -> Former | None:
    """Return the finished night of this day, where it rests on all the same but the lake."""
    told = _told(desk.workspace, desk.as_of)
    folder = desk.workspace.night(desk.as_of) / (told.run_id if told else "")
    if told is None or told.basis != basis or not _is_whole(folder):
        return None
    return Former(folder, told.lake_version)


def _is_whole(folder: Path) -> bool:
    return all((folder / name).is_dir() for name in NIGHT_TABLES)


def _pointer(workspace: Workspace, as_of: date) -> Path:
    return workspace.root / "nights" / f"{as_of}.json"


def _told(workspace: Workspace, as_of: date) -> NightDone | None:
    """Return what the finished night of a day came to, if there is one."""
    path = _pointer(workspace, as_of)
    if not path.is_file():
        return None
    return NightDone(**json.loads(path.read_text(encoding="utf-8")))


def _finish(desk: Desk, folder: Path, models: Learnt, basis: str) -> NightDone:
    """Count, and look for drift."""
    decided = pq.read_table(folder / "decisions", columns=["arm"], partitioning=None)["arm"]
    arms = {pair["values"]: pair["counts"] for pair in pc.value_counts(decided).to_pylist()}
    sample = pq.read_table(folder / "features" / "bucket=0.parquet")
    moved = scores.drift(models.scores, sample)
    zones_moved = zones_since_learnt(desk, models)
    return NightDone(
        as_of=desk.as_of.isoformat(), run_id=folder.name, models=models.id,
        basis=basis,
        lake_version=desk.lake.manifest.version,
        accounts=sum(pq.ParquetFile(part).metadata.num_rows
                     for part in (folder / "receivables").glob("*.parquet")),
        arms=dict(sorted(arms.items())),
        learn_anew=scores.needs_training(models.scores, desk.as_of, drifts=moved)
        or zones_call_for(desk, models, zones_moved),
        zone_drift=[each.sentence for each in zones_moved],
    )  # fmt: skip


def _keep(desk: Desk, folder: Path, done: NightDone) -> None:
    """Make the run the one that counts, and let go of former ones."""
    write_whole(_pointer(desk.workspace, desk.as_of), json.dumps(asdict(done), indent=1))
    for former in folder.parent.iterdir():
        if former.name != folder.name:
            shutil.rmtree(former, ignore_errors=True)

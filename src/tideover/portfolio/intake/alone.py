"""One load at a time, over a clean scratch folder, leaving nothing that does not count."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tideover.portfolio.engine import DuckEngine
from tideover.portfolio.lake import Lake
from tideover.portfolio.workspace import Workspace
from tideover.terms.faults import StepMissing


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
        sweep(lake)
        try:
            yield lake
        except BaseException:
            sweep(Lake.open(workspace.lake))
            raise


def sweep(lake: Lake) -> None:
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


def settle(path: Path) -> None:
    """Wait until a file is on disk, so that the manifest never names what a power cut took."""
    with path.open("rb") as file:
        os.fsync(file.fileno())

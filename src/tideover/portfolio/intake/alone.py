"""One load at a time, over a clean scratch folder, leaving nothing that does not count."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tideover.portfolio.duck import DuckEngine
from tideover.portfolio.files import one_at_a_time
from tideover.portfolio.lake import Lake
from tideover.portfolio.workspace import Workspace


@contextmanager
def alone(workspace: Workspace) -> Iterator[Lake]:
    """Keep other loads out, and leave nothing behind that does not count."""
    with one_at_a_time(workspace.lake / ".lock", work="load", where=workspace.root):
        keep_private(workspace.vault)
        lake = Lake.open(workspace.lake)
        sweep(lake)
        try:
            yield lake
        except BaseException:
            sweep(Lake.open(workspace.lake))
            raise


def keep_private(vault: Path) -> None:
    """Make the folder of identity one that nobody else on the machine can look into."""
    vault.mkdir(exist_ok=True)
    vault.chmod(0o700)


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

"""A PostgreSQL whose disk is full: nobody is called, and it goes on when there is room (F10)."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.conftest import lacks
from tests.faults.outbox.conftest import Place, sending, some_arrived
from tests.faults.outbox.provider import Provider, listening
from tests.postgres import INSTALL, Server, binaries, cluster

MESSAGES, MEGABYTES = 2000, 200


@contextmanager
def small_disk() -> Iterator[Path]:
    """Mount a disk of its own, in memory, which only root may do."""
    with tempfile.TemporaryDirectory() as folder:
        disk = Path(folder)
        disk.chmod(0o755)
        options = f"size={MEGABYTES}m,mode=1777"
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder],
                                 check=False, capture_output=True)  # fmt: skip
        if mounted.returncode:
            pytest.skip("only root may mount a disk of its own: sudo make matrix")
        try:
            yield disk
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture
def crowded(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, Server]]:
    """Return a small disk, and a PostgreSQL that lives on it."""
    if binaries() is None:
        lacks("PostgreSQL", install=INSTALL)
    with small_disk() as disk, monkeypatch.context() as patched:
        patched.setattr(tempfile, "tempdir", str(disk))
        running = cluster("max_wal_size=32MB", "min_wal_size=32MB")
        with running as server:
            patched.undo()
            yield disk, server


def fill_up(disk: Path) -> Path:
    """Write until nothing more fits, and return the file that has to go."""
    filling = disk / "filling"
    with filling.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return filling


def is_up(server: Server) -> bool:
    """Say whether it takes connections; it ends by itself where its own log does not fit."""
    try:
        psycopg.connect(f"{server.url}/postgres").close()
    except psycopg.OperationalError:
        return False
    return True


@pytest.mark.matrix
def test_a_full_disk_of_postgresql_stops_calls_and_they_resume_when_there_is_room(
    crowded: tuple[Path, Server], tmp_path: Path
) -> None:
    disk, server = crowded
    place, provider = Place(tmp_path, f"{server.url}/postgres"), Provider(remembers=False)
    place.script("fill", 0, "migrate")
    place.script("fill", MESSAGES)
    with listening(provider) as url, sending(place, url, "none") as (worker,):
        some_arrived(provider, 20)
        filling = fill_up(disk)
        time.sleep(20)
        stopped, arrived = len(provider.calls), len(provider.delivered)
        time.sleep(3)
        still, alive = len(provider.calls), worker.poll() is None
        filling.unlink()
        if not is_up(server):
            server.start()
        ended = place.wait(120)
    assert arrived < MESSAGES, "the disk was never too full for it"
    assert still == stopped, "it went on calling with nowhere to write"
    assert alive
    assert set(provider.delivered.values()) == {1}
    assert sum(ended.values()) == MESSAGES
    assert set(ended) <= {"sent", "unknown"}
    assert ended.get("unknown", 0) <= 2 * 5, "more than the last batches before it was full"

"""Databases that outlive a process, with messages that wait to be sent."""

from __future__ import annotations

import base64
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from tests.conftest import lacks
from tests.faults.outbox.provider import Provider
from tests.postgres import INSTALL, Server, binaries, cluster

REPO = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a PostgreSQL that runs."""
    if binaries() is None:
        lacks("PostgreSQL", install=INSTALL)
    with cluster("max_connections=40") as running:
        Place(tmp_path_factory.mktemp("served"), f"{running.url}/postgres").script(
            "fill", 0, "migrate"
        )
        yield running


@dataclass
class Place:
    """A workspace and a database, and the processes that work on them."""

    folder: Path
    url: str

    @property
    def environment(self) -> dict[str, str]:
        """What its processes are told."""
        keys = "test:" + base64.urlsafe_b64encode(bytes(32)).decode()
        return os.environ | {
            "TIDEOVER_WORKSPACE": str(self.folder), "TIDEOVER_DATABASE_URL": self.url,
            "TIDEOVER_SEAL_KEYS": keys, "DJANGO_SETTINGS_MODULE": "tests.settings",
        }  # fmt: skip

    def script(self, name: str, *words: object) -> str:
        """Run one of the small programs beside this file, and return what it said."""
        done = subprocess.run(
            [sys.executable, "-m", f"tests.faults.outbox.{name}", *map(str, words)], cwd=REPO,
            env=self.environment, check=True, capture_output=True, text=True,
        )  # fmt: skip
        return done.stdout.strip()

    def worker(
        self, url: str, dedupe: str, lease_s: float = 2, at_once: int = 5, *, most_pages: int = 0
    ) -> Running:
        """Start a worker, and wait until it works; its SQLite file may have so many pages."""
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.outbox.sending", url, dedupe, str(lease_s),
             str(at_once), str(most_pages)], cwd=REPO, env=self.environment,
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return process

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Ask the database itself."""
        if self.url.startswith("sqlite"):
            with closing(sqlite3.connect(self.url.removeprefix("sqlite://"))) as found:
                return found.execute(sql).fetchall()
        with psycopg.connect(self.url) as connection:
            return connection.execute(sql).fetchall()  # type: ignore[arg-type]

    def statuses(self) -> dict[str, int]:
        """Return how many messages are in each status."""
        return dict(self.rows("SELECT status, count(*) FROM message GROUP BY status"))  # type: ignore[arg-type]

    def keys(self, status: str) -> set[str]:
        """Return the keys of messages in a status."""
        rows = self.rows(f"SELECT key FROM message WHERE status = '{status}'")
        return {str(UUID(str(key))) for (key,) in rows}

    def wait(self, seconds: float = 40) -> dict[str, int]:
        """Wait until no message is on its way, and return how they ended."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = self.statuses()
            if not {"queued", "claimed", "sending"} & found.keys():
                return found
            time.sleep(0.1)
        return found


Running = subprocess.Popen[str]


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a SQLite file with nothing but tables: making them takes seconds."""
    folder = tmp_path_factory.mktemp("tables")
    Place(folder, f"sqlite://{folder}/empty.sqlite3").script("fill", 0, "migrate")
    return folder / "empty.sqlite3"


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Return a database of each kind, with its tables made."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("tables"), tmp_path / "casework.sqlite3")
        return Place(tmp_path, f"sqlite://{tmp_path}/casework.sqlite3")
    running: Server = request.getfixturevalue("server")
    return Place(tmp_path, f"{running.url}/postgres")


@pytest.fixture
def served(server: Server, tmp_path: Path) -> Place:
    """Return a place on PostgreSQL."""
    return Place(tmp_path, f"{server.url}/postgres")


@contextmanager
def sending(place: Place, url: str, dedupe: str, workers: int = 1) -> Iterator[Sequence[Running]]:
    """Have workers send, and end them."""
    running = [place.worker(url, dedupe, 5.0) for _ in range(workers)]
    try:
        yield running
    finally:
        for one in running:
            one.kill()
            one.wait()


def some_arrived(provider: Provider, number: int, seconds: float = 60) -> None:
    """Wait until so many messages have arrived."""
    end = time.monotonic() + seconds
    while sum(provider.delivered.values()) < number:
        assert time.monotonic() < end, f"{sum(provider.delivered.values())} of {number} arrived"
        time.sleep(0.02)

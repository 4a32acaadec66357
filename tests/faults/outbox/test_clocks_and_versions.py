"""A worker whose clock is wrong, and two versions at work at once (F16, F27)."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.conftest import lacks
from tests.faults.outbox.conftest import REPO, Place
from tests.faults.outbox.provider import Provider, listening
from tests.postgres import Server


@pytest.fixture
def served(server: Server, tmp_path: Path) -> Place:
    """Return a place on PostgreSQL."""
    return Place(tmp_path, f"{server.url}/postgres")


@pytest.mark.parametrize(
    "off", ["+10m", "-1h", *(pytest.param(one, marks=pytest.mark.matrix)
                             for one in ("-10m", "+1h", "+10y"))]
)  # fmt: skip
def test_a_worker_whose_clock_is_off_the_databases_refuses_to_send(served: Place, off: str) -> None:
    if shutil.which("faketime") is None:
        lacks("faketime", install="apt-get install faketime")
    served.script("fill", 3)
    provider = Provider(remembers=True)
    with listening(provider) as url:
        ended = subprocess.run(
            ["faketime", "-f", off, sys.executable, "-m", "tests.faults.outbox.sending", url,
             "key", "5", "5", "0"], cwd=REPO, env=served.environment, capture_output=True,
            text=True, timeout=60, check=False,
        )  # fmt: skip
    assert ended.returncode != 0
    assert "off the database's" in ended.stderr
    assert provider.calls == []
    assert served.statuses() == {"queued": 3}


def test_a_column_that_a_newer_version_adds_while_the_older_one_sends_stops_nothing(
    served: Place,
) -> None:
    served.script("fill", 60)
    provider = Provider(remembers=True)
    with listening(provider) as url:
        older = served.worker(url, "key", 5.0)
        with psycopg.connect(served.url, autocommit=True) as database:
            database.execute("ALTER TABLE message ADD COLUMN of_a_newer_version integer NULL")
        newer = served.worker(url, "key", 5.0)
        try:
            assert served.wait() == {"sent": 60}
        finally:
            for one in (older, newer):
                one.kill()
                one.wait()
            with psycopg.connect(served.url, autocommit=True) as database:
                database.execute("ALTER TABLE message DROP COLUMN of_a_newer_version")
    assert sorted(provider.delivered.values()) == [1] * 60

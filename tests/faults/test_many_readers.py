"""Many ask at once: too few connections to PostgreSQL (F9), one writer on SQLite (F30)."""

from __future__ import annotations

import http.client
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.faults.outbox.conftest import REPO, Place, server, tables
from tests.faults.outbox.provider import Provider, listening
from tests.postgres import Server, free_port

__all__ = ["server", "tables"]  # fixtures
PATHS = ("/health", "/api/cases")
BRAKED = 429  # after a few with a token that nobody has, before the database is asked
Answer = tuple[int, float, bytes]


@contextmanager
def pages(place: Place, threads: int) -> Iterator[Callable[[str], Answer]]:
    """Serve casework's pages, and give what asks for one: its status, seconds and words."""
    port = free_port()
    words = ["-m", "gunicorn", "-b", f"127.0.0.1:{port}", "-k", "gthread", "--threads",
             str(threads), "--log-level", "critical", "tideover.casework.wsgi"]  # fmt: skip
    process = subprocess.Popen([sys.executable, *words], cwd=REPO, env=place.environment)

    def ask(path: str) -> Answer:
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", path, headers={"Authorization": "Bearer tdo_nobody"})
        answer = connection.getresponse()
        return answer.status, time.monotonic() - began, answer.read()

    try:
        _until_it_answers(ask)
        yield ask
    finally:
        process.terminate()
        process.wait(20)


def _until_it_answers(ask: Callable[[str], Answer]) -> None:
    end = time.monotonic() + 60
    while True:
        try:
            ask("/health")
            return
        except ConnectionError:
            assert time.monotonic() < end, "no page in a minute"
            time.sleep(0.2)


def test_fifty_who_ask_where_two_may_connect_get_an_answer_or_a_503_in_five_seconds(
    server: Server, tmp_path: Path
) -> None:
    with psycopg.connect(f"{server.url}/postgres", autocommit=True) as to:
        to.execute("CREATE ROLE few LOGIN CONNECTION LIMIT 2")
        to.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO few")
    few = f"{server.url}/postgres".replace("tideover@", "few@")
    with pages(Place(tmp_path, few), threads=25) as ask, ThreadPoolExecutor(50) as many:
        answers = list(many.map(ask, PATHS * 100))
        assert {status for status, _, _ in answers} <= {200, 401, BRAKED, 503}
        assert Counter(status for status, _, _ in answers)[503] > 0, "two were enough"
        assert max(seconds for _, seconds, _ in answers) < 5
        assert all(b"try again" in words for status, _, words in answers if status == 503)


@pytest.mark.parametrize("seconds", [3, pytest.param(60, marks=pytest.mark.matrix)])
def test_twenty_who_read_while_one_sends_never_hear_that_the_database_is_locked(
    tables: Path, tmp_path: Path, seconds: int
) -> None:
    file = tmp_path / "casework.sqlite3"
    file.write_bytes(tables.read_bytes())
    place = Place(tmp_path, f"sqlite://{file}")
    place.script("fill", 400 * seconds // 3)
    with listening(Provider(remembers=True)) as url, pages(place, threads=20) as ask:
        worker = place.worker(url, "key", at_once=20)
        end = time.monotonic() + seconds

        def read(path: str) -> Counter[int]:
            said: Counter[int] = Counter()
            while time.monotonic() < end:
                said[ask(path)[0]] += 1
            return said

        with ThreadPoolExecutor(20) as many:
            said = sum(many.map(read, PATHS * 10), Counter())
        log = Path(f"{file}-wal").stat().st_size
        worker.kill()
        worker.wait()
    assert {200} <= said.keys() <= {200, 401, BRAKED}
    assert place.statuses()["sent"] > 0
    assert log < 80_000_000

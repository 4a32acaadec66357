"""A PostgreSQL of one's own for a while: a throw-away cluster on a free port of this machine."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from tests.conftest import lacks

INSTALL = "sudo apt-get install postgresql"
_PLACES = ("usr/lib/postgresql/*/bin", "usr/local/pgsql/bin", "opt/homebrew/opt/postgresql*/bin")
_HOST = "127.0.0.1"
_NUMBERS = count(1)


def binaries() -> Path | None:
    """Return the folder of the newest PostgreSQL there is; none where there is none."""
    found = [path for place in _PLACES for path in Path("/").glob(f"{place}/initdb")]
    on_path = shutil.which("initdb")
    found += [Path(on_path)] if on_path else []
    return max(found, key=_version).parent if found else None


def _version(path: Path) -> int:
    digits = [part for part in path.parts if part.isdigit()]
    return int(digits[-1]) if digits else 0


@dataclass(frozen=True)
class Server:
    """A server that can be crashed, and started again.

    Args:
        url: Where it is, without a database's name.
    """

    url: str
    crash: Callable[[], None]
    start: Callable[[], None]


@contextmanager
def cluster(*settings: str) -> Iterator[Server]:
    """Run a PostgreSQL server.

    Args:
        settings: Further ones, such as `fsync=off`; a crash of a worker needs none of them.
    """
    where = binaries()
    assert where is not None, "ask `binaries` first"
    with tempfile.TemporaryDirectory(prefix="tideover-pg-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        owner = _owner(home)
        _run(owner, where / "initdb", "-D", home / "data", "-U", "tideover", "-A", "trust",
             "-E", "UTF8", "--locale=C", "--no-sync")  # fmt: skip
        port = free_port()
        said = [f"port={port}", f"listen_addresses={_HOST}", f"unix_socket_directories={home}",
                *settings]  # fmt: skip
        options = " ".join(f"-c {setting}" for setting in said)
        control = [where / "pg_ctl", "-D", home / "data", "-w"]

        def crash() -> None:
            _run(owner, *control, "-m", "immediate", "stop")

        def start() -> None:
            _run(owner, *control, "-l", home / "log", "-o", options, "start")

        start()
        try:
            yield Server(f"postgresql://tideover@{_HOST}:{port}", crash, start)
        finally:
            crash()


@contextmanager
def database(server: str, *, like: str = "") -> Iterator[str]:
    """Make a database on a server, give its URL, and drop it again.

    Args:
        like: The URL of one to copy, to which nobody is connected; it is empty without.
    """
    import psycopg

    name = f"test_{os.getpid()}_{next(_NUMBERS)}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as to:
        to.execute(f"CREATE DATABASE {name} TEMPLATE {like.rpartition('/')[2] or 'template1'}")
    yield f"{server}/{name}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as to:
        to.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Return the URL of a PostgreSQL server, one for all tests."""
    if binaries() is None:
        lacks("PostgreSQL", install=INSTALL)
    with cluster("fsync=off") as server:
        yield server.url


@pytest.fixture
def postgres(postgres_server: str) -> Iterator[str]:
    """Return the URL of an empty database, as TIDEOVER_DATABASE_URL says it."""
    with database(postgres_server) as url:
        yield url


def _owner(home: Path) -> Sequence[str]:
    """Return how to run as somebody who may run PostgreSQL: root may not."""
    if os.getuid() != 0:
        return ()
    user = pwd.getpwnam("postgres")
    os.chown(home, user.pw_uid, user.pw_gid)
    return ("setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups")


def _run(owner: Sequence[str], *words: object) -> None:
    # to a file: what a server inherits would keep a pipe open as long as it runs
    with tempfile.TemporaryFile() as said:
        ended = subprocess.run([*owner, *map(str, words)], stdout=said, stderr=said,
                               stdin=subprocess.DEVNULL, check=False)  # fmt: skip
        said.seek(0)
        assert ended.returncode == 0, said.read().decode()


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        return int(probe.getsockname()[1])

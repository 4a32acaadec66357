"""L8: clients that send a byte a second, nothing, never read or never close hold nobody up."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from tests.postgres import free_port

PAGE = "/my/check/"
SOON_S, GIVEN_UP_S = 20.0, 14.0  # waiting for slow clients one by one would take minutes
FORM = b"POST /my/welcome/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n\r\na="
LINES = b"GET /my/check/ HTTP/1.1\r\nHost: localhost\r\nX-Slow: "


@contextmanager
def serving(root: Path, **more: str) -> Iterator[int]:
    """Serve as it is shipped, and give the port."""
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("TIDEOVER_")} | {
        "TIDEOVER_WORKSPACE": str(root), "TIDEOVER_PLAIN_HTTP": "1",
        "DJANGO_SETTINGS_MODULE": "tideover.casework.settings",
    } | more  # fmt: skip
    subprocess.run([sys.executable, "-m", "tideover", "init", str(root)], env=environment,
                   check=True)  # fmt: skip
    (root / "casework").mkdir()
    subprocess.run([sys.executable, "-m", "django", "migrate", "-v0"], env=environment, check=True)
    web = subprocess.Popen([sys.executable, "-m", "tideover", "web", str(root), "--port",
                            str(port)], env=environment, stdout=subprocess.DEVNULL)  # fmt: skip
    try:
        end = time.monotonic() + 180
        while answered(port) != 200:
            assert time.monotonic() < end, "no page in three minutes"
            time.sleep(0.2)
        yield port
    finally:
        web.terminate()
        web.wait(20)


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Return the port of the web process as it is shipped."""
    with serving(tmp_path_factory.mktemp("slow") / "ws") as port:
        yield port


def answered(port: int, path: str = PAGE, body: bytes | None = None) -> int:
    """Return how an ordinary client is answered; 0 where nobody answers soon."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=SOON_S)) as connection:
        try:
            connection.request("POST" if body else "GET", path, body)
            return connection.getresponse().status
        except OSError:
            return 0


def opened(port: int, *said: bytes) -> list[socket.socket]:
    """Return connections, one for each beginning of a request."""
    sockets = []
    for some in said:
        one = socket.create_connection(("127.0.0.1", port), timeout=SOON_S)
        one.sendall(some)
        sockets.append(one)
    return sockets


@pytest.fixture(params=[90, pytest.param(490, marks=pytest.mark.matrix)])
def slow(port: int, request: pytest.FixtureRequest) -> Iterator[list[socket.socket]]:
    """Return clients of every slow kind, more than the web process has threads."""
    many, over = request.param // 3, threading.Event()
    sockets = opened(port, *[LINES] * many, *[FORM] * many, *[b""] * many)

    def drip() -> None:
        while not over.wait(0.5):
            for one in sockets[: 2 * many]:
                with suppress(OSError):
                    one.send(b"x")

    dripping = threading.Thread(target=drip)
    dripping.start()
    yield sockets
    over.set()
    dripping.join()
    for one in sockets:
        one.close()


def test_others_are_answered_soon_while_slow_clients_send(
    port: int, slow: list[socket.socket]
) -> None:
    time.sleep(1)
    assert [answered(port) for _ in range(10)] == [200] * 10


def test_who_never_reads_or_closes_keeps_nobody_waiting(port: int) -> None:
    whole = LINES + b"no\r\n\r\n"
    sockets = opened(port, *[whole] * 90)
    end = time.monotonic() + SOON_S
    while (said := answered(port)) == 503:  # the ninety are being served
        assert time.monotonic() < end, "it is busy with who never reads"
    assert [said, *(answered(port) for _ in range(10))] == [200] * 11
    for one in sockets:
        one.close()


def test_what_is_larger_than_anything_here_is_refused_before_it_is_sent(port: int) -> None:
    (one,) = opened(port, FORM.replace(b"5000", b"50000000"))
    assert one.recv(100).startswith(b"HTTP/1.1 413 ")
    (many,) = opened(port, LINES + b"x" * 70_000)
    assert many.recv(100).startswith(b"HTTP/1.1 413 ")
    assert answered(port, "/hooks/handover", b"x" * 2_000_000) in (404, 413)


def test_several_processes_share_no_connection_to_the_database(
    tmp_path: Path, postgres: str
) -> None:
    more = {"TIDEOVER_PROCESSES": "3", "TIDEOVER_DATABASE_URL": postgres}
    with serving(tmp_path / "ws", **more) as port:
        assert [answered(port, "/health") for _ in range(30)] == [200] * 30


def gone(one: socket.socket) -> bool:
    """Say whether the web process has given a connection up."""
    try:
        return one.recv(1) == b""
    except ConnectionError:
        return True


def memory(port: int) -> int:
    """Return the bytes of the processes that listen there."""
    serving = {one.pid for one in psutil.net_connections("tcp") if one.laddr[1] == port}
    return sum(psutil.Process(pid).memory_info().rss for pid in serving if pid)


@pytest.mark.matrix
def test_slow_clients_are_given_up_and_leave_no_memory_behind(port: int) -> None:
    before = memory(port)
    sockets = [one for _ in range(4) for one in opened(port, *[FORM + b"x" * 4_000] * 400)]
    time.sleep(GIVEN_UP_S)
    assert all(map(gone, sockets))
    assert answered(port) == 200
    assert memory(port) - before < 30_000_000

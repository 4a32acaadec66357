"""A web server as it is in production, and a crowd that knocks at a steady pace."""

from __future__ import annotations

import http.client
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import quantiles

from tests.postgres import free_port

CROWD = 64  # callers at once at most; a slow answer does not slow the others down


@dataclass(frozen=True)
class Call:
    """What is asked of the server."""

    path: str
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Answered:
    """How long each answer took, in ms from when it was *due* to be asked, and what was said."""

    waited_ms: list[float] = field(default_factory=list)
    said: Counter[int] = field(default_factory=Counter)

    def at(self, percent: int) -> float:
        """Return how long the slowest but for so many in a hundred took."""
        return quantiles(self.waited_ms, n=100)[percent - 1]


@contextmanager
def served(environment: Mapping[str, str], *, workers: int = 2, threads: int = 4) -> Iterator[int]:
    """Give the port of casework's pages, served by gunicorn."""
    port = free_port()
    running = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--log-level", "warning",
         "--workers", str(workers), "--threads", str(threads), "tideover.casework.wsgi"],
        env=dict(environment),
    )  # fmt: skip
    try:
        _answers(port)
        yield port
    finally:
        running.terminate()
        running.wait()


def _answers(port: int) -> None:
    for _ in range(200):
        try:
            asked(port, Call("/health"))
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server does not come up")


def asked(port: int, call: Call) -> int:
    """Ask once, by a connection of its own; return the status."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("POST" if call.body is not None else "GET", call.path, call.body,
                           dict(call.headers))  # fmt: skip
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def knocked(port: int, calls: Sequence[Call], a_second: float) -> Answered:
    """Ask all of it at a steady pace, whether or not the answers keep up."""
    found, lock, start = Answered(), threading.Lock(), time.monotonic() + 0.5

    def one(number: int) -> None:
        due = start + number / a_second
        time.sleep(max(0.0, due - time.monotonic()))
        try:
            status = asked(port, calls[number])
        except OSError:
            status = 0
        with lock:
            found.waited_ms.append((time.monotonic() - due) * 1_000)
            found.said[status] += 1

    with ThreadPoolExecutor(CROWD) as crowd:
        list(crowd.map(one, range(len(calls))))
    return found

"""Programs of other people that npm installs: Prism, maildev, Lighthouse."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import REPO, lacks
from tests.postgres import free_port

PROGRAMS = REPO / ".venv/npm/node_modules/.bin"
INSTALL = "make .venv/npm.done, with Node 20 or later"
LONGEST_S = 90  # Prism reads a large paper first


def program(name: str) -> Path:
    """Return a program's file; where it is missing the test skips and says so."""
    found = PROGRAMS / name
    if not found.exists():
        lacks(name, install=INSTALL)
    return found


@contextmanager
def listening(name: str, *words: str, port: int) -> Iterator[int]:
    """Run a program once it listens, and end it afterwards."""
    process = subprocess.Popen(
        [program(name), *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _until_it_listens(port)
        yield port
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def described(paper: Path, *words: str) -> Iterator[str]:
    """Run Prism, which answers as an OpenAPI file has it; yield its address."""
    if not paper.is_file():
        pytest.skip(f"no peers/openapi/{paper.name} in the shared folder")
    port = free_port()
    said = ("mock", *words, "-h", "127.0.0.1", "-p", str(port), str(paper))
    with listening("prism", *said, port=port):
        yield f"http://127.0.0.1:{port}"


def _until_it_listens(port: int) -> None:
    end = time.monotonic() + LONGEST_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            assert time.monotonic() < end, "no answer in a minute and a half"
            time.sleep(0.3)

"""Mollie's own description of its API, answering on this machine: what we ask is what it says."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.casework.payments.test_providers import ORDER
from tests.conftest import lacks
from tests.postgres import free_port
from tideover.casework.payments.mollie.adapter import Mollie

pytestmark = pytest.mark.matrix
INSTALL = "npm install --prefix .venv/prism -E @stoplight/prism-cli@~5.16.0"
OF_THE_PAPER = "tr_5B8cwPMGnU6qLbRvo7qEZo"  # the payment of its examples


@pytest.fixture(scope="module")
def described(shared: Path) -> Iterator[Mollie]:
    """Return Mollie as its description has it; a request that it does not allow is refused."""
    ours = Path(__file__).parents[3] / ".venv/prism/node_modules/.bin/prism"
    program = str(ours) if ours.is_file() else shutil.which("prism")
    if program is None:
        lacks("Prism", install=INSTALL)
    port = free_port()
    process = subprocess.Popen(
        [str(program), "mock", "--errors", "-h", "127.0.0.1", "-p", str(port),
         str(shared / "peers/openapi/mollie.yaml")],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _until_it_listens(port)
        yield Mollie("test_x", ("secret",), f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(10)


def _until_it_listens(port: int) -> None:
    end = time.monotonic() + 90  # it reads a large paper first
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            assert time.monotonic() < end, "no answer in a minute and a half"
            time.sleep(0.3)


def test_a_payment_is_begun_and_looked_at_as_the_description_has_it(described: Mollie) -> None:
    page = described.begin(ORDER)
    assert (page.provider_id, page.url.startswith("https://www.mollie.com/")) == (
        OF_THE_PAPER, True)  # fmt: skip
    told = described.look(page.provider_id)
    assert (told.provider_id, told.status, told.currency) == (OF_THE_PAPER, "open", "EUR")

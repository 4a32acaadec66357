"""A PostgreSQL of our own: on loopback, on a free port, gone when the test is."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import lacks

INSTALL = "sudo apt-get install postgresql"
_PLACES = ("/usr/lib/postgresql",)
USER = "postgres"


def programs() -> Path:
    """Return where PostgreSQL's programs lie; skip where there are none."""
    found = sorted(path.parent for place in _PLACES for path in Path(place).glob("*/bin/initdb"))
    if not found:
        lacks("PostgreSQL", install=INSTALL)
    return found[-1]


@dataclass
class Server:
    """A server that can be crashed and started again."""

    bin: Path
    folder: Path
    port: int

    @property
    def url(self) -> str:
        """Where its database is."""
        return f"postgresql://{USER}@127.0.0.1:{self.port}/postgres"

    def run(self, *words: str) -> None:
        """Run one of its programs; root may not, so another user does."""
        as_other = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups"]
        before = as_other if os.geteuid() == 0 else []
        subprocess.run([*before, str(self.bin / words[0]), *words[1:]], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip

    def start(self) -> None:
        """Start, and wait until it answers."""
        self.run("pg_ctl", "-D", str(self.folder), "-w", "-t", "60", "-l",
                 str(self.folder / "log"), "start")  # fmt: skip

    def stop(self, how: str = "immediate") -> None:
        """Stop; `immediate` is a crash."""
        self.run("pg_ctl", "-D", str(self.folder), "-m", how, "-w", "stop")


@contextmanager
def postgres(*settings: str) -> Iterator[Server]:
    """Give a server that runs."""
    with tempfile.TemporaryDirectory(prefix="tideover-pg-") as made:
        folder = Path(made)
        server = Server(programs(), folder / "cluster", free_port())
        if os.geteuid() == 0:
            shutil.chown(folder, USER, USER)
            folder.chmod(0o700)
        server.run("initdb", "-D", str(server.folder), "-U", USER, "--auth=trust", "-E", "UTF8")
        stated = [f"port={server.port}", "listen_addresses='127.0.0.1'",
                  f"unix_socket_directories='{folder}'", *settings]  # fmt: skip
        with (server.folder / "postgresql.conf").open("a") as conf:
            conf.write("\n".join(stated) + "\n")
        server.start()
        try:
            yield server
        finally:
            server.stop()


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

"""A printer on this machine: an SFTP server by other people than our client, asyncssh."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncssh

from tideover.casework.outreach.channels.letter.drops import SftpDrop


class _Lets(asyncssh.SSHServer):
    """Lets the printer's customer in, and nobody else."""

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == ("utility", "the right one")


@dataclass
class Printer:
    """A printer's server: its folder, and the drop of whoever may put something there."""

    folder: Path
    drop: SftpDrop


async def _ended(listening: asyncssh.SSHAcceptor) -> None:
    listening.close()
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)


@contextmanager
def printing(place: Path) -> Iterator[Printer]:
    """Run a printer with an SFTP server on a free port of this machine."""
    folder, hosts = place / "printer", place / "known_hosts"
    (folder / "in" / "status").mkdir(parents=True)
    key, loop = asyncssh.generate_private_key("ssh-ed25519"), asyncio.new_event_loop()

    def served(channel: asyncssh.SSHServerChannel[bytes]) -> asyncssh.SFTPServer:
        return asyncssh.SFTPServer(channel, chroot=str(folder).encode())

    running = threading.Thread(target=loop.run_forever)  # another loop may run in this thread
    running.start()

    async def begin() -> asyncssh.SSHAcceptor:
        return await asyncssh.create_server(
            _Lets, "127.0.0.1", 0, server_host_keys=[key], sftp_factory=served
        )

    listening = asyncio.run_coroutine_threadsafe(begin(), loop).result()
    port = listening.get_port()
    public = key.export_public_key().decode().split()[:2]
    hosts.write_text(f"[127.0.0.1]:{port} {' '.join(public)}\n")
    try:
        yield Printer(folder, SftpDrop("127.0.0.1", "utility", "/in", str(hosts), port=port,
                                       password="the right one", timeout_s=5))  # fmt: skip
    finally:
        asyncio.run_coroutine_threadsafe(_ended(listening), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        running.join()
        loop.close()

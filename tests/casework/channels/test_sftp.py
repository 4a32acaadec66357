"""Bundles of letters over SFTP, to a server by other people than our client: asyncssh."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import asyncssh
import pytest

from tideover.casework.outreach.channels.letter.drops import NotDropped, SftpDrop


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


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[Printer]:
    """Return a printer with an SFTP server on a free port of this machine."""
    folder, hosts = tmp_path / "printer", tmp_path / "known_hosts"
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


def test_a_bundle_lies_there_whole_and_under_its_name(printer: Printer) -> None:
    bundle = bytes(range(256)) * 4_000
    printer.drop.put("letters-1.zip", bundle)
    assert printer.drop.has("letters-1.zip")
    assert not printer.drop.has("letters-2.zip")
    assert {path.name for path in (printer.folder / "in").iterdir()} == {"letters-1.zip", "status"}
    assert (printer.folder / "in/letters-1.zip").read_bytes() == bundle


def test_status_files_come_back_once_and_are_put_aside(printer: Printer) -> None:
    status = printer.folder / "in/status"
    (status / "b.csv").write_bytes(b"key,status\n")
    (status / "a.csv").write_bytes(b"key\n")
    (status / "notes.txt").write_bytes(b"not one")
    assert printer.drop.statuses() == [("a.csv", b"key\n"), ("b.csv", b"key,status\n")]
    printer.drop.settle("a.csv", taken=True)
    printer.drop.settle("b.csv", taken=False)
    assert printer.drop.statuses() == []
    assert (status / "done/a.csv").is_file()
    assert (status / "refused/b.csv").is_file()


def test_a_host_with_another_key_gets_nothing(printer: Printer, tmp_path: Path) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().split()[:2]
    hosts = tmp_path / "others"
    hosts.write_text(f"[127.0.0.1]:{printer.drop.port} {' '.join(other)}\n")
    for strange in (replace(printer.drop, known_hosts=str(hosts)),
                    replace(printer.drop, password="a wrong one"),
                    replace(printer.drop, port=9)):  # fmt: skip
        with pytest.raises(NotDropped):
            strange.put("letters-1.zip", b"x")
    assert not (printer.folder / "in/letters-1.zip").exists()


def test_where_it_cannot_be_written_it_is_surely_not_there(printer: Printer) -> None:
    with pytest.raises(NotDropped):
        replace(printer.drop, folder="/nowhere").put("letters-1.zip", b"x")
    assert not list(printer.folder.rglob("*.zip"))

"""Where bundles are dropped: a folder of this machine, or one reached by SFTP.

A bundle appears under its name whole or not at all. Status files come back in `status/`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG
from typing import Any, Protocol

from tideover.casework.outreach.channels.lacking import lacking

STATUS, DONE, REFUSED = "status", "done", "refused"
MOST_STATUS = 20_000_000


class Drop(Protocol):
    """A place for bundles."""

    def put(self, name: str, content: bytes) -> None:
        """Place a bundle.

        Raises:
            NotDropped: It is surely not there.
            OSError: Nobody knows.
        """

    def has(self, name: str) -> bool:
        """Say whether a bundle lies there."""

    def statuses(self) -> list[tuple[str, bytes]]:
        """Return the status files that wait, by name."""

    def settle(self, name: str, *, taken: bool) -> None:
        """Put a status file aside: it was taken, or could not be read."""


class NotDropped(Exception):
    """The bundle is surely not there."""


@dataclass(frozen=True)
class FolderDrop:
    """A folder of this machine."""

    folder: Path

    def put(self, name: str, content: bytes) -> None:
        """Place a bundle."""
        unfinished = self.folder / f".{name}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with unfinished.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            unfinished.unlink(missing_ok=True)
            raise NotDropped(type(error).__name__) from None
        os.rename(unfinished, self.folder / name)

    def has(self, name: str) -> bool:
        """Say whether a bundle lies there."""
        return (self.folder / name).is_file()

    def statuses(self) -> list[tuple[str, bytes]]:
        """Return the status files that wait, by name."""
        waiting = sorted((self.folder / STATUS).glob("*.csv"))
        return [(path.name, path.read_bytes()) for path in waiting
                if path.is_file() and path.stat().st_size <= MOST_STATUS]  # fmt: skip

    def settle(self, name: str, *, taken: bool) -> None:
        """Put a status file aside."""
        aside = self.folder / STATUS / (DONE if taken else REFUSED)
        aside.mkdir(exist_ok=True)
        os.replace(self.folder / STATUS / name, aside / name)


@dataclass(frozen=True)
class SftpDrop:
    """A folder reached by SFTP; a host whose key is not known is not spoken to.

    Args:
        known_hosts: The file with the host's key, as ssh writes it.
        key_file: Our private key; else the password.
    """

    host: str
    username: str
    folder: str
    known_hosts: str
    port: int = 22
    key_file: str = ""
    password: str = ""
    timeout_s: float = 20.0

    def put(self, name: str, content: bytes) -> None:
        """Place a bundle."""
        with self._open() as sftp:
            try:
                with sftp.open(f"{self.folder}/.{name}", "wb") as file:
                    file.write(content)
            except Exception as error:
                raise NotDropped(type(error).__name__) from None
            sftp.posix_rename(f"{self.folder}/.{name}", f"{self.folder}/{name}")

    def has(self, name: str) -> bool:
        """Say whether a bundle lies there."""
        with self._open() as sftp:
            return name in sftp.listdir(self.folder)

    def statuses(self) -> list[tuple[str, bytes]]:
        """Return the status files that wait, by name."""
        with self._open() as sftp:
            found = []
            for one in sorted(
                sftp.listdir_attr(f"{self.folder}/{STATUS}"), key=lambda f: f.filename
            ):
                fits = S_ISREG(one.st_mode or 0) and (one.st_size or 0) <= MOST_STATUS
                if fits and one.filename.endswith(".csv"):
                    with sftp.open(f"{self.folder}/{STATUS}/{one.filename}", "rb") as file:
                        found.append((one.filename, bytes(file.read())))
            return found

    def settle(self, name: str, *, taken: bool) -> None:
        """Put a status file aside."""
        aside = f"{self.folder}/{STATUS}/{DONE if taken else REFUSED}"
        with self._open() as sftp:
            if aside.rpartition("/")[2] not in sftp.listdir(f"{self.folder}/{STATUS}"):
                sftp.mkdir(aside)
            sftp.posix_rename(f"{self.folder}/{STATUS}/{name}", f"{aside}/{name}")

    @contextmanager
    def _open(self) -> Iterator[Any]:
        """Open a session, or say that nothing was dropped."""
        try:
            import paramiko
        except ImportError:
            raise lacking("paramiko, for SFTP,", "tideover[sftp]") from None
        client = paramiko.SSHClient()
        client.set_missing_host_key_policy(paramiko.RejectPolicy())
        try:
            client.load_host_keys(self.known_hosts)
            client.connect(
                self.host, self.port, self.username, password=self.password or None,
                key_filename=self.key_file or None, timeout=self.timeout_s, allow_agent=False,
                look_for_keys=False, banner_timeout=self.timeout_s, auth_timeout=self.timeout_s,
            )  # fmt: skip
            sftp = client.open_sftp()
            sftp.get_channel().settimeout(self.timeout_s)
        except Exception as error:  # paramiko's errors share no class with the network's
            client.close()
            raise NotDropped(type(error).__name__) from None
        try:
            yield sftp
        finally:
            client.close()

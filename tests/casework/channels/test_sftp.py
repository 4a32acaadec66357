"""Bundles of letters over SFTP: whole, once, and to nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import asyncssh
import pytest

from tests.casework.channels.printer import Printer, printing
from tideover.casework.outreach.channels.letter.drops import NotDropped


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[Printer]:
    """Return a printer."""
    with printing(tmp_path) as found:
        yield found


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

"""Letters: a bundle is whole or not there, and can be asked for afterwards."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from pathlib import Path

import pytest

from tests.casework.channels.adapters import letter
from tests.casework.channels.peers import KEY
from tideover.casework.outreach.channels.contract import Lost, Refused, Sent
from tideover.casework.outreach.channels.letter.adapter import Letters
from tideover.casework.outreach.channels.letter.drops import FolderDrop, NotDropped
from tideover.casework.outreach.channels.letter.heard import letters_heard
from tideover.casework.outreach.channels.letter.record import Record


def at(folder: Path, drop: type[FolderDrop] = FolderDrop) -> Letters:
    """Return the adapter, with a drop in a folder."""
    return Letters(drop(folder / "drop"), Record(folder / "record"))


class Vanishing(FolderDrop):
    """A drop of which nobody knows whether the bundle came."""

    def put(self, name: str, content: bytes) -> None:
        """Break off."""
        raise OSError("gone")


class Full(FolderDrop):
    """A drop that surely did not take it."""

    def put(self, name: str, content: bytes) -> None:
        """Refuse."""
        raise NotDropped("full")


def test_a_batch_is_one_zip_with_manifest_and_checksums(tmp_path: Path) -> None:
    at(tmp_path).send([letter(1), letter(2)])
    (bundle,) = (tmp_path / "drop").glob("*.zip")
    with zipfile.ZipFile(bundle) as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read("manifest.csv").decode())))
        assert [row["key"] for row in rows] == [KEY.format(1), KEY.format(2)]
        for line in archive.read("SHA256SUMS").decode().splitlines():
            digest, name = line.split("  ")
            assert hashlib.sha256(archive.read(name)).hexdigest() == digest
    assert "Example" not in bundle.read_bytes().decode("latin-1")


def test_the_same_letters_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        at(tmp_path / name).send([letter(2), letter(1)])
    one, other = (next((tmp_path / name / "drop").glob("*.zip")) for name in ("a", "b"))
    assert (one.name, one.read_bytes()) == (other.name, other.read_bytes())


def test_a_letter_in_another_batch_is_not_printed_twice(tmp_path: Path) -> None:
    at(tmp_path).send([letter(1), letter(2)])
    at(tmp_path).send([letter(1), letter(3)])
    names = []
    for bundle in (tmp_path / "drop").glob("*.zip"):
        names += [name for name in zipfile.ZipFile(bundle).namelist() if name.endswith(".pdf")]
    assert sorted(names) == [f"{KEY.format(number)}.pdf" for number in (1, 2, 3)]


def test_a_letter_without_its_pdf_is_refused(tmp_path: Path) -> None:
    (outcome,) = at(tmp_path).send([letter(attached={})])
    assert isinstance(outcome, Refused)
    assert outcome.permanent


def test_what_the_drop_surely_did_not_take_may_go_again(tmp_path: Path) -> None:
    (outcome,) = at(tmp_path, Full).send([letter()])
    assert isinstance(outcome, Refused)
    assert isinstance(at(tmp_path).find(letter().key), Refused)
    assert isinstance(at(tmp_path).send([letter()])[0], Sent)


def test_what_nobody_knows_of_is_lost_and_stays_so(tmp_path: Path) -> None:
    assert isinstance(at(tmp_path, Vanishing).send([letter()])[0], Lost)
    assert at(tmp_path).find(letter().key) is None
    assert isinstance(at(tmp_path).send([letter()])[0], Lost)


def test_a_status_file_tells_of_letters() -> None:
    text = f"key,status,at,detail\r\n{KEY.format(1)},posted,2026-03-30T10:00:00Z,\r\n"
    text += f"{KEY.format(2)},returned,2026-04-02,unknown at this address\r\n"
    posted, returned = letters_heard(b"\xef\xbb\xbf" + text.encode(), {})
    assert (posted.outcome, posted.permanent) == ("sent", False)
    assert (returned.outcome, returned.permanent) == ("bounced", True)


@pytest.mark.parametrize("text", ["key,status\nk,posted\n", "key,status,at\nk,eaten,2026-03-30\n",
                                  "key,status,at\n,posted,2026-03-30\n",
                                  "key,status,at\nk,posted,30-03-2026\n",
                                  "key,status,at\nk,posted\n"])  # fmt: skip
def test_a_status_file_with_a_wrong_row_is_refused_whole(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        letters_heard(text.encode(), {})

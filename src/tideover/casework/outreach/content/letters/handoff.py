"""The hand-off to whoever prints and posts: PDFs in a zip, manifest, checksums; all or nothing.

    <folder>/<batch_id>/letters.zip     a PDF a letter, named by its id
    <folder>/<batch_id>/manifest.csv    letter_id, file, pages, bytes, sha256
    <folder>/<batch_id>/SHA256SUMS      of the two above, for `sha256sum --check`

No name and no address stands outside the PDFs.
"""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tideover.terms.faults import Refused

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", re.ASCII)
COLUMNS = ("letter_id", "file", "pages", "bytes", "sha256")
ARCHIVE, MANIFEST, SUMS = "letters.zip", "manifest.csv", "SHA256SUMS"
_PAGES = re.compile(rb"/Type\s*/Pages\b[^>]*?/Count (\d+)|/Count (\d+)[^>]*?/Type\s*/Pages\b")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can say: the same letters make the same bytes


@dataclass(frozen=True)
class Sheet:
    """One printed letter: its id and its PDF."""

    letter_id: str
    pdf: bytes


def handed_off(sheets: Iterable[Sheet], folder: Path, batch_id: str) -> Path:
    """Write a batch where its reader looks for it, whole or not at all; return its folder.

    The same batch again changes nothing. Letters are taken one at a time, so a batch may be of any
    size.

    Args:
        batch_id: Letters, digits, `-` and `_`.

    Raises:
        Refused: An id is none, comes twice, or a batch of this id with other letters is there.
    """
    target, unfinished = folder / _checked(batch_id), folder / f".{batch_id}.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)  # of a process that was killed
    unfinished.mkdir(parents=True)
    try:
        _write(sheets, unfinished)
        if target.exists():
            return _same(target, unfinished)
        os.replace(unfinished, target)
        _settle(folder)
        return target
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def pages(pdf: bytes) -> int:
    """Return how many pages a PDF of the press has."""
    counts = [int(found[0] or found[1]) for found in _PAGES.findall(pdf)]
    if not counts:
        raise Refused("A letter is no PDF that we know how to count")
    return max(counts)


def _write(sheets: Iterable[Sheet], folder: Path) -> None:
    rows: dict[str, list[object]] = {}
    with zipfile.ZipFile(folder / ARCHIVE, "w", zipfile.ZIP_STORED) as archive:
        for sheet in sheets:
            name = f"{_checked(sheet.letter_id)}.pdf"
            if sheet.letter_id in rows:
                raise Refused("A letter comes twice in a batch", where=sheet.letter_id)
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), sheet.pdf)
            rows[sheet.letter_id] = [sheet.letter_id, name, pages(sheet.pdf), len(sheet.pdf),
                                     sha256(sheet.pdf).hexdigest()]  # fmt: skip
    lines = io.StringIO()
    csv.writer(lines, lineterminator="\n").writerows([COLUMNS, *rows.values()])
    (folder / MANIFEST).write_text(lines.getvalue(), encoding="utf-8", newline="")
    sums = [f"{_digest(folder / name)}  {name}\n" for name in (ARCHIVE, MANIFEST)]
    (folder / SUMS).write_text("".join(sums), encoding="utf-8", newline="")
    for name in (ARCHIVE, MANIFEST, SUMS):
        _settle(folder / name)


def _same(target: Path, unfinished: Path) -> Path:
    if (target / SUMS).read_bytes() != (unfinished / SUMS).read_bytes():
        raise Refused("A batch of this id is there, with other letters", where=target.name,
                      mend="Give the new letters a batch of their own")  # fmt: skip
    return target


def _checked(name: str) -> str:
    if not ID.fullmatch(name):
        raise Refused("An id of a letter or batch is letters, digits, - and _", where=name[:64])
    return name


def _digest(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def _settle(path: Path) -> None:
    """Wait until a file or a folder is on disk, so that no batch is seen that a power cut takes."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

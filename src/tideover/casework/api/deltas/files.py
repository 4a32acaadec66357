"""Files that were uploaded: one CSV a table, or a zip of such; nothing else gets in."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, Any

from django.core.files.uploadedfile import UploadedFile

from tideover.casework.api.bounds import bounds
from tideover.casework.api.deltas.tables import NAMES, Filled, count_rows
from tideover.casework.api.problems import Problem

BLOCK_BYTES = 1 << 20
DECLARATION = "export.json"


def of_files(files: Sequence[UploadedFile[Any]]) -> Filled:
    """Return what writes uploaded files into a folder, and says how many rows each table has.

    Raises:
        Problem: They are too large.
    """
    if sum(file.size or 0 for file in files) > bounds().upload_bytes:
        raise _too_large()

    def fill(folder: Path) -> dict[str, int]:
        room = bounds().unpacked_bytes
        for file in files:
            if (file.name or "").endswith(".zip"):
                room -= _unpack(file, folder, room)
            else:
                room -= _keep(file, file.name or "", folder, room)
        found = {path.stem: count_rows(path, path.stem) for path in sorted(folder.glob("*.csv"))}
        return {name: count for name, count in found.items() if count}

    return fill


def _unpack(packed: UploadedFile[Any], folder: Path, room: int) -> int:
    """Write what a zip holds, and return how many bytes that was."""
    try:
        with zipfile.ZipFile(packed) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            if len(members) > bounds().packed_files:
                raise _too_large()
            written = 0
            for member in members:
                with archive.open(member) as file:
                    written += _keep(file, member.filename, folder, room - written)
            return written
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError) as error:
        if isinstance(error, OSError) and error.errno:
            raise  # the disk's trouble, not the archive's
        raise _no_zip() from None
    except (ValueError, zipfile.zlib.error):  # type: ignore[attr-defined]
        raise _no_zip() from None


def _keep(file: IO[bytes] | UploadedFile[Any], name: str, folder: Path, room: int) -> int:
    """Write one file under the name of its table, never under another, and return its bytes."""
    if name == DECLARATION:
        return _check_declaration(file)
    table = name.removesuffix(".csv")
    if not name.endswith(".csv") or table not in NAMES or (folder / f"{table}.csv").exists():
        raise Problem(422, "A file is not named for a table of the contract, or comes twice",
                      where="files", mend=f"TABLE.csv, of {', '.join(NAMES)}")  # fmt: skip
    written = 0
    with (folder / f"{table}.csv").open("wb") as kept:
        for block in _blocks(file):
            written += len(block)
            if written > room:  # counted while unpacking: what a zip says of itself is no proof
                raise _too_large()
            kept.write(block)
    return written


def _check_declaration(file: IO[bytes] | UploadedFile[Any]) -> int:
    """See that a declaration is one of a delta; ours takes its place."""
    text = file.read(65_536)
    try:
        kind = json.loads(text).get("kind")
    except (ValueError, AttributeError, RecursionError):
        kind = None
    if kind != "delta":
        raise Problem(422, "export.json does not say that this is a delta", where=DECLARATION,
                      mend="A whole export is loaded as files, with tideover ingest")  # fmt: skip
    return len(text)


def _blocks(file: IO[bytes] | UploadedFile[Any]) -> Iterable[bytes]:
    return iter(lambda: file.read(BLOCK_BYTES), b"")


def _too_large() -> Problem:
    return Problem(413, "That is more than a delta may hold", where="files",
                   mend="Send it in parts, or load it as files with tideover ingest")  # fmt: skip


def _no_zip() -> Problem:
    return Problem(422, "That is no whole zip, or is locked", where="files", mend="Pack it again")

"""The local mailbox: a folder of batches, one JSON line a message, and an index by key.

A batch is one file, on the disk before its keys are in the index. Were the machine to stop between
the two, the messages are written again, and the index knows them once.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tideover.casework.outreach.channels.contract import Outgoing

INDEX = "index.sqlite3"
_TABLE = (
    "create table if not exists letters (number integer primary key, key text not null unique, "
    "channel text not null, at real not null, file text not null, start integer not null, "
    "length integer not null)"
)


@dataclass(frozen=True)
class Kept:
    """A message as it lies in the mailbox."""

    key: str
    channel: str
    at: datetime
    to: str
    subject: str
    text: str
    html: str
    language: str
    attached: tuple[str, ...]
    buttons: tuple[str, ...]


def keep(folder: Path, channel: str, messages: Sequence[Outgoing]) -> None:
    """Put messages into a mailbox; one that lies there already is left as it is."""
    with _index(folder) as index:
        index.execute("begin immediate")
        asked = json.dumps([message.key for message in messages])
        known = {row[0] for row in index.execute(
            "select key from letters where key in (select value from json_each(?))",
            (asked,))}  # fmt: skip
        new = list({m.key: m for m in messages if m.key not in known}.values())
        if new:
            at = time.time()
            lines = [_line(message, channel, at) for message in new]
            name, start = _write(folder, b"".join(lines), at), 0
            for message, line in zip(new, lines, strict=True):
                index.execute("insert into letters (key, channel, at, file, start, length) "
                              "values (?, ?, ?, ?, ?, ?)",
                              (message.key, channel, at, name, start, len(line)))  # fmt: skip
                start += len(line)
                _attach(folder, message)
        index.execute("commit")


def mailbox(folder: Path, *, most: int = 100, skip: int = 0, channel: str = "") -> list[Kept]:
    """Return what lies in a mailbox, newest first.

    Args:
        most: At most so many.
        skip: So many of the newest are left out, for a further page.
        channel: Only those of one channel.
    """
    if not (folder / INDEX).is_file():
        return []
    with _index(folder) as index:
        rows = index.execute(
            "select file, start, length from letters where ? in ('', channel) "
            "order by number desc limit ? offset ?", (channel, most, skip)).fetchall()  # fmt: skip
    return [_read(folder / file, start, length) for file, start, length in rows]


def one(folder: Path, key: str) -> Kept | None:
    """Return a message of a mailbox by its key."""
    if not (folder / INDEX).is_file():
        return None
    with _index(folder) as index:
        row = index.execute("select file, start, length from letters where key = ?",
                            (key,)).fetchone()  # fmt: skip
    return _read(folder / row[0], row[1], row[2]) if row else None


def count(folder: Path) -> int:
    """Return how many messages lie in a mailbox."""
    if not (folder / INDEX).is_file():
        return 0
    with _index(folder) as index:
        return int(index.execute("select count(*) from letters").fetchone()[0])


def enclosed(folder: Path, key: str) -> list[Path]:
    """Return the files that came with a message."""
    return sorted((folder / "attached").glob(f"{key}-*"))


def forget(folder: Path, keys: Sequence[str]) -> None:
    """Take messages away, words and attachments; the batches they lie in keep their other ones."""
    if not (folder / INDEX).is_file():
        return
    with _index(folder) as index:
        for key in keys:
            row = index.execute("select file, start, length from letters where key = ?",
                                (key,)).fetchone()  # fmt: skip
            if row:
                with (folder / row[0]).open("r+b") as file:
                    file.seek(row[1])
                    file.write(b" " * (row[2] - 1))
                    os.fsync(file.fileno())
                for path in (folder / "attached").glob(f"{key}-*"):
                    path.unlink()
                index.execute("delete from letters where key = ?", (key,))


@contextmanager
def _index(folder: Path) -> Iterator[sqlite3.Connection]:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    index = sqlite3.connect(folder / INDEX, timeout=30, isolation_level=None)
    try:
        index.execute("pragma journal_mode=wal")
        index.execute(_TABLE)
        yield index
    finally:
        index.close()  # what was not committed is undone


def _line(message: Outgoing, channel: str, at: float) -> bytes:
    said = {
        "key": message.key, "channel": channel, "at": at, "to": message.to,
        "subject": message.subject, "text": message.text, "html": message.html,
        "language": message.language, "reply_token": message.reply_token,
        "headers": dict(message.headers), "template": message.template,
        "attached": sorted(message.attached), "buttons": message.buttons,
    }  # fmt: skip
    return json.dumps(said, ensure_ascii=False).encode() + b"\n"


def _write(folder: Path, content: bytes, at: float) -> str:
    """Write a batch, whole and on the disk, and return its name."""
    day = folder / f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d}"
    day.mkdir(mode=0o700, exist_ok=True)
    name = f"{time.time_ns()}-{uuid.uuid4().hex[:8]}.jsonl"
    with open(os.open(day / f".{name}", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.rename(day / f".{name}", day / name)
    return f"{day.name}/{name}"


def _attach(folder: Path, message: Outgoing) -> None:
    """Write what is attached to a message beside it, under a name of our own making."""
    for number, name in enumerate(sorted(message.attached)):
        place = folder / "attached"
        place.mkdir(mode=0o700, exist_ok=True)
        kind = Path(name).suffix if Path(name).suffix.isascii() else ""
        path = place / f"{message.key}-{number}{kind[:10]}"
        path.write_bytes(message.attached[name])


def _read(path: Path, start: int, length: int) -> Kept:
    with path.open("rb") as file:
        file.seek(start)
        said = json.loads(file.read(length))
    return Kept(
        key=said["key"], channel=said["channel"], at=datetime.fromtimestamp(said["at"], UTC),
        to=said["to"], subject=said["subject"], text=said["text"], html=said["html"],
        language=said["language"], attached=tuple(said["attached"]),
        buttons=tuple(said.get("buttons", ())),
    )  # fmt: skip

"""A strategy's folder, read whole within stated limits, and written whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from tideover.rules.strategy import Strategy, parse_strategy
from tideover.terms.faults import Refused

LARGEST_FILE_BYTES = 1_000_000
MOST_FILES = 60
KINDS = (".toml", ".csv")
SHIPPED = ("default", "more_time", "nl", "us_pa")


def read_strategy(folder: Path) -> Strategy:
    """Return the strategy that a folder states.

    Raises:
        Refused: Anything in it is not what it must be; nothing of it counts then.
    """
    try:
        return parse_strategy(read_texts(folder))
    except Refused as fault:
        raise Refused(fault.what, where=str(folder / fault.where), mend=fault.mend) from None


def read_texts(folder: Path) -> dict[str, str]:
    """Return the files of a strategy by name; others, such as a README, are left alone.

    Raises:
        Refused: There is no such folder, or a file is too large or no UTF-8. Sizes are looked at
            before anything is read.
    """
    put_back(folder)
    if not folder.is_dir():
        raise Refused("There is no such folder", where=str(folder),
                      mend="Give the folder of a strategy, with strategy.toml in it")  # fmt: skip
    found = sorted(path for path in folder.iterdir() if path.suffix in KINDS)
    if len(found) > MOST_FILES:
        raise Refused(f"A strategy has at most {MOST_FILES} files", where=str(folder),
                      mend="Take those away that no table is made of")  # fmt: skip
    return {path.name: _text(path) for path in found}


def _text(path: Path) -> str:
    if not path.is_file():
        raise Refused("This is no file", where=str(path), mend="Take it away")
    size = path.stat().st_size
    if size > LARGEST_FILE_BYTES:
        raise Refused(
            f"The file has {size:,} bytes, and may have {LARGEST_FILE_BYTES:,}", where=str(path),
            mend="A strategy is read by people: split it, or take out what is not of it",
        )  # fmt: skip
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise Refused(f"Byte {error.start + 1:,} is no UTF-8", where=str(path),
                      mend="Save it as CSV UTF-8") from None  # fmt: skip


def shipped(name: str) -> dict[str, str]:
    """Return the files of a strategy that comes with the house, one of `SHIPPED`."""
    folder = files("tideover.rules").joinpath("strategies", name)
    return {path.name: path.read_text(encoding="utf-8")
            for path in sorted(folder.iterdir(), key=lambda path: path.name)
            if path.name.endswith(KINDS)}  # fmt: skip


def write_folder(folder: Path, texts: Mapping[str, str]) -> None:
    """Write a folder that is either absent, old, or complete, whatever happens meanwhile.

    What else lies in the folder, such as a README, goes with it.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    put_back(folder)
    fresh, old = folder.with_name(f".{folder.name}.unfinished"), _former(folder)
    for rest in (fresh, old):
        shutil.rmtree(rest, ignore_errors=True)
    try:
        _fill(fresh, folder, texts)
        if folder.exists():
            os.rename(folder, old)
        os.rename(fresh, folder)
    except BaseException:
        put_back(folder)
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    shutil.rmtree(old, ignore_errors=True)


def put_back(folder: Path) -> None:
    """Give a folder its name back, where a write was killed between taking it and giving it on."""
    if _former(folder).exists() and not folder.exists():
        os.rename(_former(folder), folder)


def _former(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.former")


def _fill(fresh: Path, folder: Path, texts: Mapping[str, str]) -> None:
    fresh.mkdir()
    for other in _others(folder):
        (shutil.copytree if other.is_dir() else shutil.copy2)(other, fresh / other.name)
    for name, text in texts.items():
        with open(fresh / name, "w", encoding="utf-8", newline="") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())


def _others(folder: Path) -> Iterable[Path]:
    if not folder.is_dir():
        return ()
    return (path for path in folder.iterdir() if path.suffix not in KINDS)


def named(strategy: Strategy, label: str) -> Strategy:
    """Return a strategy whose decisions carry a label."""
    return replace(strategy, policy=replace(strategy.policy, name=label))

"""Which letters were handed over, in which bundle: kept here, so that it can be asked."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_BEGUN, _HANDED = ".begun", ".handed"


@dataclass(frozen=True)
class Record:
    """A folder with one small file a bundle, and one a letter that names its bundle."""

    folder: Path

    def begin(self, bundle: str, keys: Sequence[str]) -> None:
        """Write down that a bundle is about to be handed over."""
        (self.folder / "keys").mkdir(parents=True, exist_ok=True)
        for key in keys:
            (self.folder / "keys" / key).write_text(bundle, encoding="ascii")
        self._on_disk(bundle + _BEGUN, "\n".join(keys))

    def handed(self, bundle: str) -> None:
        """Write down that a bundle was handed over."""
        self._on_disk(bundle + _HANDED, "")

    def undone(self, bundle: str, keys: Sequence[str]) -> None:
        """Write down that a bundle was surely not handed over."""
        for key in keys:
            (self.folder / "keys" / key).unlink(missing_ok=True)
        (self.folder / (bundle + _BEGUN)).unlink(missing_ok=True)

    def bundle_of(self, key: str) -> str:
        """Return the bundle that a letter was put into, or nothing."""
        path = self.folder / "keys" / key
        return path.read_text(encoding="ascii") if path.is_file() else ""

    def was_handed(self, bundle: str) -> bool:
        """Say whether a bundle was handed over for certain."""
        return (self.folder / (bundle + _HANDED)).is_file()

    def _on_disk(self, name: str, text: str) -> None:
        with (self.folder / name).open("w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        at = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(at)
        finally:
            os.close(at)

"""What a command found out: as a page where one is asked for, and as data or in lines."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol

from tideover.portfolio.files import write_whole


class Asked(Protocol):
    """How a command is asked to tell it."""

    @property
    def out(self) -> Path | None:
        """Where to write the page."""

    @property
    def as_json(self) -> bool:
        """Whether to print data instead of lines."""


def tell(
    said: Asked, told: Mapping[str, Any], *, page: Callable[[Any], str],
    lines: Callable[[Mapping[str, Any]], Iterable[str]],
) -> None:  # fmt: skip
    """Write the page where one is asked for, and print the data or the lines."""
    if said.out is not None:
        write_whole(said.out, page(told))
    if said.as_json:
        print(json.dumps(told))
        return
    print("\n".join(lines(told)))
    if said.out is not None:
        print(f"Wrote {said.out}")

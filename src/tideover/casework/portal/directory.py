"""The assistance directory: programmes and counsellors by area, from a file anyone can keep.

`assistance.csv` in the workspace, in UTF-8; docs/portal.md says what its columns mean:
key, kind, name, for_place, for_area, language, what, who, how, phone, link, checked_on
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, fields
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from tideover.casework import place
from tideover.terms.faults import Usage

FILE = "assistance.csv"
PROGRAMME, COUNSELLOR = "programme", "counsellor"


@dataclass(frozen=True)
class Programme:
    """One way to get help.

    Args:
        kind: `programme` gives money or goods; `counsellor` gives advice for nothing.
        for_place, for_area: A jurisdiction, and how its area codes begin; empty is everywhere.
        language: In which it is described; a programme has a row for each.
        who: For whom it is, as one may read it: it never says who is not helped.
        checked_on: The day on which somebody last saw that it is so.
    """

    key: str
    kind: str
    name: str
    for_place: str
    for_area: str
    language: str
    what: str
    who: str
    how: str
    phone: str
    link: str
    checked_on: str


def programmes(
    jurisdiction: str, area: str, language: str, kind: str = PROGRAMME
) -> list[Programme]:
    """Return the programmes of a place, in a language, or in English where it is not described."""
    found: dict[str, Programme] = {}
    for one in _read(place.workspace() / FILE):
        near = jurisdiction.startswith(one.for_place) and area.startswith(one.for_area)
        better = one.language == language or one.key not in found
        if one.kind == kind and near and one.language in (language, "en") and better:
            found[one.key] = one
    return list(found.values())


@lru_cache(maxsize=8)
def _read(path: Path) -> tuple[Programme, ...]:
    """Return the file's rows; the made-up ones that are shipped where there is no file.

    Raises:
        Usage: Its columns are others.
    """
    shipped = files("tideover.casework.portal") / FILE
    text = (path if path.is_file() else shipped).read_text(encoding="utf-8-sig")
    names = [field.name for field in fields(Programme)]
    rows = csv.DictReader(io.StringIO(text))
    if rows.fieldnames != names:
        raise Usage("The assistance directory has other columns", where=str(path),
                    mend=f"Its first line is {','.join(names)}")  # fmt: skip
    return tuple(Programme(**{name: row[name] or "" for name in names}) for row in rows)

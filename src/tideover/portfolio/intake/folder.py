"""What an export folder holds: the files of each source, and what `export.json` says of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from tideover.terms.faults import Refused
from tideover.terms.tables import TABLES

DECLARATION_FILE = "export.json"
ENDINGS = (".csv", ".csv.gz", ".parquet")


@dataclass(frozen=True)
class SourceFile:
    """One file of a source; `name` is its path inside the export folder."""

    source: str
    path: Path
    name: str
    sha256: str


@dataclass(frozen=True)
class Declared:
    """What `export.json` says of one table; None where it is silent."""

    rows: int | None
    amount: Decimal | None


@dataclass(frozen=True)
class Declaration:
    """What `export.json` says; `kind` is empty without one."""

    kind: str = ""
    exported_at: datetime | None = None
    tables: Mapping[str, Declared] = field(default_factory=dict)
    text: str = ""


def files_of(export_dir: Path, source: str) -> list[SourceFile]:
    """Return the files of a source, parts in the order of their names; none where it is missing.

    Raises:
        Refused: It is there twice, or a folder of parts holds something else.
    """
    there = [path for end in ENDINGS if (path := export_dir / f"{source}{end}").is_file()]
    parts = _parts(export_dir / source)
    if len(there) > 1 or (there and parts):
        raise Refused(f"{source} is there more than once", where=export_dir.name,
                      mend="Keep one file, or one folder of parts")  # fmt: skip
    return [_source_file(export_dir, source, path) for path in there or parts]


def _parts(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    parts = sorted(path for path in folder.iterdir() if path.name[0] not in "._")
    for path in parts:
        if not path.name.endswith(ENDINGS):
            raise Refused(f"{folder.name}/{path.name} is no CSV and no Parquet",
                          mend=f"Parts end in {', '.join(ENDINGS)}")  # fmt: skip
    return parts


def _source_file(export_dir: Path, source: str, path: Path) -> SourceFile:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return SourceFile(source, path, path.relative_to(export_dir).as_posix(), digest)


def declaration(export_dir: Path) -> Declaration:
    """Return what `export.json` says, or that it says nothing.

    Raises:
        Refused: It is no JSON, or says something the contract does not know.
    """
    path = export_dir / DECLARATION_FILE
    if not path.is_file():
        return Declaration()
    try:
        text = path.read_text(encoding="utf-8-sig")
        stated = json.loads(text, parse_float=Decimal)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise Refused(f"{DECLARATION_FILE} is no JSON: {error}") from None
    if not isinstance(stated, dict) or not isinstance(stated.get("tables", {}), dict):
        raise Refused(f"{DECLARATION_FILE} is no object of kind, exported_at and tables")
    kind = stated.get("kind", "")
    if kind not in ("", "full", "delta"):
        raise Refused(f"kind is {kind!r}", where=DECLARATION_FILE, mend="It is full or delta")
    tables = {name: _declared(name, said) for name, said in stated.get("tables", {}).items()}
    return Declaration(kind, _exported_at(stated.get("exported_at")), tables, text)


def _exported_at(stated: Any) -> datetime | None:
    if stated is None:
        return None
    try:
        moment = datetime.fromisoformat(stated)
    except (TypeError, ValueError):
        moment = None
    if moment is None or moment.tzinfo is None or not 1900 <= moment.year < 2200:
        raise Refused("exported_at is no time with a UTC offset", where=DECLARATION_FILE,
                      mend="Write it as 2026-03-31T18:05:00+02:00")  # fmt: skip
    return moment


def _declared(table: str, stated: Any) -> Declared:
    where = f"{DECLARATION_FILE}, {table}"
    if table not in TABLES or not isinstance(stated, dict):
        raise Refused(f"{table} is no table of the contract, or says no rows and amount",
                      where=DECLARATION_FILE)  # fmt: skip
    rows, amount = stated.get("rows"), stated.get("amount")
    if rows is not None and (isinstance(rows, bool) or not isinstance(rows, int) or rows < 0):
        raise Refused("rows is no whole number", where=where)
    if amount is None:
        return Declared(rows, None)
    try:
        exact = Decimal(str(amount))
    except InvalidOperation:
        exact = Decimal("NaN")
    if isinstance(amount, bool) or not exact.is_finite():
        raise Refused("amount is no decimal", where=where, mend='Write it as "1234.50"')
    return Declared(rows, exact)

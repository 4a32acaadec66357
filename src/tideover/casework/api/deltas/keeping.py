"""A delta kept for the load: a folder in the form of the contract, whole or not there at all."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from tideover.casework.api.deltas.payments import take_payments
from tideover.casework.api.deltas.tables import Filled, read_rows
from tideover.casework.api.models import Delta, Token
from tideover.casework.api.problems import Problem


def incoming() -> Path:
    """Return where deltas lie until they are loaded; their names rise with time."""
    return Path(settings.WORKSPACE) / "incoming"


@transaction.atomic
def keep(token: Token, fill: Filled, *, exported_at: datetime | None = None) -> Delta:
    """Store a delta and tell the ledger of its payments, or leave nothing behind.

    Args:
        fill: Writes its tables into a folder, and says how many rows each has.
        exported_at: When the rows were read, where the client says so; the load refuses them once
            something newer was loaded.

    Raises:
        Problem: There is nothing in it, or something is not as the contract says.
    """
    now = datetime.now(UTC)
    delta_id = f"{now:%Y%m%dT%H%M%S.%f}Z-{secrets.token_hex(4)}"
    unfinished, whole = incoming() / f".{delta_id}", incoming() / delta_id
    try:
        unfinished.mkdir(parents=True)
        rows = fill(unfinished)
        if not rows:
            raise Problem(422, "There is not one row in it", mend="Send at least one row")
        _declare(unfinished, rows, exported_at)
        counts = take_payments(_payments(unfinished), by=f"api:{token.name}"[:150], now=now)
        made = Delta.objects.create(
            delta_id=delta_id, token=token, came_at=now, rows=rows, payments=counts
        )
        _settle(unfinished)
        # Before the commit: rows that are there twice do no harm, rows that are nowhere do.
        unfinished.rename(whole)
        _settle_folder(incoming())
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return made


def _payments(folder: Path) -> Iterator[dict[str, str]]:
    path = folder / "payments.csv"
    return read_rows(path, "payments") if path.is_file() else iter(())


def _declare(folder: Path, rows: dict[str, int], exported_at: datetime | None) -> None:
    for empty in (path for path in folder.glob("*.csv") if path.stem not in rows):
        empty.unlink()
    told: dict[str, object] = {"kind": "delta"}
    if exported_at is not None:
        told["exported_at"] = exported_at.isoformat()
    told["tables"] = {name: {"rows": count} for name, count in sorted(rows.items())}
    (folder / "export.json").write_text(json.dumps(told, indent=1), encoding="utf-8")


def _settle(folder: Path) -> None:
    """Wait until all of it is on disk."""
    for path in folder.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
    _settle_folder(folder)


def _settle_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

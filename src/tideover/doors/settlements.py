"""A provider's settlement report as a CSV file, whole or not at all; and reports lying ready."""

from __future__ import annotations

import csv
import io
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from tideover.casework.payments.settling import Settled
from tideover.terms import money
from tideover.terms.faults import Refused

COLUMNS = ("settlement_id", "line_id", "provider_id", "amount", "fee", "currency", "settled_on")
LARGEST_BYTES = 200 << 20
FOLDER, TAKEN, REFUSED = "settlements", "taken", "refused"
WHOLE_AFTER = timedelta(minutes=1)  # since it was last written; before, it may still be copied
log = logging.getLogger("tideover.money")


def read(path: Path) -> list[Settled]:
    """Return the lines of a report.

    Raises:
        Refused: There is no such file, its columns are others, or a cell is not what it should be.
    """
    if not path.is_file():
        raise Refused("There is no such file", where=str(path))
    if path.stat().st_size > LARGEST_BYTES:
        raise Refused("The file is too large for a report", where=path.name)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("The report is not in UTF-8", where=path.name) from None
    rows = csv.DictReader(io.StringIO(text), strict=True)
    lacking = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
    if lacking:
        raise Refused(f"The report lacks {', '.join(lacking)}", where=path.name,
                      mend=f"Its columns are {', '.join(COLUMNS)}")  # fmt: skip
    try:
        return [_line(row, f"{path.name}:{rows.line_num}") for row in rows]
    except csv.Error as error:
        raise Refused(f"The report cannot be read: {error}", where=path.name) from None


def _line(row: dict[str, str], where: str) -> Settled:
    said = {name: (row[name] or "").strip() for name in COLUMNS}
    empty = [name for name in COLUMNS if name != "fee" and not said[name]]
    if empty or said["currency"] not in money.MINOR_DIGITS:
        raise Refused(f"{(empty or ['currency'])[0]} is empty or not known", where=where)
    try:
        amount = money.minor(said["amount"], said["currency"])
        fee = money.minor(said["fee"] or "0", said["currency"])
        day = date.fromisoformat(said["settled_on"])
    except ValueError as error:
        raise Refused(f"An amount or a day is not one: {error}", where=where) from None
    if fee < 0:
        raise Refused("A fee is below nothing", where=where)
    return Settled(said["settlement_id"], said["line_id"], said["provider_id"], amount, fee,
                   said["currency"], day)  # fmt: skip


@dataclass
class Reconciling:
    """A chore of the worker: takes in the reports that lie ready, and compares every day.

    Reports lie in `WS/settlements/<provider>/*.csv`. One that was taken is put aside, into
    `taken`; one that cannot be read into `refused`, for a person. Both can be met again.

    Args:
        root: The workspace.
        now: The clock.
    """

    root: Path
    now: Callable[[], datetime]
    _compared_on: date | None = field(default=None, init=False)

    def look(self) -> int:
        """Take in what lies ready; return how many reports that were."""
        from tideover.casework.payments.settling import reconcile

        now = self.now()
        taken = sum(self._take(file) for file in sorted(self.root.glob(f"{FOLDER}/*/*.csv")))
        if taken or self._compared_on != now.date():
            if differ := reconcile(now=now):
                log.warning("settlements: %d things do not agree", differ)
            self._compared_on = now.date()
        return taken

    def _take(self, file: Path) -> int:
        from tideover.casework.payments.settling import take_report

        written = datetime.fromtimestamp(file.stat().st_mtime).astimezone()
        if datetime.now().astimezone() - written < WHOLE_AFTER:
            return 0
        to = TAKEN
        try:
            take_report(file.parent.name, read(file))
        except Refused as why:
            log.warning("settlements: a report of %s is refused: %s", file.parent.name, why)
            to = REFUSED
        aside = file.parent / to
        aside.mkdir(exist_ok=True)
        file.rename(aside / file.name)
        return 1

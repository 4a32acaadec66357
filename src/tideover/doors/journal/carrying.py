"""Carries what happened in casework into the lake, from where it was carried to last time."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from tideover.casework.cases.caring import kinds_of
from tideover.casework.cases.models import Account, Event
from tideover.doors.journal import rows
from tideover.doors.journal.events import Happened, between, happened, horizon, keep, told_of
from tideover.doors.journal.words import OURS
from tideover.doors.night.desk import open_lake
from tideover.portfolio.files import one_at_a_time
from tideover.portfolio.intake import Conditions, ingest
from tideover.portfolio.lake import Lake
from tideover.portfolio.workspace import Workspace

FOLDER = "journal"
# Which kinds of events tell a row of each table; all of them are read again to tell it anew.
KINDS = {
    "contacts": ("contacted", "called", "replied", "receipt", "not_sent"),
    "promises": ("promised", "promise_withdrawn", "paid", "payment_reversed"),
    "arrangements": ("plan_agreed", "plan_changed", "plan_ended"),
    "circumstances": ("circumstance_noted", "circumstance_ended", "disputed"),
    "contact_points": ("opted_out", "opted_in"),
}
_TELLS = {kind for kinds in KINDS.values() for kind in kinds} - {"not_sent"}
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Carried:
    """What was carried.

    Args:
        through: The number of the last event that was.
        events: How many there were since the last time.
        tables: Rows of the contract that were told from them, by table.
    """

    through: int
    events: int
    tables: dict[str, int] = field(default_factory=dict)


def carry(workspace: Workspace, tell: Tell, *, now: datetime | None = None) -> Carried:
    """Bring all events since the last time into the lake; the same twice changes nothing.

    One replacement of the lake's manifest makes the rows count and moves the watermark, so a crash
    leaves both as they were, or neither.

    Args:
        now: When it is done; the clock where not given. The load is dated by the latest event.

    Raises:
        StepMissing: Nothing was loaded yet, or another load or journal is under way.
    """
    open_lake(workspace)
    folder = workspace.lake / FOLDER
    with one_at_a_time(folder / ".lock", work="journal", where=workspace.root):
        lake = Lake.open(workspace.lake)
        _sweep(lake, folder)
        since, through = watermark(lake), horizon(tell)
        if through <= since:
            return Carried(since, 0)
        return _Carrying(workspace, tell, since, through).carry(now or datetime.now(UTC))


def watermark(lake: Lake) -> int:
    """Return the number of the last event that was carried into a lake."""
    return through(lake.manifest.loads)


def through(loads: Iterable[Mapping[str, Any]]) -> int:
    """Return the number of the last event that some loads carried."""
    return max((int(load["journal"]["through"]) for load in loads if "journal" in load), default=0)


def _sweep(lake: Lake, folder: Path) -> None:
    """Let go of files that a killed journal left."""
    kept = {
        name for load in lake.manifest.loads for name in load.get("journal", {}).get("parts", ())
    }
    for path in folder.glob("*.parquet"):
        if path.name not in kept:
            path.unlink()


@dataclass
class _Carrying:
    workspace: Workspace
    tell: Tell
    since: int
    through: int
    touched: dict[str, set[str]] = field(default_factory=lambda: {name: set() for name in KINDS})
    messages: set[str] = field(default_factory=set)
    fresh: list[Happened] = field(default_factory=list)
    latest: datetime | None = None

    def carry(self, now: datetime) -> Carried:
        scratch = self.workspace.scratch / FOLDER
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
        count, parts = self._keep()
        tables = self._tables()
        for name, found in tables.items():
            _write(scratch / f"{name}.csv", found)
        record = {"through": self.through, "since": self.since, "events": count, "parts": parts}
        ingest(self.workspace, scratch, now=min(self.latest or now, now), progress=self.tell,
               conditions=Conditions(journal=record))  # fmt: skip
        shutil.rmtree(scratch, ignore_errors=True)
        return Carried(self.through, count, {name: len(found) for name, found in tables.items()})

    def _keep(self) -> tuple[int, list[str]]:
        """Write the events as they are, and note whom they are about."""
        count, parts = 0, []
        for events in between(self.since, self.through):
            path = (
                self.workspace.lake / FOLDER / f"{events[0].id:012d}-{events[-1].id:012d}.parquet"
            )
            keep(path, events)
            parts.append(path.name)
            count += len(events)
            self._note(events)
            self.tell(f"{count:,} events kept")
        return count, parts

    def _note(self, events: Iterable[Event]) -> None:
        for event in map(happened, events):
            for table, kinds in KINDS.items():
                if event.kind in kinds:
                    self.touched[table].add(event.account_id)
            if event.kind in ("called", "replied") and "message_id" not in event.facts:
                self.fresh.append(event)
            elif event.kind in KINDS["contacts"]:
                self.messages.add(str(event.facts.get("message_id")))
            if event.kind in _TELLS:
                self.latest = max(self.latest or event.at, event.at)

    def _tables(self) -> dict[str, list[rows.Row]]:
        """Return the rows of each table that the events tell anew; none without any."""
        whose = _whose({account for accounts in self.touched.values() for account in accounts})
        found = {
            "contacts": rows.contacts([*self._of_messages(), *self.fresh]),
            "promises": rows.promises(self._history("promises"), whose),
            "arrangements": rows.arrangements(self._history("arrangements"), whose),
            "circumstances": self._circumstances(whose),
            "contact_points": self._refusals(whose),
        }  # fmt: skip
        return {name: [told[key] for key in sorted(told)] for name, told in found.items() if told}

    def _circumstances(self, whose: Mapping[str, rows.Whose]) -> rows.Rows:
        """Return what calls for care; the ledger does not say what all of it is."""
        told = list(self._history("circumstances"))
        kinds = {f"{OURS}{pk}": kind for pk, kind in kinds_of([e.facts for e in told]).items()}
        unnamed = {f"{OURS}{e.facts['circumstance_id']}" for e in told
                   if "circumstance_id" in e.facts and "kind" not in e.facts}  # fmt: skip
        lost = unnamed - kinds.keys()
        return rows.circumstances(told, whose, {**_carried_before(self.workspace, lost), **kinds})

    def _history(self, table: str) -> Iterator[Happened]:
        return told_of(self.touched[table], KINDS[table], self.through)

    def _of_messages(self) -> Iterator[Happened]:
        """Yield all that was ever told of the messages that something new was told of."""
        if self.messages:
            kinds = ("contacted", "called", "receipt", "not_sent")
            for event in told_of(self.touched["contacts"], kinds, self.through):
                if str(event.facts.get("message_id")) in self.messages:
                    yield event

    def _refusals(self, whose: Mapping[str, rows.Whose]) -> rows.Rows:
        """Return refusals; a customer may have said so about any of their accounts."""
        people = {whose[account].customer_id for account in self.touched["contact_points"]}
        theirs: set[str] = set()
        for some in _some(sorted(people)):
            found = Account.objects.filter(person_id__in=some).values_list("account_id", flat=True)
            theirs.update(found)
        everyone = {**whose, **_whose(theirs)}
        kinds = KINDS["contact_points"]
        return rows.contact_points(told_of(theirs, kinds, self.through), everyone)


def _whose(accounts: Iterable[str]) -> dict[str, rows.Whose]:
    found: dict[str, rows.Whose] = {}
    for some in _some(sorted(accounts)):
        for account in Account.objects.filter(pk__in=some):
            found[account.pk] = rows.Whose(account.person_id, account.currency, account.timezone)
    return found


def _carried_before(workspace: Workspace, keys: set[str]) -> dict[str, str]:
    """Return what was carried into the lake before it was taken back, so that it can end there."""
    found: dict[str, str] = {}
    for part in Lake.open(workspace.lake).parts("circumstances") if keys else ():
        told = pq.read_table(part, columns=["circumstance_id", "kind"],
                             filters=[("circumstance_id", "in", sorted(keys))])  # fmt: skip
        found.update(zip(*(column.to_pylist() for column in told.columns), strict=True))
    return found


def _some(ids: list[str]) -> Iterator[list[str]]:
    return (ids[start : start + 500] for start in range(0, len(ids), 500))


def _write(path: Path, found: list[rows.Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        cells = csv.DictWriter(out, list(found[0]), lineterminator="\n")
        cells.writeheader()
        cells.writerows(found)

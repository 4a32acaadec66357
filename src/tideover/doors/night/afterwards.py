"""What became of a night's decisions: sent, replaced by a later night, or still for sending."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from tideover.doors.night.desk import open_lake
from tideover.doors.night.results import Results
from tideover.portfolio.decisions import SCHEMA
from tideover.portfolio.decisions.withheld import Obstacle, withheld
from tideover.portfolio.sent import DECIDED, Sent, candidates, sent
from tideover.portfolio.workspace import Workspace

REPLACED = "replaced"


class ForSending(NamedTuple):
    """A night's decisions as they hold now.

    Args:
        decided: One row an account; contacts that a later night replaced are taken back.
        newer: The later night that replaced them; none when this is the latest.
        replaced: How many contacts were taken back.
    """

    decided: pa.Table
    newer: date | None
    replaced: int


def finished(workspace: Workspace) -> list[date]:
    """Return the days that have a finished night, in order."""
    pointers = (workspace.root / "nights").glob("????-??-??.json")
    return sorted(date.fromisoformat(path.stem) for path in pointers)


def later_than(workspace: Workspace, as_of: date) -> date | None:
    """Return the latest finished night where it is later than a day.

    The day counts, not the hour at which a night ran: one that is run late for an earlier day is
    replaced at once.
    """
    return max((day for day in finished(workspace) if day > as_of), default=None)


def what_was_sent(workspace: Workspace, days: Iterable[date], *, until: date | None = None) -> Sent:
    """Return what was sent of the decisions of some nights.

    Nights are read only when the lake has contacts that could be theirs.
    """
    contacts = candidates(open_lake(workspace), until)
    ids = contacts["contact_id"].combine_chunks()
    found = [pa.schema([SCHEMA.field(name) for name in DECIDED]).empty_table()]
    for day in days if contacts.num_rows else ():
        decided = Results.of(workspace, day).table("decisions", list(DECIDED))
        found.append(decided.filter(pc.is_in(decided["decision_id"], ids)))
    return sent(contacts, pa.concat_tables(found))


def for_sending(results: Results) -> ForSending:
    """Return a night's decisions, with the contacts that a later night replaced taken back.

    What was sent stays as it was decided. The night's own tables keep the whole record, to learn
    from.
    """
    decided = results.table("decisions")
    newer = later_than(results.workspace, results.as_of)
    if newer is None:
        return ForSending(decided, None, 0)
    done = what_was_sent(results.workspace, [results.as_of]).rows["decision_id"].combine_chunks()
    treated = decided.filter(pc.equal(decided["arm"], "treated"))
    left = treated.filter(pc.invert(pc.is_in(treated["decision_id"], done)))
    accounts = left["account_id"].to_pylist()
    return ForSending(withheld(decided, accounts, replaced_by(newer)), newer, len(accounts))


def replaced_by(newer: date) -> Obstacle:
    """Return what takes back a contact that was not sent before a later night decided anew."""
    return Obstacle(REPLACED, f"not sent, and replaced by the night of {newer}")

"""What outreach added: everyone who was to be contacted, beside the standing hold-out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tideover.doors.findings.followed import RANDOMISED, followed_of
from tideover.doors.night.afterwards import finished
from tideover.doors.night.desk import open_lake
from tideover.doors.night.results import Results
from tideover.portfolio.decisions.capacity import NO_ROOM
from tideover.portfolio.decisions.withheld import FULL
from tideover.portfolio.lake import Lake
from tideover.portfolio.workspace import Workspace
from tideover.rules.lift import Group, Lift, lift, too_few
from tideover.rules.looking import Ratio, lift_at_any_look, sample_ratio, told
from tideover.terms.calendar import days

WINDOW_DAYS = 30
BACK_DAYS = 180  # nights that are looked at: from so many days ago to where a window is over
_DRAWN = pa.schema([("decision_id", pa.string()), ("as_of", pa.date32()),
                    ("account_id", pa.string()), ("arm", pa.string())])  # fmt: skip
OF_THE_DRAW = ("propensity", "blocked_by", "defer_until")
OUTCOMES = {"paid_in_full": "paid in full", "paid_anything": "paid something",
            "cured": "caught up"}  # fmt: skip


@dataclass(frozen=True)
class Compared:
    """Who did something among those to be contacted, and among those held out."""

    treated: Group
    held: Group
    did: str

    @property
    def lift(self) -> Lift | None:
        """The difference, with an interval that holds however often it is looked at.

        None of too few people.
        """
        return lift_at_any_look(self.treated, self.held)

    @property
    def one_look(self) -> Lift | None:
        """The same, with the narrower interval of a single look; none of too few people."""
        few = too_few(self.treated, self.held)
        return None if few else lift(self.treated, self.held)

    @property
    def sentence(self) -> str:
        """All that in one plain sentence."""
        return told(self.treated, self.held, did=self.did)


@dataclass(frozen=True)
class Standing:
    """Response and lift of the nights whose thirty days are over.

    Args:
        nights: Their days; each account counts with its first draw.
        next_on: The first day on which something can be told; none where it is told.
        treated: How many were to be contacted.
        reached: To how many of these the exports show a message.
        compared: By outcome.
        first: Of each account the first draw and what followed; one row an account.
    """

    nights: tuple[date, ...]
    next_on: date | None
    ratio: Ratio | None = None
    treated: int = 0
    reached: int = 0
    compared: dict[str, Compared] = field(default_factory=dict)
    first: pa.Table | None = None


def standing_lift(workspace: Workspace, as_of: date) -> Standing:
    """Return what outreach added, as known at the end of a day.

    An account counts with the first draw that was ever made for it (in half a year before), and a
    notice is none. Later
    draws are of whom the earlier outreach left behind: those are harder cases among the treated
    than among the held out, and comparing them would say too little.
    """
    done = [day for day in finished(workspace) if day <= as_of]
    start, last = as_of - days(BACK_DAYS), as_of - days(WINDOW_DAYS)
    over = tuple(day for day in done if start <= day <= last)
    if not over:
        soonest = min((day for day in done if day > last), default=as_of)
        return Standing((), soonest + days(WINDOW_DAYS))
    lake = open_lake(workspace)
    nights = [Results.of(workspace, day) for day in done
              if start - days(BACK_DAYS) <= day <= last]  # fmt: skip
    decided = [_first_draws(lake, nights, bucket, start) for bucket in range(lake.manifest.buckets)]
    first = followed_of(workspace, lake, decided, until=as_of, windows=(WINDOW_DAYS,))
    groups = {arm: first.filter(pc.equal(first["arm"], arm)) for arm in RANDOMISED}
    people = {arm: some.num_rows for arm, some in groups.items()}
    share = workspace.settings.choice.holdout_share
    ratio = sample_ratio(people["treated"], people["holdout"], held_share=share)
    reached = groups["treated"].num_rows - groups["treated"]["furthest"].null_count
    return Standing(over, None, ratio if first.num_rows else None, people["treated"], reached,
                    {name: compared(first, name) for name in OUTCOMES}, first)  # fmt: skip


def _first_draws(lake: Lake, nights: list[Results], bucket: int, start: date) -> pa.Table:
    """Return the first draw of each account of a bucket, where it is of a day from the start on.

    Table out: decision_id, account_no, as_of, account_id, arm
    """
    columns = _DRAWN.names
    seen, kept = pa.array([], pa.string()), [_DRAWN.empty_table()]
    for night in nights:
        rows = _read(night.parts("decisions")[bucket], night.parts("ladders")[bucket : bucket + 1])
        drawn = pc.is_in(rows["arm"], pa.array(RANDOMISED))
        fresh = rows.filter(pc.and_not(drawn, pc.is_in(rows["account_id"], seen)))
        seen = pa.concat_arrays([seen, *fresh["account_id"].chunks])
        if night.as_of >= start:
            kept.append(fresh.select(columns))
    rows = pa.concat_tables(kept)
    known = pa.concat_tables([pq.ParquetFile(part).read(columns=["account_id", "account_no"])
                              for part in lake.parts("accounts", bucket)])  # fmt: skip
    place = pc.index_in(rows["account_id"], known["account_id"].combine_chunks())
    return rows.append_column("account_no", known["account_no"].take(place))


def _read(part: Path, ladders: Sequence[Path]) -> pa.Table:
    """Return what a night drew by lot, each in the arm where chance put it."""
    rows = pq.ParquetFile(part).read(columns=[*_DRAWN.names, *OF_THE_DRAW])
    rows = rows.filter(by_lot(rows, ladders))
    place = rows.column_names.index("arm")
    return rows.set_column(place, "arm", as_drawn(rows)).select(_DRAWN.names)


def by_lot(rows: pa.Table, ladders: Sequence[Path]) -> pa.ChunkedArray:
    """Say of each decision whether it could have been held out: from a notice nobody is.

    So whoever gets one would count as treated, and their like would be missing among the held-out.

    Table in: rows, decision_id
    Args:
        ladders: The parts of the night's ladders; a night before there were any has none.
    """
    steps = (pq.ParquetFile(part).read(columns=["decision_id"]) for part in ladders)
    taking = [step["decision_id"].combine_chunks().drop_null() for step in steps]
    notices = pa.concat_arrays([pa.array([], pa.string()), *taking])
    return pc.invert(pc.is_in(rows["decision_id"], notices))


def as_drawn(rows: pa.Table) -> pa.ChunkedArray:
    """Return the arm where chance put each decision: whoever was not held out counts as treated.

    So do those whom the draw itself left alone, and those whose contact was taken back after it:
    for want of room, or for another account of the customer. Their like stands in the hold-out
    too: without them the treated would be the harder cases.

    Table in: arm and `OF_THE_DRAW`
    """
    cap_filled_after = pc.and_(pc.equal(rows["blocked_by"], FULL.code),
                               pc.is_null(rows["defer_until"]))  # fmt: skip
    taken_back = pc.or_(pc.equal(rows["blocked_by"], NO_ROOM.code), cap_filled_after)
    left = pc.or_(pc.is_valid(rows["propensity"]), pc.fill_null(taken_back, False))
    return pc.if_else(pc.and_(pc.equal(rows["arm"], "none"), left), "treated", rows["arm"])


def compared(rows: pa.Table, outcome: str) -> Compared:
    """Return both groups' shares of an outcome among some decisions."""
    treated, held = (_group(rows.filter(pc.equal(rows["arm"], arm))[outcome])
                     for arm in ("treated", "holdout"))  # fmt: skip
    return Compared(treated, held, OUTCOMES[outcome])


def _group(column: pa.ChunkedArray) -> Group:
    known = column.drop_null()
    return Group(pc.sum(known).as_py() or 0, len(known))


def by_group(first: pa.Table, groups: pa.Array, outcome: str) -> Iterator[tuple[str, Compared]]:
    """Yield the comparison within each group of accounts.

    Args:
        groups: The group of each row; null where it has none.
    """
    for name in sorted(pc.unique(groups).drop_null().to_pylist()):
        yield name, compared(first.filter(pc.equal(groups, name)), outcome)

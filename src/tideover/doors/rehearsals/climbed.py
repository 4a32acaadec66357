"""Where accounts stand on ladders of notices on a replayed day, after what the replay sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from tideover.doors.night.climbing import (
    Climbing,
    ladders_of,
    nights_before,
    notices_of,
    steps_of,
    with_places,
)
from tideover.doors.night.desk import Desk
from tideover.doors.strategies.shelf import InForce
from tideover.portfolio.ladders import Climbers, climbers
from tideover.rehearsal.replay import Ledger
from tideover.rules.strategy.ladder import Taken
from tideover.rules.strategy.proposal import Notice

Steps = Mapping[tuple[int, str], list[Taken]]  # by account number and ladder


@dataclass(frozen=True)
class Climbed:
    """The ladders of one side of a rehearsal.

    Steps were taken when a contact of a night before the first day says so, or when the replay
    sent them. What it sends counts as served on its day, and none comes back; a step that a person
    takes is not taken, for nobody is known to have done it.

    Args:
        desk: Its day is the first that is replayed.
        former: The decisions of nights before it that would take a step, of all buckets.
        notices: The steps that rows take.
        by_load: What to tell of the ladders, by when the latest export that was loaded was made.
    """

    desk: Desk
    strategies: InForce
    former: pa.Table
    notices: Mapping[tuple[str, str], Notice]
    by_load: Mapping[str, Climbing]

    @classmethod
    def of(cls, desk: Desk, strategies: InForce) -> Climbed:
        """Return the ladders of strategies, as nights before the desk's day left them."""
        manifest = desk.lake.manifest
        by_load = {load["time"]: Climbing.of(desk.workspace, strategies, desk.as_of, load["time"])
                   for load in manifest.loads}  # fmt: skip
        nights = nights_before(desk.workspace, desk.as_of).values()
        former = [steps_of(nights, bucket) for bucket in range(manifest.buckets)]
        return cls(desk, strategies, pa.concat_tables(former), notices_of(strategies), by_load)

    def placed(self, cases: pa.Table, as_of: date, ledger: Ledger) -> pa.Table:
        """Return cases of a piece that the engine is shown, with a column for each ladder."""
        engine = self.desk.engine
        engine.view_arrow("former_steps", self.former)
        if not ladders_of(self.strategies):
            return cases
        known = _with(climbers(engine), self._sent(cases, ledger))
        climbing = replace(self.by_load[self._loaded_by(as_of)], as_of=as_of)
        return with_places(cases, climbing.standing(cases, known), self.strategies)

    def _loaded_by(self, day: date) -> str:
        """Return when the latest export was made of those loaded by a day, or else the first."""
        loads = self.desk.lake.manifest.loads
        by_then = [load for load in loads if date.fromisoformat(load["day"]) <= day]
        return str((by_then or loads[:1])[-1]["time"])

    def _sent(self, cases: pa.Table, ledger: Ledger) -> Steps:
        contacts = ledger.contacts
        ours = pc.and_(pc.is_valid(contacts["rule"]),
                       pc.is_in(contacts["account_no"], cases["account_no"]))  # fmt: skip
        found: dict[tuple[int, str], list[Taken]] = defaultdict(list)
        for row in contacts.filter(ours).drop_columns(["at"]).to_pylist():
            notice = self.notices.get((row["strategy"], row["rule"]))
            if notice is not None:
                found[row["account_no"], notice.ladder].append(
                    Taken(notice.step, row["on"], row["on"])
                )
        return found


def _with(known: Climbers, sent: Steps) -> Climbers:
    taken = {key: [*known.taken.get(key, ()), *sent.get(key, ())]
             for key in {*known.taken, *sent}}  # fmt: skip
    return replace(known, taken=taken)

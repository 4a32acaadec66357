"""What the utility knows of its customers' circumstances as a living twin goes on."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from tideover.rehearsal.living.events import Happened
from tideover.rehearsal.living.world import World
from tideover.rehearsal.twin import chance_of
from tideover.rehearsal.twin.circumstances import OF_A_CRISIS, SOURCES
from tideover.rehearsal.twin.export import owner_ids
from tideover.rehearsal.twin.people import CRISIS, DISPUTING
from tideover.rehearsal.twin.texts import Ints, day_of, ids, number
from tideover.terms.tables import TABLES

TOLD = 0.45  # of crises
PENDING_DAYS, RESPITE_DAYS = 21, 60
COLUMNS = tuple(column.name for column in TABLES["circumstances"].columns)


class Circumstances:
    """The rows of circumstances that begin or end from day to day, as text."""

    def __init__(self, world: World, base: Any) -> None:
        self._world = world
        who, trouble = world.state.base.who, world.state.trouble
        self._open = {row["circumstance_id"]: row for row in base.to_pylist()
                      if not row["ends_on"] and _ends(row["kind"])}  # fmt: skip
        lead = {key: i for i, key in enumerate(owner_ids("customers", who.customer).to_pylist())
                if who.leads[i]}  # fmt: skip
        self._who = {key: lead[row["customer_id"]] for key, row in self._open.items()}
        self._new = _new_trouble(world, trouble)
        self._customer = owner_ids("customers", who.customer).to_pylist()
        self._account = owner_ids("accounts", who.account).to_pylist()

    def changed(self, happened: Happened) -> Any:
        """Return the rows that began or ended today; none where there are none."""
        today = self._world.today
        rows = [self._begin(row, kind, today) for row, kind in self._new.pop(today, [])]
        upset = happened.rows("complaints")
        if upset:
            rows += [
                self._begin(row, "complaint", today) for row in np.unique(upset["row"]).tolist()
            ]
        rows += self._ended(today)
        if not rows:
            return None
        return {name: pa.array([row[name] for row in rows], pa.string()) for name in COLUMNS}

    def _begin(self, row: int, kind: str, today: int) -> dict[str, Any]:
        since = today - self._world.plan.span.last
        kinds = tuple(SOURCES)
        place = (int(self._world.state.base.who.account[row]) * 4096 + since) * 64
        key = ids("Y", np.array([place + kinds.index(kind)]))[0].as_py()
        of_account = kind in ("dispute", "complaint")
        account = self._account[row] if of_account else None
        values = (key, self._customer[row], account, kind, day_of(today).isoformat(), None,
                  SOURCES[kind])  # fmt: skip
        begun = dict(zip(COLUMNS, values, strict=True))
        self._open[key], self._who[key] = begun, row
        return begun

    def _ended(self, today: int) -> list[dict[str, Any]]:
        over = [key for key, row in self._open.items() if self._end(key, row) <= today]
        ended = []
        for key in over:
            row = self._open.pop(key)
            last = max(self._end(key, row), number(date.fromisoformat(row["starts_on"])))
            ended.append(row | {"ends_on": day_of(last).isoformat()})
        return ended

    def _end(self, key: str, row: dict[str, Any]) -> int:
        """Return the last day of a circumstance, as far as is known today."""
        start, place, kind = (
            number(date.fromisoformat(row["starts_on"])),
            self._who[key],
            row["kind"],
        )
        state = self._world.state
        if kind == "assistance_pending":
            return start + PENDING_DAYS
        if kind == "debt_respite":
            return start + RESPITE_DAYS
        if kind == "complaint" and state.base.who.reason[place] != DISPUTING:
            return int(state.complained_until[place])
        return int(state.trouble[1][place]) - 1


def _ends(kind: str) -> bool:
    return kind in (*OF_A_CRISIS, "dispute", "complaint", "assistance_pending", "debt_respite")


def _new_trouble(world: World, trouble: tuple[Ints, Ints]) -> dict[int, list[tuple[int, str]]]:
    """Return which crises and disputes will be told, by the day."""
    who, last = world.state.base.who, world.plan.span.last
    chance = chance_of(world.plan, 1_000_002)
    n = len(who)
    told, which, later = chance.random(n), chance.integers(0, 4, n), chance.integers(0, 31, n)
    found: dict[int, list[tuple[int, str]]] = {}
    starts = who.leads & (trouble[0] > last)
    for row in np.flatnonzero(starts & (who.reason == CRISIS) & (told < TOLD)).tolist():
        found.setdefault(int(trouble[0][row] + later[row]), []).append(
            (row, OF_A_CRISIS[which[row]]))  # fmt: skip
    for row in np.flatnonzero(starts & (who.reason == DISPUTING) & (told < 0.9)).tolist():
        found.setdefault(int(trouble[0][row]), []).append((row, "dispute"))
    return found

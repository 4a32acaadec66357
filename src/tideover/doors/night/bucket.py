"""One bucket through the night: receivables, features, zones, scores, reach, decisions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tideover.doors.night.desk import Desk, aligned
from tideover.doors.night.learning import Learnt
from tideover.portfolio import scores, zones
from tideover.portfolio.decisions import decide
from tideover.portfolio.features import TABLES, features
from tideover.portfolio.lake import Lake, write_table
from tideover.portfolio.reach import TABLES as REACH_TABLES
from tideover.portfolio.reach import reach
from tideover.portfolio.receivables import receivables
from tideover.rules.strategy import Policy

NIGHT_TABLES = ("receivables", "features", "zones", "scores", "reach", "decisions")


@dataclass(frozen=True)
class Tonight:
    """What is the same for every bucket of a night."""

    folder: Path
    learnt: Learnt
    policy: Policy
    carried: list[str]


def through_the_night(desk: Desk, tonight: Tonight, bucket: int) -> None:
    """Compute and write every table of one bucket; what is written already is not done again."""
    parts = {name: tonight.folder / name / f"bucket={bucket}.parquet" for name in NIGHT_TABLES}
    if all(path.is_file() for path in parts.values()):
        return
    engine, settings = desk.engine, desk.workspace.settings
    desk.lake.show(engine, sorted({*TABLES, *REACH_TABLES}), bucket)
    engine.at(desk.as_of)
    owed = _ordered(engine.arrow(engine.define("owed", lambda: receivables(engine))))
    engine.view_arrow("receivables", owed)
    known = _ordered(engine.arrow(
        engine.define("features", lambda: features(engine, tonight.carried))))  # fmt: skip
    reachable = _ordered(engine.arrow(engine.define("reach", lambda: reach(
        engine, cap=settings.contact.cap, cap_days=settings.contact.cap_days))))
    placed = zones.place(known, tonight.learnt.zones)
    scored = scores.apply(tonight.learnt.scores, known)
    cases = cases_of(known, placed, scored, reachable, doubts_of(desk.lake))
    decided = decide(cases, policy=tonight.policy, settings=settings, as_of=desk.as_of)
    tables = (owed, known, placed, scored, reachable, decided)
    for name, table in zip(NIGHT_TABLES, tables, strict=True):
        write_table(parts[name], table)


def _ordered(table: pa.Table) -> pa.Table:
    return table.sort_by("account_no")


def doubts_of(lake: Lake) -> pa.Table:
    """Return the accounts with a row of their own in quarantine."""
    name = lake.manifest.doubts
    if not name:
        return pa.schema([("account_no", pa.int64())]).empty_table()
    return pq.read_table(lake.root / name)


def cases_of(known: pa.Table, placed: pa.Table, scored: pa.Table, reachable: pa.Table,
             in_doubt: pa.Table) -> pa.Table:  # fmt: skip
    """Return one row an account that the policy may have something to say about.

    Table out: the columns of features, zones, scores and reach, and `in_doubt` bool, for accounts
        in arrears or with a likelihood of a first lateness
    """
    concerned = pc.or_(
        pc.greater(known["arrears_minor"], 0), pc.is_valid(scored["p_first_late"])
    )
    cases = known
    for table in (placed, scored):
        for name in table.column_names:
            if name not in cases.column_names:
                cases = cases.append_column(name, table[name])
    cases = cases.filter(concerned)
    extra = [name for name in reachable.column_names if name not in cases.column_names]
    found = aligned(cases, reachable, extra)
    for name in extra:
        cases = cases.append_column(name, found[name])
    doubtful = np.isin(cases["account_no"].to_numpy(), in_doubt["account_no"].to_numpy())
    return cases.append_column("in_doubt", pa.array(doubtful))

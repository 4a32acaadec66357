"""One bucket through the night: receivables, features, zones, scores, reach, decisions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tideover.doors.night.changed import READ, changed_accounts, doubted, merged
from tideover.doors.night.desk import Desk, aligned
from tideover.doors.night.learning import Learnt
from tideover.doors.night.shares import decided_by
from tideover.doors.strategies.shelf import InForce
from tideover.portfolio import scores, zones
from tideover.portfolio.features import features
from tideover.portfolio.lake import Lake, write_table
from tideover.portfolio.reach import reach
from tideover.portfolio.receivables import owed

NIGHT_TABLES = ("receivables", "features", "zones", "scores", "reach", "decisions")


@dataclass(frozen=True)
class Former:
    """A finished night of the same day with the same models, strategies and settings."""

    folder: Path
    lake_version: int


@dataclass(frozen=True)
class Tonight:
    """What is the same for every bucket of a night."""

    folder: Path
    learnt: Learnt
    strategies: InForce
    carried: list[str]
    former: Former | None


def through_the_night(desk: Desk, tonight: Tonight, bucket: int) -> None:
    """Compute and write every table of one bucket; what is written already is not done again."""
    parts = _parts(tonight.folder, bucket)
    if all(path.is_file() for path in parts.values()):
        return
    desk.lake.show(desk.engine, READ, bucket)
    desk.engine.at(desk.as_of)
    tables = (
        _computed(desk, tonight) if tonight.former is None
        else _computed_anew(desk, tonight, tonight.former, bucket)
    )  # fmt: skip
    for name, path in parts.items():
        write_table(path, tables[name])


def _parts(folder: Path, bucket: int) -> dict[str, Path]:
    return {name: folder / name / f"bucket={bucket}.parquet" for name in NIGHT_TABLES}


def _computed_anew(desk: Desk, tonight: Tonight, former: Former,
                   bucket: int) -> dict[str, pa.Table]:  # fmt: skip
    """Return the tables of a former night, with only the accounts that changed computed anew."""
    before = {name: pq.ParquetFile(path).read()
              for name, path in _parts(former.folder, bucket).items()}  # fmt: skip
    numbers = set(changed_accounts(desk, bucket, former.lake_version))
    known = before["receivables"]
    doubtful = pa.array(doubted(before["decisions"], desk.lake), pa.string())
    numbers |= set(known.filter(pc.is_in(known["account_id"], doubtful))["account_no"].to_pylist())
    desk.engine.view_arrow("changed", pa.table({"account_no": pa.array(sorted(numbers))}))
    desk.lake.show(desk.engine, READ, bucket, only="account_no IN (SELECT account_no FROM changed)")
    anew = _computed(desk, tonight)
    return merged(before, anew, pa.array(sorted(numbers), pa.int64()))


def _computed(desk: Desk, tonight: Tonight) -> dict[str, pa.Table]:
    engine, settings = desk.engine, desk.workspace.settings
    owing = _ordered(owed(engine))
    engine.view_arrow("receivables", owing)
    known = _ordered(engine.arrow(
        engine.define("features", lambda: features(engine, tonight.carried),
                      kept_as=f"features {tonight.carried}")))  # fmt: skip
    reachable = _ordered(engine.arrow(engine.define(
        "reach",
        lambda: reach(engine, cap=settings.contact.cap, cap_days=settings.contact.cap_days),
        kept_as=f"reach {settings.contact}")))  # fmt: skip
    placed = zones.place(known, tonight.learnt.zones)
    scored = scores.apply(tonight.learnt.scores, known)
    cases = cases_of(known, placed, scored, reachable, doubts_of(desk.lake))
    decided = decided_by(tonight.strategies, cases, settings=settings, as_of=desk.as_of)
    return {"receivables": owing, "features": known, "zones": placed, "scores": scored,
            "reach": reachable, "decisions": decided}  # fmt: skip


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
    """Return one row an account that a strategy may have something to say about.

    Table out: the columns of features, zones, scores and reach, and `in_doubt` bool, for accounts
        in arrears or with a likelihood of a first lateness
    """
    concerned = pc.or_(pc.greater(known["arrears_minor"], 0), pc.is_valid(scored["p_first_late"]))
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

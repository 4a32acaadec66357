"""One bucket through the night: receivables, features, zones, scores, reach, decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tideover.doors.night.changed import Former, merged
from tideover.doors.night.choosing import Choosing
from tideover.doors.night.climbing import Climbing, recorded, with_places
from tideover.doors.night.desk import READ, Desk, aligned
from tideover.doors.night.guessing import are_asked, with_guesses
from tideover.doors.night.inquiry import Inquiry
from tideover.doors.night.learning import Learnt
from tideover.doors.night.shares import decided_by
from tideover.doors.strategies.shelf import InForce
from tideover.portfolio import scores, zones
from tideover.portfolio.decisions import CHOICES, Permissions
from tideover.portfolio.features import features
from tideover.portfolio.lake import Lake, write_table
from tideover.portfolio.reach import reach
from tideover.portfolio.receivables import owed

NIGHT_TABLES = ("receivables", "features", "zones", "scores", "reach", "situations",
                "ladders", "decisions", "choices")  # fmt: skip
DUE = "due_unpaid"
CASE_TABLES = ("features", "zones", "scores", "reach")  # what cases are made of, in their order


@dataclass(frozen=True)
class Tonight:
    """What is the same for every bucket of a night.

    Args:
        siblings: The accounts that share their customer with others, of all buckets.
        climbing: Of the ladders of notices of the strategies.
        choosing: How one of the permitted ways is drawn.
    """

    folder: Path
    learnt: Learnt
    strategies: InForce
    permissions: Permissions
    carried: list[str]
    siblings: pa.Table
    climbing: Climbing
    choosing: Choosing
    former: Former | None = None


def through_the_night(
    desk: Desk, tonight: Tonight, bucket: int, *, changed: pa.Array | None = None
) -> None:
    """Compute and write every table of one bucket; what is written already is not done again.

    Args:
        changed: The accounts to compute anew, where all others keep the rows of a former night.
    """
    parts = _parts(tonight.folder, bucket)
    if all(path.is_file() for path in parts.values()):
        return
    desk.engine.at(desk.as_of)
    if tonight.former is None or changed is None:
        desk.lake.show(desk.engine, READ, bucket)
        tables = _computed(desk, tonight, bucket)
    else:
        tables = _computed_anew(desk, tonight, tonight.former, bucket=bucket, changed=changed)
    for name, path in parts.items():
        write_table(path, tables[name])


def _parts(folder: Path, bucket: int) -> dict[str, Path]:
    return {name: folder / name / f"bucket={bucket}.parquet" for name in NIGHT_TABLES}


def _computed_anew(
    desk: Desk, tonight: Tonight, former: Former, *, bucket: int, changed: pa.Array
) -> dict[str, pa.Table]:
    """Return the tables of a former night, with only the accounts that changed computed anew."""
    before = {name: pq.ParquetFile(former.part(name, bucket)).read() for name in NIGHT_TABLES}
    desk.engine.view_arrow("changed", pa.table({"account_no": changed}))
    desk.lake.show(desk.engine, READ, bucket, only="account_no IN (SELECT account_no FROM changed)")
    return merged(before, _computed(desk, tonight, bucket), changed)


def _computed(desk: Desk, tonight: Tonight, bucket: int) -> dict[str, pa.Table]:
    tables = facts_of(desk, tonight.learnt, tonight.carried, tonight.siblings)
    cases, settings = cases_from(tables, doubts_of(desk.lake)), desk.workspace.settings
    if tonight.choosing.believed or are_asked(tonight.strategies):
        cases = with_guesses(cases, desk.lake, bucket, settings)
    climbing = tonight.climbing.placed(desk.engine, cases, bucket)
    cases = with_places(cases, climbing, tonight.strategies)
    inquiry = Inquiry(desk.engine, tonight.permissions)
    drawing = tonight.choosing.drawing(desk.lake, bucket, cases)
    decided = decided_by(
        tonight.strategies, cases, settings=settings, as_of=desk.as_of,
        guarding=inquiry.guarding._replace(drawing=drawing),
    )  # fmt: skip
    ladders = recorded(climbing, decided, tonight.strategies)
    choices = drawing.table if drawing else CHOICES.empty_table()
    return tables | {"situations": inquiry.table, "ladders": ladders, "decisions": decided,
                     "choices": choices}  # fmt: skip


def facts_of(
    desk: Desk, models: Learnt, carried: list[str], siblings: pa.Table
) -> dict[str, pa.Table]:
    """Return every table of a night but the decisions, of what the engine is shown.

    Args:
        carried: Names of the utility's own numbers, in order.
        siblings: The accounts that share their customer with others, of all buckets.
    """
    engine, settings = desk.engine, desk.workspace.settings
    owing = _ordered(owed(engine))
    engine.define("features", lambda: features(engine, carried),
                  kept_as=f"features {carried}")  # fmt: skip
    known = _ordered(engine.rows("features"))
    engine.view_arrow("siblings", siblings)
    engine.define(
        "reach",
        lambda: reach(engine, cap=settings.contact.cap, cap_days=settings.contact.cap_days),
        kept_as=f"reach {settings.contact}")  # fmt: skip
    reachable = _ordered(engine.rows("reach"))
    placed = zones.place(known, models.zones)
    scored = scores.apply(models.scores, known)
    return {"receivables": owing, "features": known, "zones": placed, "scores": scored,
            "reach": reachable}  # fmt: skip


def _ordered(table: pa.Table) -> pa.Table:
    return table.sort_by("account_no")


def doubts_of(lake: Lake) -> pa.Table:
    """Return the accounts with a row of their own in quarantine."""
    name = lake.manifest.doubts
    if not name:
        return pa.schema([("account_no", pa.int64())]).empty_table()
    return pq.read_table(lake.root / name)


def cases_from(tables: Mapping[str, pa.Table], in_doubt: pa.Table) -> pa.Table:
    """Return the cases of a bucket whose tables are given by their names."""
    known, placed, scored, reachable = (tables[name] for name in CASE_TABLES)
    return cases_of(known, placed, scored, reachable, in_doubt)


def cases_of(known: pa.Table, placed: pa.Table, scored: pa.Table, reachable: pa.Table,
             in_doubt: pa.Table) -> pa.Table:  # fmt: skip
    """Return one row an account that a strategy may have something to say about.

    Table out: the columns of features, zones, scores and reach, and `in_doubt` bool, for accounts
        in arrears, with a bill that was due on the day and is unpaid at its end, or with a
        likelihood of a first lateness
    """
    behind = pc.greater(known["arrears_minor"], 0)
    likely = pc.is_valid(scored["p_first_late"])
    if DUE not in known.column_names:  # a night of before it was computed
        known = known.append_column(DUE, pa.array(np.zeros(len(known), dtype=bool)))
    concerned = pc.or_(pc.or_(behind, known[DUE]), likely)
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

"""Decisions of earlier nights whose window is over, with what was known then and what followed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tideover.doors.night.afterwards import finished
from tideover.doors.night.desk import Desk, aligned, open_engine
from tideover.doors.night.guessing import PAYMENTS, standing_rows
from tideover.doors.night.results import Results
from tideover.portfolio.choosing import COLUMNS, History, rewarded
from tideover.portfolio.engine import Engine
from tideover.portfolio.guesses import FEATURES, Paying, guesses
from tideover.portfolio.lake import Lake
from tideover.portfolio.outcomes import DECIDED, TABLES, costs_table, outcomes
from tideover.portfolio.workspace import Workspace
from tideover.rules.contact import PARTS_OF_DAY
from tideover.terms.calendar import days

HALF_LIVES = 4  # older decisions weigh under a sixteenth, and are left out
MOST_ROWS = 120_000  # of which a sample is taken where there are more
CONTACTS = ("account_no", "occurred_on", "channel", "outcome", "direction")
OF_DECISION = ("decision_id", "account_id", "as_of", "zone", "arrears_minor", "arm", "treatment",
               "channel", "tone", "offer", "send_at", "propensity",
               "p_paid_in_full_30d")  # fmt: skip
FOLLOWED = ("cured", "plan_kept", "promised", "money_in_minor", "linked_minor", "complained",
            "opted_out")  # fmt: skip
HOLDOUT = "holdout"
RANDOM = ("treated", HOLDOUT)


class Before(NamedTuple):
    """Decisions, what was known of the accounts when they were taken, and what followed.

    Args:
        rows: Columns of `EVIDENCE` and of `traits.COLUMNS`.
        answers: As `History.answers` gives them.
    """

    rows: pa.Table
    answers: npt.NDArray[np.float64]


def drawn_before(desk: Desk) -> Before | None:
    """Return what was drawn on earlier nights and can be learnt from; none where nothing can."""
    workspace, until = desk.workspace, _known_until(desk)
    nights = [Results.of(workspace, day) for day in _nights(workspace, until)]
    drawn = sum(night.done.arms.get(arm, 0) for night in nights for arm in RANDOM)
    if not drawn:
        return None
    sampled = f"{min(2**32 - 1, int(2**32 * min(1.0, MOST_ROWS / drawn))):08x}"
    engine, found = open_engine(workspace), []
    try:
        for bucket in range(desk.lake.manifest.buckets):
            rows = pa.concat_tables(_drawn(nights, bucket, sampled), promote_options="permissive")
            if rows.num_rows:
                followed = _followed(desk, engine, rows, bucket=bucket, until=until)
                found.append(_as_known(desk, followed, bucket))
    finally:
        engine.close()
    if not found:
        return None
    answers = np.concatenate([each.answers for each in found])
    return Before(pa.concat_tables([each.rows for each in found]), answers)


def _known_until(desk: Desk) -> date:
    """Return the last day of which anything can be known: no later than the last load."""
    return min(desk.as_of, date.fromisoformat(desk.lake.manifest.loads[-1]["day"]))


def _nights(workspace: Workspace, until: date) -> list[date]:
    """Return the nights whose windows are over and that are not too old."""
    choice = workspace.settings.choice
    oldest, latest = (
        until - days(HALF_LIVES * choice.half_life_days),
        until - days(choice.reward_days),
    )
    return [day for day in finished(workspace) if oldest <= day <= latest]


def _drawn(nights: list[Results], bucket: int, sampled: str) -> Iterator[pa.Table]:
    """Yield the decisions of a bucket that were left to a draw, with the features of their day.

    The held-out count with the first draw of their account only: at later ones those whom a message
    would have helped are still among them, and no longer among the others.
    """
    seen = pa.array([], pa.string())
    for night in nights:
        rows = pq.ParquetFile(night.parts("decisions")[bucket]).read(columns=list(OF_DECISION))
        random = pc.or_(pc.is_in(rows["arm"], pa.array(RANDOM)), pc.is_valid(rows["propensity"]))
        mine = pc.less_equal(pc.utf8_slice_codeunits(rows["decision_id"], 1, 9), sampled)
        behind = pc.greater(rows["arrears_minor"], 0)
        late = pc.and_(pc.equal(rows["arm"], HOLDOUT), pc.is_in(rows["account_id"], seen))
        drawn = rows.filter(pc.and_(random, behind))["account_id"]
        rows = rows.filter(pc.and_(pc.and_(random, mine), pc.and_not(behind, late)))
        seen = pc.unique(pa.concat_arrays([seen, *drawn.chunks]))
        yield _with_features(rows, night.parts("features")[bucket], night.parts("reach")[bucket])


def _with_features(rows: pa.Table, features: Path, reach: Path) -> pa.Table:
    wanted = dict.fromkeys((*FEATURES, *COLUMNS, "account_id"))
    file = pq.ParquetFile(features)
    names = [n for n in wanted if n in file.schema_arrow.names]
    known = file.read(columns=names)
    place = pc.index_in(rows["account_id"], known["account_id"].combine_chunks())
    for name in names:
        if name not in rows.column_names:
            rows = rows.append_column(name, known[name].take(place))
    holds = pq.ParquetFile(reach).read(columns=["account_no", "holds"])
    return rows.append_column("holds", aligned(rows, holds, ["holds"])["holds"])


def _followed(
    desk: Desk, engine: Engine, rows: pa.Table, *, bucket: int, until: date
) -> pa.Table:  # fmt: skip
    """Return decisions with what they brought, of those of which it is known."""
    settings = desk.workspace.settings
    free = costs_table({}, settings.utility.currency)  # what it cost is known without asking
    engine.view_arrow("unit_costs", free)
    engine.view_arrow("decided", rows.select(DECIDED.names).cast(DECIDED))
    desk.lake.show(engine, TABLES, bucket, only="account_no IN (SELECT account_no FROM decided)")
    outcomes(engine, until)
    after = engine.rows("outcomes")
    after = after.filter(pc.equal(after["window_days"], settings.choice.reward_days))
    place = pc.index_in(rows["decision_id"], after["decision_id"].combine_chunks())
    for name in FOLLOWED:
        rows = rows.append_column(name, after[name].take(place))
    return rewarded(rows, settings.choice)


def _as_known(desk: Desk, rows: pa.Table, bucket: int) -> Before:
    """Return decisions with the guesses and answers of the day they were taken."""
    settings, numbers = desk.workspace.settings, pc.unique(rows["account_no"])
    paid = standing_rows(desk.lake, "payments", bucket, PAYMENTS, of=numbers)
    guessed = guesses(rows, rows["holds"], Paying.of(paid), asdict(settings.why))
    for name in guessed.column_names:
        rows = rows.append_column(name, guessed[name])
    rows = rows.append_column("part", _part(rows["send_at"]))
    history = history_of(desk.lake, bucket, numbers)
    day = rows["as_of"].cast(pa.int32()).to_numpy()
    return Before(rows, history.answers(rows["account_no"].to_numpy(), day))


def history_of(lake: Lake, bucket: int | None, accounts: pa.Array) -> History:
    """Return what accounts answered to, by channel."""
    said = standing_rows(lake, "contacts", bucket, CONTACTS, of=accounts)
    return History.of(said.filter(pc.equal(said["direction"], "outbound")))


def _part(send_at: pa.ChunkedArray) -> pa.Array:
    hours = pc.utf8_slice_codeunits(send_at, 11, 13).to_pylist()
    opens = [(hours.opens.hour, part) for part, hours in PARTS_OF_DAY.items()]
    return pa.array([next((part for first, part in reversed(opens) if int(hour) >= first), None)
                     if hour else None for hour in hours], pa.string())  # fmt: skip

"""The decisions of some nights, each with what followed it, as the lake stands now."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tideover.doors.night.afterwards import finished
from tideover.doors.night.desk import open_engine, open_lake
from tideover.doors.night.results import Results
from tideover.portfolio.engine import Engine
from tideover.portfolio.lake import Lake
from tideover.portfolio.outcomes import DECIDED, TABLES, WINDOWS, costs_table, outcomes
from tideover.portfolio.workspace import Workspace
from tideover.rehearsal.replay import unit_costs
from tideover.terms.faults import StepMissing

RANDOMISED = ("treated", "holdout")
OF_THE_DECISION = ("account_id", "zone", "stage", "rule", "arm", "treatment", "channel", "tone",
                   "offer", "propensity", "currency", "strategy")  # fmt: skip


def followed(
    workspace: Workspace, first: date, last: date, *, until: date | None = None,
    arms: Collection[str] = RANDOMISED,
) -> pa.Table:  # fmt: skip
    """Return what followed the decisions of the nights from one day to another.

    Args:
        until: The last day of which anything is to be known; that of the last load where none.
        arms: Whose decisions; where nothing stood in the way of a draw.

    Table out: a row a decision and window; columns of `outcomes` and `OF_THE_DECISION`
    Raises:
        StepMissing: No night is finished in these days.
    """
    nights = [Results.of(workspace, day) for day in finished(workspace) if first <= day <= last]
    if not nights:
        raise StepMissing(f"No night is finished from {first} to {last}", where=str(workspace.root),
                          mend="Run nights with: tideover night")  # fmt: skip
    lake = open_lake(workspace)
    buckets = [pa.concat_tables(decided_in(nights, bucket, arms))
               for bucket in range(lake.manifest.buckets)]  # fmt: skip
    return followed_of(workspace, lake, buckets, until=until)


def followed_of(
    workspace: Workspace, lake: Lake, decided: Sequence[pa.Table], *,
    until: date | None = None, windows: Sequence[int] = WINDOWS,
) -> pa.Table:  # fmt: skip
    """Return what followed decisions, whoever took them.

    Args:
        decided: A table a bucket: columns of `DECIDED`, and any others, which are kept beside.
        until: The last day of which anything is to be known; that of the last load where none.
    """
    known = until or date.fromisoformat(lake.manifest.loads[-1]["day"])
    engine, found = open_engine(workspace), []
    try:
        for bucket, rows in enumerate(decided):
            engine.view_arrow("decided", rows.select(DECIDED.names))
            show_followed(workspace, lake, engine, bucket,
                          only="account_no IN (SELECT account_no FROM decided)")  # fmt: skip
            outcomes(engine, known, windows=windows)
            found.append(_beside(engine.rows("outcomes"), rows))
    finally:
        engine.close()
    return pa.concat_tables(found).sort_by(
        [(name, "ascending") for name in ("as_of", "decision_id", "window_days")]
    )


def show_followed(
    workspace: Workspace, lake: Lake, engine: Engine, bucket: int, *, only: str = "true"
) -> None:
    """Make the views of a bucket that outcomes reads, but for `decided`."""
    settings = workspace.settings
    costs = costs_table(unit_costs(settings.costs), settings.utility.currency)
    engine.view_arrow("unit_costs", costs)
    lake.show(engine, TABLES, bucket, only=only)


def decided_in(nights: list[Results], bucket: int, arms: Collection[str]) -> Iterator[pa.Table]:
    """Yield the decisions of a bucket, night by night, with the numbers of their accounts."""
    columns = ["decision_id", "as_of", *OF_THE_DECISION]
    for night in nights:
        rows = pq.ParquetFile(night.parts("decisions")[bucket]).read(columns=columns)
        rows = rows.filter(pc.is_in(rows["arm"], pa.array(list(arms), pa.string())))
        owing = pq.ParquetFile(night.parts("receivables")[bucket]).read(
            columns=["account_no", "account_id"]
        )
        place = pc.index_in(rows["account_id"], owing["account_id"].combine_chunks())
        yield rows.append_column("account_no", owing["account_no"].take(place))


def _beside(rows: pa.Table, decided: pa.Table) -> pa.Table:
    place = pc.index_in(rows["decision_id"], decided["decision_id"].combine_chunks())
    for name in (each for each in decided.column_names if each not in DECIDED.names):
        rows = rows.append_column(name, decided[name].take(place))
    return rows

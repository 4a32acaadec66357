"""The indicators of a workspace as of a day: its accounts a month ago, and what followed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa

from tideover.doors.night.desk import open_engine, open_lake
from tideover.portfolio.engine import Engine
from tideover.portfolio.lake import Lake, standing
from tideover.portfolio.measures import Figure, bucket_column, measures
from tideover.portfolio.outcomes import DECIDED, TABLES, costs_table, outcomes
from tideover.portfolio.receivables import owed
from tideover.portfolio.workspace import Workspace
from tideover.rehearsal.replay import unit_costs
from tideover.rules.choice import held_out
from tideover.terms.calendar import days
from tideover.terms.faults import Usage

WINDOW_DAYS = 30
_OWED = ("arrears_minor", "days_past_due", "d91_120_minor", "d121_plus_minor")


def measured(workspace: Workspace, as_of: date) -> list[Figure]:
    """Return every indicator of a workspace, of everyone and by group.

    Raises:
        StepMissing: Nothing was loaded yet.
        Usage: The day lies after the last load.
    """
    lake = open_lake(workspace)
    loaded = date.fromisoformat(lake.manifest.loads[-1]["day"])
    if as_of > loaded:
        raise Usage(f"{as_of} lies after the last load, of {loaded}", where="--as-of",
                    mend=f"Give {loaded} or a day before it")  # fmt: skip
    engine = open_engine(workspace)
    try:
        found = [_accounts(engine, lake, bucket, as_of=as_of, workspace=workspace)
                 for bucket in range(lake.manifest.buckets)]  # fmt: skip
    finally:
        engine.close()
    return list(measures(pd.concat(found, ignore_index=True)))


def _accounts(
    engine: Engine, lake: Lake, bucket: int, *, as_of: date, workspace: Workspace
) -> pd.DataFrame:
    """Return a bucket's accounts: what they owed a month ago and owe now, and what followed."""
    choice, before = workspace.settings.choice, as_of - days(WINDOW_DAYS)
    lake.show(engine, (*TABLES, "customers"), bucket)
    settings = workspace.settings
    engine.view_arrow("unit_costs", costs_table(unit_costs(settings.costs),
                                                settings.utility.currency))  # fmt: skip
    engine.at(before)
    owing = owed(engine)
    engine.at(as_of)
    now = owed(engine).select(["account_no", *_OWED]).to_pandas().set_index("account_no")
    decided = pa.table([owing["account_id"], owing["account_no"],
                        pa.repeat(pa.scalar(before, pa.date32()), owing.num_rows)],
                       schema=DECIDED)  # fmt: skip
    engine.view_arrow("decided", decided)
    outcomes(engine, as_of)
    after = engine.rows("outcomes").to_pandas()
    after = after[after["window_days"] == WINDOW_DAYS].set_index("account_no")
    rows = owing.select(["account_no", "account_id", "currency", *_OWED]).to_pandas()
    rows = rows.merge(_traits(engine, before), on="account_no", how="left")
    rows = rows.set_index("account_no")
    rows = rows.join(after.drop(columns=["decision_id", "as_of", "arrears_minor"]))
    rows = rows.join(now, rsuffix="_now")
    held = [held_out(one, share=choice.holdout_share, of=choice.holdout)
            for one in rows["account_id"]]  # fmt: skip
    return _worked_out(rows, np.array(held, bool))


def _worked_out(rows: pd.DataFrame, held: np.ndarray) -> pd.DataFrame:
    behind, contacted = rows["arrears_minor"] > 0, rows["contacts"] > 0
    befores = bucket_column(rows["arrears_minor"].to_numpy(), rows["days_past_due"].to_numpy())
    nows = bucket_column(rows["arrears_minor_now"].to_numpy(),
                         rows["days_past_due_now"].fillna(0).to_numpy())  # fmt: skip
    later = rows["days_past_due_now"].fillna(0) > rows["days_past_due"]
    moved_on = pd.Series(befores, rows.index) != pd.Series(nows, rows.index)
    rolled = (later & moved_on & (rows["arrears_minor_now"] > 0)).astype(float)
    return rows.assign(
        bucket=befores, bucket_before=befores, bucket_now=nows, behind=behind,
        behind_held_out=behind & held, behind_contacted=behind & contacted,
        held_out=np.where(held, "yes", "no"), contacted=contacted.astype(float),
        rolled=rolled.mask(rows["censored"].astype(bool)),
        is_behind_now=(rows["arrears_minor_now"] > 0).astype(int),
        arrears_now_minor=rows["arrears_minor_now"].fillna(0),
        over_90_now_minor=rows["d91_120_minor_now"].fillna(0)
        + rows["d121_plus_minor_now"].fillna(0),
    )  # fmt: skip


def _traits(engine: Engine, day: date) -> pd.DataFrame:
    """Return commodity, area, segment, and whether a circumstance was in force on a day."""
    accounts = engine.arrow(standing(engine.table("accounts"), engine).select(
        "account_no", "customer_id", "commodity", "area_code")).to_pandas()  # fmt: skip
    customers = engine.arrow(standing(engine.table("customers"), engine).select(
        "customer_id", "segment")).to_pandas()  # fmt: skip
    begun = engine.arrow(standing(engine.table("circumstances"), engine).select(
        "customer_id", "starts_on", "ends_on")).to_pylist()  # fmt: skip
    theirs = {row["customer_id"] for row in begun
              if row["starts_on"] <= day <= (row["ends_on"] or day)}  # fmt: skip
    both = accounts.merge(customers, on="customer_id", how="left")
    both["circumstance"] = np.where(both["customer_id"].isin(theirs), "yes", "no")
    return both.drop(columns=["customer_id"])


def cells(figures: list[Figure]) -> Iterator[list[str]]:
    """Yield figures as cells of text; what is suppressed is empty, and its n is `<10`."""
    for one in figures:
        numbers = ["" if part is None else f"{part:.6g}" for part in (one.value, one.low, one.high)]
        if one.name.endswith("_minor") and one.value is not None:
            numbers[0] = f"{one.value:.0f}"
        yield [one.name, one.group, *numbers, "<10" if one.n is None else str(one.n)]

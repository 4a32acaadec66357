"""The indicators of a workspace as of a day: its accounts a month ago, and what followed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa

from tideover.doors.findings.followed import show_followed
from tideover.doors.findings.rated import ratings
from tideover.doors.findings.traits import Traits
from tideover.doors.night.desk import open_engine, open_lake
from tideover.portfolio.engine import Engine
from tideover.portfolio.lake import Lake, standing
from tideover.portfolio.measures import (
    DSO_DAYS,
    GROUPS,
    Figure,
    Tally,
    bucket_column,
    measures,
    over_weeks,
    tallied,
)
from tideover.portfolio.outcomes import DECIDED, outcomes
from tideover.portfolio.receivables import TABLES as OWING
from tideover.portfolio.receivables import owed
from tideover.portfolio.workspace import Workspace
from tideover.terms.calendar import days
from tideover.terms.faults import Usage

WINDOW_DAYS, WEEK_DAYS = 30, 7
_OWED = ("days_past_due", "d91_120_minor", "d121_plus_minor")
_SUMS = ("money_in_minor", "contacts", "calls_in", "promises_due", "promises_kept", "notices",
         "disconnections", "reconnections")  # fmt: skip


@dataclass(frozen=True)
class Span:
    """Days over which accounts are followed: as they stood at the end of one, up to another."""

    before: date
    until: date

    @property
    def days(self) -> int:
        """How many they are."""
        return (self.until - self.before).days


def measured(
    workspace: Workspace, as_of: date, *, weeks: int = 0, by: Sequence[str] = GROUPS
) -> list[Figure]:
    """Return every indicator of a workspace, of everyone and by group.

    Args:
        weeks: Of so many weeks one by one, instead of the thirty days; at least two, or none.
        by: Which groups are wanted, of the thirty days.

    Raises:
        StepMissing: Nothing was loaded yet.
        Usage: The day lies after the last load.
    """
    lake = open_lake(workspace)
    loaded = date.fromisoformat(lake.manifest.loads[-1]["day"])
    if as_of > loaded:
        raise Usage(f"{as_of} lies after the last load, of {loaded}", where="--as-of",
                    mend=f"Give {loaded} or a day before it")  # fmt: skip
    if not lake.parts("accounts"):
        return []
    if not weeks:
        (found,) = followed_accounts(workspace, lake, [Span(as_of - days(WINDOW_DAYS), as_of)], by)
        return list(measures(found))
    ends = [as_of - days(WEEK_DAYS * back) for back in reversed(range(weeks))]
    spans = [Span(end - days(WEEK_DAYS), end) for end in ends]
    each = followed_accounts(workspace, lake, spans)
    return list(over_weeks([(str(one.until), tally) for one, tally in
                            zip(spans, each, strict=True)]))  # fmt: skip


def followed_accounts(
    workspace: Workspace, lake: Lake, spans: Sequence[Span], by: Sequence[str] = GROUPS
) -> list[Tally]:
    """Return for each span what accounts come to, by their groups on its first day.

    A bucket of accounts is held at a time.
    """
    said = ratings(lake)
    answers = [said.between(one.before, one.until) for one in spans]
    traits = [Traits(workspace, lake, one.before) for one in spans]
    engine, found = open_engine(workspace), [tallied((), by) for _ in spans]
    try:
        for bucket in range(lake.manifest.buckets):
            show_followed(workspace, lake, engine, bucket)
            lake.show(engine, ("customers",), bucket)
            accounts = [one.of(engine, bucket) for one in traits]
            parts = _bucket(engine, lake, accounts, bucket=bucket, spans=spans)
            for tally, rated, part in zip(found, answers, parts, strict=True):
                tally.add(rated.beside(part))
    finally:
        engine.close()
    return found


def _bucket(
    engine: Engine, lake: Lake, accounts: Sequence[pd.DataFrame], *, bucket: int,
    spans: Sequence[Span],
) -> list[pd.DataFrame]:  # fmt: skip
    decided = pa.concat_tables([
        pa.table([rows["account_id"], rows.index, pa.repeat(pa.scalar(one.before, pa.date32()),
                                                            len(rows))], schema=DECIDED)
        for one, rows in zip(spans, accounts, strict=True)])  # fmt: skip
    engine.view_arrow("decided", decided)
    outcomes(engine, spans[-1].until, windows=(spans[-1].days,))
    followed = engine.rows("outcomes").drop_columns(["decision_id", "furthest"])
    after = followed.to_pandas(date_as_object=False)
    billed = [_billed(engine, one.until) for one in spans]
    late = after[(after["arrears_minor"] > 0) | (after["owing_after_minor"] > 0)]
    behind = pa.table({"account_no": np.unique(late["account_no"].to_numpy())})
    engine.view_arrow("behind", behind)
    lake.show(engine, OWING, bucket, only="account_no IN (SELECT account_no FROM behind)")
    found = []
    for one, rows, bills in zip(spans, accounts, billed, strict=True):
        mine = after[after["as_of"] == pd.Timestamp(one.before)].set_index("account_no")
        whole = rows.join(mine).join(bills)
        for end, day in (("", one.before), ("_now", one.until)):
            whole = whole.join(_aged(engine, day).add_suffix(end))
        found.append(_worked_out(whole, one))
    return found


def _aged(engine: Engine, day: date) -> pd.DataFrame:
    engine.at(day)
    return owed(engine).select(["account_no", *_OWED]).to_pandas().set_index("account_no")


def _billed(engine: Engine, day: date) -> pd.DataFrame:
    """Return what was billed in the ninety days up to a day, and what is billed and not yet due."""
    f, col = engine.F, engine.F.col
    engine.at(day)

    def bills() -> object:
        since = standing(engine.table("bills"), engine).where(
            (col("issued_on") > engine.ago(DSO_DAYS)) & (col("issued_on") <= engine.ago())
        )
        ahead = f.when(col("due_on") >= engine.ago(), col("amount_minor")).otherwise(f.lit(0))
        return since.groupBy("account_no").agg(
            f.sum("amount_minor").cast("bigint").alias("billed_90d_minor"),
            f.sum(ahead).cast("bigint").alias("to_come_minor"),
        )

    engine.define("billed_lately", bills, kept_as="billed_lately")
    return engine.rows("billed_lately").to_pandas().set_index("account_no")


def _worked_out(rows: pd.DataFrame, span: Span) -> pd.DataFrame:
    """Return accounts with every column that an indicator is made of."""
    behind, contacted = rows["arrears_minor"] > 0, rows["contacts"] > 0
    owing = rows["owing_after_minor"]
    late, later = (rows[name].fillna(0).to_numpy() for name in
                   ("days_past_due", "days_past_due_now"))  # fmt: skip
    befores = np.array(bucket_column(rows["arrears_minor"].to_numpy(), late), object)
    nows = np.array(bucket_column(owing.to_numpy(), later), object)
    rolled = ((later > late) & (befores != nows) & (owing > 0)).astype(float)
    opened = rows["opened_on"] <= pd.Timestamp(span.before)
    closed = rows["closed_on"]
    receivable = (owing + rows["to_come_minor"].fillna(0)).clip(lower=0)
    over_90 = rows["d91_120_minor_now"].fillna(0) + rows["d121_plus_minor_now"].fillna(0)
    return rows.assign(
        one=1.0, bucket=befores, bucket_before=befores, bucket_now=nows, behind=behind,
        behind_held_out=behind & (rows["held_out"] == "yes"),
        behind_contacted=behind & contacted, contacted=contacted.astype(float),
        rolled=rolled.mask(rows["censored"].astype(bool)),
        spoke_to_us=(rows["right_party"] > 0).astype(float),
        reached_digitally=(rows["digital"] > 0).astype(float),
        was_open=opened & ~(closed <= pd.Timestamp(span.before)),
        stayed=(~(closed <= pd.Timestamp(span.until))).astype(float),
        is_behind_now=(owing > 0).astype(int), arrears_now_minor=owing.clip(lower=0),
        over_90_now_minor=over_90, contact_cost_minor=rows["contact_cost_thousandths"] / 1000,
        receivable_days=receivable * DSO_DAYS,
        billed_90d_minor=rows["billed_90d_minor"].fillna(0),
        **{name: rows[name].fillna(0) for name in _SUMS},
    )  # fmt: skip


def cells(figures: list[Figure]) -> Iterator[list[str]]:
    """Yield figures as cells of text; what is suppressed is empty, and its n is `<10`."""
    for one in figures:
        numbers = ["" if part is None else f"{part:.6g}" for part in (one.value, one.low, one.high)]
        sums_money = one.name.partition("@")[0].endswith("_minor") and "_per_" not in one.name
        if sums_money and one.value is not None:
            numbers[0] = f"{one.value:.0f}"
        yield [one.name, one.group, *numbers, "<10" if one.n is None else str(one.n)]

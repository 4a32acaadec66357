"""What each arm of an experiment added so far, whether it is over, and whether to believe it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from hashlib import md5
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from tideover.doors.experiments.shelf import (
    keep_ended,
    read_ended,
    read_experiment,
    read_people,
)
from tideover.doors.findings.followed import followed_of
from tideover.doors.night.desk import open_lake
from tideover.doors.night.results import Results
from tideover.portfolio.lake import Lake
from tideover.portfolio.outcomes import DECIDED
from tideover.portfolio.workspace import Workspace
from tideover.portfolio.worth.effects import personal
from tideover.portfolio.worth.expected import Logged
from tideover.rules.experiment import CONTROL, Experiment, Spread, balance, stops
from tideover.rules.lift import Group, Lift, lift, told, too_few
from tideover.rules.looking import lift_at_any_look, sample_ratio
from tideover.terms.faults import Usage

FEATURES = ("arrears_minor", "days_past_due", "usual_bill_minor", "debt_months", "tenure_days",
            "on_time_share_6m", "payments_12m", "contacts_out_90d")  # fmt: skip
DID = {"paid_in_full": "paid in full", "paid_anything": "paid something", "cured": "caught up",
       "plan_agreed": "agreed a plan", "opted_out": "asked for silence",
       "complained": "complained"}  # fmt: skip


def result(workspace: Workspace, name: str, as_of: date | None = None) -> dict[str, Any]:
    """Return what is known of an experiment, as data; a look that ends it is kept.

    Only people whose window is over count, each where chance put them. Until as many are in as
    were planned the interval is the one that holds at every look; looking often costs nothing.

    Args:
        as_of: The last day of which anything is to be known; that of the last load where none.

    Raises:
        Usage: There is no such experiment, or the day lies after the last load.
    """
    one, lake = read_experiment(workspace, name), open_lake(workspace)
    loaded = date.fromisoformat(lake.manifest.loads[-1]["day"])
    until = as_of or loaded
    if until > loaded:
        raise Usage(f"{until} lies after the last load, of {loaded}", where="--as-of",
                    mend=f"Give {loaded} or a day before it")  # fmt: skip
    people = read_people(workspace, name)
    people = people.filter(pc.less_equal(people["as_of"], pa.scalar(until, pa.date32())))
    rows = _followed(workspace, lake, people, one, until=until)
    over = _by_unit(rows, one)
    arms = {arm.name: _arm(one, arm.name, over) for arm in one.arms}
    looks = {arm: found["look"] for arm, found in arms.items()}
    ended = _ended(workspace, one, stops(one, len(over), looks), until)
    return {
        "experiment": name, "where": list(one.where), "unit": one.unit, "outcome": one.outcome,
        "window_days": one.window_days, "known_until": until.isoformat(),
        "people": len(pc.unique(people["unit"])), "over": len(over), "planned": one.people,
        "points": one.points, "ended": ended, "control": _shown(_group(over, CONTROL)),
        "arms": [{"arm": arm.name, "treatment": arm.message.treatment, "share": arm.share,
                  **_told(one, arm.name, over, arms[arm.name]["look"]),
                  "sample_ratio": _ratio(one, arm.share, people, arm.name),
                  "seen": _seen(rows, arm.name)} for arm in one.arms],
        "balance": list(_balance(workspace, one, people)),
        "personal": _personal(workspace, one, over),
    }  # fmt: skip


def _followed(
    workspace: Workspace, lake: Lake, people: pa.Table, one: Experiment, *, until: date
) -> pd.DataFrame:
    """Return what followed, a row an account; of everyone whose window is over and of the rest."""
    bucket = np.array([int(md5(account.encode()).hexdigest()[:8], 16) % lake.manifest.buckets
                       for account in people["account_id"].to_pylist()], int)  # fmt: skip
    columns = [*DECIDED.names, "account_id", "customer_id", "arm", "unit"]
    parts = [people.filter(pa.array(bucket == k)).select(columns)
             for k in range(lake.manifest.buckets)]  # fmt: skip
    found = followed_of(workspace, lake, parts, until=until, windows=(one.window_days,))
    return found.to_pandas()


def _by_unit(rows: pd.DataFrame, one: Experiment) -> pd.DataFrame:
    """Return one row a unit of which it is known: did is 1 where all of its accounts did."""
    known = rows[rows["is_over"].astype(bool) & rows[one.outcome].notna()]
    keys = ["unit", "arm"]
    found = known.groupby(keys, sort=True).agg(did=(one.outcome, "min"), as_of=("as_of", "min"),
                                               account_id=("account_id", "min"))  # fmt: skip
    return found.reset_index()


def _group(over: pd.DataFrame, arm: str) -> Group:
    mine = over[over["arm"] == arm]
    return Group(int(mine["did"].sum()), len(mine))


def _arm(one: Experiment, arm: str, over: pd.DataFrame) -> dict[str, Any]:
    pair = _group(over, arm), _group(over, CONTROL)
    of = max(1, round(one.people * (one.control + next(each.share for each in one.arms
                                                       if each.name == arm))))  # fmt: skip
    return {"look": lift_at_any_look(*pair, planned=of, sure=one.sure)}


def _told(one: Experiment, arm: str, over: pd.DataFrame, look: Lift | None) -> dict[str, Any]:
    """Return an arm's response and lift; the narrow interval only once all planned are in."""
    treated, control = _group(over, arm), _group(over, CONTROL)
    whole = len(over) >= one.people
    found = lift(treated, control, one.sure) if whole else look
    sentence = told(treated, control, did=DID[one.outcome]) if whole else _so_far(
        treated, control, look, DID[one.outcome])  # fmt: skip
    return {"response": _shown(treated), "sentence": sentence,
            "too_few": too_few(treated, control),
            "lift": None if found is None else {
                "at": round(found.at, 4), "low": round(found.low, 4), "high": round(found.high, 4),
                "may_be_chance": found.may_be_chance,
                "interval": "one look" if whole else "any look"}}  # fmt: skip


def _so_far(treated: Group, control: Group, look: Lift | None, did: str) -> str:
    if look is None:
        return f"Too few people so far: {treated.of:,} and {control.of:,}."
    low, high = (round(100 * end) for end in (look.low, look.high))
    sure = "that could be chance" if look.may_be_chance else "that is more than chance"
    return (f"So far {100 * (treated.share or 0):.0f} of 100 {did}; "
            f"{100 * (control.share or 0):.0f} of 100 would have anyway: between {low} and {high} "
            f"more, however often looked at; {sure}.")  # fmt: skip


def _shown(group: Group) -> dict[str, Any]:
    return {"did": group.did, "of": group.of,
            "share": None if group.share is None else round(group.share, 4)}  # fmt: skip


def _ended(workspace: Workspace, one: Experiment, why: str, on: date) -> dict[str, str] | None:
    if why and read_ended(workspace, one.name) is None:
        keep_ended(workspace, one.name, on, why)
    ended = read_ended(workspace, one.name)
    return ended if ended and ended["on"] <= on.isoformat() else None


def _ratio(one: Experiment, share: float, people: pa.Table, arm: str) -> dict[str, Any]:
    counted = people.group_by(["unit", "arm"]).aggregate([])["arm"].to_pylist()
    found = sample_ratio(counted.count(arm), counted.count(CONTROL),
                         held_share=one.control / (one.control + share))  # fmt: skip
    return found._asdict() | {"expected": round(found.expected, 1)}


def _seen(rows: pd.DataFrame, arm: str) -> int:
    return int((rows["arm"].eq(arm) & rows["furthest"].notna()).sum())


def _traits(workspace: Workspace, day: date) -> pd.DataFrame:
    """Return what was known of accounts on the night that drew them."""
    results = Results.of(workspace, day)
    found = results.table("features", ["account_id", *FEATURES]).to_pandas()
    return found.set_index("account_id").astype(float)


def _beside(workspace: Workspace, rows: pd.DataFrame) -> pd.DataFrame:
    parts = [some.join(_traits(workspace, day), on="account_id")
             for day, some in rows.groupby("as_of", sort=True)]  # fmt: skip
    return pd.concat(parts, ignore_index=True) if parts else rows


def _balance(workspace: Workspace, one: Experiment, people: pa.Table) -> Iterator[dict[str, Any]]:
    """Yield how far each arm lies from the control in each feature before anything was done."""
    rows = people.select(["account_id", "as_of", "arm"]).to_pandas()
    if rows.empty:
        return
    both = _beside(workspace, rows)
    spreads = {arm: {name: _spread(mine[name].dropna()) for name in FEATURES}
               for arm, mine in both.groupby("arm")}  # fmt: skip
    for arm in one.arms:
        for name in FEATURES if {arm.name, CONTROL} <= set(spreads) else ():
            found = balance(spreads[arm.name][name], spreads[CONTROL][name])
            if found is not None:
                ends = {key: round(value, 4) for key, value in found._asdict().items()
                        if key != "strange"}  # fmt: skip
                yield {"arm": arm.name, "feature": name, **ends, "strange": found.strange}


def _spread(values: pd.Series) -> Spread:
    return Spread(len(values), float(values.mean()), float(values.var(ddof=1)))


def _personal(workspace: Workspace, one: Experiment, over: pd.DataFrame) -> Mapping[str, Any]:
    """Return whether a choice by customer is worth more than none; only once all planned are in."""
    names = [CONTROL, *(arm.name for arm in one.arms)]
    if len(over) < one.people or set(over["arm"]) != set(names):
        return {"verdict": "not looked at before as many people are in as were planned"}
    both = _beside(workspace, over)
    arm = both["arm"].map(names.index).to_numpy()
    logged = Logged(both["did"].to_numpy(float), arm, len(names), both[list(FEATURES)])
    return dict(personal(logged)._asdict())

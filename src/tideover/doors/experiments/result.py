"""What each arm of an experiment added so far, whether it is over, and whether to believe it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
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
from tideover.doors.findings.alike import FEATURES, balances, beside
from tideover.doors.findings.followed import followed_of
from tideover.doors.night.desk import open_lake
from tideover.portfolio.lake import Lake, bucket_of
from tideover.portfolio.outcomes import DECIDED
from tideover.portfolio.workspace import Workspace
from tideover.portfolio.worth.effects import personal
from tideover.portfolio.worth.expected import Logged
from tideover.rules.experiment import CONTROL, Experiment, stops
from tideover.rules.lift import Group, Lift, too_few
from tideover.rules.looking import lift_at_any_look, sample_ratio, told
from tideover.terms.faults import Usage

DID = {"paid_in_full": "paid in full", "paid_anything": "paid something", "cured": "caught up",
       "plan_agreed": "agreed a plan", "opted_out": "asked for silence",
       "complained": "complained"}  # fmt: skip

Pair = tuple[Group, Group]  # an arm and the control


def result(workspace: Workspace, name: str, as_of: date | None = None) -> dict[str, Any]:
    """Return what is known of an experiment, as data; a look that ends it is kept.

    Only people whose window is over count, each where chance put them. The interval is the one
    that holds at every look, also once all are in: the result is still looked at then.

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
    pairs = {arm.name: (_group(over, arm.name), _group(over, CONTROL)) for arm in one.arms}
    looks = {name: _look(one, name, pair) for name, pair in pairs.items()}
    ended = _ended(workspace, one, stops(one, len(over), looks), until)
    return {
        "experiment": name, "where": list(one.where), "unit": one.unit, "outcome": one.outcome,
        "window_days": one.window_days, "known_until": until.isoformat(),
        "people": len(pc.unique(people["unit"])), "over": len(over), "planned": one.people,
        "points": one.points, "ended": ended, "control": _shown(_group(over, CONTROL)),
        "arms": [{"arm": arm.name, "treatment": arm.message.treatment, "share": arm.share,
                  **_told(one, arm.name, pairs[arm.name], looks[arm.name]),
                  "sample_ratio": _ratio(one, arm.share, people, arm.name),
                  "seen": _seen(rows, arm.name)} for arm in one.arms],
        "balance": list(balances(workspace, people, control=CONTROL,
                                 arms=[arm.name for arm in one.arms])),
        "personal": _personal(workspace, one, over),
    }  # fmt: skip


def _followed(
    workspace: Workspace, lake: Lake, people: pa.Table, one: Experiment, *, until: date
) -> pd.DataFrame:
    """Return what followed, a row an account; of everyone whose window is over and of the rest."""
    bucket = np.array([bucket_of(account, lake.manifest.buckets)
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


def _look(one: Experiment, arm: str, pair: Pair) -> Lift | None:
    return lift_at_any_look(*pair, planned=_planned(one, arm), sure=one.sure)


def _planned(one: Experiment, arm: str) -> int:
    """Return how many people of an arm and the control were planned."""
    share = next(each.share for each in one.arms if each.name == arm)
    return max(1, round(one.people * (one.control + share)))


def _told(one: Experiment, arm: str, pair: Pair, look: Lift | None) -> dict[str, Any]:
    """Return an arm's response and lift, as they may be shown however often one looks."""
    return {"response": _shown(pair[0]), "too_few": too_few(*pair),
            "sentence": told(*pair, did=DID[one.outcome], planned=_planned(one, arm),
                             sure=one.sure),
            "lift": None if look is None else {
                "at": round(look.at, 4), "low": round(look.low, 4), "high": round(look.high, 4),
                "may_be_chance": look.may_be_chance, "interval": "any look"}}  # fmt: skip


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


def _personal(workspace: Workspace, one: Experiment, over: pd.DataFrame) -> Mapping[str, Any]:
    """Return whether a choice by customer is worth more than none; only once all planned are in."""
    names = [CONTROL, *(arm.name for arm in one.arms)]
    if len(over) < one.people or set(over["arm"]) != set(names):
        return {"verdict": "not looked at before as many people are in as were planned"}
    both = beside(workspace, over)
    arm = both["arm"].map(names.index).to_numpy()
    logged = Logged(both["did"].to_numpy(float), arm, len(names), both[list(FEATURES)])
    return dict(personal(logged)._asdict())

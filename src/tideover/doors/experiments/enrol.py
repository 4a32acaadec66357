"""People of a night given an arm by lot, and those who are left out, with the reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from tideover.doors.campaigns.plan import IN_CAMPAIGN, IN_EXPERIMENT, customers_of, listed
from tideover.doors.campaigns.shelf import drawing_alone, drawn_within
from tideover.doors.experiments.shelf import (
    PEOPLE,
    enrolled,
    is_planned,
    keep,
    keep_people,
    people_file,
    read_ended,
    read_experiment,
    read_people,
)
from tideover.doors.night.results import Results
from tideover.portfolio.workspace import Workspace
from tideover.rules.campaign import WINDOW_DAYS, Campaign
from tideover.rules.experiment import CONTROL, Experiment, check_experiment
from tideover.terms.faults import Usage

NOT_EVERY_ARM, ALREADY = "not_every_arm", "enrolled_already"


@dataclass(frozen=True)
class Enrolled:
    """Who came in on a night.

    Args:
        arms: How many of each arm.
        left_out: How many for each reason; some have several.
        so_far: Everyone since the start, units.
    """

    experiment: Experiment
    as_of: date
    arms: Mapping[str, int]
    left_out: Mapping[str, int]
    so_far: int

    @property
    def listing(self) -> dict[str, Any]:
        """Return it as data."""
        return {"experiment": self.experiment.name, "as_of": self.as_of.isoformat(),
                "arms": dict(self.arms), "left_out": dict(self.left_out), "so_far": self.so_far,
                "people_needed": self.experiment.people}  # fmt: skip


def plan(workspace: Workspace, one: Experiment) -> bool:
    """Keep what is stated before anyone is given anything; say whether it is new.

    Raises:
        Usage: It cannot be, or one of that name was planned otherwise.
    """
    check_experiment(one)
    if not is_planned(workspace, one.name):
        keep(workspace, one)
        return True
    if read_experiment(workspace, one.name) != one:
        raise Usage(f"An experiment {one.name} was planned otherwise", where="NAME",
                    mend="What was planned never changes: give this one another name",
                    )  # fmt: skip
    return False


def start(workspace: Workspace, name: str, as_of: date, *, keep_it: bool = True) -> Enrolled:
    """Give those of a night an arm who meet the conditions and could get any of the messages.

    Only those who could get every message are drawn, so that arms are alike; who is left out is
    counted by reason. The same night again changes nothing.

    Raises:
        Usage: It ended, or nobody meets the conditions.
        StepMissing: There is no finished night of that day, or another list is being drawn.
    """
    one, ended = read_experiment(workspace, name), read_ended(workspace, name)
    before = read_people(workspace, name)
    if people_file(workspace, name, as_of).is_file():
        return _told(one, as_of, before.filter(pc.equal(before["as_of"], as_of)), {}, before)
    if ended:
        raise Usage(f"{name} ended on {ended['on']}: {ended['because']}", where="NAME",
                    mend="Its result stands; plan another one for another question")  # fmt: skip
    with drawing_alone(workspace) if keep_it else nullcontext():
        people, out = _people(workspace, one, as_of, before)
        if keep_it:
            keep_people(workspace, name, as_of, people)
    reasons = Counter(reason for some in out.values() for reason in some)
    return _told(one, as_of, people, dict(reasons.most_common()),
                 pa.concat_tables([before, people]))  # fmt: skip


def _people(
    workspace: Workspace, one: Experiment, as_of: date, before: pa.Table
) -> tuple[pa.Table, dict[str, set[str]]]:
    """Return those who come in on a night, each with an arm, and why others do not."""
    lists = {arm.name: {row["account_id"]: row for row in listed(workspace, Campaign(
        f"{one.name}_{arm.name}", as_of, one.where, arm.message, 0.0)).to_pylist()}
        for arm in one.arms}  # fmt: skip
    out = _left_out(workspace, one, as_of, lists=lists, before=before)
    customers = customers_of(Results.of(workspace, as_of))
    rows = [_drawn(one, lists, account, customers[account], as_of)
            for account in next(iter(lists.values())) if not out[account]]  # fmt: skip
    return pa.Table.from_pylist(rows, PEOPLE), out


def _told(
    one: Experiment, as_of: date, people: pa.Table, left_out: Mapping[str, int], so_far: pa.Table
) -> Enrolled:
    counts = Counter(people["arm"].to_pylist())
    arms = {name: counts[name] for name in (CONTROL, *(arm.name for arm in one.arms))}
    return Enrolled(one, as_of, arms, left_out, len(pc.unique(so_far["unit"])))


def _left_out(
    workspace: Workspace, one: Experiment, as_of: date, *,
    lists: Mapping[str, Mapping[str, Mapping[str, Any]]], before: pa.Table,
) -> dict[str, set[str]]:  # fmt: skip
    """Return for each account that is chosen why it is left out; nothing where it is not."""
    customers = customers_of(Results.of(workspace, as_of))
    others = enrolled(workspace, as_of, "customer_id")
    already = set(before["customer_id"].to_pylist())
    near = drawn_within(workspace, as_of, max(one.window_days, WINDOW_DAYS))
    mine = {customers.get(account) for account in near}
    found: dict[str, set[str]] = {}
    for account in next(iter(lists.values())):
        customer = customers[account]
        unsent = (rows[account] for rows in lists.values() if rows[account]["arm"] == "none")
        reasons = {code for each in unsent
                   for code in (each["blocked_by"] or NOT_EVERY_ARM).split(";")}  # fmt: skip
        if customer in already:
            reasons = {ALREADY}
        elif customer in others:
            reasons.add(IN_EXPERIMENT)
        if customer in mine:
            reasons.add(IN_CAMPAIGN)
        found[account] = reasons
    return found


def _drawn(
    one: Experiment, lists: Mapping[str, Mapping[str, Mapping[str, Any]]], account: str,
    customer: str, as_of: date,
) -> dict[str, Any]:  # fmt: skip
    unit = account if one.unit == "account" else customer
    arm = one.arm_of(unit)
    row = dict(lists[arm if arm != CONTROL else one.arms[0].name][account])
    if arm == CONTROL:
        row |= dict.fromkeys(("send_at", "channel", "tone")) | {"offer": "none"}
    share = one.control if arm == CONTROL else next(each.share for each in one.arms
                                                    if each.name == arm)  # fmt: skip
    return row | {"arm": arm, "propensity": share, "customer_id": customer, "as_of": as_of,
                  "unit": unit}  # fmt: skip

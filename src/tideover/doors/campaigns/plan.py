"""A campaign planned: who is chosen, who is held out, and what stands in the way of the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tideover.doors.campaigns.columns import inputs_of
from tideover.doors.campaigns.guarded import guarding_after
from tideover.doors.campaigns.shelf import (
    MEMBERS,
    STATED_FILE,
    campaigns,
    drawing_alone,
    drawn_within,
    keep,
    read_campaign,
    read_members,
)
from tideover.doors.experiments.shelf import enrolled, experiments, read_people
from tideover.doors.night.bucket import CASE_TABLES, cases_from, doubts_of
from tideover.doors.night.desk import open_lake
from tideover.doors.night.guessing import with_guesses
from tideover.doors.night.results import Results
from tideover.doors.night.shares import decided_by
from tideover.doors.strategies.folder import named
from tideover.doors.strategies.shelf import InForce
from tideover.portfolio.decisions.cases import facts, undecided
from tideover.portfolio.lake import Lake
from tideover.portfolio.workspace import Settings, Workspace
from tideover.rehearsal.replay import Ledger, proposed
from tideover.rules.campaign import (
    STANDING_HOLDOUT,
    WINDOW_DAYS,
    Campaign,
    as_strategy,
    check_campaign,
    set_aside,
)
from tideover.rules.choice import held_out
from tideover.rules.power import people_needed, points_seen
from tideover.rules.strategy import SILENCE, Strategy
from tideover.terms.calendar import days
from tideover.terms.faults import Usage

POINTS_ASKED = 5
IN_EXPERIMENT, IN_CAMPAIGN = "in_experiment", "in_campaign"
UNKNOWN_BASE = 0.5  # where nothing is known of who pays anyway: the share that takes most people


@dataclass(frozen=True)
class Planned:
    """A campaign and its list.

    Args:
        anew: Whether it was planned now, and not before.
    """

    campaign: Campaign
    members: pa.Table
    anew: bool

    @property
    def arms(self) -> dict[str, int]:
        """Return how many there are of each arm."""
        found = Counter(self.members["arm"].to_pylist())
        return {arm: found.get(arm, 0) for arm in ("treated", "holdout", "none")}

    @property
    def blocks(self) -> dict[str, int]:
        """Return how many met each obstacle; some meet several."""
        codes = [code for said in self.members["blocked_by"].to_pylist() if said
                 for code in said.split(";")]  # fmt: skip
        return dict(Counter(codes).most_common())

    @property
    def listing(self) -> dict[str, Any]:
        """Return what was planned and what it can show, as data."""
        people = self.arms["treated"] + self.arms["holdout"]
        share = self.campaign.holdout_share
        drawn = self.members.filter(pc.not_equal(self.members["arm"], "none"))
        base = pc.mean(drawn["p_paid_in_full_30d"]).as_py() or UNKNOWN_BASE
        return {
            "campaign": self.campaign.name, "as_of": self.campaign.as_of.isoformat(),
            "where": list(self.campaign.where), "chosen": self.members.num_rows, "arms": self.arms,
            "blocked_by": self.blocks, "holdout_share": share,
            "expected_paid_in_full": round(base, 4), "people": people,
            "points_seen": points_seen(base, people, held_share=share),
            "people_needed": people_needed(min(base, 1 - POINTS_ASKED / 100), POINTS_ASKED,
                                           held_share=share),
        }  # fmt: skip


def plan(workspace: Workspace, campaign: Campaign, *, keep_it: bool = True) -> Planned:
    """Choose the people of a campaign, hold some of them out at random, and keep the list.

    The same campaign again changes nothing. Those of the standing hold-out are left alone here too.
    What the night proposes for the same day, and what other campaigns have yet to send, counts
    towards the cap. Customers whom another campaign drew within thirty days are left out: neither
    could tell what it added.

    Args:
        keep_it: Otherwise nothing is written.

    Raises:
        Usage: It cannot be read, chooses nobody, or one of that name was planned otherwise.
        StepMissing: There is no finished night of that day, or another list is being drawn.
    """
    check_campaign(campaign)
    if (workspace.campaigns / campaign.name / STATED_FILE).is_file():
        if read_campaign(workspace, campaign.name) != campaign:
            raise Usage(f"A campaign {campaign.name} was planned otherwise", where="NAME",
                        mend="What was planned never changes: give this one another name",
                        )  # fmt: skip
        return Planned(campaign, read_members(workspace, campaign.name), anew=False)
    if not keep_it:
        return Planned(campaign, listed(workspace, campaign), anew=False)
    with drawing_alone(workspace):
        members = listed(workspace, campaign)
        keep(workspace, campaign, members, Results.of(workspace, campaign.as_of).done.run_id)
    return Planned(campaign, members, anew=True)


def listed(workspace: Workspace, campaign: Campaign) -> pa.Table:
    """Return the list of a campaign, with the verdict on each; nothing is kept."""
    results, lake = Results.of(workspace, campaign.as_of), open_lake(workspace)
    cases, settings = _cases(results, lake), workspace.settings
    currency = settings.utility.currency
    strategy = as_strategy(campaign, inputs_of(cases, currency), currency)
    chosen = _chosen(cases, strategy)
    if not chosen.num_rows:
        raise Usage("Nobody meets all of the conditions", where="--where",
                    mend="Ask less, or look at another day")  # fmt: skip
    seen = _ledger(workspace, results, lake).shown(
        chosen, settings.contact, as_of=campaign.as_of,
        through=campaign.as_of + days(1),
    )  # fmt: skip
    members = _members(seen, strategy, campaign, settings, results)
    customers = customers_of(results)
    drawn = drawn_within(workspace, campaign.as_of, WINDOW_DAYS)
    return _elsewhere(members, customers, {
        IN_EXPERIMENT: enrolled(workspace, campaign.as_of, "customer_id"),
        IN_CAMPAIGN: {customers.get(account) for account in drawn},
    })  # fmt: skip


def customers_of(results: Results) -> dict[str, str]:
    """Return whose each account is."""
    rows = results.table("features", ["account_id", "customer_id"])
    return dict(zip(rows["account_id"].to_pylist(), rows["customer_id"].to_pylist(), strict=True))


def _elsewhere(
    members: pa.Table, customers: Mapping[str, str], others: Mapping[str, Collection[str | None]]
) -> pa.Table:
    """Return a list without customers in an experiment or another campaign, which it would disturb.

    Args:
        others: Who is in what, by the code that says so.
    """
    kept = [_left_alone(row, [code for code, theirs in others.items()
                              if customers[row["account_id"]] in theirs])
            for row in members.to_pylist()]  # fmt: skip
    return pa.Table.from_pylist(kept, MEMBERS)


def _cases(results: Results, lake: Lake) -> pa.Table:
    """Return the cases of a night, as its strategies saw them."""
    doubts, found, settings = doubts_of(lake), [], results.workspace.settings
    for bucket, paths in enumerate(zip(*map(results.parts, CASE_TABLES), strict=True)):
        read = (pq.ParquetFile(path).read() for path in paths)
        cases = cases_from(dict(zip(CASE_TABLES, read, strict=True)), doubts)
        found.append(with_guesses(cases, lake, bucket, settings))
    return undecided(pa.concat_tables(found))


def _chosen(cases: pa.Table, strategy: Strategy) -> pa.Table:
    policy = strategy.policy
    rows = policy.rows_of(list(facts(cases, policy).values()))
    return cases.filter(pa.array([row == 0 for row in rows], pa.bool_()))


def _ledger(workspace: Workspace, results: Results, lake: Lake) -> Ledger:
    """Return the contacts that took place, those of tonight, and those other campaigns owe."""
    as_of, contact = results.as_of, workspace.settings.contact
    first = as_of - days(max(contact.cap_days, 7))
    ledger = Ledger.of(lake, first, as_of)
    ids, known = (
        results.table(name, columns)
        for name, columns in (
            ("decisions", ["account_id", "send_at"]),
            ("features", ["account_id", "account_no"]),
        )
    )
    tonight = ids.filter(pc.is_valid(ids["send_at"]))
    place = pc.index_in(tonight["account_id"], known["account_id"].combine_chunks())
    ledger = ledger.plus(proposed(known["account_no"].take(place).to_pylist(),
                                  tonight["send_at"].to_pylist()))  # fmt: skip
    for other in campaigns(workspace):
        if first <= other.as_of <= as_of:
            members = read_members(workspace, other.name)
            ledger = ledger.plus(_owed(lake, members, since=other.as_of, as_of=as_of))
    for one in experiments(workspace):
        people = read_people(workspace, one.name)
        for day in (day for day in set(people["as_of"].to_pylist()) if first <= day <= as_of):
            mine = people.filter(pc.equal(people["as_of"], day))
            ledger = ledger.plus(_owed(lake, mine, since=day, as_of=as_of))
    return ledger


def _owed(lake: Lake, members: pa.Table, *, since: date, as_of: date) -> pa.Table:
    """Return what another campaign or experiment is to send, where no export has it yet."""
    ids = [value for part in lake.parts("contacts")
           for value in pq.read_table(part, columns=["contact_id"], partitioning=None,
                                      filters=[("occurred_on", ">", since),
                                               ("occurred_on", "<=", as_of)])
           ["contact_id"].to_pylist()]  # fmt: skip
    sent = pc.is_in(members["decision_id"], pa.array(ids, pa.string()))
    left = members.filter(pc.and_not(pc.is_valid(members["send_at"]), sent))
    return proposed(left["account_no"].to_pylist(), left["send_at"].to_pylist())


def _persons(results: Results) -> set[str]:
    """Return the accounts that the night laid before a person."""
    rows = results.table("decisions", ["account_id", "arm", "treatment", "blocked_by"])
    alone = pc.and_(pc.equal(rows["arm"], "none"), pc.is_null(rows["blocked_by"]))
    person = pc.and_(alone, pc.not_equal(rows["treatment"], SILENCE))
    return set(rows.filter(person)["account_id"].to_pylist())


def _members(
    chosen: pa.Table, strategy: Strategy, campaign: Campaign, settings: Settings, results: Results
) -> pa.Table:
    """Return the list: the verdict on each, but for those who are left alone whatever is chosen."""
    label = f"campaign {campaign.name}"
    one = InForce(None, {label: named(strategy, label)}, strategy.hash)
    choice = replace(settings.choice, seed=campaign.seed, holdout=label,
                     holdout_share=campaign.holdout_share)  # fmt: skip
    decided = decided_by(one, chosen, settings=replace(settings, choice=choice),
                         as_of=campaign.as_of, guarding=guarding_after(results))  # fmt: skip
    persons = _persons(results)
    place = pc.index_in(decided["account_id"], chosen["account_id"].combine_chunks())
    asides = chosen.select(["account_no", "holds", "plan_active", "promise_open"]).take(place)
    standing, kept = settings.choice, []
    for row, case in zip(decided.to_pylist(), asides.to_pylist(), strict=True):
        account_id = row["account_id"]
        codes = set_aside(campaign, case, for_a_person=account_id in persons)
        if held_out(account_id, share=standing.holdout_share, of=standing.holdout):
            codes.append(STANDING_HOLDOUT)
        kept.append(_left_alone(row, codes) | {"account_no": case["account_no"]})
    return pa.Table.from_pylist(kept, MEMBERS).sort_by("account_id")


def _left_alone(row: dict[str, Any], codes: list[str]) -> dict[str, Any]:
    """Return a member who is not contacted by this campaign, if there is a code that says why."""
    if not codes:
        return row
    unsent = dict.fromkeys(("send_at", "channel", "tone", "propensity"))
    blocked_by = ";".join(filter(None, (row["blocked_by"], *codes)))
    return row | unsent | {"arm": "none", "offer": "none", "blocked_by": blocked_by}

"""What came of a campaign: who was reached, who responded, and what would have happened anyway."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tideover.doors.campaigns.shelf import read_campaign, read_members
from tideover.doors.findings.alike import balances
from tideover.doors.night.afterwards import finished
from tideover.doors.night.desk import open_engine, open_lake
from tideover.portfolio.lake import Lake
from tideover.portfolio.receivables import owed
from tideover.portfolio.responses import TABLES, responses
from tideover.portfolio.workspace import Workspace
from tideover.rehearsal.replay import unit_costs
from tideover.rules.campaign import WINDOW_DAYS, Campaign
from tideover.rules.lift import Group, lift, too_few
from tideover.rules.looking import lift_at_any_look, sample_ratio, told, verdict
from tideover.rules.zone import ZONES
from tideover.terms.calendar import days
from tideover.terms.faults import Usage
from tideover.terms.money import rounded

ARMS = ("treated", "holdout")
OUTCOMES = {"paid_anything": "paid something", "paid_in_full": "paid in full"}


def result(workspace: Workspace, name: str, as_of: date | None = None) -> dict[str, Any]:
    """Return the response to a campaign beside that of its hold-out, as data.

    Everyone who was randomised counts in the arm they were put in, reached or not: leaving out
    those who were not reached would compare people who are not alike.

    Args:
        as_of: The last day of which anything is to be known; that of the last load where none.

    Raises:
        Usage: There is no such campaign, or the day lies before it or after the last load.
    """
    campaign, lake = read_campaign(workspace, name), open_lake(workspace)
    loaded = date.fromisoformat(lake.manifest.loads[-1]["day"])
    until = as_of or loaded
    if not campaign.as_of <= until <= loaded:
        raise Usage(f"{until} does not lie between the campaign, of {campaign.as_of}, and the last "
                    f"load, of {loaded}", where="--as-of",
                    mend="Give a day between them, or load a later export")  # fmt: skip
    members = read_members(workspace, name)
    people = members.filter(pc.is_in(members["arm"], pa.array(ARMS)))
    followed = _followed(workspace, lake, people, campaign=campaign, until=until)
    ends = campaign.as_of + days(WINDOW_DAYS)
    return {
        "campaign": name, "as_of": campaign.as_of.isoformat(), "where": list(campaign.where),
        "treatment": campaign.message.treatment, "because": campaign.message.because,
        "holdout_share": campaign.holdout_share, "known_until": until.isoformat(),
        "window_ends": ends.isoformat(), "window_over": ends <= until,
        "chosen": members.num_rows, "not_randomised": members.num_rows - people.num_rows,
        "sample_ratio": _ratio(people, campaign.holdout_share),
        "balance": _balance(workspace, people, campaign.as_of),
        "arms": {arm: _arm(_of(followed, "arm", arm)) for arm in ARMS},
        "sent": _sent(workspace, lake, people, until),
        "outcomes": {outcome: _compared(followed, outcome, did) for outcome, did in
                     OUTCOMES.items()},
        "zones": {zone: _compared(_of(followed, "zone", zone), "paid_in_full", "paid in full")
                  for zone in ZONES},
    }  # fmt: skip


def _followed(
    workspace: Workspace, lake: Lake, people: pa.Table, *, campaign: Campaign, until: date
) -> pa.Table:
    """Return those who were randomised, each with what followed."""
    engine = open_engine(workspace)
    try:
        engine.at(campaign.as_of)
        engine.view_arrow("members", people.select(["account_no"]))
        found = []
        for bucket in range(lake.manifest.buckets):
            lake.show(engine, TABLES, bucket,
                      only="account_no IN (SELECT account_no FROM members)")  # fmt: skip
            engine.view_arrow("receivables", owed(engine))
            found.append(engine.arrow(responses(engine, until, days=WINDOW_DAYS)))
    finally:
        engine.close()
    rows = pa.concat_tables(found)
    place = pc.index_in(people["account_no"], rows["account_no"].combine_chunks())
    for name in rows.column_names[1:]:
        people = people.append_column(name, rows[name].take(place))
    return people


def _of(followed: pa.Table, column: str, value: str) -> pa.Table:
    return followed.filter(pc.equal(followed[column], value))


def _ratio(people: pa.Table, held_share: float) -> dict[str, Any]:
    """Return whether as many were held out as were to be."""
    held = _of(people, "arm", "holdout").num_rows
    found = sample_ratio(people.num_rows - held, held, held_share=held_share)
    return found._asdict() | {"expected": round(found.expected, 1)}


def _balance(workspace: Workspace, people: pa.Table, day: date) -> list[dict[str, Any]]:
    """Return how alike both arms were on the night that chose them; nothing where it is gone."""
    if day not in finished(workspace):
        return []
    drawn = people.append_column("as_of", pa.repeat(pa.scalar(day, pa.date32()), people.num_rows))
    return list(balances(workspace, drawn, arms=("treated",), control="holdout"))


def _arm(rows: pa.Table) -> dict[str, Any]:
    """Return how many people an arm has, and how they were contacted, whoever did it."""
    n = rows.num_rows
    contacts = pc.sum(rows["contacts"]).as_py() or 0
    replied = int(np.sum(rows["replies"].fill_null(0).to_numpy() > 0))
    return {"people": n, "censored": pc.sum(rows["censored"].cast(pa.int32())).as_py() or 0,
            "contacts_each": round(contacts / n, 2) if n else None, "replied": replied}  # fmt: skip


def _group(rows: pa.Table, outcome: str) -> Group:
    known = rows[outcome].drop_null()
    return Group(pc.sum(known).as_py() or 0, len(known))


def _compared(rows: pa.Table, outcome: str, did: str) -> dict[str, Any]:
    """Return both arms' shares, their difference with its interval, and all that in a sentence.

    The difference is judged by the interval that holds at every look.
    """
    treated, held = (_group(_of(rows, "arm", arm), outcome) for arm in ARMS)
    found, look = lift(treated, held), lift_at_any_look(treated, held)
    return {
        "treated": _shown(treated), "holdout": _shown(held),
        "lift": None if found is None else {
            "at": round(found.at, 4), "low": round(found.low, 4), "high": round(found.high, 4),
            "may_be_chance": look is None or look.may_be_chance,
            "any_look": look and {"low": round(look.low, 4), "high": round(look.high, 4)}},
        "too_few": too_few(treated, held), "sentence": told(treated, held, did=did),
        "verdict": verdict(look),
    }  # fmt: skip


def _shown(group: Group) -> dict[str, Any]:
    share = group.share
    return {"did": group.did, "of": group.of, "share": None if share is None else round(share, 4)}


def _sent(workspace: Workspace, lake: Lake, people: pa.Table, until: date) -> dict[str, Any]:
    """Return what the exports say of the messages: contacts that carry the id of a decision."""
    treated = _of(people, "arm", "treated")
    wanted = [("contact_id", "in", treated["decision_id"].to_pylist())]
    rows: list[Mapping[str, Any]] = []
    if treated.num_rows:
        for part in lake.parts("contacts"):
            rows += pq.read_table(part, filters=wanted, partitioning=None).to_pylist()
    stand = [row for row in rows if row["known_until"] is None and row["occurred_on"] <= until]
    costs, currency = unit_costs(workspace.settings.costs), workspace.settings.utility.currency
    outcomes: dict[str, int] = {}
    for row in stand:
        outcomes[row["outcome"] or "sent"] = outcomes.get(row["outcome"] or "sent", 0) + 1
    spent = sum((costs.get(row["channel"], Decimal(0)) for row in stand), Decimal(0))
    return {"planned": treated.num_rows, "seen": len(stand), "outcomes": outcomes,
            "cost_minor": rounded(spent, currency),
            "currency": currency}  # fmt: skip

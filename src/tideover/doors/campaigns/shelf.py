"""Campaigns as they lie in a workspace; what was planned never changes.

WS/campaigns/<name>/campaign.toml      what was stated
WS/campaigns/<name>/members.parquet    who is on the list, and in which arm
"""

from __future__ import annotations

import json
import os
import shutil
import tomllib
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tideover.portfolio.files import one_at_a_time, write_whole
from tideover.portfolio.lake import write_table
from tideover.portfolio.workspace import Workspace
from tideover.rules.campaign import Campaign, Message
from tideover.rules.strategy.proposal import is_name
from tideover.terms.faults import Refused, Usage

STATED_FILE, MEMBERS_FILE = "campaign.toml", "members.parquet"
MEMBERS = pa.schema([
    ("account_no", pa.int64()), ("account_id", pa.string()), ("arm", pa.string()),
    ("decision_id", pa.string()), ("send_at", pa.string()), ("channel", pa.string()),
    ("tone", pa.string()), ("offer", pa.string()), ("propensity", pa.float64()),
    ("blocked_by", pa.string()), ("zone", pa.string()), ("arrears_minor", pa.int64()),
    ("currency", pa.string()), ("p_paid_in_full_30d", pa.float64()),
])  # fmt: skip


def campaigns(workspace: Workspace) -> list[Campaign]:
    """Return what was planned, in the order of days and names."""
    folders = sorted(workspace.campaigns.glob(f"*/{STATED_FILE}"))
    found = [read_campaign(workspace, path.parent.name) for path in folders]
    return sorted(found, key=lambda one: (one.as_of, one.name))


def read_campaign(workspace: Workspace, name: str) -> Campaign:
    """Return what was stated of a campaign.

    Raises:
        Usage: There is no such campaign.
        Refused: Its file was changed into something that cannot be read.
    """
    path = workspace.campaigns / name / STATED_FILE
    if not (is_name(name) and path.is_file()):
        known = ", ".join(
            p.parent.name for p in sorted(workspace.campaigns.glob(f"*/{STATED_FILE}"))
        )
        raise Usage(f"There is no campaign {name!r}", where=str(workspace.root),
                    mend=f"There are {known}" if known else
                    f"Plan it with: tideover campaign plan {workspace.root} {name}")  # fmt: skip
    try:
        return _campaign(tomllib.loads(path.read_text(encoding="utf-8")))
    except (KeyError, TypeError, ValueError):
        raise Refused("The statement of the campaign cannot be read", where=str(path),
                      mend="Put it back as it was planned") from None  # fmt: skip


def _campaign(said: Mapping[str, Any]) -> Campaign:
    as_of = said["as_of"]
    if not isinstance(as_of, date):
        raise TypeError("as_of is no day")
    return Campaign(said["name"], as_of, tuple(said["where"]), Message(**said["message"]),
                    said["holdout_share"])  # fmt: skip


def read_members(workspace: Workspace, name: str) -> pa.Table:
    """Return who is on the list of a campaign, and in which arm."""
    return pq.ParquetFile(workspace.campaigns / name / MEMBERS_FILE).read()


def drawing_alone(workspace: Workspace) -> AbstractContextManager[None]:
    """Keep other processes from drawing a campaign's list or an experiment's people meanwhile.

    Each looks at what was drawn before, so that nobody is in two that disturb each other.
    """
    lock = workspace.campaigns / ".lock"
    return one_at_a_time(lock, work="list of a campaign or an experiment", where=workspace.root)


def drawn_within(workspace: Workspace, day: date, span_days: int) -> set[str]:
    """Return the accounts that a campaign drew at most so many days from a day, for either arm."""
    found: set[str] = set()
    for other in campaigns(workspace):
        if abs((day - other.as_of).days) <= span_days:
            members = read_members(workspace, other.name)
            drawn = members.filter(pc.not_equal(members["arm"], "none"))
            found |= set(drawn["account_id"].to_pylist())
    return found


def keep(workspace: Workspace, campaign: Campaign, members: pa.Table, run_id: str) -> None:
    """Keep a campaign; its folder appears when it is whole."""
    folder, unfinished = (parent / campaign.name for parent in
                          (workspace.campaigns, workspace.scratch / "campaigns"))  # fmt: skip
    shutil.rmtree(unfinished, ignore_errors=True)
    write_table(unfinished / MEMBERS_FILE, members)
    write_whole(unfinished / STATED_FILE, _text(campaign, run_id))
    folder.parent.mkdir(exist_ok=True)
    os.rename(unfinished, folder)


def _text(campaign: Campaign, run_id: str) -> str:
    """Return the statement."""
    lines = [
        "# What was planned; the list and its arms lie beside it. Nothing reads changes made here.",
        f"name = {as_toml(campaign.name)}",
        f"as_of = {campaign.as_of}",
        f"where = {as_toml(list(campaign.where))}",
        f"holdout_share = {campaign.holdout_share}",
        f"night = {as_toml(run_id)}",
        "",
        "[message]",
        *(f"{name} = {as_toml(cell)}" for name, cell in asdict(campaign.message).items()),
    ]
    return "\n".join(lines) + "\n"


def as_toml(value: Any) -> str:
    """Return a text, a number or a list of texts as TOML has it: nearly as JSON does.

    >>> as_toml(["one", "two"])
    '["one", "two"]'
    """
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")

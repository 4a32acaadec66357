"""The main job: a decision for every account, every night."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, timedelta

from tideover.doors.commands.arguments import AsJson, AsOf, WorkspacePath, day, progress
from tideover.doors.files import aligned_text
from tideover.portfolio.workspace import Workspace

FRESH = timedelta(days=1)  # an export of the evening before is as fresh as a night can have it


def night(workspace: WorkspacePath, as_of: AsOf, as_json: AsJson = False) -> None:
    """Work out what every account owes, its zone, its chances, and the best next step."""
    from tideover.doors import night as nights
    from tideover.doors.night.desk import open_lake

    opened, asked = Workspace.open(workspace), day(as_of)
    done = nights.night(opened, asked, progress())
    if as_json:
        print(json.dumps(asdict(done)))
        return
    print(f"The night of {done.as_of} is done: {done.accounts:,} accounts, run {done.run_id}.")
    print(aligned_text([{"arm": arm, "accounts": f"{n:,}"} for arm, n in done.arms.items()]))
    for channel, told in done.capacity.items():
        used, over, out = (f"{told[name]:,.0f}" for name in ("used", "left_over", "left_out"))
        print(f"By {channel} there was room for {told['room']:,.0f}: {used} used, {over} left "
              f"over; {out} more had drawn it.")  # fmt: skip
    if done.learn_anew:
        print(f"The next night learns anew. {done.learn_anew}")
    behind = asked - date.fromisoformat(open_lake(opened).manifest.last_export["day"])
    if behind > FRESH:
        print(f"The last load is {behind.days} days older than this night: what was paid since is "
              "not known, and people may be asked for what they have paid.")  # fmt: skip

"""How alike groups were before anything was done: what a night knew of everyone who was drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pandas as pd
import pyarrow as pa

from tideover.doors.night.results import Results
from tideover.portfolio.workspace import Workspace
from tideover.rules.experiment import Spread, balance

FEATURES = ("arrears_minor", "days_past_due", "usual_bill_minor", "debt_months", "tenure_days",
            "on_time_share_6m", "payments_12m", "contacts_out_90d")  # fmt: skip


def balances(
    workspace: Workspace, people: pa.Table, *, arms: Sequence[str], control: str
) -> Iterator[dict[str, Any]]:
    """Yield how far each arm lies from the control in each feature before anything was done.

    Table in: account_id, as_of (of the night that drew them), arm
    """
    rows = people.select(["account_id", "as_of", "arm"]).to_pandas()
    if rows.empty:
        return
    both = beside(workspace, rows)
    spreads = {arm: {name: _spread(mine[name].dropna()) for name in FEATURES}
               for arm, mine in both.groupby("arm")}  # fmt: skip
    for arm in arms:
        for name in FEATURES if {arm, control} <= set(spreads) else ():
            found = balance(spreads[arm][name], spreads[control][name])
            if found is not None:
                ends = {key: round(value, 4) for key, value in found._asdict().items()
                        if key != "strange"}  # fmt: skip
                yield {"arm": arm, "feature": name, **ends, "strange": found.strange}


def beside(workspace: Workspace, rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows of account_id and as_of with the `FEATURES` of the night of that day."""
    parts = [some.join(_traits(workspace, day), on="account_id")
             for day, some in rows.groupby("as_of", sort=True)]  # fmt: skip
    return pd.concat(parts, ignore_index=True) if parts else rows


def _traits(workspace: Workspace, day: date) -> pd.DataFrame:
    results = Results.of(workspace, day)
    found = results.table("features", ["account_id", *FEATURES]).to_pandas()
    return found.set_index("account_id").astype(float)


def _spread(values: pd.Series) -> Spread:
    return Spread(len(values), float(values.mean()), float(values.var(ddof=1)))

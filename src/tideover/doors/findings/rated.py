"""How customers said they were treated: answers from 0 to 10, as casework's journal tells them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from tideover.doors.findings.told import told_by_the_journal
from tideover.portfolio.lake import Lake

KIND = "rated"
PROMOTES, DETRACTS = 9, 6  # at least; at most
COLUMNS = ("ratings", "net_promoters", "swayed")


@dataclass(frozen=True)
class Ratings:
    """Answers: account_id, the day (UTC), and 1 for a promoter, -1 for a detractor, else 0."""

    rows: pd.DataFrame

    def between(self, after: date, until: date) -> Answers:
        """Return the answers after one day through another."""
        some = self.rows[(self.rows["day"] > after) & (self.rows["day"] <= until)]
        each = some.assign(swayed=some["sways"].abs(), one=1).groupby("account_id")
        sums = each[["one", "sways", "swayed"]].sum()
        return Answers(sums.set_axis(list(COLUMNS), axis=1))


@dataclass(frozen=True)
class Answers:
    """What accounts answered in some days: `COLUMNS`, by account_id."""

    sums: pd.DataFrame

    def beside(self, accounts: pd.DataFrame) -> pd.DataFrame:
        """Return accounts with their answers."""
        found = {name: accounts["account_id"].map(self.sums[name]).fillna(0).astype(float)
                 for name in COLUMNS}  # fmt: skip
        return accounts.assign(**found)


def ratings(lake: Lake) -> Ratings:
    """Return every answer that the journal brought; none where casework is not used."""
    found: list[tuple[str, date, int]] = []
    for event in told_by_the_journal(lake, KIND):
        score = int(event.facts["score"])
        sways = int(score >= PROMOTES) - int(score <= DETRACTS)
        found.append((event.account_id, event.at.date(), sways))
    return Ratings(pd.DataFrame(found, columns=["account_id", "day", "sways"]))

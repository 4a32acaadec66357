"""How customers said they were treated: answers from 0 to 10, as casework's journal tells them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

import pandas as pd
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tideover.portfolio.lake import Lake

FOLDER, KIND = "journal", "rated"
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
    names = [name for load in lake.manifest.loads
             for name in load.get("journal", {}).get("parts", ())]  # fmt: skip
    found: list[tuple[str, date, int]] = []
    for name in names:
        rows = pq.ParquetFile(lake.root / FOLDER / name).read(
            columns=["account_id", "kind", "at", "facts"]
        )
        for row in rows.filter(pc.equal(rows["kind"], KIND)).to_pylist():
            score = int(json.loads(row["facts"])["score"])
            sways = int(score >= PROMOTES) - int(score <= DETRACTS)
            found.append((row["account_id"], row["at"].date(), sways))
    return Ratings(pd.DataFrame(found, columns=["account_id", "day", "sways"]))

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

    def beside(self, accounts: pd.DataFrame, after: date, until: date) -> pd.DataFrame:
        """Return accounts with their answers after one day through another: `COLUMNS`."""
        some = self.rows[(self.rows["day"] > after) & (self.rows["day"] <= until)]
        by = some.groupby("account_id")["sways"]
        sums = {"ratings": by.count(), "net_promoters": by.sum(),
                "swayed": by.apply(lambda sways: sways.abs().sum())}  # fmt: skip
        found = {name: accounts["account_id"].map(each).fillna(0).astype(float)
                 for name, each in sums.items()}  # fmt: skip
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

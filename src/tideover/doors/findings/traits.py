"""What accounts are grouped by: who they are, where they live, what a night decided on them."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tideover.doors.night.afterwards import finished
from tideover.doors.night.results import Results
from tideover.portfolio.engine import Engine
from tideover.portfolio.lake import Lake, standing
from tideover.portfolio.workspace import Workspace
from tideover.rules.choice import held_out

INDEX, PARTS = "deprivation_index", 5
DECIDED = ("zone", "stage", "treatment", "channel")
# Which kinds of circumstances are told together: few groups, none of them of one kind of illness.
CARE = {
    "health": ("life_support", "medical_certificate", "disability"),
    "age": ("elderly", "young_child"),
    "means": ("low_income", "hardship", "unemployed", "assistance_pending"),
    "protection": ("debt_respite", "bankruptcy", "bereavement", "deceased", "domestic_abuse",
                   "active_military", "representative", "language_barrier"),
    "dispute": ("dispute", "complaint", "tampering"),
}  # fmt: skip
_GROUP_OF = {kind: group for group, kinds in CARE.items() for kind in kinds}
NO_CIRCUMSTANCE = "none known"


def deprivation(lake: Lake, day: date) -> dict[str, str]:
    """Return the fifth of areas each area lies in, by its latest index: 1 lowest, 5 highest.

    Nothing where fewer areas than five have an index.
    """
    latest: dict[str, tuple[date, float]] = {}
    for part in lake.parts("area_indicators"):
        rows = pq.ParquetFile(part).read()
        stands = pc.and_(pc.is_null(rows["known_until"]), pc.equal(rows["indicator"], INDEX))
        by_then = pc.and_(stands, pc.less_equal(rows["measured_on"], day))
        for row in rows.filter(by_then).to_pylist():
            known = (row["measured_on"], row["value"])
            latest[row["area_code"]] = max(latest.get(row["area_code"], known), known)
    if len(latest) < PARTS:
        return {}
    values = np.array([value for _, value in latest.values()])
    cuts = np.quantile(values, np.arange(1, PARTS) / PARTS)
    return {area: str(1 + int(np.searchsorted(cuts, value, side="left")))
            for area, (_, value) in latest.items()}  # fmt: skip


def circumstances(lake: Lake, day: date) -> dict[str, str]:
    """Return the group of the circumstance in force on a day, by customer; `several` of several."""
    found: dict[str, str] = {}
    for part in lake.parts("circumstances"):
        columns = ["customer_id", "kind", "starts_on", "ends_on", "known_until"]
        rows = pq.ParquetFile(part).read(columns=columns)
        ends = rows["ends_on"].fill_null(date(2200, 1, 1))
        begun = pc.and_(pc.less_equal(rows["starts_on"], day), pc.greater_equal(ends, day))
        some = rows.filter(pc.and_(begun, pc.is_null(rows["known_until"])))
        for customer, kind in zip(some["customer_id"].to_pylist(), some["kind"].to_pylist(),
                                  strict=True):  # fmt: skip
            group = _GROUP_OF[kind]
            found[customer] = group if found.get(customer, group) == group else "several"
    return found


class Traits:
    """What groups accounts of a workspace on a day; read once, asked for each bucket."""

    def __init__(self, workspace: Workspace, lake: Lake, day: date) -> None:
        self._choice, self._day = workspace.settings.choice, day
        self._fifths = deprivation(lake, day)
        self._care = circumstances(lake, day)
        self._night = Results.of(workspace, day) if day in finished(workspace) else None

    def of(self, engine: Engine, bucket: int) -> pd.DataFrame:
        """Return a bucket's accounts with their groups; the engine shows accounts and customers.

        Table out: one row an account; account_no, account_id, currency, opened_on, closed_on,
            commodity, area_code, segment, circumstance, deprivation, held_out, and of a night of
            that day zone, stage, treatment, channel
        """
        f = engine.F
        engine.define("accounts_that_stand", lambda: standing(engine.table("accounts"), engine)
                      .select("account_no", "account_id", "customer_id", "currency", "commodity",
                              "area_code", "opened_on", "closed_on"))  # fmt: skip
        engine.define("segments", lambda: standing(engine.table("customers"), engine).select(
            f.col("customer_id"), "segment"))  # fmt: skip
        engine.beside("accounts_and_segments", "accounts_that_stand", {"segments": "customer_id"})
        rows = engine.rows("accounts_and_segments").sort_by("account_no")
        found = rows.drop_columns(["customer_id"]).to_pandas(date_as_object=False)
        found["circumstance"] = _mapped(rows["customer_id"], self._care, NO_CIRCUMSTANCE)
        if self._fifths:
            found["deprivation"] = _mapped(rows["area_code"], self._fifths, None)
        share, of = self._choice.holdout_share, self._choice.holdout
        found["held_out"] = ["yes" if held_out(one, share=share, of=of) else "no"
                             for one in found["account_id"]]  # fmt: skip
        if self._night is not None:
            decided = pq.ParquetFile(self._night.parts("decisions")[bucket]).read(
                columns=["account_id", *DECIDED])  # fmt: skip
            place = pc.index_in(rows["account_id"], decided["account_id"].combine_chunks())
            for name in DECIDED:
                found[name] = decided[name].take(place).to_pandas()
        return found.set_index("account_no")


def _mapped(column: pa.ChunkedArray, names: dict[str, str], other: str | None) -> pd.Series:
    """Return what each cell is called; `other` where it has no name."""
    place = pc.index_in(column, pa.array(names, pa.string()))
    found = pa.array(names.values(), pa.string()).take(place.combine_chunks())
    return (found if other is None else found.fill_null(other)).to_pandas()

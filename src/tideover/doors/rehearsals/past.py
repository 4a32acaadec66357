"""Past days as the night saw them: from its tables where it ran, else computed as it would."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tideover.doors.night.bucket import CASE_TABLES, cases_from, doubts_of, facts_of
from tideover.doors.night.customers import siblings_of
from tideover.doors.night.desk import READ, Desk
from tideover.doors.night.guessing import with_guesses
from tideover.doors.night.learning import Learnt, read_learnt
from tideover.doors.night.results import Results
from tideover.portfolio.lake import Lake
from tideover.portfolio.workspace import Workspace
from tideover.rehearsal.replay import PastDay
from tideover.terms.faults import StepMissing

INDEX = "deprivation_index"
THIRDS = ("lowest_third", "middle_third", "highest_third")  # of the index, as areas have it
AREA_UNKNOWN = "area_not_known"


@dataclass(frozen=True)
class Past:
    """A workspace whose past days are looked at again; no night is written.

    Args:
        desk: Its lake and engine.
        carried: The utility's own numbers.
        cuts: The values of the deprivation index between the thirds of areas; none where fewer
            than three areas have one.
    """

    desk: Desk
    carried: list[str]
    cuts: Sequence[float]

    @classmethod
    def of(cls, desk: Desk) -> Past:
        """Return the past of a workspace; areas are put into thirds as known on the desk's day."""
        return cls(desk.gathered(), desk.carried, _cuts(desk.lake, desk.as_of))

    def days(self, asked: Sequence[date]) -> Iterator[PastDay]:
        """Yield days, each with its cases."""
        for at, as_of in enumerate(asked, 1):
            self.desk.progress(f"{as_of}, day {at} of {len(asked)}")
            yield self._day(as_of)

    def _day(self, as_of: date) -> PastDay:
        workspace = self.desk.workspace
        if (workspace.root / "nights" / f"{as_of}.json").is_file():
            results = Results.of(workspace, as_of)
            done = results.done
            return PastDay(as_of, done.run_id, done.models, foresight=False,
                           cases=self._read(results))  # fmt: skip
        models, foresight = learnt_by(workspace, as_of)
        return PastDay(as_of, None, models.id, foresight, self._computed(as_of, models))

    def _read(self, results: Results) -> Iterator[pa.Table]:
        names = (*CASE_TABLES, "receivables")
        parts = [results.parts(name) for name in names]
        doubts, engine = doubts_of(self.desk.lake), self.desk.engine
        engine.at(results.as_of)
        for bucket, paths in enumerate(zip(*parts, strict=True)):
            read = dict(zip(names, (pq.ParquetFile(path).read() for path in paths), strict=True))
            # what the guard asks of the accounts is looked up in the lake, as of that day
            self.desk.lake.show(engine, READ, bucket)
            engine.view_arrow("receivables", read.pop("receivables"))
            yield self._told(cases_from(read, doubts), bucket)

    def _computed(self, as_of: date, models: Learnt) -> Iterator[pa.Table]:
        desk = replace(self.desk, as_of=as_of)
        desk.engine.at(as_of)
        doubts, sharing = doubts_of(desk.lake), siblings_of(desk)
        for bucket in range(desk.lake.manifest.buckets):
            desk.lake.show(desk.engine, READ, bucket)
            tables = facts_of(desk, models, self.carried, sharing)
            yield self._told(cases_from(tables, doubts), bucket)

    def _told(self, cases: pa.Table, bucket: int) -> pa.Table:
        """Return cases with a guess why each is not paid, and the third of areas it lies in."""
        settings = self.desk.workspace.settings
        return self._in_areas(with_guesses(cases, self.desk.lake, bucket, settings))

    def _in_areas(self, cases: pa.Table) -> pa.Table:
        index = cases[INDEX].to_numpy()
        third = np.searchsorted(self.cuts, index, side="left") if len(self.cuts) else index * 0
        known = np.isfinite(index) & bool(len(self.cuts))
        names = np.array([*THIRDS, AREA_UNKNOWN], dtype=object)
        place = np.where(known, third, len(THIRDS)).astype(int)
        return cases.append_column("area", pa.array(names[place], pa.string()))


def learnt_by(workspace: Workspace, day: date) -> tuple[Learnt, bool]:
    """Return the zones and scores that had been learnt by a day, or the earliest there are.

    Returns:
        Them, and whether they were learnt only after the day.

    Raises:
        StepMissing: Nothing was learnt yet.
    """
    folders: list[Path] = sorted(workspace.models.glob("????-??-??-*"))
    if not folders:
        raise StepMissing("Nothing was learnt yet, so there are no zones and no scores",
                          where=str(workspace.models),
                          mend=f"Run a night: tideover night {workspace.root} --as-of {day}",
                          )  # fmt: skip
    by_then = [folder for folder in folders if date.fromisoformat(folder.name[:10]) <= day]
    return (read_learnt(by_then[-1]), False) if by_then else (read_learnt(folders[0]), True)


def _cuts(lake: Lake, day: date) -> list[float]:
    """Return the edges between the thirds of areas, by the latest deprivation index of each."""
    latest: dict[str, tuple[date, float]] = {}
    for part in lake.parts("area_indicators"):
        rows = pq.ParquetFile(part).read()
        stands = pc.and_(pc.is_null(rows["known_until"]), pc.equal(rows["indicator"], INDEX))
        by_then = pc.and_(stands, pc.less_equal(rows["measured_on"], day))
        for row in rows.filter(by_then).to_pylist():
            known = (row["measured_on"], row["value"])
            latest[row["area_code"]] = max(latest.get(row["area_code"], known), known)
    values = [value for _, value in latest.values()]
    return [float(cut) for cut in np.quantile(values, [1 / 3, 2 / 3])] if len(values) > 2 else []

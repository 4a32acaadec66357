"""What a night left behind, for whoever looks at it afterwards."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tideover.doors.night.done import NightDone
from tideover.doors.night.learning import DRIFT_FILE
from tideover.portfolio import scores, zones
from tideover.portfolio.workspace import Workspace
from tideover.terms.faults import StepMissing


@dataclass(frozen=True)
class Results:
    """The tables of the night that counts for a day."""

    workspace: Workspace
    as_of: date
    done: NightDone

    @classmethod
    def of(cls, workspace: Workspace, as_of: date) -> Results:
        """Return a night's results.

        Raises:
            StepMissing: There was no night for that day, or it did not finish.
        """
        pointer = workspace.root / "nights" / f"{as_of}.json"
        if not pointer.is_file():
            raise StepMissing(
                f"There is no finished night for {as_of}",
                where=str(workspace.root),
                mend=f"Run it with: tideover night {workspace.root} --as-of {as_of}",
            )
        return cls(workspace, as_of, NightDone(**json.loads(pointer.read_text(encoding="utf-8"))))

    def parts(self, table: str) -> list[Path]:
        """Return the files of a table, in the order of buckets."""
        folder = self.workspace.night(self.as_of) / self.done.run_id / table
        return sorted(
            folder.glob("bucket=*.parquet"), key=lambda path: int(path.stem.partition("=")[2])
        )

    def table(self, name: str, columns: list[str] | None = None) -> pa.Table:
        """Return a table whole, or some of its columns."""
        read = [pq.ParquetFile(part).read(columns=columns) for part in self.parts(name)]
        return pa.concat_tables(read)

    @property
    def zones(self) -> zones.Fitted:
        """The zones that the night used."""
        path = self.workspace.models / self.done.models / "zones.json"
        return zones.Fitted.from_json(path.read_text(encoding="utf-8"))

    @property
    def zone_drift(self) -> list[str]:
        """What the last month says of the zones, in words.

        In the night that learnt them: what changed since they were learnt before; nothing the
        first time.
        """
        if self.done.zone_drift:
            return list(self.done.zone_drift)
        path = self.workspace.models / self.done.models / DRIFT_FILE
        found: list[str] = json.loads(path.read_text(encoding="utf-8"))
        return found

    @property
    def scores(self) -> scores.Models:
        """The scores that the night used."""
        return scores.load(self.workspace.models / self.done.models / "scores")

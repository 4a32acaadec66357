"""The guard asked about people of a finished night, whatever that night decided on them."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tideover.doors.night.climbing import nights_before, steps_of
from tideover.doors.night.desk import READ, Desk, open_engine, open_lake
from tideover.doors.night.inquiry import Inquiry
from tideover.doors.night.results import Results
from tideover.doors.rulebooks import guard_for
from tideover.portfolio.decisions import Guarding, Permissions


def guarding_after(results: Results) -> Guarding:
    """Return the guard of a workspace, which learns of accounts as they were at a night's end."""
    permissions = Permissions(guard_for(results.workspace))

    def situations(account_no: pa.Array) -> pa.Table:
        engine = open_engine(results.workspace)
        try:
            lake, inquiry = open_lake(results.workspace), Inquiry(engine, permissions)
            desk = Desk(results.workspace, lake, engine, results.as_of, _quiet).gathered()
            engine.at(results.as_of)
            before = nights_before(results.workspace, results.as_of).values()
            for bucket, part in enumerate(results.parts("receivables")):
                owing = pq.ParquetFile(part).read()
                mine = account_no.filter(pc.is_in(account_no, owing["account_no"]))
                desk.lake.show(engine, READ, bucket)
                engine.view_arrow("receivables", owing)
                engine.view_arrow("former_steps", steps_of(before, bucket))
                inquiry.situations(mine)
            return inquiry.table
        finally:
            engine.close()

    return Guarding(permissions, situations)


def _quiet(words: str) -> None:
    """Say nothing: a campaign is planned in seconds."""

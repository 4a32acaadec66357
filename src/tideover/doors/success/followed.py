"""Payments that belong to a message of ours, and payments that no longer stand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tideover.doors.campaigns.shelf import campaigns, read_members
from tideover.doors.experiments.shelf import experiments, read_people
from tideover.doors.findings.followed import decided_in
from tideover.doors.night.afterwards import finished
from tideover.doors.night.desk import open_engine
from tideover.doors.night.results import Results
from tideover.portfolio.lake import Lake, bucket_of
from tideover.portfolio.outcomes import DECIDED, attributed
from tideover.portfolio.workspace import Workspace

TABLES = ("payments", "contacts")
_WITH = [*DECIDED.names, "account_id", "currency"]


def attributed_payments(
    workspace: Workspace, lake: Lake, first: date, last: date
) -> pa.Table:  # fmt: skip
    """Return payments of some days that belong to the message of a decision; one row a payment.

    Args:
        first, last: The days of the decisions.

    Table out: columns of `outcomes.attributed`, and account_id, currency
    """
    nights = [Results.of(workspace, day) for day in finished(workspace) if first <= day <= last]
    lists = list(_lists(workspace, first, last))
    engine, found = open_engine(workspace), []
    try:
        for bucket in range(lake.manifest.buckets):
            parts = [rows.select(_WITH) for rows in decided_in(nights, bucket, ("treated",))]
            parts += [_of_bucket(rows, bucket, lake.manifest.buckets) for rows in lists]
            if not parts:
                continue
            decided = pa.concat_tables(parts)
            engine.at(first)
            engine.view_arrow("decided", decided.select(DECIDED.names))
            lake.show(engine, TABLES, bucket,
                      only="account_no IN (SELECT account_no FROM decided)")  # fmt: skip
            engine.define("attributed", lambda: attributed(engine), kept_as="attributed")
            rows = engine.rows("attributed")
            place = pc.index_in(rows["decision_id"], decided["decision_id"].combine_chunks())
            for name in ("account_id", "currency"):
                rows = rows.append_column(name, decided[name].take(place))
            found.append(rows)
    finally:
        engine.close()
    return pa.concat_tables(found) if found else pa.table({})


def _lists(workspace: Workspace, first: date, last: date) -> Iterator[pa.Table]:
    """Yield those who were to be written to by campaigns and experiments, as decisions."""
    for one in campaigns(workspace):
        if first <= one.as_of <= last:
            rows = read_members(workspace, one.name)
            day = pa.repeat(pa.scalar(one.as_of, pa.date32()), rows.num_rows)
            yield rows.append_column("as_of", day).filter(pc.is_valid(rows["send_at"])).select(
                _WITH)  # fmt: skip
    for each in experiments(workspace):
        rows = read_people(workspace, each.name)
        mine = rows.filter(pc.is_valid(rows["send_at"])).select(_WITH)
        since = pc.greater_equal(mine["as_of"], pa.scalar(first, pa.date32()))
        until = pc.less_equal(mine["as_of"], pa.scalar(last, pa.date32()))
        yield mine.filter(pc.and_(since, until))


def _of_bucket(rows: pa.Table, bucket: int, of: int) -> pa.Table:
    mine = [bucket_of(account, of) == bucket for account in rows["account_id"].to_pylist()]
    return rows.filter(pa.array(mine, pa.bool_()))


def left_of(lake: Lake, payment_ids: set[str], until: date) -> dict[str, tuple[int, str]]:
    """Return what stands of some payments at the end of a day, and what came of the rest.

    A payment that no export brings any more is gone as well.
    """
    wanted = pa.array(sorted(payment_ids), pa.string())
    found = dict.fromkeys(payment_ids, (0, "it is no longer in the export"))
    for part in lake.parts("payments"):
        rows = pq.ParquetFile(part).read(columns=["payment_id", "status", "reversed_on",
                                                  "amount_minor", "known_until"])  # fmt: skip
        mine = rows.filter(pc.and_(pc.is_in(rows["payment_id"], wanted),
                                   pc.is_null(rows["known_until"])))  # fmt: skip
        for row in mine.to_pylist():
            back = row["status"] == "reversed" and (row["reversed_on"] or until) <= until
            found[row["payment_id"]] = (
                (0, "it went back") if back else (row["amount_minor"], "it was corrected downward")
            )
    return found

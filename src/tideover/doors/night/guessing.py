"""Guesses why accounts did not pay, beside the other columns of the night's cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tideover.doors.strategies.shelf import InForce
from tideover.portfolio.guesses import Paying, guesses
from tideover.portfolio.lake import Lake
from tideover.portfolio.workspace import Settings

PAYMENTS = ("account_no", "received_on", "amount_minor", "method", "status")


def are_asked(strategies: InForce) -> bool:
    """Say whether a strategy asks for guesses."""
    asked = {i.column for policy in strategies.policies.values() for i in policy.inputs}
    return any(column.startswith("why_") for column in asked)


def with_guesses(
    cases: pa.Table, lake: Lake, bucket: int | None, settings: Settings, *, words: bool = False
) -> pa.Table:
    """Return cases with a guess why each is not paid.

    Table in: cases, of one bucket or of any
    Table out: the same rows, with the columns of `guesses`
    """
    numbers = cases["account_no"].combine_chunks()
    paid = standing_rows(lake, "payments", bucket, PAYMENTS, of=numbers)
    found = guesses(cases, cases["holds"], Paying.of(paid), asdict(settings.why), words=words)
    for name in found.column_names:
        cases = cases.append_column(name, found[name])
    return cases


def standing_rows(
    lake: Lake, table: str, bucket: int | None, columns: Sequence[str], *, of: pa.Array
) -> pa.Table:
    """Return the standing rows of some accounts, as they are in the lake."""
    found = []
    for part in lake.parts(table, bucket):
        rows = pq.ParquetFile(part).read(columns=[*columns, "known_until"])
        stands = pc.is_null(rows["known_until"])
        found.append(rows.filter(pc.and_(stands, pc.is_in(rows["account_no"], of))).select(columns))
    if found:
        return pa.concat_tables(found, promote_options="permissive")
    kinds = {"account_no": pa.int64(), "amount_minor": pa.int64(), "received_on": pa.date32(),
             "occurred_on": pa.date32()}  # fmt: skip
    return pa.schema([(name, kinds.get(name, pa.string())) for name in columns]).empty_table()

"""A night's tables -> rows of accounts in treatment, as casework keeps them, a bucket at a time.

An account is in treatment when the night decided something for it: it is in arrears, or proposed a
contact before its due date. An account whose case is open is told of too, so that it can be closed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tideover.doors.night.results import Results
from tideover.doors.publication.as_json import as_json, objects
from tideover.doors.publication.asked import asked_with
from tideover.doors.publication.steps import Steps
from tideover.doors.strategies.shelf import InForce
from tideover.portfolio.lake import Lake
from tideover.portfolio.open_debits import open_debits

_SITUATION = ("jurisdiction", "timezone", "services", "customer", "debt", "context", "history",
              "doubt")  # fmt: skip
_AS_JSON = ("customer", "debt", "context", "history")  # these are JSON already


@dataclass(frozen=True)
class Treated:
    """The accounts of one bucket that casework is told of, in the order of account_no.

    Args:
        owed: Rows of the night's receivables; every other frame is in their order.
        known: Of its features: whose an account is, and where.
        decided: Of its decisions, in an order of their own.
        since: The day the arrears began; null where nothing is in arrears.
    """

    bucket: int
    owed: pa.Table
    known: pa.Table
    zones: pa.Table
    scores: pa.Table
    decided: pa.Table
    ladders: pa.Table
    since: pa.Array


@dataclass(frozen=True)
class Publication:
    """A night that is being published, and what is the same for all of its buckets."""

    results: Results
    lake: Lake
    strategies: InForce
    open_cases: pa.Array

    @property
    def run_id(self) -> str:
        """The night's run."""
        return self.results.done.run_id

    @property
    def as_of(self) -> date:
        """The day at whose end everything is said."""
        return self.results.as_of

    @property
    def country(self) -> str:
        """Where the utility is, as ISO 3166 says it."""
        return self.results.workspace.settings.utility.jurisdiction[:2]

    @cached_property
    def steps(self) -> Steps:
        """The notices of the strategies."""
        return Steps.of_strategies(self.strategies)

    def buckets(self) -> Iterator[Treated]:
        """Yield every bucket; one is in memory at a time."""
        for part in self.results.parts("receivables"):
            yield self._bucket(part, int(part.stem.partition("=")[2]))

    def _bucket(self, part: Path, bucket: int) -> Treated:
        decided = self.read("decisions", bucket)
        ladders = self.read("ladders", bucket)
        owed = pq.ParquetFile(part).read()
        ids = pa.concat_arrays([decided["account_id"].combine_chunks(), self.open_cases])
        owed = owed.filter(pc.is_in(owed["account_id"], ids)).sort_by("account_no")
        no = owed["account_no"]
        known = aligned(self.read("features", bucket, [
            "account_no", "account_id", "customer_id", "timezone", "jurisdiction", "area_code",
            "commodity", "next_due_on"]), no)  # fmt: skip
        there = pc.is_valid(known["customer_id"])  # else it was not an account yet on that day
        owed, known, no = owed.filter(there), known.filter(there), no.filter(there)
        zones = aligned(self.read("zones", bucket, ["account_no", "zone"]), no)
        scores = aligned(
            self.read(
                "scores",
                bucket,
                ["account_no", "p_paid_in_full_30d", "p_cure_60d", "p_roll_30d", "reasons"],
            ),
            no,
        )
        return Treated(bucket, owed, known, zones, scores, decided, ladders,
                       _since(owed, ladders, self.as_of))  # fmt: skip

    def read(self, table: str, bucket: int, columns: list[str] | None = None) -> pa.Table:
        """Return a table of the night, of one bucket."""
        folder = self.results.workspace.night(self.as_of) / self.run_id / table
        return pq.ParquetFile(folder / f"bucket={bucket}.parquet").read(columns=columns)

    def situations(self, treated: Treated) -> pa.Array:
        """Return what the guard was told of each account, as JSON; `{}` where it was not asked."""
        told = self.read("situations", treated.bucket)
        columns = {name: told[name].combine_chunks() for name in _SITUATION}
        texts = objects({name: pc.fill_null(column, "null") if name in _AS_JSON else as_json(column)
                         for name, column in columns.items()})  # fmt: skip
        place = pc.index_in(treated.owed["account_no"], told["account_no"].combine_chunks())
        return pc.fill_null(texts.take(place.combine_chunks()), "{}")

    def debits(self, treated: Treated) -> pa.Table:
        """Return the unpaid debits of the accounts, as rows of open_debit."""
        no = treated.owed["account_no"].combine_chunks()
        found = open_debits(self.lake, treated.bucket, self.as_of, no)
        ids = treated.owed["account_id"].take(pc.index_in(found["account_no"], no))
        return found.drop_columns(["account_no"]).add_column(0, "account_id", ids)

    def standings(self, treated: Treated) -> pa.Table:
        """Return what the night says of each account, as rows of standing."""
        owed, scores = treated.owed, treated.scores
        stage = _of_decision(treated, "stage")
        label = pc.fill_null(_of_decision(treated, "strategy"), "")
        return pa.table({
            "account_id": owed["account_id"], "night_id": _all(owed, self.run_id),
            "as_of": _all(owed, self.as_of), "balance_minor": owed["balance_minor"],
            "arrears_minor": owed["arrears_minor"], "days_past_due": owed["days_past_due"],
            "zone": pc.fill_null(treated.zones["zone"], ""), "stage": pc.fill_null(stage, ""),
            "p_paid_in_full_30d": scores["p_paid_in_full_30d"],
            "p_cure_60d": scores["p_cure_60d"], "p_roll_30d": scores["p_roll_30d"],
            "reasons": pc.fill_null(scores["reasons"], ""),
            "situation": self.situations(treated), "inputs": self.inputs(treated),
            "strategy": label,
            "in_treatment": pc.is_valid(stage),
        })  # fmt: skip

    def inputs(self, treated: Treated) -> pa.Array:
        """Return what each account's strategy was asked with, as JSON; `{}` where it was not."""
        decided = treated.decided
        whose = dict(zip(decided["account_id"].to_pylist(), decided["strategy"].to_pylist(),
                         strict=True))  # fmt: skip
        ids, texts = asked_with(
            lambda name: self.read(name, treated.bucket),
            self.lake, self.strategies, self.results.workspace.settings, whose)  # fmt: skip
        place = pc.index_in(treated.owed["account_id"].combine_chunks(), ids)
        return pc.fill_null(texts.take(place), "{}")

    def accounts(self, treated: Treated) -> pa.Table:
        """Return the accounts, as rows of account."""
        known = treated.known
        return pa.table({
            "account_id": known["account_id"], "person_id": known["customer_id"],
            "currency": treated.owed["currency"], "jurisdiction": known["jurisdiction"],
            "timezone": known["timezone"], "commodity": known["commodity"],
            "area_code": pc.fill_null(known["area_code"], ""),
            "facts_version": _all(known, 0),
        })  # fmt: skip

    def decisions(self, treated: Treated) -> pa.Table:
        """Return what was decided, as rows of decision."""
        decided = treated.decided
        empty = ("rule", "strategy", "treatment", "channel", "tone", "reasons", "blocked_by",
                 "stage", "zone")  # fmt: skip
        columns: dict[str, Any] = {name: pc.fill_null(decided[name], "") for name in empty}
        columns |= {name: decided[name] for name in
                    ("decision_id", "account_id", "as_of", "arm", "propensity")}  # fmt: skip
        columns |= {name: instants(decided[name]) for name in ("send_at", "defer_until")}
        step, notice = self.steps.of(decided, treated.ladders)
        columns |= {"offer": pc.fill_null(decided["offer"], "none"), "step": step,
                    "notice": notice, "night_id": _all(decided, self.run_id)}  # fmt: skip
        return pa.table(columns)


def aligned(table: pa.Table, no: pa.ChunkedArray) -> pa.Table:
    """Return a table's rows in the order of account numbers; null where it has none."""
    return table.take(pc.index_in(no, table["account_no"].combine_chunks()))


def instants(texts: pa.ChunkedArray) -> pa.Array:
    """Return instants that were written with their offset, in universal time."""
    found = [datetime.fromisoformat(text).astimezone(UTC) if text else None
             for text in texts.to_pylist()]  # fmt: skip
    return pa.array(found, pa.timestamp("us", "UTC"))


def _all(table: pa.Table, value: Any) -> pa.Array:
    return pa.repeat(pa.scalar(value), table.num_rows)


def _of_decision(treated: Treated, name: str) -> pa.ChunkedArray:
    decided = treated.decided
    place = pc.index_in(treated.owed["account_id"], decided["account_id"].combine_chunks())
    return decided[name].take(place)


def _since(owed: pa.Table, ladders: pa.Table, as_of: date) -> pa.Array:
    """Return the day the arrears began: as ladders know it, else the oldest unpaid due date."""
    days = pa.repeat(pa.scalar(as_of, pa.date32()), owed.num_rows).cast(pa.int32())
    oldest = pc.subtract(days, owed["days_past_due"].cast(pa.int32())).cast(pa.date32())
    oldest = pc.if_else(pc.greater(owed["arrears_minor"], 0), oldest,
                        pa.scalar(None, pa.date32()))  # fmt: skip
    place = pc.index_in(owed["account_no"], ladders["account_no"].combine_chunks())
    return pc.coalesce(ladders["in_arrears_since"].take(place), oldest)

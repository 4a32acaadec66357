"""The pieces of work that are measured, each on the made-up lake in a folder."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bench.made import AS_OF, files, made_lake
from bench.measured import cpu_s, tell_cost
from tideover.doors.night import night
from tideover.doors.night.desk import Desk, open_engine
from tideover.doors.night.inquiry import Inquiry
from tideover.doors.night.learning import learnt
from tideover.portfolio import receivables as owing
from tideover.portfolio.duck import DuckEngine
from tideover.portfolio.features import TABLES, features
from tideover.portfolio.lake import Lake, write_table
from tideover.portfolio.workspace import Workspace
from tideover.rules.ageing import Credit, Debit, owed

SECOND = "000002-second.parquet"  # a part says in its name which load wrote it
A_STEP = 97  # spreads the changed accounts over all buckets
SAMPLE_ACCOUNTS = 2_000  # of the row-by-row way, which is then scaled up


def quiet(words: str) -> None:
    """Say nothing."""


def desk_of(folder: Path) -> Desk:
    """Return the desk of a night over the made-up lake."""
    workspace = Workspace.open(folder)
    engine = open_engine(workspace)
    return Desk(workspace, Lake.open(workspace.lake), engine, AS_OF, quiet)


def floor(folder: Path) -> None:
    """Scan the columns that receivables and features need, and add them up."""
    desk = desk_of(folder)
    engine = desk.engine
    assert isinstance(engine, DuckEngine)
    engine.query(f"""SELECT sum(account_no), sum(issued_on - DATE '2000-01-01'),
        sum(due_on - DATE '2000-01-01'), sum(amount_minor), sum(usage), count(known_until)
        FROM read_parquet({files(desk.lake, "bills")})""")
    engine.query(f"""SELECT sum(account_no), sum(received_on - DATE '2000-01-01'),
        sum(amount_minor), count(reversed_on), count(method), count(status), count(known_until)
        FROM read_parquet({files(desk.lake, "payments")})""")
    engine.query(f"""SELECT sum(account_no), sum(length(account_id)), sum(length(customer_id)),
        count(commodity), count(jurisdiction), count(timezone), count(currency), count(area_code),
        count(autopay), count(budget_billing), count(closed_on), count(known_until),
        sum(opened_on - DATE '2000-01-01')
        FROM read_parquet({files(desk.lake, "accounts")})""")
    engine.query(f"""SELECT sum(length(customer_id)), count(segment), count(known_until)
        FROM read_parquet({files(desk.lake, "customers")})""")


def receivables_only(folder: Path) -> None:
    """Receivables of every bucket, written."""
    desk = desk_of(folder)
    desk.engine.at(AS_OF)
    for bucket in range(desk.lake.manifest.buckets):
        desk.lake.show(desk.engine, owing.TABLES, bucket)
        path = folder / "out" / f"receivables-{bucket}.parquet"
        write_table(path, owing.owed(desk.engine))


def receivables_and_features(folder: Path) -> None:
    """Receivables and features of every bucket, written."""
    desk = desk_of(folder)
    gathered = folder / ".scratch" / "gathered-for-bench"
    shutil.rmtree(gathered, ignore_errors=True)
    lake = desk.lake.gather(desk.engine, TABLES, gathered)
    engine = desk.engine
    engine.at(AS_OF)
    for bucket in range(lake.manifest.buckets):
        lake.show(engine, TABLES, bucket)
        path = folder / "out" / f"receivables-{bucket}.parquet"
        write_table(path, owing.owed(engine))
        engine.define("features", lambda: features(engine, []), kept_as="features []")
        write_table(folder / "out" / f"features-{bucket}.parquet", engine.rows("features"))


def learning(folder: Path) -> None:
    """Learn zones and scores; not counted in the night's time."""
    learnt(desk_of(folder))


def whole_night(folder: Path) -> None:
    """Run the night, from lake to decisions, with models that were learnt before."""
    night(Workspace.open(folder), AS_OF, quiet)


def night_without_guard(folder: Path) -> None:
    """Run the night with nobody to ask, from lake to decisions; what it leaves is taken away."""
    Inquiry.guarding = None  # type: ignore[assignment]
    night(Workspace.open(folder), AS_OF, quiet)
    shutil.rmtree(folder / "nights")


def changed_night(folder: Path) -> None:
    """Run the night of the same day again, after two accounts in a hundred got another payment."""
    whole_night(folder)


def touch(folder: Path) -> None:
    """Add a payment for two accounts in a hundred, as a second load would; not measured."""
    lake = Lake.open(folder / "lake")
    for bucket in range(lake.manifest.buckets):
        part = lake.parts("payments", bucket)[0]
        rows = pq.ParquetFile(part).read()
        two_in_a_hundred = pa.array(rows["account_no"].to_numpy() // A_STEP % 50 == 1)
        newer = rows.filter(pc.and_(two_in_a_hundred, pc.ends_with(rows["payment_id"], "-23")))
        second = pa.array([2] * newer.num_rows, pa.int32())
        newer = newer.set_column(newer.schema.get_field_index("load_no"), "load_no", second)
        write_table(part.with_name(SECOND), newer)
        lake.manifest.parts["payments"][str(bucket)].append(SECOND)
    lake.manifest.version = 2
    lake.commit(lake.manifest)


def plain_sql(folder: Path) -> None:
    """Work out balance, arrears and days past due with one window over everything, in DuckDB."""
    desk = desk_of(folder)
    assert isinstance(desk.engine, DuckEngine)
    desk.engine.write_sql(f"""
        WITH debit AS (
            SELECT account_no, due_on, amount_minor, sum(amount_minor) OVER (
                PARTITION BY account_no ORDER BY due_on, issued_on, bill_id
                ROWS UNBOUNDED PRECEDING) AS so_far
            FROM read_parquet({files(desk.lake, 'bills')}) WHERE issued_on <= DATE '{AS_OF}'),
        credit AS (
            SELECT account_no, sum(amount_minor) AS money
            FROM read_parquet({files(desk.lake, 'payments')}) WHERE received_on <= DATE '{AS_OF}'
            GROUP BY account_no)
        SELECT account_no, sum(unpaid) AS balance, sum(unpaid) FILTER (age > 0) AS arrears,
            max(age) FILTER (unpaid > 0 AND age > 0) AS days_past_due,
            sum(unpaid) FILTER (age BETWEEN 1 AND 30) AS d1_30,
            sum(unpaid) FILTER (age BETWEEN 31 AND 60) AS d31_60,
            sum(unpaid) FILTER (age BETWEEN 61 AND 90) AS d61_90,
            sum(unpaid) FILTER (age BETWEEN 91 AND 120) AS d91_120,
            sum(unpaid) FILTER (age > 120) AS d121_plus
        FROM (SELECT account_no, DATE '{AS_OF}' - due_on AS age,
                greatest(0, least(amount_minor, so_far - coalesce(money, 0))) AS unpaid
              FROM debit LEFT JOIN credit USING (account_no))
        GROUP BY account_no""", folder / "out" / "plain.parquet")  # fmt: skip


def row_by_row(folder: Path) -> None:
    """Work out receivables with the scalar rule, on a sample of accounts."""
    lake = Lake.open(folder / "lake")
    wanted = [("account_no", "<=", SAMPLE_ACCOUNTS)]
    bills, payments = ([row for part in lake.parts(name)
                        for row in pq.read_table(part, filters=wanted,
                                                 partitioning=None).to_pylist()]
                       for name in ("bills", "payments"))  # fmt: skip
    debits: dict[int, list[Debit]] = {}
    credits: dict[int, list[Credit]] = {}
    for b in bills:
        debits.setdefault(b["account_no"], []).append(
            Debit(b["bill_id"], b["issued_on"], b["due_on"], b["amount_minor"])
        )
    for p in payments:
        credits.setdefault(p["account_no"], []).append(
            Credit(p["received_on"], p["amount_minor"], p["reversed_on"])
        )
    for no, due in debits.items():
        owed(due, credits.get(no, []), AS_OF)


def make(folder: Path) -> None:
    """Make the lake, of as many accounts as the folder's name says."""
    made_lake(folder / "lake", int(folder.name))


WORK: dict[str, Callable[[Path], None]] = {
    work.__name__: work
    for work in (make, floor, receivables_only, receivables_and_features, learning,
                 night_without_guard, whole_night, touch, changed_night, plain_sql, row_by_row)
}  # fmt: skip

if __name__ == "__main__":
    started = cpu_s(), time.monotonic()
    WORK[sys.argv[1]](Path(sys.argv[2]))
    tell_cost(*started)

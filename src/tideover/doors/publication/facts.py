"""Circumstances and promises that the export knows of, as casework keeps them.

What casework itself noted comes back through the lake under ids of our own; it is there already.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from tideover.casework.sealed import seal
from tideover.doors.journal.words import OURS
from tideover.doors.publication.people import standing_rows
from tideover.doors.publication.store import Store
from tideover.portfolio.lake import Lake

CIS = "cis"  # who says so: noted_by of a circumstance, confirmed_by of a promise
CIRCUMSTANCE = ("circumstance_id", "person_id", "account_id", "kind", "starts_on", "ends_on",
                "source", "noted_by")  # fmt: skip
PROMISE = ("promise_id", "account_id", "made_at", "amount_minor", "due_on", "confirmed_by")
_ID_LENGTH = 64  # of what casework has room for


def bring_circumstances(store: Store, lake: Lake, accounts: pa.Table) -> int:
    """Write the circumstances of the customers of some accounts; take away what was withdrawn.

    Table in: accounts, account_id and customer_id
    """
    store.stage("circumstance", CIRCUMSTANCE)
    customers = accounts["customer_id"].combine_chunks()
    for bucket in range(lake.manifest.buckets):
        rows = standing_rows(lake.parts("circumstances", bucket), [
            "circumstance_id", "customer_id", "account_id", "kind", "starts_on", "ends_on",
            "source"], ("customer_id", customers))  # fmt: skip
        rows = _not_ours(rows, "circumstance_id")
        ours = pc.is_in(rows["account_id"], accounts["account_id"].combine_chunks())
        rows = rows.filter(pc.or_(pc.is_null(rows["account_id"]), ours))
        source = pc.fill_null(rows["source"], "")
        rows = rows.set_column(6, "source", source).append_column("noted_by", _cis(rows))
        kinds = pa.array([seal(kind) for kind in rows["kind"].to_pylist()], pa.string())
        rows = rows.set_column(3, "kind", kinds)
        store.fill("circumstance", rows.rename_columns(list(CIRCUMSTANCE)))
    return _put(store, "circumstance", CIRCUMSTANCE, gone=(
        f"DELETE FROM circumstance WHERE noted_by = '{CIS}' AND circumstance_id NOT IN "
        "(SELECT circumstance_id FROM staged_circumstance)"))  # fmt: skip


def bring_promises(store: Store, lake: Lake, accounts: pa.Table) -> int:
    """Write the promises of some accounts; withdraw what the export withdrew.

    Table in: accounts, account_id and customer_id
    """
    store.stage("promise", PROMISE)
    store.stage("account", ("account_id",), name="told_account")
    store.fill("told_account", accounts.select(["account_id"]))
    ids = accounts["account_id"].combine_chunks()
    for bucket in range(lake.manifest.buckets):
        rows = standing_rows(lake.parts("promises", bucket), [
            "promise_id", "account_id", "made_at", "amount_minor", "due_on"],
            ("account_id", ids))  # fmt: skip
        rows = _not_ours(rows, "promise_id")
        rows = rows.filter(pc.greater(rows["amount_minor"], 0))
        store.fill("promise", rows.append_column("confirmed_by", _cis(rows)))
    return _put(store, "promise", PROMISE, gone=(
        f"UPDATE promise SET withdrawn_at = CURRENT_TIMESTAMP WHERE confirmed_by = '{CIS}' "
        "AND withdrawn_at IS NULL AND account_id IN (SELECT account_id FROM staged_told_account) "
        "AND promise_id NOT IN (SELECT promise_id FROM staged_promise)"))  # fmt: skip


def _not_ours(rows: pa.Table, key: str) -> pa.Table:
    fits = pc.less_equal(pc.utf8_length(rows[key]), _ID_LENGTH)
    return rows.filter(pc.and_(fits, pc.invert(pc.starts_with(rows[key], OURS))))


def _cis(rows: pa.Table) -> pa.Array:
    return pa.repeat(pa.scalar(CIS), rows.num_rows)


def _put(store: Store, table: str, columns: tuple[str, ...], *, gone: str) -> int:
    store.settle(table)
    key, *others = columns
    listed = ", ".join(columns)
    assigned = ", ".join(f"{name} = excluded.{name}" for name in others)
    return store.put(
        gone,
        f"INSERT INTO {table} ({listed}) SELECT {listed} FROM staged_{table} WHERE true "
        f"ON CONFLICT ({key}) DO UPDATE SET {assigned} WHERE {table}.{others[-1]} = '{CIS}'",
    )

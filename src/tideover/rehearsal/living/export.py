"""A living twin's day as a delta of the contract: only what is new or changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from tideover.rehearsal.living.events import Happened, Rows
from tideover.rehearsal.living.messages import OFFERS, TONES, Messages
from tideover.rehearsal.living.standing import Circumstances
from tideover.rehearsal.living.world import World
from tideover.rehearsal.twin.billing import UNITS
from tideover.rehearsal.twin.contacts import SAID
from tideover.rehearsal.twin.export import Export, own_ids, owner_ids
from tideover.rehearsal.twin.ledger import AID, DEBIT
from tideover.rehearsal.twin.reach import CHANNELS, CONSENTS
from tideover.rehearsal.twin.texts import Ints, days, ids, instants, money, picked
from tideover.terms.tables import TABLES

A_DAY, MOST_DAYS = 64, 4096  # ids of rows of an account and day; days that may be lived
PAID_AT, SAID_AT, END_OF_DAY = 1200, 1230, 1439  # minutes of the day
OUTCOMES = ("delivered", "delivered", "delivered", "answered", "sent")  # noticed, by channel
PURPOSES = ("reminder", *["plan_offer"] * 3, *["assistance"] * 2, "notice")  # by offer
UNNOTICED = ("sent", "sent", "sent", "no_answer", "sent")


class Deltas:
    """Writes a living twin's days as exports, each in a folder of its own.

    Args:
        base_dir: The twin's own export, which the world goes on from.
    """

    def __init__(self, world: World, base_dir: Path) -> None:
        self._world, self._first = world, world.plan.span.last + 1
        self._points = _read(base_dir, "contact_points")
        self._places = {
            key: i for i, key in enumerate(self._points["contact_point_id"].to_pylist())
        }
        self._circumstances = Circumstances(world, _read(base_dir, "circumstances"))
        self._sent: dict[int, dict[int, str]] = {}  # by day and account, the contact's id

    def write(self, folder: Path, said: Messages) -> None:
        """Write the world's today.

        Args:
            said: The messages that left on it, with their names.
        """
        world, happened = self._world, self._world.happened
        names = said.names or ()
        self._sent[world.today] = dict(zip(said.row.tolist(), names, strict=True))
        export = Export(folder, parquet=False)
        folder.mkdir(parents=True, exist_ok=True)
        for table, written in _TABLES.items():
            rows = happened.rows(table)
            if rows:
                columns = written(self, rows)
                _add(export, table if table in TABLES else _NAMES[table], columns)
        self._write_spoken(export, happened, said)
        changed = self._circumstances.changed(happened)
        if changed is not None:
            _add(export, "circumstances", changed)
        end = instants(np.array([world.today]), np.array([END_OF_DAY]), zone=self._zone)[0].as_py()
        export.declare(end, kind="delta")

    @property
    def _zone(self) -> str:
        return self._world.plan.place.timezone

    def _account(self, rows: Rows) -> Ints:
        account: Ints = self._world.state.base.who.account[rows["row"]]
        return account

    def _today(self, rows: Rows) -> Ints:
        return np.full(len(rows["row"]), self._world.today)

    def _said_at(self, rows: Rows) -> Any:
        minute = np.full(len(rows["row"]), SAID_AT)
        return instants(self._today(rows), minute, zone=self._zone)

    def own_ids(self, letter: str, rows: Rows, *, nth: Any, day: Any = None) -> Any:
        """Return ids of rows of a living day; the twin's past uses other letters."""
        since = (self._today(rows) if day is None else day) - self._first
        return ids(letter, (self._account(rows) * MOST_DAYS + since) * A_DAY + nth)

    def bills(self, rows: Rows) -> dict[str, Any]:
        """Return the bills of the day."""
        who = self._world.state.base.who
        return {
            "bill_id": own_ids("bills", self._account(rows), cycle=rows["cycle"]),
            "account_id": owner_ids("accounts", self._account(rows)),
            "issued_on": days(self._today(rows)), "due_on": days(rows["due"]),
            "amount": money(rows["amount"]),
            "kind": picked(("regular", "final"), rows["final"].astype(np.int64)),
            "period_start": days(rows["start"]), "period_end": days(rows["end"]),
            "usage": money(rows["used"], 1),
            "usage_unit": picked(UNITS, who.commodity[rows["row"]]),
        }  # fmt: skip

    def payments(self, rows: Rows) -> dict[str, Any]:
        """Return the payments of the day."""
        links = [
            self._sent.get(day, {}).get(row) if day >= 0 else None
            for row, day in zip(rows["row"].tolist(), rows["because"].tolist(), strict=True)
        ]
        return self._paid(rows, self._today(rows)) | {
            "status": pa.repeat("settled", len(links)),
            "reversed_on": pa.nulls(len(links), pa.date32()),
            "contact_id": pa.array(links, pa.string()),
        }  # fmt: skip

    def reversals(self, rows: Rows) -> dict[str, Any]:
        """Return the payments that the bank sent back today."""
        n = len(rows["row"])
        rows = rows | {"kind": np.full(n, DEBIT)}
        return self._paid(rows, rows["paid"]) | {
            "status": pa.repeat("reversed", n), "reversed_on": days(self._today(rows)),
            "contact_id": pa.nulls(n, pa.string()),
        }  # fmt: skip

    def _paid(self, rows: Rows, day: Ints) -> dict[str, Any]:
        place, who = self._world.plan.place, self._world.state.base.who
        kind = rows["kind"]
        names = ("assistance", "direct_debit", *(name for name, _ in place.methods))
        method = np.select([kind == AID, kind == DEBIT], [0, 1], 2 + who.method[rows["row"]])
        minute = np.full(len(day), PAID_AT)
        return {
            "payment_id": self.own_ids("N", rows, nth=rows["nth"], day=day),
            "account_id": owner_ids("accounts", self._account(rows)),
            "received_at": instants(day, minute, zone=self._zone),
            "amount": money(rows["amount"]), "method": picked(names, method),
        }  # fmt: skip

    def adjustments(self, rows: Rows) -> dict[str, Any]:
        """Return the adjustments posted today."""
        kinds = ("assistance_grant", "credit", "rebate", "write_off")
        nth = np.array([kinds.index(kind) for kind in rows["kind"].tolist()])
        nth = nth + 4 * _occurrence(rows["row"] * 4 + nth)
        return {
            "adjustment_id": self.own_ids("M", rows, nth=nth),
            "account_id": owner_ids("accounts", self._account(rows)),
            "posted_on": days(self._today(rows)), "amount": money(rows["amount"]),
            "kind": pa.array(rows["kind"].tolist(), pa.string()),
        }  # fmt: skip

    def arrangements(self, rows: Rows) -> dict[str, Any]:
        """Return the plans that were agreed or ended today, as they stand."""
        return {
            "arrangement_id": own_ids("arrangements", self._account(rows), cycle=rows["cycle"]),
            "account_id": owner_ids("accounts", self._account(rows)),
            "agreed_on": days(rows["agreed"]), "total": money(rows["total"]),
            "down_payment": money(np.zeros(len(rows["row"]), np.int64)),
            "instalments": pa.array(rows["parts"]),
            "interval": pa.repeat("monthly", len(rows["row"])),
            "first_due_on": days(rows["first_due"]),
            "status": pa.array(rows["status"].tolist(), pa.string()),
        }  # fmt: skip

    def promises(self, rows: Rows) -> dict[str, Any]:
        """Return the promises made today."""
        return {
            "promise_id": self.own_ids("W", rows, nth=0),
            "account_id": owner_ids("accounts", self._account(rows)),
            "made_at": self._said_at(rows),
            "amount": money(rows["amount"]), "due_on": days(rows["due"]),
        }  # fmt: skip

    def steps(self, rows: Rows) -> dict[str, Any]:
        """Return today's steps of the service."""
        return {
            "service_step_id": self.own_ids("D", rows, nth=0),
            "account_id": owner_ids("accounts", self._account(rows)),
            "occurred_on": days(self._today(rows)),
            "step": pa.array(rows["step"].tolist(), pa.string()),
        }  # fmt: skip

    def opt_outs(self, rows: Rows) -> Any:
        """Return the contact points whose consent was withdrawn today."""
        who = self._world.state.base.who
        keys = own_ids("contact_points", who.customer[rows["row"]], nth=rows["channel"])
        places = sorted({self._places[key] for key in keys.to_pylist() if key in self._places})
        points = self._points.take(pa.array(places, pa.int64()))
        at = instants(np.array([self._world.today]), np.array([SAID_AT]), zone=self._zone)[
            0
        ].as_py()
        consent = pa.repeat(CONSENTS[-1], len(places)), pa.repeat(at, len(places))
        for name, values in zip(("consent", "consent_at"), consent, strict=True):
            points = points.set_column(points.schema.get_field_index(name), name, values)
        return points

    def _write_spoken(self, export: Export, happened: Happened, said: Messages) -> None:
        """Write what left and what customers said."""
        sent, answers = happened.rows("messages"), happened.rows("said")
        if sent:
            _add(export, "contacts", self._outbound(sent, said))
        if answers:
            _add(export, "contacts", self._inbound(answers))

    def _outbound(self, rows: Rows, said: Messages) -> dict[str, Any]:
        n, noticed, channel = len(rows["row"]), rows["noticed"], rows["channel"]
        by_channel = zip(noticed.tolist(), channel.tolist(), strict=True)
        outcome = [(OUTCOMES if seen else UNNOTICED)[by] for seen, by in by_channel]
        return {
            "contact_id": pa.array([(said.names or ())[i] for i in rows["place"]], pa.string()),
            "account_id": owner_ids("accounts", self._account(rows)),
            "channel": picked(CHANNELS, channel), "direction": pa.repeat("outbound", n),
            "occurred_at": instants(self._today(rows), rows["minute"], zone=self._zone),
            "purpose": picked(PURPOSES, rows["offer"]), "outcome": pa.array(outcome, pa.string()),
            "tone": picked(TONES, rows["tone"]),
            "offer": picked((*OFFERS[:-1], "none"), rows["offer"]),
            "text": pa.nulls(n, pa.string()),
        }  # fmt: skip

    def _inbound(self, rows: Rows) -> dict[str, Any]:
        n, purposes = len(rows["row"]), rows["purpose"].tolist()
        nth = np.array([tuple(SAID).index(purpose) for purpose in purposes])
        nothing = pa.nulls(n, pa.string())
        return {
            "contact_id": self.own_ids("Q", rows, nth=nth),
            "account_id": owner_ids("accounts", self._account(rows)),
            "channel": picked(CHANNELS, rows["channel"]), "direction": pa.repeat("inbound", n),
            "occurred_at": self._said_at(rows),
            "purpose": pa.array(purposes, pa.string()), "outcome": nothing, "tone": nothing,
            "offer": nothing,
            "text": pa.array([SAID[purpose]["en"] for purpose in purposes], pa.string()),
        }  # fmt: skip


_TABLES: dict[str, Callable[[Deltas, Rows], Any]] = {
    "bills": Deltas.bills, "payments": Deltas.payments, "reversals": Deltas.reversals,
    "adjustments": Deltas.adjustments, "opt_outs": Deltas.opt_outs,
    "arrangements": Deltas.arrangements, "promises": Deltas.promises, "steps": Deltas.steps,
}  # fmt: skip
_NAMES = {"reversals": "payments", "opt_outs": "contact_points", "steps": "service_steps"}


def _add(export: Export, name: str, columns: Mapping[str, Any] | Any) -> None:
    """Add rows as text, so that rows made here and rows read from the base lie in one file."""
    names = [column.name for column in TABLES[name].columns]
    texts = {each: pa.chunked_array([columns[each]]) if isinstance(columns[each], pa.Array)
             else columns[each] for each in names}  # fmt: skip
    export.add(name, texts)


def _read(folder: Path, name: str) -> Any:
    """Return a table of an export, every cell as it is written."""
    if (folder / name).is_dir():
        return pq.read_table(folder / name).cast(
            pa.schema([(c.name, pa.string()) for c in TABLES[name].columns]))  # fmt: skip
    types = {column.name: pa.string() for column in TABLES[name].columns}
    options = pyarrow.csv.ConvertOptions(column_types=types, strings_can_be_null=True)
    return pyarrow.csv.read_csv(folder / f"{name}.csv", convert_options=options)


def _occurrence(keys: Ints) -> Ints:
    """Return which occurrence of its value each is, from 0."""
    seen: dict[int, int] = {}
    counted = []
    for key in keys.tolist():
        counted.append(seen.get(key, 0))
        seen[key] = counted[-1] + 1
    return np.array(counted, np.int64)

"""A finished night and the lake it rests on, made up in seconds: so many accounts in treatment.

Not a twin: nobody lives here. Ids, sizes and shares are like those of one, so that writing it costs
what writing a real one does.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from tideover.doors.commands.making import init
from tideover.doors.night.run import NightDone
from tideover.portfolio.decisions import SCHEMA
from tideover.portfolio.ladders import SCHEMA as LADDERS
from tideover.portfolio.lake import Lake, Manifest, lake_schema, vault_schema, write_table
from tideover.portfolio.situations import SCHEMA as SITUATIONS
from tideover.terms.tables import TABLES

AS_OF = date(2026, 6, 30)
A_BUCKET = 50_000
TREATED, ASKED = 0.2, 0.35  # shares: with a message to send, and on whom the guard was asked
CHANNELS = ("email", "sms", "letter")
_HISTORY = json.dumps([{"at": f"2026-0{m}-20T09:25:00+00:00", "channel": "phone",
                        "purpose": "collection", "reached": True, "type": "contact"}
                       for m in (1, 2, 3, 4, 5, 6)])  # fmt: skip
_CONTEXT = json.dumps({"public_holidays": [f"2026-12-{d}" for d in range(10, 32)]})


def nightfall(root: Path, accounts: int, *, day: date = AS_OF, seed: int = 1) -> None:
    """Make a workspace whose night of a day decided on so many accounts.

    Args:
        seed: Another one decides otherwise on the same accounts.
    """
    if not (root / "tideover.toml").is_file():
        init(root)
    buckets = -(-accounts // A_BUCKET)
    manifest = Manifest(version=1, buckets=buckets, loads=[{"load_no": 1, "kind": "full",
                        "run_id": "made", "time": f"{day}T23:00:00+00:00", "day": f"{day}",
                        "files": [], "tables": {}}])  # fmt: skip
    lake, run = Lake(root / "lake", manifest), f"made{day:%m%d}{seed:04d}"
    (root / "vault").mkdir(exist_ok=True)
    for bucket in range(buckets):
        size = min(A_BUCKET, accounts - bucket * A_BUCKET)
        _Bucket(lake, bucket, size, day, seed).write(root / "nights" / f"{day}" / run)
    lake.commit(manifest)
    done = NightDone(f"{day}", run, "none", "none", 1, accounts, {}, "")
    (root / "nights" / f"{day}.json").write_text(json.dumps(asdict(done)))


class _Bucket:
    def __init__(self, lake: Lake, bucket: int, size: int, day: date, seed: int) -> None:
        self.lake, self.bucket, self.size, self.day = lake, bucket, size, day
        self.no = np.arange(size) + bucket * A_BUCKET + 1
        # ids are spread over all buckets, as hashes spread real ones
        self.ids = [f"A{(int(n) * 2654435761) % 2**32:08X}" for n in self.no]
        self.people = [f"C{id_[1:]}" for id_ in self.ids]
        self.chance = np.random.default_rng([bucket, seed])
        self.late = self.chance.integers(1, 120, size)
        self.owed = self.chance.integers(2_000, 60_000, size)

    def write(self, night: Path) -> None:
        tables = {"receivables": self._owed(), "features": self._known(), "zones": self._zones(),
                  "scores": self._scores(), "situations": self._told(),
                  "ladders": LADDERS.empty_table(), "decisions": self._decided()}  # fmt: skip
        for name, table in tables.items():
            write_table(night / name / f"bucket={self.bucket}.parquet", table)
        self._lake()

    def _all(self, value: Any) -> list[Any]:
        return [value] * self.size

    def _owed(self) -> pa.Table:
        return pa.table({"account_no": self.no, "account_id": self.ids,
                         "currency": self._all("EUR"), "balance_minor": self.owed,
                         "arrears_minor": self.owed,
                         "days_past_due": pa.array(self.late, pa.int32())})  # fmt: skip

    def _known(self) -> pa.Table:
        due = self.day + timedelta(days=9)
        return pa.table({"account_no": self.no, "account_id": self.ids,
                         "customer_id": self.people, "timezone": self._all("Europe/Amsterdam"),
                         "jurisdiction": self._all("NL"), "area_code": self._all("1011"),
                         "commodity": self._all("electricity"),
                         "next_due_on": pa.array(self._all(due), pa.date32())})  # fmt: skip

    def _zones(self) -> pa.Table:
        zones = np.array(["green", "yellow", "red"])[self.chance.integers(0, 3, self.size)]
        return pa.table({"account_no": self.no, "zone": zones})

    def _scores(self) -> pa.Table:
        likely = {name: self.chance.random(self.size) for name in
                  ("p_paid_in_full_30d", "p_cure_60d", "p_roll_30d")}  # fmt: skip
        reasons = self._all("paid late in each of the last months;owes more than usual")
        return pa.table({"account_no": self.no, **likely, "reasons": reasons})

    def _told(self) -> pa.Table:
        asked = int(self.size * ASKED)
        debt = [json.dumps({"amount": owed / 100, "delinquent_since": "2026-05-17"})
                for owed in self.owed[:asked].tolist()]  # fmt: skip
        said = ("NL", "Europe/Amsterdam", "electricity", '{"class": "residential"}', None,
                _CONTEXT, _HISTORY, None)  # fmt: skip
        columns = [debt if value is None and place == 4 else [value] * asked
                   for place, value in enumerate(said)]  # fmt: skip
        arrays = [pa.array(self.no[:asked]), *(pa.array(c, pa.string()) for c in columns)]
        return pa.table(arrays, schema=SITUATIONS)

    def _decided(self) -> pa.Table:
        treated = np.arange(self.size) < self.size * TREATED
        hours = self.chance.integers(8, 20, self.size)
        morrow = self.day + timedelta(days=1)
        rows = [
            {"decision_id": f"D{self.day:%m%d}{no:016x}", "account_id": id_, "as_of": self.day,
             "zone": "yellow", "arrears_minor": owed, "currency": "EUR", "days_past_due": late,
             "p_paid_in_full_30d": 0.5, "stage": "early", "rule": "yellow",
             "arm": "treated" if sent else "none", "treatment": "act_early" if sent else "none",
             "channel": CHANNELS[no % 3] if sent else None, "tone": "friendly" if sent else None,
             "offer": "plan" if sent else "none", "propensity": 0.25 if sent else None,
             "send_at": f"{morrow}T{hour:02d}:15:00+02:00" if sent else None,
             "reasons": "in the yellow zone, and can be kept out of the red;paid late",
             "blocked_by": None, "defer_until": None, "strategy": "default (working copy)"}
            for no, id_, owed, late, sent, hour in zip(
                self.no.tolist(), self.ids, self.owed.tolist(), self.late.tolist(),
                treated.tolist(), hours.tolist(), strict=True)
        ]  # fmt: skip
        return pa.Table.from_pylist(rows, SCHEMA)

    def _lake(self) -> None:
        places = [
            {"account_id": a, "customer_id": c, "account_no": n, "postcode": "1011 AB"}
            for a, c, n in zip(self.ids, self.people, self.no.tolist(), strict=True)
        ]
        self._part("accounts", places)
        self._part("customers", [{"customer_id": c, "name": f"{c} de Vries", "language": "nl",
                                  "segment": "residential"} for c in self.people])  # fmt: skip
        self._part("contact_points", [
            {"contact_point_id": f"T{c[1:]}{channel[0]}", "customer_id": c, "channel": channel,
             "address": f"{c.lower()}@mail.example", "consent": "granted"}
            for c in self.people for channel in CHANNELS])  # fmt: skip
        issued, due = self.day - timedelta(days=150), self.day - timedelta(days=20)
        self._part("bills", [
            {"account_no": n, "account_id": a, "bill_id": f"B{a[1:]}{part}", "issued_on": issued,
             "due_on": due, "amount_minor": owed // 2 + part * (owed % 2), "kind": "regular"}
            for n, a, owed in zip(self.no.tolist(), self.ids, self.owed.tolist(), strict=True)
            for part in (0, 1)])  # fmt: skip

    def _part(self, name: str, rows: list[dict[str, Any]]) -> None:
        table, part = TABLES[name], "000001-made.parquet"
        path = self.lake.folder(name, self.bucket) / part
        write_table(path, pa.Table.from_pylist(rows, lake_schema(table)))
        if any(column.identity for column in table.columns):
            mirror = self.lake.vault / path.relative_to(self.lake.root)
            write_table(mirror, pa.Table.from_pylist(rows, vault_schema(table)))
        self.lake.manifest.parts.setdefault(name, {})[str(self.bucket)] = [part]

"""A made-up night on disk, small enough to count by hand, for the page to be written from."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from tideover.doors.night import NightDone
from tideover.portfolio import scores, zones
from tideover.portfolio.decisions import SCHEMA
from tideover.portfolio.lake import Lake, Manifest, lake_schema, write_table
from tideover.portfolio.scores.hazard import Hazard
from tideover.portfolio.workspace import Settings, Workspace
from tideover.portfolio.zones.fitted import CurvePoint
from tideover.terms.tables import TABLES

AS_OF = date(2026, 3, 5)
MARKS = {f"arrears_mark_{k}_minor": 0 for k in range(1, 13)}
BUCKETS = dict.fromkeys(("current_minor", "d1_30_minor", "d31_60_minor", "d61_90_minor",
                         "d91_120_minor", "d121_plus_minor"), 0)  # fmt: skip
ACCOUNT = {
    "customer_id": "C1", "currency": "EUR", "as_of": AS_OF, "balance_minor": 0, "arrears_minor": 0,
    "days_past_due": 0, "commodity": "gas", "segment": "residential", "area_code": "X1",
    "usual_bill_minor": 9000.0,
    "is_open": True, "tenure_days": 900, "speed_minor_per_day": 0.0, "first_time": False,
    "arrears_7d_ago_minor": 0, "arrears_30d_ago_minor": 0, "on_time_share_6m": 0.5,
    "paid_share_3m": 0.9, "days_since_paid": 12, "months_in_arrears_12m": 0,
    "open_to_come_minor": 0, **BUCKETS, **MARKS,
}  # fmt: skip
SCORE = {
    "score": "p_paid_in_full_30d", "meaning": "", "about": "", "status": "boosting",
    "status_in_words": "", "calibrated": "not needed", "scorecard_alone": {"auc": 0.7},
    "judged": {"n": 400, "auc": [0.77, 0.75, 0.79], "brier": [0.2, 0.19, 0.21],
               "log_loss": [0.5, 0.4, 0.6], "ece": [0.01, 0.0, 0.02]},
    "calibration": [{"said": s, "seen": s, "low": s / 2, "high": s, "n": 40} for s in (0.1, 0.9)],
    "groups": [], "inputs": [{"name": "debt_months", "meaning": "debt", "share": 0.4}],
}  # fmt: skip
CARD = {
    "as_of": "2026-03-01", "seed": 1, "limits": ["They say what usually follows."],
    "history": {"rows": 10, "accounts": 5, "snapshots": 2, "first": "2025-12-01",
                "last": "2026-01-30"}, "scores": {"paid": SCORE},
}  # fmt: skip


def cohort(currency: str = "EUR", **said: Any) -> zones.Cohort:
    """Return zones whose edges are 100 and 300."""
    curve = tuple(CurvePoint(at * 100, 500, paid) for at, paid in
                  ((20, 400), (100, 350), (200, 250), (300, 200), (900, 60)))  # fmt: skip
    known: dict[str, Any] = {
        "where": (), "n": 2500, "gain": 0.08, "curve_gain": 0.09, "status": "learnt",
        "thresholds": (zones.Threshold(100_00, 80_00, 120_00),
                       zones.Threshold(300_00, 250_00, 340_00)),
        "rates": (zones.Rate(1000, 750), zones.Rate(1000, 450), zones.Rate(500, 60)),
        "warnings": (), "curve": curve,
    }  # fmt: skip
    return zones.Cohort(currency=currency, **(known | said))


def behind(no: int, minor: int, days: int, **said: Any) -> dict[str, Any]:
    """Return an account in arrears, all of it of one age, for weeks unchanged."""
    age = list(BUCKETS)[1 + sum(days > edge for edge in (30, 60, 90, 120))]
    return {"account_no": no, "account_id": f"A{no}", "customer_id": f"C{no}",
            "arrears_minor": minor, "days_past_due": days, age: minor,
            "arrears_7d_ago_minor": minor, "arrears_30d_ago_minor": minor} | said  # fmt: skip


def decision(account_id: str, arm: str = "treated", **said: Any) -> dict[str, Any]:
    """Return a decision as the night writes it."""
    treated = {"channel": "email", "tone": "friendly", "propensity": 0.5,
               "send_at": "2026-03-06T09:30:00+01:00"} if arm == "treated" else {}  # fmt: skip
    return {
        "decision_id": f"D{account_id}", "account_id": account_id, "as_of": AS_OF, "zone": "green",
        "arrears_minor": 5000, "currency": "EUR", "days_past_due": 10, "stage": "early",
        "rule": "green", "arm": arm, "treatment": "reminder", "offer": "none",
        "reasons": "owes little;paid late twice", **treated, **said,
    }  # fmt: skip


def made_night(
    root: Path,
    accounts: list[dict[str, Any]],
    decided: list[dict[str, Any]],
    *,
    cohorts: tuple[zones.Cohort, ...] = (),
    paid_on: date | None = AS_OF,
) -> Workspace:
    """Write a night of one bucket, the models it used, and a lake with one payment."""
    workspace = Workspace(root, Settings())
    fitted = zones.Fitted(
        cohorts or (cohort(),),
        zones.Bands({}, None, ()),
        {"EUR": ["150", "400"]},
        1,
        "paid in full within 30 days",
    )
    known = _features(accounts)
    done = NightDone(as_of=AS_OF.isoformat(), run_id="run1", models="models1", basis="",
                     lake_version=1, accounts=len(accounts), arms={}, learn_anew="")  # fmt: skip
    folder = workspace.night(AS_OF) / done.run_id
    for name, table in (("features", known), ("zones", zones.place(known, fitted)),
                        ("decisions", pa.Table.from_pylist(decided, SCHEMA))):  # fmt: skip
        write_table(folder / name / "bucket=0.parquet", table)
    (folder.parent.parent / f"{AS_OF}.json").write_text(json.dumps(asdict(done)))
    models = scores.Models(date(2026, 3, 1), 1, "EUR", {}, {}, Hazard((0.1,) * 12), {}, CARD)
    scores.save(models, workspace.models / done.models / "scores")
    (workspace.models / done.models / "zones.json").write_text(fitted.to_json())
    (workspace.models / done.models / "zone-drift.json").write_text('["The zones hold."]')
    _lake(workspace, paid_on)
    return workspace


def _features(accounts: list[dict[str, Any]]) -> pa.Table:
    rows = [ACCOUNT | row for row in (*accounts, {"account_no": 0, "account_id": "none"})]
    return pa.Table.from_pylist(rows).slice(0, len(accounts))


def _lake(workspace: Workspace, paid_on: date | None) -> None:
    lake, parts = Lake.open(workspace.lake), {}
    for name, day, column in (("payments", paid_on, "received_on"),
                              ("bills", AS_OF, "issued_on")):  # fmt: skip
        rows = [{column: day}] if day else []
        write_table(lake.folder(name, 0) / "p.parquet",
                    pa.Table.from_pylist(rows, lake_schema(TABLES[name])))  # fmt: skip
        parts[name] = {"0": ["p.parquet"]}
    load = {"load_no": 1, "kind": "full", "day": AS_OF.isoformat(),
            "time": "2026-03-05T23:59:00+01:00",
            "tables": {"bills": {"read": 1, "quarantined": 0}}}  # fmt: skip
    lake.commit(Manifest(version=1, buckets=1, parts=parts, loads=[load]))

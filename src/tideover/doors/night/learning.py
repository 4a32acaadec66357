"""Zones and scores for a night: those learnt within the month, or learnt anew from the past."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa

from tideover.doors.night.desk import Desk
from tideover.portfolio import scores, zones
from tideover.portfolio.features import TABLES, features
from tideover.portfolio.followups import ROLL_DAYS, followups
from tideover.portfolio.receivables import owed
from tideover.terms.faults import StepMissing

DRIFT_FILE = "zone-drift.json"
LEARNT_FOR = timedelta(days=31)


@dataclass(frozen=True)
class Learnt:
    """Fitted zones and scores, and where they lie."""

    id: str
    zones: zones.Fitted
    scores: scores.Models


def learnt(desk: Desk) -> Learnt:
    """Return the models of the night: the latest within a month before it, or new ones."""
    folder = _latest(desk)
    if folder is None:
        folder = _learn(desk)
    return read_learnt(folder)


def read_learnt(folder: Path) -> Learnt:
    """Return the models of a folder."""
    return Learnt(
        folder.name,
        zones.Fitted.from_json((folder / "zones.json").read_text(encoding="utf-8")),
        scores.load(folder / "scores"),
    )


def _latest(desk: Desk) -> Path | None:
    """Return the folder of models that are fresh enough and were not found to have drifted."""
    fresh = []
    for folder in sorted(desk.workspace.models.glob("????-??-??-*")):
        learnt_on = date.fromisoformat(folder.name[:10])
        same_way = folder.name.endswith(_way(desk))
        if same_way and desk.as_of - LEARNT_FOR < learnt_on <= desk.as_of:
            fresh.append(folder)
    if not fresh:
        return None
    drifted = any(
        told.get("models") == fresh[-1].name and told.get("learn_anew")
        for told in _nights_before(desk)
    )
    return None if drifted else fresh[-1]


def _nights_before(desk: Desk) -> list[dict[str, object]]:
    nights = sorted((desk.workspace.root / "nights").glob("????-??-??.json"))
    before = [path for path in nights if path.stem < desk.as_of.isoformat()]
    return [json.loads(path.read_text(encoding="utf-8")) for path in before]


def _way(desk: Desk) -> str:
    """Return a short hash of the settings that change what is learnt."""
    settings = desk.workspace.settings
    return hashlib.sha256(repr((settings.zones, settings.training)).encode()).hexdigest()[:8]


def _learn(desk: Desk) -> Path:
    """Learn zones and scores from the past and keep them; the folder appears when it is whole."""
    settings = desk.workspace.settings
    past = history(desk)
    desk.progress(f"learning from {past.num_rows:,} account-days of the past")
    desk.engine.view_arrow("history", past)
    fitted = zones.learn(
        desk.engine, desk.engine.table("history"), settings.zones,
        currency=settings.utility.currency, seed=settings.training.seed,
    )  # fmt: skip
    models = scores.train(past, as_of=desk.as_of, seed=settings.training.seed)
    folder = desk.workspace.models / f"{desk.as_of}-{_way(desk)}"
    unfinished = desk.workspace.scratch / folder.name
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    (unfinished / "zones.json").write_text(fitted.to_json(), encoding="utf-8")
    (unfinished / DRIFT_FILE).write_text(json.dumps(_zone_drift(desk)), encoding="utf-8")
    scores.save(models, unfinished / "scores")
    (unfinished / "card.md").write_text(scores.card_markdown(models.card), encoding="utf-8")
    folder.parent.mkdir(exist_ok=True)
    os.rename(unfinished, folder)
    return folder


def _zone_drift(desk: Desk) -> list[str]:
    """Return in words what the past now says of the zones learnt before; history must be shown."""
    before = [folder for folder in sorted(desk.workspace.models.glob("????-??-??-*"))
              if folder.name < desk.as_of.isoformat()]  # fmt: skip
    if not before:
        return []
    fitted = zones.Fitted.from_json((before[-1] / "zones.json").read_text(encoding="utf-8"))
    engine = desk.engine
    counts = zones.balance_counts(engine, engine.table("history"), fitted.bands)
    return [found.sentence for found in zones.drift(fitted, engine.arrow(counts))]


def history(desk: Desk) -> pa.Table:
    """Return features and what followed them, of a sample of accounts over the last months.

    Table out: one row an account in arrears or with a bill to come, and day; the columns of
        features and of followups
    """
    desk = desk.gathered()
    manifest, training = desk.lake.manifest, desk.workspace.settings.training
    accounts = manifest.next_account_no - 1
    every = max(1, -(-accounts // training.sample_accounts))
    carried = desk.carried
    tables = []
    for bucket in range(manifest.buckets):
        desk.progress(f"looking back over bucket {bucket + 1} of {manifest.buckets}")
        desk.lake.show(desk.engine, TABLES, bucket, only=f"account_no % {every} = 0")
        tables += _snapshots(desk, carried)
    if not tables:
        raise StepMissing(
            "There are no accounts to learn from",
            where=str(desk.workspace.root),
            mend="Load an export with accounts",
        )
    # In a stable order, whatever order the engine gave the rows in.
    return pa.concat_tables(tables).sort_by([("as_of", "ascending"), ("account_no", "ascending")])


def _snapshots(desk: Desk, carried: list[str]) -> list[pa.Table]:
    engine, settings = desk.engine, desk.workspace.settings
    window = settings.zones.window_days
    found = []
    later: pa.Table | None = None
    for back in range(settings.training.months + 1):
        day = desk.as_of - timedelta(days=ROLL_DAYS * back)
        engine.at(day)
        owing = owed(engine)
        if later is not None:
            engine.view_arrow("receivables_later", later)
            engine.define(
                "features", lambda: features(engine, carried), kept_as=f"features {carried}"
            )
            engine.define("followups",
                          lambda: followups(engine, desk.as_of, paid_days=window))  # fmt: skip
            engine.define("history_day", lambda: engine.table("features").join(
                engine.table("followups").drop("as_of"), on="account_no"))  # fmt: skip
            found.append(engine.arrow(engine.table("history_day")))
        later = owing
    return found

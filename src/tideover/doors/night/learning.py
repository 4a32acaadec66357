"""Zones and scores for a night: those learnt within the month, or learnt anew from the past."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Sequence
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
LEARNT_FOR, WEEK = timedelta(days=31), timedelta(days=7)
DRIFT_ACCOUNTS = 10_000  # looked at every night; about a second of work


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
    try:
        os.rename(unfinished, folder)
    except OSError:
        if not folder.is_dir():
            raise
        shutil.rmtree(unfinished)  # learnt for this day already, from the same settings: it stands
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


def zones_since_learnt(desk: Desk, models: Learnt) -> tuple[zones.Drift, ...]:
    """Return what the last month says of the zones, by cohort; nothing of those learnt tonight."""
    if models.scores.as_of == desk.as_of:
        return ()
    engine = desk.engine
    engine.view_arrow("history", last_month(desk))
    bands = models.zones.bands
    engine.define("balances", lambda: zones.balance_counts(engine, engine.table("history"), bands),
                  kept_as=f"balances {bands}")  # fmt: skip
    return zones.drift(models.zones, engine.rows("balances"))


def zones_call_for(desk: Desk, models: Learnt, drifts: Sequence[zones.Drift]) -> str:
    """Return why the zones must be learnt anew, in a sentence; empty while they hold.

    Those of the last week are left: what moved again since is noise, or the season.
    """
    if desk.as_of - models.scores.as_of < WEEK:
        return ""
    return next((moved.sentence for moved in drifts if moved.calls_for_refit), "")


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
    tables: list[pa.Table] = []
    for bucket in range(manifest.buckets):
        desk.progress(f"looking back over bucket {bucket + 1} of {manifest.buckets}")
        desk.lake.show(desk.engine, TABLES, bucket, only=f"account_no % {every} = 0")
        tables += _snapshots(desk, carried, training.months)
    if not tables:
        raise StepMissing(
            "There are no accounts to learn from",
            where=str(desk.workspace.root),
            mend="Load an export with accounts",
        )
    # In a stable order, whatever order the engine gave the rows in.
    return pa.concat_tables(tables).sort_by([("as_of", "ascending"), ("account_no", "ascending")])


def last_month(desk: Desk) -> pa.Table:
    """Return features of thirty days ago and what followed, of a sample of the first bucket.

    Table out: as `history`, of one day and about `DRIFT_ACCOUNTS` accounts
    """
    manifest = desk.lake.manifest
    every = max(1, manifest.next_account_no // manifest.buckets // DRIFT_ACCOUNTS)
    only = f"account_no % {every} = 0"
    desk.lake.show(desk.engine, TABLES, 0, only=only)
    (found,) = _snapshots(desk, desk.carried, 1)
    return found


def _snapshots(desk: Desk, carried: list[str], months: int) -> list[pa.Table]:
    engine, window = desk.engine, desk.workspace.settings.zones.window_days
    found = []
    later: pa.Table | None = None
    for back in range(months + 1):
        day = desk.as_of - timedelta(days=ROLL_DAYS * back)
        engine.at(day)
        owing = owed(engine)
        if later is not None:
            engine.view_arrow("receivables_later", later)
            engine.define(
                "features", lambda: features(engine, carried), kept_as=f"features {carried}"
            )
            engine.know(desk.as_of)  # what is kept compiled leaves it open
            engine.define(
                "followups", lambda: followups(engine, desk.as_of, paid_days=window),
                kept_as=f"followups {window}",
            )  # fmt: skip
            engine.define("history_day", lambda: engine.table("features").join(
                engine.table("followups").drop("as_of"), on="account_no"),
                kept_as=f"history_day {carried}")  # fmt: skip
            found.append(engine.arrow(engine.table("history_day")))
        later = owing
    return found

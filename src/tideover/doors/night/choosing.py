"""By what a night draws among the permitted ways: lessons of earlier nights, or each as likely."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa

from tideover.doors.night.desk import Desk
from tideover.doors.night.drawn import drawn_before, history_of
from tideover.portfolio.choosing import (
    Believed,
    Chooser,
    Terms,
    evidence_of,
    learn,
    load,
    save,
    traits,
)
from tideover.portfolio.decisions import Drawing
from tideover.portfolio.lake import Lake
from tideover.portfolio.outcomes import WINDOWS
from tideover.portfolio.workspace import SETTINGS_FILE, Settings, Workspace
from tideover.rehearsal.replay import unit_costs
from tideover.rules.choice import THOMPSON, UNIFORM
from tideover.rules.zone import ZONES
from tideover.terms.faults import Usage


@dataclass(frozen=True)
class Choosing:
    """How a night draws.

    Args:
        believed: What was learnt; none where there is no evidence or it is not asked for.
        name: Of what was learnt, as the night keeps it; empty where nothing was.
    """

    settings: Settings
    believed: Believed | None = None
    name: str = ""

    def drawing(self, lake: Lake, bucket: int | None, cases: pa.Table) -> Drawing | None:
        """Return how the draws among the ways of cases are made; none where each is as likely."""
        choice, scarce = self.settings.choice, scarce_channels(self.settings)
        if self.believed is None:
            return Drawing(scarce=scarce) if scarce else None
        history = history_of(lake, bucket, cases["account_no"].combine_chunks())
        return Drawing(Chooser(self.believed, history), frozenset(choice.leave_alone_in),
                       choice.floor, scarce)  # fmt: skip


def scarce_channels(settings: Settings) -> frozenset[str]:
    """Return the channels of which a day has only so much."""
    capacity = settings.capacity
    limited = {"letter": capacity.letters >= 0,
               "voice": capacity.calls >= 0 or capacity.agent_hours >= 0}  # fmt: skip
    return frozenset(channel for channel, is_so in limited.items() if is_so)


def choosing(desk: Desk) -> Choosing:
    """Return how a night draws: by what was learnt in the last days, or is learnt now.

    Raises:
        Usage: A setting of the choice is out of its range.
    """
    settings = desk.workspace.settings
    check(settings)
    if settings.choice.method == UNIFORM:
        return Choosing(settings)
    path = _latest(desk) or _learn(desk)
    return chosen_by(desk.workspace, desk.as_of, path.stem) if path else Choosing(settings)


def chosen_by(workspace: Workspace, as_of: date, name: str) -> Choosing:
    """Return how a night drew, by the name of what had been learnt."""
    settings = workspace.settings
    path = _folder(workspace) / f"{name}.npz"
    if not name or not path.is_file():
        return Choosing(settings)
    lessons, choice = load(path), settings.choice
    if lessons.effective < choice.evidence:
        return Choosing(settings)
    prices = {channel: float(cost) * choice.price_money
              for channel, cost in unit_costs(settings.costs).items()}  # fmt: skip
    return Choosing(settings, Believed(lessons, f"{choice.seed}|{as_of}", prices), name)


def check(settings: Settings) -> None:
    """Refuse settings of the choice that cannot be meant.

    Raises:
        Usage: Names the first of them.
    """
    choice = settings.choice
    # it says nothing about those who would have paid without a message
    through_it = choice.reward_linked or choice.reward_promised
    wrong = {
        "method": choice.method not in (UNIFORM, THOMPSON),
        "floor": not 0 < choice.floor <= 0.1,
        "leave_alone_in": not set(choice.leave_alone_in) <= (set() if through_it else set(ZONES)),
        "half_life_days": choice.half_life_days < 1,
        "reward_days": choice.reward_days not in WINDOWS,
        "learn_days": choice.learn_days < 1,
        "evidence": choice.evidence < 1,
    }
    for name, is_so in wrong.items():
        if is_so:
            raise Usage(f"{name} cannot be {getattr(choice, name)!r}",
                        where=f"{SETTINGS_FILE} [choice]",
                        mend="docs/settings.md says what it may be")  # fmt: skip


def _folder(workspace: Workspace) -> Path:
    return workspace.models / "choice"


def _way(settings: Settings) -> str:
    """Return a short hash of the settings that change what is learnt."""
    choice = replace(settings.choice, seed=0, method=THOMPSON, floor=0.0, evidence=0, learn_days=0)
    said = repr((choice, settings.costs, settings.why))
    return hashlib.sha256(said.encode()).hexdigest()[:8]


def _latest(desk: Desk) -> Path | None:
    """Return what was learnt in the days before, or on this one."""
    settings = desk.workspace.settings
    oldest = desk.as_of - timedelta(days=settings.choice.learn_days)
    found: Sequence[Path] = sorted(_folder(desk.workspace).glob(f"*-{_way(settings)}-*.npz"))
    fresh = [path for path in found if oldest < date.fromisoformat(path.name[:10]) <= desk.as_of]
    return fresh[-1] if fresh else None


def _learn(desk: Desk) -> Path | None:
    """Learn from earlier nights and keep it; none where there is too little to learn from."""
    settings = desk.workspace.settings
    choice = settings.choice
    found = drawn_before(desk)
    if found is None or found.rows.num_rows < choice.evidence:
        return None
    terms = Terms(desk.as_of, choice.half_life_days, choice.holdout_share, choice.of_account)
    weight = evidence_of(found.rows, terms)
    desk.progress(f"learning from {found.rows.num_rows:,} decisions and what followed them")
    lessons = learn(found.rows, traits(found.rows), found.answers, weight)
    path = _folder(desk.workspace) / f"{desk.as_of}-{_way(settings)}-{lessons.id}.npz"
    save(lessons, path)
    return path

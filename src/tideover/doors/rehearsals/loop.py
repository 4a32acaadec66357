"""The closed loop on a living twin: night, send, respond, export, ingest, and again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from tideover.doors import night as nights
from tideover.doors.night.desk import Progress
from tideover.doors.night.results import Results
from tideover.doors.rehearsals import staff
from tideover.portfolio import intake
from tideover.portfolio.workspace import SETTINGS_FILE, Workspace
from tideover.rehearsal.living import SIMPLE, Messages, Policy, World, lived
from tideover.rehearsal.living.export import Deltas
from tideover.rehearsal.living.messages import OFFERS, TONES, silence, together
from tideover.rehearsal.replay import unit_costs
from tideover.rehearsal.twin import Plan, write_twin
from tideover.rehearsal.twin.export import owner_ids
from tideover.rehearsal.twin.people import Bools
from tideover.rehearsal.twin.reach import CHANNELS
from tideover.rehearsal.twin.texts import day_of
from tideover.rules.choice import held_out
from tideover.rules.left_to_people import is_left_to_people
from tideover.terms.faults import Refused, Usage
from tideover.terms.money import MINOR_DIGITS

SHIPPED = "strategy"
POLICIES = (*SIMPLE, SHIPPED)
_COPIED = (SETTINGS_FILE, "guard.toml", "strategy", "strategies")
_DECIDED = ("account_id", "decision_id", "arm", "treatment", "channel", "tone", "offer", "send_at",
            "blocked_by")  # fmt: skip
_FOR_WHOM = ("arm", "treatment", "channel", "blocked_by")
MOST_NIGHTS = 400


@dataclass(frozen=True)
class Asked:
    """What is rehearsed.

    Args:
        workspace: Whose settings, policy and strategy are tried; its lake is not touched.
        nights: How many days are lived after the twin's last.
        accounts, days, seed: Of the twin.
        policies: Some of `POLICIES`.
    """

    workspace: Path
    nights: int
    accounts: int = 20_000
    days: int = 400
    seed: int = 7
    policies: Sequence[str] = POLICIES

    @property
    def plan(self) -> Plan:
        """Return the twin it goes on from."""
        return Plan(self.accounts, self.days, self.seed)

    def check(self) -> None:
        """Refuse what cannot be rehearsed."""
        self.plan.check()
        if not 1 <= self.nights <= MOST_NIGHTS:
            raise Usage(
                f"{self.nights} nights", where="--nights", mend=f"Choose 1 to {MOST_NIGHTS}"
            )
        unknown = [name for name in self.policies if name not in POLICIES]
        if unknown:
            raise Usage(f"There is no policy {unknown[0]!r}", where="--policies",
                        mend=f"Known are {', '.join(POLICIES)}")  # fmt: skip


def closed_loop(asked: Asked, progress: Progress) -> dict[str, Any]:
    """Let one living twin go on under each policy, with the same luck, and count every night.

    Returns:
        accounts, held_out, nights, seed, currency, and by policy its `nights` as `Night` has them,
        with the arrears of the accounts that the strategy holds out.
    """
    asked.check()
    opened = Workspace.open(asked.workspace)
    cost = thousandths(opened)
    told: dict[str, list[dict[str, Any]]] = {}
    held = 0
    for name in asked.policies:
        world = World(asked.plan, asked.nights)
        apart = _held_out(opened, world)
        held = int(apart.sum())
        if name == SHIPPED:
            with_own = _workspace_for(opened, asked)
            try:
                policy: Policy = Strategy(with_own, world)
                told[name] = list(_nights(world, policy, apart, cost, progress))
            finally:
                shutil.rmtree(with_own.root, ignore_errors=True)
        else:
            told[name] = list(_nights(world, SIMPLE[name](), apart, cost, progress))
    return {"accounts": asked.accounts, "held_out": held, "days": asked.days, "seed": asked.seed,
            "nights": asked.nights, "currency": asked.plan.place.currency,
            "policies": told}  # fmt: skip


def _nights(
    world: World, policy: Policy, apart: Bools, cost: Mapping[str, int], progress: Progress
) -> Iterator[dict[str, Any]]:
    for number in range(world.nights):
        night = lived(world, policy.say(world), cost)
        if policy.name == SHIPPED or number + 1 == world.nights:
            progress(f"{policy.name}: night {number + 1} of {world.nights}, {night.day}, "
                     f"{night.behind:,} in arrears with {night.arrears_minor / 100:,.0f}, "
                     f"{night.contacts:,} messages, {night.complaints} complaints")  # fmt: skip
        yield asdict(night) | {"held_out_minor": int(world.arrears[apart].sum())}


def _held_out(opened: Workspace, world: World) -> Bools:
    """Say which accounts the strategy would hold out, under every policy."""
    choice = opened.settings.choice
    accounts = owner_ids("accounts", world.state.base.who.account).to_pylist()
    return np.array([held_out(account, share=choice.holdout_share, of=choice.holdout)
                     for account in accounts])  # fmt: skip


def thousandths(workspace: Workspace) -> dict[str, int]:
    """Return what a message costs by channel, in thousandths of a minor unit."""
    settings = workspace.settings
    scale = 1000 * 10 ** MINOR_DIGITS[settings.utility.currency]
    costs = unit_costs(settings.costs)
    return {channel: int(costs[channel] * scale) for channel in CHANNELS}


def _workspace_for(opened: Workspace, asked: Asked) -> Workspace:
    """Return a workspace of its own with the same settings, policy and strategies."""
    root = opened.scratch / f"rehearsal-{asked.seed}-{asked.accounts}"
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    for name in _COPIED:
        source = opened.root / name
        if source.is_dir():
            shutil.copytree(source, root / name)
        elif source.is_file():
            shutil.copy(source, root / name)
    return Workspace.open(root)


class Strategy:
    """The strategy of a workspace, as it really runs: exports taken in, nights that decide.

    Messages that a night decides leave at their moment on the next day; what customers do about
    them stands in the export of that day's evening, and nowhere else.
    """

    name = SHIPPED

    def __init__(self, workspace: Workspace, world: World) -> None:
        self._workspace = workspace
        base = workspace.root / "exports" / "base"
        write_twin(base, world.plan)
        self._deltas = Deltas(world, base)
        accounts = owner_ids("accounts", world.state.base.who.account).to_pylist()
        self._rows = {account: row for row, account in enumerate(accounts)}
        self._said = silence()
        self._take_in(base)

    def say(self, world: World) -> Messages:
        """Return what the night after the world's today decides to send."""
        day = day_of(world.today)
        if day > world.plan.last_day:
            folder = self._workspace.root / "exports" / day.isoformat()
            self._deltas.write(folder, self._said)
            self._take_in(folder)
            shutil.rmtree(folder)
        nights.night(self._workspace, day, _unheard)
        table = Results.of(self._workspace, day).table("decisions", list(_DECIDED))
        decided = table.to_pylist()
        leaving = [row for row in decided if row["arm"] == "treated" and row["send_at"]]
        listed = {
            self._rows[row["account_id"]]: row["decision_id"] for row in decided
            if is_left_to_people(*(row[name] for name in _FOR_WHOM))
        }  # fmt: skip
        called = staff.calls(world, listed, self._workspace.settings.capacity)
        self._said = together((self._messages(leaving), called))
        return self._said

    def _take_in(self, folder: Path) -> None:
        report = intake.ingest(self._workspace, folder, now=datetime.now(UTC), progress=_unheard)
        held = {name: n["quarantined"] for name, n in report.tables.items() if n["quarantined"]}
        if held:
            raise Refused(
                f"The twin's own export has rows in quarantine: {held}", where=folder.name
            )

    def _messages(self, leaving: Sequence[Mapping[str, Any]]) -> Messages:
        moments = [datetime.fromisoformat(row["send_at"]) for row in leaving]
        row, offer, tone, channel, minute = np.array((
            [self._rows[row["account_id"]] for row in leaving],
            [OFFERS.index(row["offer"]) for row in leaving],
            [TONES.index(row["tone"]) for row in leaving],
            [CHANNELS.index(row["channel"]) for row in leaving],
            [moment.hour * 60 + moment.minute for moment in moments],
        ), np.int64)  # fmt: skip
        names = [row["decision_id"] for row in leaving]
        return Messages(row, offer, tone, channel, minute, names)


def _unheard(words: str) -> None:
    """Let the steps of a night be silent: there are too many of them."""

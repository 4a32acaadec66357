"""The published strategies of a workspace: versions that never change, and one file of what holds.

WS/strategy/                               the working copy
WS/strategies/<name>/<number>/             a version, as it was published
WS/strategies/published.json               from which day which version holds; replaced at once
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from tideover.doors.strategies.folder import (
    named,
    put_back,
    read_strategy,
    read_texts,
    write_folder,
)
from tideover.portfolio.files import write_whole
from tideover.portfolio.workspace import ALWAYS, Workspace
from tideover.rules.strategy import Policy, Strategy, hash_of
from tideover.rules.strategy.head import Challenge
from tideover.rules.strategy.versions import (
    Holding,
    Publication,
    Signed,
    Version,
    before,
    holding,
    refusal,
)
from tideover.terms.faults import Refused, StepMissing, Usage

WORKING_COPY = "working copy"


@dataclass(frozen=True)
class InForce:
    """The strategies that decide on one day.

    Args:
        holding: What was published; none where the working copy decides.
        strategies: By the label that decisions carry.
        hash: Of everything that goes into them.
    """

    holding: Holding | None
    strategies: Mapping[str, Strategy]
    hash: str

    @property
    def policies(self) -> dict[str, Policy]:
        """Return the tables of each."""
        return {label: one.policy for label, one in self.strategies.items()}

    def label_for(self, account_id: str, *, seed: int) -> str:
        """Return the label of the strategy that decides on an account."""
        if self.holding is None:
            return next(iter(self.strategies))
        return self.holding.version_for(account_id, seed=seed).label


def of_folder(folder: Path) -> InForce:
    """Return a folder's strategy as what decides on everyone."""
    strategy = read_strategy(folder)
    label = f"{strategy.name} ({folder.resolve().name})"
    return InForce(None, {label: named(strategy, label)}, strategy.hash)


def in_force(workspace: Workspace, day: date) -> InForce:
    """Return the strategies that decide on a day: what was published, else the working copy.

    Raises:
        Refused: A strategy is not what it must be, or a version was changed after publication.
        StepMissing: Nothing was published, and there is no working copy.
    """
    held = holding(publications(workspace), day)
    if held is None:
        if workspace.settings.strategy.second_person == ALWAYS:
            raise StepMissing("No strategy was published, and the working copy is one person's",
                              where=str(workspace.strategy),
                              mend="Have it approved in the console, and publish it")  # fmt: skip
        put_back(workspace.strategy)
        if not workspace.strategy.is_dir():
            raise StepMissing("The workspace has no strategy", where=str(workspace.strategy),
                              mend="Write the default one: tideover init WORKSPACE")  # fmt: skip
        working = read_strategy(workspace.strategy)
        label = f"{working.name} ({WORKING_COPY})"
        return InForce(None, {label: named(working, label)}, working.hash)
    strategies = {version.label: _published(workspace, version) for version in held.versions}
    shares = {version.label: asdict(version.challenge) if version.challenge else None
              for version in held.versions}  # fmt: skip
    hashes = {label: one.hash for label, one in strategies.items()}
    return InForce(held, strategies, hash_of(hashes | {"shares": json.dumps(shares)}))


def _published(workspace: Workspace, version: Version) -> Strategy:
    folder = _folder(workspace, version)
    if hash_of(read_texts(folder)) != version.hash:
        raise Refused(f"Version {version.label} was changed after it was published",
                      where=str(folder), mend="Put its files back, or publish anew")  # fmt: skip
    return named(read_strategy(folder), version.label)


def _folder(workspace: Workspace, version: Version) -> Path:
    return workspace.strategies / version.name / str(version.number)


def publications(workspace: Workspace) -> list[Publication]:
    """Return what was published, in order.

    Raises:
        Refused: The list cannot be read.
    """
    path = workspace.strategies / "published.json"
    if not path.is_file():
        return []
    try:
        return [_publication(said) for said in json.loads(path.read_text(encoding="utf-8"))]
    except (KeyError, TypeError, ValueError, RecursionError):
        raise Refused("The list of what was published cannot be read", where=str(path),
                      mend="Put back a copy of it") from None  # fmt: skip


def _publication(said: Mapping[str, Any]) -> Publication:
    stated = dict(said["version"])
    stated["published_on"] = date.fromisoformat(stated["published_on"])
    challenge = stated["challenge"]
    stated["challenge"] = Challenge(**challenge) if challenge else None
    return Publication(Version(**stated), date.fromisoformat(said["from_day"]), said["returned"])


def publish(
    workspace: Workspace, strategy: Strategy, *, from_day: date, signed: Signed, today: date
) -> Publication:
    """Keep a strategy as a version, and let it hold from a day.

    A strategy that was published before, to the letter, keeps its version.

    Raises:
        Refused: It challenges what does not hold from that day.
        Usage: There is a night of that day, or a later one, already.
    """
    _check_no_night_yet(workspace, from_day)
    with _alone(workspace):
        told = publications(workspace)
        version = _version(told, strategy, signed, today)
        if why := refusal(told, version, from_day):
            raise Refused(why, where="strategy.toml, [challenge]",
                          mend="Publish the champion first, or choose another share")  # fmt: skip
        write_folder(_folder(workspace, version), strategy.texts)
        return _let_hold(workspace, told, Publication(version, from_day))


def _version(told: Sequence[Publication], strategy: Strategy, by: Signed, today: date) -> Version:
    versions = [one.version for one in told if one.version.name == strategy.name]
    same = [version for version in versions if version.hash == strategy.hash]
    number = 1 + max((version.number for version in versions), default=0)
    anew = Version(strategy.name, number, strategy.hash, by.author, today, strategy.challenge,
                   by.approved_by)  # fmt: skip
    if not same:
        return anew
    return replace(same[0], approved_by=by.approved_by or same[0].approved_by)


def roll_back(workspace: Workspace, *, from_day: date) -> Publication:
    """Let the version before hold again from a day; challengers end.

    Raises:
        Usage: There is nothing to return to, or a night of that day already.
    """
    _check_no_night_yet(workspace, from_day)
    with _alone(workspace):
        told = publications(workspace)
        version = before(told, from_day)
        if version is None:
            raise Usage("There is no version to return to", where=str(workspace.strategies),
                        mend="Publish another strategy instead")  # fmt: skip
        _published(workspace, version)
        return _let_hold(workspace, told, Publication(version, from_day, returned=True))


@contextmanager
def _alone(workspace: Workspace) -> Iterator[None]:
    """Keep other publications out, so that none is lost."""
    workspace.strategies.mkdir(parents=True, exist_ok=True)
    with (workspace.strategies / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StepMissing("Something else is being published", where=str(workspace.strategies),
                              mend="Wait until it is done")  from None  # fmt: skip
        yield


def _check_no_night_yet(workspace: Workspace, from_day: date) -> None:
    """Refuse to change what a night that is done rests on."""
    done = sorted(path.stem for path in (workspace.root / "nights").glob("*.json"))
    if done and done[-1] >= from_day.isoformat():
        raise Usage(f"The night of {done[-1]} is decided already", where="--from",
                    mend="Let it hold from a later day")  # fmt: skip


def _let_hold(workspace: Workspace, told: Sequence[Publication], one: Publication) -> Publication:
    if told and told[-1] == one:
        return one
    said = [{"version": asdict(p.version), "from_day": p.from_day, "returned": p.returned}
            for p in (*told, one)]  # fmt: skip
    text = json.dumps(said, indent=1, default=date.isoformat) + "\n"
    write_whole(workspace.strategies / "published.json", text)
    return one

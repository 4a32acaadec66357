"""Ways that are permitted -> how likely each is to be drawn, for many accounts at a time; drawn.

Accounts with the same ways are weighed together. Who weighs them is handed in: steps of the
portfolio meet in tables, and what was learnt is another step's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tideover.portfolio.decisions.arms import Night, Open, Verdict, settled
from tideover.rules.choice import (
    LEFT_ALONE,
    THOMPSON,
    UNIFORM,
    Drawn,
    Option,
    chance,
    floors_of,
    week_of,
)

Floats = npt.NDArray[np.float64]
Ways = tuple[Option, ...]
SCHEMA = pa.schema([
    ("account_no", pa.int64()), ("account_id", pa.string()), ("method", pa.string()),
    ("channel", pa.string()), ("propensity", pa.float64()), ("ways", pa.int32()),
    ("left_share", pa.float64()), ("gain", pa.float64()),
    ("best_gain", pa.float64()), ("elsewhere_gain", pa.float64()),
    ("letter_share", pa.float64()), ("letter_gain", pa.float64()),
    ("voice_share", pa.float64()), ("voice_gain", pa.float64()),
    ("spare_treatment", pa.string()), ("spare_channel", pa.string()), ("spare_tone", pa.string()),
    ("spare_offer", pa.string()), ("spare_send_at", pa.string()), ("spare_share", pa.float64()),
])  # fmt: skip


class Weighed(NamedTuple):
    """What is believed of the ways of some accounts.

    Args:
        best: Of the draws of what ways are worth, the share in which each was the best; accounts
            by ways, and leaving alone last where it is one of them.
        gain: What each is expected to bring over leaving alone; in the same form.
        elsewhere: What the best of all ways would bring, were any permitted; by account.
        learnt: Whether there was evidence.
    """

    best: Floats
    gain: Floats
    elsewhere: Floats
    learnt: bool = True


class Weighing(Protocol):
    """Who weighs the ways of accounts, of cases that were seen already."""

    def weighed(
        self, which: Sequence[int], ways: Ways, *, leaves: bool
    ) -> tuple[Floats, Floats, Floats]:
        """Return what is believed of the ways of some of the cases, as `Weighed` has it."""
        ...


class Lessons(Protocol):
    """What was learnt, before it sees the cases."""

    def of(self, cases: pa.Table) -> Weighing:
        """Return the one who weighs the ways of these cases."""
        ...


@dataclass(frozen=True)
class Drawing:
    """How the draws of a night are made, and what they were made from.

    Args:
        lessons: None where there is no evidence, and each way is as likely.
        leaves_in: Zones in which leaving alone is one of the ways.
        floor: The least probability of each way.
        scarce: Channels of which a day has only so much.
        found: A table of `SCHEMA` for each time it drew.
    """

    lessons: Lessons | None = None
    leaves_in: frozenset[str] = frozenset()
    floor: float = 0.03
    scarce: frozenset[str] = frozenset()
    found: list[pa.Table] = field(default_factory=list)

    @property
    def table(self) -> pa.Table:
        """What was drawn from, of every account for which something was drawn."""
        return pa.concat_tables([SCHEMA.empty_table(), *self.found]).sort_by("account_no")

    def verdicts(
        self, standings: Sequence[Verdict | Open], cases: pa.Table, night: Night
    ) -> list[Verdict]:
        """Return the verdict on every account, drawn where it is still open.

        Table in: cases, one row a standing, in their order
        """
        verdicts = list(standings)
        which = [i for i, one in enumerate(standings) if isinstance(one, Open)]
        seen = cases.take(pa.array(which, pa.int64()))
        weighing = self.lessons.of(seen) if self.lessons else None
        at_stake, numbers = _at_stake(seen), seen["account_no"].to_numpy()
        for (ways, leaves, behind), group in self._groups(standings, which, seen).items():
            weighed = (Weighed(*weighing.weighed(group, ways, leaves=leaves))
                       if weighing and behind else _evenly(at_stake[group], len(ways)))  # fmt: skip
            accounts = [one for one in (standings[which[place]] for place in group)
                        if isinstance(one, Open)]  # fmt: skip
            drawn = _Group(self, (*ways, LEFT_ALONE) if leaves else ways, weighed, accounts, night)
            for place, verdict in zip(group, drawn.verdicts(), strict=True):
                verdicts[which[place]] = verdict
            self.found.append(drawn.table(numbers[group]))
        return [one for one in verdicts if isinstance(one, Verdict)]

    def _groups(
        self, standings: Sequence[Verdict | Open], which: Sequence[int], seen: pa.Table
    ) -> dict[tuple[Ways, bool, bool], list[int]]:
        """Return the places of open accounts by the ways that they have in common.

        What helps is learnt of accounts in arrears; before a due date each way is as likely.
        """
        groups: defaultdict[tuple[Ways, bool, bool], list[int]] = defaultdict(list)
        known = zip(which, seen["zone"].to_pylist(), seen["arrears_minor"].to_pylist(), strict=True)
        for place, (i, zone, arrears) in enumerate(known):
            found = standings[i]
            assert isinstance(found, Open), "only open accounts are grouped"
            behind = arrears > 0
            leaves = (self.lessons is not None and behind and zone in self.leaves_in
                      and not found.proposal.is_notice)  # fmt: skip
            groups[found.ways.options, leaves, behind].append(place)
        return groups

    def shares(self, weighed: Weighed, ways: Ways) -> Floats:
        """Return how likely each way is to be drawn, by account."""
        if not weighed.learnt:
            return weighed.best
        leaves = ways[-1] == LEFT_ALONE
        floors = np.array(floors_of(len(ways) - leaves, self.floor, leaves=leaves))
        shares: Floats = np.minimum(1.0, floors + (1.0 - floors.sum()) * weighed.best)
        return shares


class _Group:
    """Accounts with the same ways, what is believed of these, and what was drawn."""

    def __init__(
        self, drawing: Drawing, ways: Ways, weighed: Weighed, accounts: list[Open], night: Night
    ) -> None:
        self._ways, self._weighed, self._accounts, self._night = ways, weighed, accounts, night
        self._learnt = weighed.learnt
        self._shares = drawing.shares(weighed, ways)
        self._numbers = np.array([self._chance(one) for one in accounts])
        self._places = places(self._shares, self._numbers[:, 0])
        channels = np.array([way.channel for way in ways])
        self._scarce = {c: channels == c for c in sorted(drawing.scarce) if c in channels}
        self._plain = ~np.isin(channels, sorted(drawing.scarce))

    def _chance(self, found: Open, *, again: bool = False) -> tuple[float, float]:
        own, day = found.case.account_id, self._night.as_of
        day = week_of(own, day) if self._learnt else day
        # a second draw in the same night has numbers of its own
        number, spread = chance(seed=self._night.choice.seed, as_of=day,
                                account_id=f"{own}|again" if again else own)  # fmt: skip
        return number, spread

    def verdicts(self) -> Iterator[Verdict]:
        """Yield the verdict on each account."""
        drawn = self._shares[np.arange(len(self._places)), self._places].tolist()
        spreads = self._numbers[:, 1].tolist()
        for at, found in enumerate(self._accounts):
            way = self._ways[self._places[at]]
            yield settled(found, Drawn(way, drawn[at], spreads[at]), self._night)

    def table(self, account_no: Any) -> pa.Table:
        """Return what was drawn from, as rows of `SCHEMA`."""
        n, rows = len(self._accounts), np.arange(len(self._accounts))
        left = self._shares[:, -1] if self._ways[-1] == LEFT_ALONE else np.zeros(n)
        columns: dict[str, Any] = {
            "account_no": account_no, "account_id": [o.case.account_id for o in self._accounts],
            "method": [THOMPSON if self._learnt else UNIFORM] * n, "ways": [len(self._ways)] * n,
            "left_share": left, "propensity": self._shares[rows, self._places],
            "channel": [None if self._ways[place] == LEFT_ALONE else self._ways[place].channel
                        for place in self._places],
        }  # fmt: skip
        if self._learnt:
            columns |= {"gain": self._weighed.gain[rows, self._places],
                        "best_gain": self._weighed.gain.max(axis=1),
                        "elsewhere_gain": self._weighed.elsewhere}  # fmt: skip
        for channel, theirs in self._scarce.items():
            columns |= self._units(channel, theirs)
        if self._scarce:
            columns |= self._spares()
        return pa.table([
            pa.array(columns[f.name], f.type) if f.name in columns else pa.nulls(n, f.type)
            for f in SCHEMA
        ], schema=SCHEMA)  # fmt: skip

    def _units(self, channel: str, theirs: Any) -> dict[str, Any]:
        """Return how likely a scarce channel was, and what a unit of it brings over other ways.

        Without evidence that is what is at stake: it ranks, and says no more.
        """
        gain, shares = self._weighed.gain, self._shares
        brings = gain[:, 0] if not self._learnt else (
            _mean(gain, shares, theirs) - _mean(gain, shares, self._plain))  # fmt: skip
        must = np.array([found.proposal.is_notice for found in self._accounts])
        return {f"{channel}_share": shares[:, theirs].sum(axis=1),
                f"{channel}_gain": np.where(must, np.inf, brings)}  # fmt: skip

    def _spares(self) -> dict[str, Any]:
        """Return what is done where there is no room for what was drawn; null where nothing is."""
        plain = np.where(self._plain, self._shares, 0.0)
        whole = plain.sum(axis=1)
        fields = ("treatment", "channel", "tone", "offer", "send_at")
        found: dict[str, list[Any]] = {f"spare_{name}": [] for name in (*fields, "share")}
        for at, account in enumerate(self._accounts):
            spare, share = None, None
            if whole[at] and self._ways[self._places[at]].channel in self._scarce:
                of_all = plain[at] / whole[at]
                number, spread = self._chance(account, again=True)
                (place,) = places(of_all[None, :], np.array([number]))
                share = float(of_all[place])
                spare = settled(account, Drawn(self._ways[place], share, spread), self._night)
            for name in fields:
                found[f"spare_{name}"].append(getattr(spare, name) if spare else None)
            found["spare_share"].append(share)
        return found


def places(shares: Floats, numbers: Floats) -> npt.NDArray[np.int64]:
    """Return which way each account's number falls on; `rules.choice.draw` for many."""
    passed: Any = (shares.cumsum(axis=1) <= numbers[:, None]).sum(axis=1)
    likely = shares.shape[1] - 1 - (shares[:, ::-1] > 0).argmax(axis=1)
    found: npt.NDArray[np.int64] = np.minimum(passed, likely)
    return found


def _mean(gain: Floats, shares: Floats, which: Any) -> Floats:
    whole = shares[:, which].sum(axis=1)
    sums = (gain[:, which] * shares[:, which]).sum(axis=1)
    mean: Floats = np.divide(sums, whole, out=np.zeros_like(whole), where=whole > 0)
    return mean


def _evenly(at_stake: Floats, messages: int) -> Weighed:
    """Return what is believed without evidence: all ways alike; a message to more at stake first.

    What is at stake is so far from what a message brings that it serves to rank, and no more.
    """
    alike = np.full((len(at_stake), messages), 1 / messages)
    unknown = np.full(len(at_stake), np.nan)
    return Weighed(alike, np.repeat(at_stake[:, None], messages, axis=1), unknown, learnt=False)


def _at_stake(cases: pa.Table) -> Floats:
    """Return the arrears that are not expected to come in by themselves, minor units."""
    likely = cases["p_paid_in_full_30d"].fill_null(0.5).to_numpy().astype(float)
    stake: Floats = cases["arrears_minor"].to_numpy() * (1.0 - likely)
    return stake

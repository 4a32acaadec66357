"""By what and when a proposal can reach a customer, and what stands in the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tideover.portfolio.decisions.permission import (
    Asked,
    Leave,
    Permissions,
    Situation,
    When,
    has_own_hours,
    minutes_of,
)
from tideover.rules.choice import Option, options
from tideover.rules.contact import CHANNELS, Hours, may_use, open_parts
from tideover.rules.strategy import Proposal
from tideover.rules.strategy.proposal import Notice


class Block(NamedTuple):
    """Something that stands in the way of a proposal, as a code and in words."""

    code: str
    words: str


class Ways(NamedTuple):
    """By what and when a proposal can reach the customer, or what stands in the way.

    Args:
        words: What made the ways fewer without blocking them.
    """

    options: tuple[Option, ...]
    blocks: tuple[Block, ...]
    words: tuple[str, ...]


@lru_cache(maxsize=65_536)
def ways_to(
    proposal: Proposal,
    consents: tuple[str | None, ...],
    preferred: str | None,
    *,
    hours: Hours,
    needed: tuple[str, ...],
) -> Ways:
    """Return how a proposal can reach the customer, whatever reached them lately.

    Where the customer asked for one of the channels, it is that one.

    Args:
        consents: The customer's word on each of `CHANNELS`.
        needed: Channels that need consent.
    """
    said = dict(zip(CHANNELS, consents, strict=True))
    channels = tuple(c for c in proposal.channels if may_use(c, said[c], needed))
    blocks = () if channels else tuple(_refusals({c: said[c] for c in proposal.channels}))
    words: tuple[str, ...] = ()
    if preferred is not None and preferred in channels:
        channels, words = (preferred,), (f"asked to be reached by {preferred}",)
    parts = open_parts(proposal.parts, hours)
    if not parts:
        blocks += (Block("contact_hours", "no part of the day it may be sent in"),)
    return Ways(options(proposal, channels, parts), blocks, words)


def _refusals(said: Mapping[str, str | None]) -> Iterator[Block]:
    withdrawn = [channel for channel, word in said.items() if word == "withdrawn"]
    unknown = [channel for channel, word in said.items() if word == "unknown"]
    if withdrawn:
        yield Block("consent_withdrawn", f"consent withdrawn for {', '.join(withdrawn)}")
    if unknown:
        yield Block("consent_unknown", f"no consent yet for {', '.join(unknown)}")
    if not (withdrawn or unknown):
        yield Block("unreachable", "unreachable: no contact point on a channel that is permitted")


@dataclass(frozen=True)
class Asking:
    """Asks the guard about one account."""

    permissions: Permissions
    situation: Situation
    purpose: str
    when: When
    notice: Notice | None = None

    def permitted(self, ways: Ways) -> tuple[Ways, str | None]:
        """Return the ways that the guard leaves, and where there are none, until when.

        Where a way is denied for good and another is only put off, the account is put off.
        """
        if self.situation.doubt:
            words = f"a fact of the account does not fit its kind: {self.situation.doubt}"
            return Ways((), (Block("fact_in_doubt", words.replace(";", ", ")),), ways.words), None
        channels = dict.fromkeys(option.channel for option in ways.options)
        leaves = {channel: self._leaves(channel) for channel in channels}
        opened = frozenset((channel, part) for channel, by_part in leaves.items()
                           for part, leave in by_part.items() if leave.opens)  # fmt: skip
        left = tuple(o for o in ways.options if (o.channel, o.part) in opened)
        if left:
            return ways if len(left) == len(ways.options) else ways._replace(options=left), None
        said = [leave for by_part in leaves.values() for leave in by_part.values()]
        rules = sorted({rule for leave in said for rule in leave.rules})
        blocks = tuple(Block(rule, self.permissions.words(rule)) for rule in rules)
        until = min((leave.until for leave in said if leave.until), default=None)
        return Ways((), blocks, ways.words), self._local(until)

    def minute(self, way: Option, drawn: datetime) -> datetime:
        """Return the minute that was drawn, or the first permitted one in its part of the day."""
        leave = self._leaves(way.channel)[way.part]
        assert leave.opens is not None, "only permitted ways are drawn"
        whole = leave.opens == minutes_of(way.part, self.when, self.situation.timezone)[0]
        if whole and not has_own_hours(self.situation):
            return drawn
        asked = self._asked(way.channel)
        if drawn >= leave.opens and self.permissions.permits(self.situation, asked, drawn):
            return drawn
        return leave.opens.astimezone(ZoneInfo(self.situation.timezone))

    def _leaves(self, channel: str) -> Mapping[str, Leave]:
        return self.permissions.leaves(self.situation, self._asked(channel))

    def _asked(self, channel: str) -> Asked:
        return Asked(channel, self.purpose, self.when, self.notice)

    def _local(self, until: datetime | None) -> str | None:
        zone = ZoneInfo(self.situation.timezone)
        return until.astimezone(zone).isoformat() if until else None

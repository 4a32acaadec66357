"""Which version of which strategy decides on an account: champion, challengers, shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import NamedTuple

from tideover.rules.strategy.head import LARGEST_SHARE, Challenge

_WHOLE = 2**64


@dataclass(frozen=True)
class Version:
    """A strategy as it was published; it never changes.

    Args:
        number: Counted from 1, by name.
        hash: Of its files.
        author: Who published it.
        approved_by: The second person who agreed; none where nobody was asked.
    """

    name: str
    number: int
    hash: str
    author: str
    published_on: date
    challenge: Challenge | None = None
    approved_by: str | None = None

    @property
    def label(self) -> str:
        """Return the version as decisions name it.

        Examples:
            >>> Version("default", 3, "", "Ann", date(2026, 3, 1)).label
            'default 3'
        """
        return f"{self.name} {self.number}"


class Signed(NamedTuple):
    """Who answers for a version, and who agreed to it, where somebody was asked."""

    author: str
    approved_by: str | None = None


class Publication(NamedTuple):
    """From which day a version holds.

    Args:
        returned: Whether it was held before, and was returned to.
    """

    version: Version
    from_day: date
    returned: bool = False


class Holding(NamedTuple):
    """What holds on a day: the champion, and those that are compared with it."""

    champion: Version
    challengers: tuple[Version, ...] = ()

    @property
    def versions(self) -> tuple[Version, ...]:
        """Return all of them, the champion first."""
        return (self.champion, *self.challengers)

    def version_for(self, account_id: str, *, seed: int) -> Version:
        """Return the version that decides on an account, on every night of the same seed.

        The draw has nothing to do with that of the hold-out or of the treatment. A challenger whose
        share grows keeps the accounts it had, as long as those before it do.
        """
        text = f"strategy|{seed}|{self.champion.name}|{account_id}"
        at = int.from_bytes(sha256(text.encode()).digest()[:8]) / _WHOLE
        end = 0.0
        for challenger in self.challengers:
            end += challenger.challenge.share if challenger.challenge else 0.0
            if at < end:
                return challenger
        return self.champion


def holding(published: Sequence[Publication], day: date) -> Holding | None:
    """Return what holds on a day; none where nothing was published from it or before.

    Of several from one day the last one published counts. A new champion ends the challenges
    against the one before it, since nothing could be told from them any longer.

    Args:
        published: In the order they were published.
    """
    found: Holding | None = None
    for one in sorted((p for p in published if p.from_day <= day), key=lambda p: p.from_day):
        challenge = one.version.challenge
        if challenge is None:
            found = Holding(one.version)
        elif found is not None and challenge.of == found.champion.name:
            others = tuple(c for c in found.challengers if c.name != one.version.name)
            found = Holding(found.champion, (*others, one.version))
    return found


def refusal(published: Sequence[Publication], version: Version, from_day: date) -> str:
    """Return why a version cannot be published from a day; nothing when it can."""
    challenge = version.challenge
    if challenge is None:
        return ""
    held = holding(published, from_day)
    if held is None or held.champion.name != challenge.of:
        there = f"{held.champion.name} holds" if held else "nothing holds"
        return f"It challenges {challenge.of}, and {there} from that day"
    others = [c.challenge.share for c in held.challengers if c.challenge and c.name != version.name]
    if sum(others) + challenge.share > LARGEST_SHARE:
        return f"The challengers would have more than {LARGEST_SHARE:.0%} of the accounts together"
    return ""


def before(published: Sequence[Publication], day: date) -> Version | None:
    """Return what to return to from a day on: without challengers, or the champion before.

    Returns:
        None when there is nothing else to return to.
    """
    held = holding(published, day)
    if held is None:
        return None
    if held.challengers:
        return held.champion
    known = sorted((p for p in published if p.from_day <= day), key=lambda p: p.from_day)
    champions = [p.version for p in known if p.version.challenge is None and not p.returned]
    labels = [version.label for version in champions]
    if held.champion.label not in labels:
        return None
    at = max(i for i, label in enumerate(labels) if label == held.champion.label)
    earlier = [version for version in champions[:at] if version.label != held.champion.label]
    return earlier[-1] if earlier else None

"""A worker of one channel: who it is, what it hands messages to, and whom it asks first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from tideover.casework.outreach.channels.contract import Channel, FromSeveral
from tideover.casework.outreach.outbox.clock import Clock, DatabaseClock
from tideover.casework.outreach.outbox.policy import SendPolicy
from tideover.casework.outreach.outbox.since import UpToDate
from tideover.casework.outreach.outbox.waiting import Waiting

LONGEST_LINE = 80


@dataclass(frozen=True)
class Written:
    """The words of a message, rendered from what is true now.

    Args:
        carries: The content items that the guard's rules ask for.
        version: Of the text.
        variant, drawn_of: Which variant of it, and those it was drawn from by lot, joined by ";";
            empty where there was nothing to draw.
        enclosed: Makes what goes with it, such as a printed letter; that takes time, so it is asked
            for when no transaction is open.
        buttons: Answers to tap, on a channel that has buttons.
        blocked: Why these words may not leave, such as that nobody reviewed them; empty when they
            may.
    """

    text: str
    subject: str = ""
    html: str = ""
    carries: tuple[str, ...] = ()
    version: str = ""
    variant: str = ""
    drawn_of: str = ""
    check_code: str = ""
    blocked: str = ""
    template: tuple[str, tuple[str, ...]] | None = None
    buttons: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    enclosed: Callable[[], Mapping[str, bytes]] = dict


@dataclass(frozen=True)
class Ruling:
    """What the guard says of one message now.

    Args:
        allowed: It may leave.
        until: The instant from which it may, where waiting helps.
        blocking: The rules that stand in the way.
        evidence: Facts, rulebook versions and verdict, to replay it.
    """

    allowed: bool
    until: datetime | None = None
    blocking: tuple[str, ...] = ()
    evidence: Mapping[str, Any] = field(default_factory=dict)


class Lawful(Protocol):
    """Asks the guard."""

    def rule(
        self, situation: Mapping[str, Any], message: Waiting, carries: tuple[str, ...],
        at: datetime,
    ) -> Ruling:  # fmt: skip
        """Return what the guard says of a message, given all that is known of the account."""


class Author(Protocol):
    """Writes the words."""

    def write(self, message: Waiting, true_now: UpToDate, at: datetime) -> Written:
        """Return the words of a message as they are true now."""


def nowhere(keys: Sequence[str]) -> None:
    """Keep no log."""


@dataclass
class Place:
    """How far a worker came in the order in which messages are due.

    Args:
        ended: When the last message of its last claim was due, and its id; none at the end.
        from_head_s: When it last looked from the head on, by the worker's monotonic clock.
    """

    ended: tuple[datetime, int] | None = None
    from_head_s: float = 0.0


@dataclass(frozen=True)
class Sender:
    """One worker on one channel.

    Args:
        worker: Its name, for those who look.
        handing_over: Is told, outside the database, which keys are about to be handed over.
    """

    worker: str
    channel: Channel
    lawful: Lawful
    author: Author
    clock: Clock = field(default_factory=DatabaseClock)
    handing_over: Callable[[Sequence[str]], None] = nowhere
    policy: SendPolicy = field(default_factory=SendPolicy)
    place: Place = field(default_factory=Place, compare=False)

    @property
    def line(self) -> str:
        """Whose circuit it is: the provider's, on this channel."""
        return f"{self.channel.channel}:{self.channel.name}"

    @property
    def has_several_lines(self) -> bool:
        """Whether it depends on the address whose rate it is."""
        return isinstance(self.channel, FromSeveral) and len(self.channel.senders) > 1

    def line_to(self, address: str | None) -> str:
        """Whose rate it is: the provider's, of the one of its senders that writes to an address."""
        if not address or not self.has_several_lines:
            return self.line
        assert isinstance(self.channel, FromSeveral)
        return f"{self.line}:{self.channel.sender_of(address)}"[:LONGEST_LINE]

"""What every channel is: how it sends, what it promises, how its answers are read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol, runtime_checkable

Dedupe = Literal["key", "lookup", "none"]
KEY, LOOKUP, NONE = "key", "lookup", "none"
FOREVER = timedelta(days=36_500)


@dataclass(frozen=True)
class Terms:
    """What a provider's interface offers, from its own documentation.

    Args:
        dedupe: `key`: a request repeated with its key is done once; `lookup`: it can be asked by
            our reference whether it has one; `none`: neither.
        key_ttl: How long a key is remembered.
        rate_per_s: Messages a second that the provider takes from one sender.
        max_batch: Messages in one call.
        timeout_s: After so long without an answer the call is given up.
        source: Where it says so.
    """

    dedupe: Dedupe
    rate_per_s: float
    key_ttl: timedelta = timedelta(0)
    max_batch: int = 1
    timeout_s: float = 20.0
    source: str = ""

    @property
    def promise(self) -> str:
        """What follows for the customer, in words for staff."""
        if self.dedupe == KEY and self.key_ttl >= FOREVER:
            return "Sent once: a repeated request is known for ever."
        if self.dedupe == KEY:
            return (f"Sent once: the provider knows a repeated request for {_span(self.key_ttl)}; "
                    "past that it is not repeated.")  # fmt: skip
        if self.dedupe == LOOKUP:
            return "Sent once: before it would be repeated the provider is asked whether it has it."
        return ("Sent at most once: where an answer is lost the message counts as perhaps sent, "
                "and is not repeated.")  # fmt: skip


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    return f"{minutes // 60} hours" if minutes >= 120 else f"{minutes} minutes"


@dataclass(frozen=True)
class Outgoing:
    """A message as it is handed to a provider.

    Args:
        key: Ours for ever; the provider's idempotency key is made from it.
        to: The address: an e-mail address, a number in E.164 form, or lines of a postal address.
        text, html, subject: As they were rendered.
        language: en, nl, es or fr.
        headers: Further ones for e-mail.
        template: For WhatsApp: the approved template's name, and what goes in its places.
        attached: Files by name, such as a letter's PDF.
        buttons: For WhatsApp inside its window: at most three answers to tap.
    """

    key: str
    to: str
    text: str
    subject: str = ""
    html: str = ""
    language: str = "en"
    reply_token: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    template: tuple[str, tuple[str, ...]] | None = None
    attached: Mapping[str, bytes] = field(default_factory=dict)
    buttons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sent:
    """The provider has it."""

    key: str
    provider_id: str = ""


@dataclass(frozen=True)
class Refused:
    """The provider does not take it, and said so.

    Args:
        permanent: It will never take it; else it may later.
        retry_after: How long it asks to be left alone.
    """

    key: str
    why: str
    permanent: bool
    retry_after: timedelta | None = None


@dataclass(frozen=True)
class Lost:
    """Nobody knows whether the provider has it: no answer, or one that says nothing."""

    key: str
    why: str


Outcome = Sent | Refused | Lost


@dataclass(frozen=True)
class Heard:
    """One event that a provider told of by webhook, whatever the provider.

    Args:
        kind: `receipt` or `inbound`.
        event_id: The provider's own, or one made of what it said; the same event has the same.
        provider_id: Of the message it is about.
        outcome: Of a receipt: sent, delivered, opened, clicked, bounced, failed, complained,
            unsubscribed.
        permanent: Of a bounce: the address leads nowhere.
        address: Of an inbound message: who wrote. Of a receipt: whom it was for, where told.
        text: Of an inbound message: what they wrote.
        key: Our own reference, where the provider gives it back.
        reply_token: The token of the address that was written to.
        answers: Of an inbound message: the provider's id of the one it answers.
        raw: What the provider said of this event, as it said it.
    """

    kind: Literal["receipt", "inbound"]
    event_id: str
    provider_id: str
    at: datetime
    outcome: str = ""
    permanent: bool = False
    address: str = ""
    text: str = ""
    key: str = ""
    reply_token: str = ""
    answers: str = ""
    raw: str = ""


class Channel(Protocol):
    """An adapter: one provider of one channel.

    Outcomes are returned, one for each message and in any order; an exception means that nobody
    knows what became of the whole call.
    """

    name: str
    channel: str
    terms: Terms

    def send(self, messages: Sequence[Outgoing]) -> Sequence[Outcome]:
        """Hand over at most `terms.max_batch` messages in one call."""

    def find(self, key: str) -> Outcome | None:
        """Say what the provider knows of a message by our reference; none where it cannot.

        `Refused` means that it surely does not have it.
        """

    def verified(self, body: bytes, headers: Mapping[str, str], url: str) -> bool:
        """Say whether a webhook is the provider's, by its own library; on the raw body."""

    def heard(self, body: bytes, headers: Mapping[str, str], url: str = "") -> Sequence[Heard]:
        """Return the events of a webhook; its address may carry our reference.

        Raises:
            ValueError: The body is not one of the provider's.
        """


@runtime_checkable
class FromSeveral(Protocol):
    """An adapter that may write from several senders, each with a rate of its own."""

    senders: Collection[str]

    def sender_of(self, to: str) -> str:
        """Return which of them a message to an address is from; nothing where none may."""

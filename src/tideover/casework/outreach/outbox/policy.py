"""How long, how often and how fast the sender tries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256


@dataclass(frozen=True)
class SendPolicy:
    """The sender's own limits.

    Args:
        lease: How long a claim holds without word from its worker.
        key_margin: A key is used again only while it is younger than its life less this, so that
            clocks that jump do no harm; at most four fifths of its life.
        most_attempts: After so many refusals a message has failed: some ten hours with these rests.
        first_rest, longest_rest: Between attempts; each rest doubles.
        failures_to_open: So many failures of a provider in a row open its circuit.
        circuit_rest: How long an open circuit rests.
        claim_at_once: Messages claimed together.
        longest_onward_s: So long a worker claims on from where its last claim ended, before it
            looks from the head of what is due again.
    """

    lease: timedelta = timedelta(seconds=120)
    key_margin: timedelta = timedelta(minutes=12)
    most_attempts: int = 12
    first_rest: timedelta = timedelta(minutes=1)
    longest_rest: timedelta = timedelta(hours=2)
    failures_to_open: int = 5
    circuit_rest: timedelta = timedelta(minutes=5)
    claim_at_once: int = 200
    longest_onward_s: float = 10.0

    def rest(self, attempts: int, key: str) -> timedelta:
        """Return how long to wait after so many attempts; messages are spread by their keys.

        Examples:
            >>> SendPolicy().rest(1, "a") < SendPolicy().rest(3, "a")
            True
        """
        doubled: timedelta = min(
            self.first_rest * (1 << min(max(attempts - 1, 0), 20)), self.longest_rest
        )
        share = int.from_bytes(sha256(f"{key}|{attempts}".encode()).digest()[:4]) / 2**32
        return doubled * (0.75 + share / 2)

    def key_life(self, key_ttl: timedelta) -> timedelta:
        """Return how old a key may be to be used again."""
        margin: timedelta = min(self.key_margin, key_ttl * 4 / 5)
        return key_ttl - margin

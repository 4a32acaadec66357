"""How much a client may ask, and how long things are kept or tried."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings


@dataclass(frozen=True)
class Bounds:
    """The limits of the interface; `API_BOUNDS` of Django's settings may give others.

    Args:
        requests_a_minute: Of one token.
        answers_kept: How long an answer can be had again by its idempotency key.
        claim_holds: After so long without an answer a request with the same key may be tried anew.
        upload_bytes, unpacked_bytes, packed_files: Of one delta.
        payments_count_days: Payments received longer ago are left to the night.
        hook_timeout_s: For a receiver to answer.
        hook_turn_s: A chore goes on with deliveries for so long before the worker has its turn.
        hook_lease: How long a delivery under way is nobody else's.
        first_rest, longest_rest: Between tries of a delivery; each rest doubles.
        disabled_after: A receiver that only failed for so long is not called any more.
        deliveries_kept: How long what was delivered is listed.
        loopback: Webhooks may go to this very machine, in the clear; for tests.
    """

    requests_a_minute: int = 600
    answers_kept: timedelta = timedelta(days=7)
    claim_holds: timedelta = timedelta(minutes=2)
    upload_bytes: int = 50_000_000
    unpacked_bytes: int = 400_000_000
    packed_files: int = 40
    payments_count_days: int = 45
    hook_timeout_s: float = 5.0
    hook_turn_s: float = 2.0
    hook_lease: timedelta = timedelta(seconds=60)
    first_rest: timedelta = timedelta(seconds=5)
    longest_rest: timedelta = timedelta(hours=6)
    disabled_after: timedelta = timedelta(days=5)
    deliveries_kept: timedelta = timedelta(days=30)
    loopback: bool = False

    def rest(self, failures: int) -> timedelta:
        """Return how long to wait after so many failures.

        Examples:
            >>> [Bounds().rest(n).seconds for n in (1, 2, 3, 30)]
            [5, 10, 20, 21600]
        """
        doubled: timedelta = self.first_rest * (1 << min(max(failures - 1, 0), 20))
        return min(doubled, self.longest_rest)


def bounds() -> Bounds:
    """Return the limits in force."""
    stated: Bounds = getattr(settings, "API_BOUNDS", Bounds())
    return stated

"""What is left of a payment: sums that only grow, so that the order of what is told is nothing."""

from __future__ import annotations

from dataclasses import dataclass

from tideover.casework.payments.contract import CANCELED, EXPIRED, FAILED, OPEN, PAID, Snapshot

_RANK = (OPEN, EXPIRED, CANCELED, FAILED, PAID)


@dataclass(frozen=True)
class Sums:
    """All that was ever paid, refunded, taken back by a bank, and won back of one payment."""

    status: str = OPEN
    paid_minor: int = 0
    refunded_minor: int = 0
    disputed_minor: int = 0
    won_minor: int = 0

    @property
    def net_minor(self) -> int:
        """Return what is left of it: never less than nothing, never more than was paid.

        Examples:
            >>> Sums(PAID, 5000, refunded_minor=2000, disputed_minor=4000).net_minor
            0
            >>> Sums(PAID, 5000, disputed_minor=5000, won_minor=5000).net_minor
            5000
        """
        back = self.refunded_minor + self.disputed_minor - self.won_minor
        return self.paid_minor - min(self.paid_minor, max(back, 0))

    def grown(self, told: Snapshot) -> Sums:
        """Return the sums after something more was told; a smaller sum is older, and says nothing.

        Examples:
            >>> late = Snapshot("p", "open", "EUR", paid_minor=0)
            >>> Sums(PAID, 5000).grown(late)
            Sums(status='paid', paid_minor=5000, refunded_minor=0, disputed_minor=0, won_minor=0)
        """
        paid = max(self.paid_minor, told.paid_minor)
        disputed = max(self.disputed_minor, told.disputed_minor)
        return Sums(
            PAID if paid else max(self.status, told.status, key=_RANK.index),
            paid,
            max(self.refunded_minor, told.refunded_minor),
            disputed,
            min(max(self.won_minor, told.won_minor), disputed),
        )

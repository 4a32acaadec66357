"""What a customer answered to earlier, by channel, up to a day: as it was known at a past draw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tideover.rules.contact import CHANNELS

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
ANSWERED = ("clicked", "answered", "replied")
USUAL_RATE, AS_IF = 0.15, 4.0  # a channel never tried counts as so many tries at the usual rate
_SPAN = 1_000_000  # days a number of an account is apart from the next in a common key


@dataclass(frozen=True)
class History:
    """Contacts made with some accounts, in order.

    Args:
        contacts: By channel, the common keys of contacts in order, and how many of those until
            each were answered.
    """

    contacts: tuple[tuple[Ints, Floats], ...]

    @classmethod
    def of(cls, contacts: pa.Table) -> History:
        """Return the history of accounts.

        Table in: contacts, outbound: account_no, occurred_on, channel, outcome
        """
        keys = _keys(contacts["account_no"], contacts["occurred_on"])
        answered = pc.fill_null(pc.is_in(contacts["outcome"], pa.array(ANSWERED)), False)
        channel = contacts["channel"].to_numpy(zero_copy_only=False)
        said = answered.to_numpy(zero_copy_only=False).astype(float)
        return cls(tuple(_summed(keys[channel == c], said[channel == c, None]) for c in CHANNELS))

    def answers(self, account_no: Any, day: Any) -> Floats:
        """Return how much readier than usual they answer by each channel, accounts by channels."""
        first, last = _bounds(account_no, day)
        columns = []
        for keys, answered in self.contacts:
            tried, said = _between(keys, answered, first, last)
            columns.append((said[:, 0] + AS_IF * USUAL_RATE) / (tried + AS_IF) - USUAL_RATE)
        found: Floats = np.column_stack(columns)
        return found


def _keys(account_no: Any, days: Any) -> Ints:
    numbers = account_no.to_numpy(zero_copy_only=False).astype(np.int64)
    since: Ints = numbers * _SPAN + days.cast(pa.int32()).to_numpy(zero_copy_only=False)
    return since


def _bounds(account_no: Any, day: Any) -> tuple[Ints, Ints]:
    numbers = np.asarray(account_no, np.int64) * _SPAN
    return numbers, numbers + np.asarray(day, np.int64) + 1


def _summed(keys: Ints, values: Floats) -> tuple[Ints, Floats]:
    order = np.argsort(keys, kind="stable")
    none = np.zeros((1, values.shape[1]))
    return keys[order], np.concatenate([none, values[order].cumsum(axis=0)])


def _between(keys: Ints, sums: Floats, first: Ints, last: Ints) -> tuple[Floats, Floats]:
    low, high = np.searchsorted(keys, first), np.searchsorted(keys, last)
    return (high - low).astype(float), sums[high] - sums[low]

"""Where every account of a living twin stands on a day, as columns."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tideover.rehearsal.twin import Plan
from tideover.rehearsal.twin.lives import Lives
from tideover.rehearsal.twin.people import (
    CRISIS,
    DISPUTING,
    MOVED_OUT,
    NEVER,
    RELIABLE,
    Bools,
    Floats,
)
from tideover.rehearsal.twin.texts import Ints, day_of

FAR = 2**62  # more than anybody ever owes
LATELY = 14  # days


@dataclass
class Books:
    """Bills and credits; minor units. Credits pay the oldest due date first, as the contract says.

    Args:
        due: By account and bill, the day it falls due; NEVER where there is none.
        total: By account and bill, all that was billed up to it; FAR where there is none.
        bills: How many bills each account has.
        credits: All that was paid or credited, by account.
    """

    due: Ints
    total: Ints
    bills: Ints
    credits: Ints

    @property
    def owed(self) -> Ints:
        """Return each account's balance; below zero it is the customer's."""
        rows = np.arange(len(self.bills))
        billed = np.where(self.bills > 0, self.total[rows, np.maximum(self.bills - 1, 0)], 0)
        owed: Ints = billed - self.credits
        return owed

    def arrears(self, day: int) -> Ints:
        """Return what is past due at the end of a day."""
        fallen = (self.due < day).sum(axis=1)
        rows = np.arange(len(fallen))
        billed = np.where(fallen > 0, self.total[rows, np.maximum(fallen - 1, 0)], 0)
        return np.maximum(billed - self.credits, 0)

    def days_past_due(self, day: int) -> Ints:
        """Return how long the oldest unpaid bill is past due; 0 where nothing is."""
        first = np.argmax(self.total > self.credits[:, None], axis=1)
        due = self.due[np.arange(len(first)), first]
        return np.where(due < day, day - due, 0)

    def bill(self, rows: Ints, amounts: Ints, due: Ints) -> None:
        """Add one bill for some accounts; it falls due after those they have."""
        if len(rows) and self.bills[rows].max() >= self.due.shape[1]:
            more = np.full((len(self.bills), 12), NEVER), np.full((len(self.bills), 12), FAR)
            self.due, self.total = np.hstack((self.due, more[0])), np.hstack((self.total, more[1]))
        place = self.bills[rows]
        before = np.where(place > 0, self.total[rows, np.maximum(place - 1, 0)], 0)
        self.due[rows, place], self.total[rows, place] = due, before + amounts
        self.bills[rows] += 1


@dataclass
class Intent:
    """What each account means to pay next, of itself or because of a message; one slot each.

    Args:
        back: A direct debit that the bank will send back.
        because: Place of the message among all that were sent; -1 for none.
    """

    amount: Ints
    day: Ints
    back: Bools
    because: Ints

    @classmethod
    def none(cls, n: int) -> Intent:
        """Return that nobody means to pay."""
        return cls(np.zeros(n, np.int64), np.full(n, NEVER), np.zeros(n, bool), np.full(n, -1))


@dataclass
class Plans:
    """The payment plan of each account, while `left` is more than zero; money in minor units."""

    left: Ints
    share: Ints
    cycle: Ints
    day: Ints
    total: Ints
    parts: Ints
    first_due: Ints


@dataclass
class State:
    """All that changes from day to day. Nothing outside the rehearsal may read it.

    Args:
        base: The twin as it was made up, until its last day.
        trouble: First day, and first day after, of a crisis or a dispute.
        has, consent: Contact points and consent by channel, as in the twin's Reach.
        soured: What hard words took from the readiness to pay, as log odds.
        sent: By account and day, modulo LATELY, whether a message left.
        complained_until: While it lasts, a complaint is open.
        cycle: Number of each account's last round of bills.
        coming: What is settled already, by the day it happens.
    """

    plan: Plan
    base: Lives
    books: Books
    own: Intent
    prompted: Intent
    plans: Plans
    trouble: tuple[Ints, Ints]
    has: Bools
    consent: Ints
    cut_off: Bools
    soured: Floats
    sent: Bools
    complained_until: Ints
    cycle: Ints
    coming: dict[int, list[tuple[str, dict[str, Any]]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def __len__(self) -> int:
        """Return how many accounts there are."""
        return len(self.base.who)

    def troubled(self, day: int) -> Bools:
        """Say who is in a crisis or a dispute."""
        return (self.trouble[0] <= day) & (day < self.trouble[1])

    def mood(self, day: int) -> Ints:
        """Return why each would pay late now: between crises one pays like the reliable."""
        who, troubled = self.base.who, self.troubled(day)
        calm = np.isin(who.reason, (CRISIS, DISPUTING)) & ~troubled
        calm |= (who.reason == MOVED_OUT) & (who.closed >= day)
        return np.where(calm, RELIABLE, who.reason)

    def lately(self) -> Ints:
        """Return how many messages each got in the last two weeks."""
        got: Ints = self.sent.sum(axis=1)
        return got

    def sent_since(self, day: int, days: int) -> Ints:
        """Return how many messages each got on the days before a day."""
        places = [(day - back) % LATELY for back in range(1, days + 1)]
        got: Ints = self.sent[:, places].sum(axis=1)
        return got

    def to_payday(self, day: int) -> Ints:
        """Return the days until each is paid; a month counts thirty."""
        return (self.base.who.payday - day_of(day).day) % 30

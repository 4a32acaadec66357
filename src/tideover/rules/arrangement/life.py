"""A payment arrangement from its agreement to its end: running, late, broken, kept.

Its state is worked out each time, from what was agreed and what came in; nothing is stored that
could be out of date.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import accumulate

from tideover.rules.arrangement.limits import Policy
from tideover.rules.arrangement.schedule import Allowed, Instalment, stepped
from tideover.terms.calendar import days
from tideover.terms.faults import Refused

RUNNING, LATE, PAUSED, BROKEN, KEPT = "running", "late", "paused", "broken", "kept"
ENDED = (BROKEN, KEPT)
Money = Sequence[tuple[date, int]]


@dataclass(frozen=True)
class Agreed:
    """An arrangement as it stands agreed.

    Args:
        instalments: In the order of their days; number 0 is the down payment.
        use_minor: The part of each instalment that is current use; 0 where bills go on beside.
        moves: How often a date was moved.
        pause: First and last day of the rest it took; none where it took none.
    """

    agreed_on: date
    currency: str
    instalments: tuple[Instalment, ...]
    use_minor: int = 0
    moves: int = 0
    pause: tuple[date, date] | None = None

    @property
    def total_minor(self) -> int:
        """Return all that it asks for."""
        return sum(one.amount_minor for one in self.instalments)


@dataclass(frozen=True)
class Standing:
    """How an arrangement stands on a day.

    Args:
        state: running, late (past a day, within its grace), paused, broken or kept.
        since: From which day.
        paid_minor, left_minor: Of the whole.
        next: What is to be paid next, with what is still open of it; none where nothing is.
        forgiven: Numbers of the instalments that were missed and moved to the end.
        reinstated: How often it broke and went on.
        instalments: The days that hold now, what was forgiven at the end.
        mend_minor, mend_by: Of a broken one: what has to come in, and until when, for it to go on;
            no day where it is too late.
    """

    state: str
    since: date
    paid_minor: int
    left_minor: int
    next: Instalment | None
    forgiven: tuple[int, ...] = ()
    reinstated: int = 0
    instalments: tuple[Instalment, ...] = ()
    mend_minor: int = 0
    mend_by: date | None = None

    @property
    def ended(self) -> bool:
        """Say whether it is over."""
        return self.state in ENDED


def standing(
    agreed: Agreed, paid: Money, day: date, *, policy: Policy, allowed: Allowed | None = None
) -> Standing:
    """Return how an arrangement stands at the end of a day.

    An instalment is missed when by its day and the days of grace less came in than all that was
    due until then, less the tolerance. As many as the policy forgives are moved to the end. After
    that a missed one breaks the plan, and it goes on if what was missed comes in in time.

    Args:
        paid: Days and minor units of the money that came in and stayed.

    Examples:
        >>> plan = Agreed(date(2026, 3, 1), "EUR", (Instalment(1, date(2026, 4, 1), 5000),
        ...                                         Instalment(2, date(2026, 5, 1), 5000)))
        >>> standing(plan, [(date(2026, 4, 1), 5000)], date(2026, 4, 2), policy=Policy()).next
        Instalment(number=2, due_on=datetime.date(2026, 5, 1), amount_minor=5000)
    """
    walk = _Walk(agreed, _since(agreed, paid), policy, allowed or Allowed())
    return walk.at(day)


def _since(agreed: Agreed, paid: Money) -> Money:
    return sorted((on, minor) for on, minor in paid if on >= agreed.agreed_on)


class _Walk:
    """Goes through the instalments in the order of their days."""

    def __init__(self, agreed: Agreed, paid: Money, policy: Policy, allowed: Allowed) -> None:
        self.agreed, self.paid, self.policy, self.allowed = agreed, paid, policy, allowed
        self.slack = policy.minor("tolerance", agreed.currency)
        self.plan = list(agreed.instalments)
        self.forgiven: list[int] = []
        self.reinstated, self.since = 0, agreed.agreed_on

    def came(self, day: date) -> int:
        return sum(minor for on, minor in self.paid if on <= day)

    def at(self, day: date) -> Standing:
        total, at = self.agreed.total_minor, 0
        whole = next((on for on, sum_ in self._sums() if sum_ + self.slack >= total), None)
        while at < len(self.plan):
            last = self.plan[at].due_on + days(self.policy.grace_days)
            if last >= day or (whole is not None and whole <= last):
                break
            if self.came(last) + self.slack >= self._wanted(at):
                at += 1
            elif len(self.forgiven) < self.policy.forgiven:
                self._forgive(at)
            elif (mended := self._mended(at, last)) is not None and mended <= day:
                self.reinstated, self.since, at = self.reinstated + 1, mended, at + 1
            else:
                return self._broken(at, last, day)
        if whole is not None and whole <= day:
            return self._told(KEPT, whole, day)
        return self._running(day)

    def _broken(self, at: int, last: date, day: date) -> Standing:
        """Return that it broke, with what would let it go on."""
        until = last + days(self.policy.reinstate_days)
        due = max((i for i, one in enumerate(self.plan) if one.due_on < day), default=at)
        told = self._told(BROKEN, last + days(1), day)
        if day > until:
            return told
        return replace(told, mend_minor=max(self._wanted(max(due, at)) - self.came(day), 0),
                       mend_by=until)  # fmt: skip

    def _sums(self) -> list[tuple[date, int]]:
        return list(zip((on for on, _ in self.paid),
                        accumulate(minor for _, minor in self.paid), strict=True))  # fmt: skip

    def _wanted(self, at: int) -> int:
        return sum(one.amount_minor for one in self.plan[: at + 1])

    def _forgive(self, at: int) -> None:
        """Move a missed instalment to the end: a month past the last."""
        missed = self.plan.pop(at)
        self.forgiven.append(missed.number)
        after = max(one.due_on for one in (missed, *self.plan))
        later = self.allowed.from_(stepped(after, 1))
        self.plan.append(missed._replace(due_on=later))

    def _mended(self, at: int, last: date) -> date | None:
        """Return the day on which what was missed had come in, if it did in time."""
        until = last + days(self.policy.reinstate_days)
        for on, sum_ in self._sums():
            due = max((i for i, one in enumerate(self.plan) if one.due_on < on), default=at)
            if last < on <= until and sum_ + self.slack >= self._wanted(max(due, at)):
                return on
        return None

    def _running(self, day: date) -> Standing:
        pause = self.agreed.pause
        if pause and pause[0] <= day <= pause[1]:
            return self._told(PAUSED, pause[0], day)
        open_ = self._next(day)
        if open_ is not None and open_.due_on < day:
            return self._told(LATE, open_.due_on + days(1), day)
        return self._told(RUNNING, self.since, day)

    def _next(self, day: date) -> Instalment | None:
        came = self.came(day)
        for one, sum_ in zip(self.plan, accumulate(p.amount_minor for p in self.plan), strict=True):
            short = sum_ - came
            if short > 0 and not (short <= self.slack and one is not self.plan[-1]):
                return one._replace(amount_minor=min(short, one.amount_minor))
        return None

    def _told(self, state: str, since: date, day: date) -> Standing:
        came, total = self.came(day), self.agreed.total_minor
        return Standing(
            state, since, min(came, total), max(total - came, 0),
            None if state == KEPT else self._next(day), tuple(self.forgiven), self.reinstated,
            tuple(self.plan),
        )  # fmt: skip


def paused(
    agreed: Agreed, months: int, *, day: date, policy: Policy, allowed: Allowed | None = None
) -> Agreed:
    """Return an arrangement that rests for some months: all days to come lie so much later.

    Raises:
        Refused: It rested before, or the policy knows no such rest.
    """
    if agreed.pause is not None or not 1 <= months <= policy.pause_months:
        raise Refused("This plan cannot rest", mend="Talk to us: there may be another way")
    free, last = allowed or Allowed(), day
    parts = []
    for one in agreed.instalments:
        if one.due_on >= day:
            later = free.from_(max(stepped(one.due_on, months), last + days(1)))
            one, last = one._replace(due_on=later), later
        parts.append(one)
    if not any(one.due_on >= day for one in agreed.instalments):
        raise Refused("Nothing of this plan is to come")
    return replace(agreed, instalments=tuple(parts),
                   pause=(day, stepped(day, months) - days(1)))  # fmt: skip


def resized(agreed: Agreed, use_minor: int, *, day: date) -> Agreed:
    """Return an arrangement whose instalments to come carry another amount of current use.

    What was due before stays as it was. The arrears in it do not change.

    Raises:
        Refused: It carries no current use.
    """
    if not agreed.use_minor:
        raise Refused("This plan is about arrears alone")
    more = use_minor - agreed.use_minor
    parts = tuple(one._replace(amount_minor=one.amount_minor + more)
                  if one.number and one.due_on > day else one
                  for one in agreed.instalments)  # fmt: skip
    return replace(agreed, instalments=parts, use_minor=use_minor)


def pays_off_minor(agreed: Agreed, paid: Money, day: date) -> int:
    """Return what settles an arrangement on a day: what is left, without use that is to come.

    Paying early costs nothing extra.

    Examples:
        >>> plan = Agreed(date(2026, 3, 1), "EUR", (Instalment(1, date(2026, 4, 1), 7000),
        ...                                         Instalment(2, date(2026, 5, 1), 7000)), 2000)
        >>> pays_off_minor(plan, [(date(2026, 4, 1), 7000)], date(2026, 4, 2))
        5000
    """
    came = sum(minor for on, minor in _since(agreed, paid) if on <= day)
    to_come = sum(1 for one in agreed.instalments if one.number and one.due_on > day)
    return max(agreed.total_minor - agreed.use_minor * to_come - came, 0)

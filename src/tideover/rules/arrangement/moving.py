"""One instalment of an arrangement on another day, before it is missed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import NamedTuple

from tideover.rules.arrangement.life import Agreed
from tideover.rules.arrangement.limits import Policy
from tideover.rules.arrangement.schedule import Allowed
from tideover.terms.calendar import days
from tideover.terms.faults import Refused


class Move(NamedTuple):
    """An instalment, and the day on which it is wanted."""

    number: int
    to: date


def may_move(
    agreed: Agreed, number: int, *, day: date, policy: Policy, allowed: Allowed | None = None
) -> tuple[date, date] | None:
    """Return the first and last day to which an instalment can be moved; none where to none.

    Both are days on which banks book. It can be asked for as long as the instalment is not missed:
    until its day and grace are over.
    """
    at = next((i for i, one in enumerate(agreed.instalments) if one.number == number), None)
    if at is None or agreed.moves >= policy.moves:
        return None
    one = agreed.instalments[at]
    if one.due_on + days(policy.grace_days) < day:
        return None
    last = one.due_on + days(policy.move_days)
    if at + 1 < len(agreed.instalments):
        last = min(last, agreed.instalments[at + 1].due_on - days(1))
    first = max(day, agreed.instalments[at - 1].due_on + days(1)) if at else day
    free = allowed or Allowed()
    first = free.from_(first)
    while last >= first and free.from_(last) != last:
        last -= days(1)
    return (first, last) if first <= last else None


def moved(
    agreed: Agreed, move: Move, *, day: date, policy: Policy, allowed: Allowed | None = None
) -> Agreed:
    """Return an arrangement with one instalment on another day: the wanted one, or the next
    on which banks book.

    Raises:
        Refused: It is too late, too far off, or was done too often already.
    """
    number, to = move.number, (allowed or Allowed()).from_(move.to)
    between = may_move(agreed, number, day=day, policy=policy, allowed=allowed)
    if between is None:
        raise Refused("This day cannot be moved", mend="Talk to us: there may be another way")
    if not between[0] <= to <= between[1]:
        raise Refused("That day cannot be chosen", mend=f"Choose one until {between[1]}")
    at = next(i for i, one in enumerate(agreed.instalments) if one.number == number)
    one = agreed.instalments[at]
    parts = (*agreed.instalments[:at], one._replace(due_on=to), *agreed.instalments[at + 1 :])
    return replace(agreed, instalments=parts, moves=agreed.moves + 1)

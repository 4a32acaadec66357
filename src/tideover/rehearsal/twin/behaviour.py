"""How people pay: what each reason does to the chance of paying, how much, and on which day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tideover.rehearsal.twin.billing import Bills, Cycle
from tideover.rehearsal.twin.people import (
    AVOIDING,
    CRISIS,
    DISPUTING,
    FORGOT,
    MOVED_OUT,
    PAYDAY,
    STRETCHED,
    Bools,
    Chance,
    Floats,
    People,
)
from tideover.rehearsal.twin.place import Place
from tideover.rehearsal.twin.texts import Ints

# By reason, in the order of people.REASONS.
FULL_WHEN_CLEAR = (0.935, 0.43, 0.79, 0.23, 0.92, 0.24, 0.92, 0.85)
FULL_WHEN_LATE = (0.74, 0.55, 0.66, 0.34, 0.55, 0.22, 0.75, 0.60)
FULL_ON_REMINDER = (0.28, 0.28, 0.28, 0.08, 0.15, 0.04, 0.28, 0.10)
PART_INSTEAD = (0.55, 0.46, 0.52, 0.86, 0.50, 0.55, 0.42, 0.10)
# With nothing overdue, below the first step, between the steps, above the second.
STEP_FACTOR = (1.0, 1.0, 0.65, 0.36)
IN_CRISIS, IN_DISPUTE, AFTER_MOVING, CUT_OFF, AFTER_NOTICE = 0.05, 0.12, 0.15, 0.50, 0.80
BOUNCE, BOUNCE_STRETCHED, BOUNCE_IN_CRISIS = 0.004, 0.06, 0.6
REMINDER_AFTER = 3  # days after the due date
LAST_DAY_OF_CYCLE = 27  # before the next bill, in the shortest month


@dataclass
class Standing:
    """Where each account stands between two bills; minor units.

    Args:
        owed: The balance; below zero it is the customer's credit.
        cut_off: Supply is disconnected.
        plan_left: Instalments still to come; zero without a plan.
        plan_share: One instalment.
        plan_cycle: The round in which the plan was agreed.
    """

    owed: Ints
    cut_off: Bools
    plan_left: Ints
    plan_share: Ints
    plan_cycle: Ints

    @classmethod
    def clear(cls, n: int) -> Standing:
        """Return accounts that owe nothing."""
        return cls(*(np.zeros(n, kind) for kind in (int, bool, int, int, int)))


@dataclass(frozen=True)
class Round:
    """One round of bills as the customers meet it; `standing` changes as it goes on.

    Args:
        old: Owed before this bill, minor units.
        step: 0 with nothing overdue, 1 below the first step of the account, 2 between, 3 above.
        gone: Supply had ended before this bill.
        troubled: In a crisis or a dispute.
        noticed: A disconnection notice was sent; `notice_on` is its day.
    """

    who: People
    standing: Standing
    place: Place
    cycle: Cycle
    bills: Bills
    old: Ints
    step: Ints
    gone: Bools
    troubled: Bools
    noticed: Bools
    notice_on: Ints


@dataclass(frozen=True)
class Choice:
    """What each customer does about one bill.

    Args:
        amount: Paid, minor units; zero when nothing is.
        day: When.
        bounced: A direct debit was drawn and goes back.
        reminded: It is the reminder that made them pay.
    """

    amount: Ints
    day: Ints
    bounced: Bools
    reminded: Bools


def chance_of_full(now: Round) -> Floats:
    """Return each account's chance of paying in full before its next bill, unreminded."""
    who, late = now.who, now.old > 0
    base = np.where(late, np.take(FULL_WHEN_LATE, who.reason), np.take(FULL_WHEN_CLEAR, who.reason))
    for case, value in (
        (now.noticed & (who.reason == AVOIDING), AFTER_NOTICE),
        (now.troubled & (who.reason == CRISIS), IN_CRISIS),
        (now.troubled & (who.reason == DISPUTING), IN_DISPUTE),
        (now.gone & (who.reason == MOVED_OUT), AFTER_MOVING),
        (now.standing.cut_off, CUT_OFF),
    ):
        base = np.where(case, value, base)
    odds = np.log(base / (1 - base)) + who.habit + 0.4 * now.noticed
    tight = now.bills.amount / who.usual - 1.0
    bonus = 0.8 * (now.cycle.month in now.place.bonus_months)
    odds += np.where(who.reason == STRETCHED, bonus - 0.5 * tight, 0.0)
    chance: Floats = np.take(STEP_FACTOR, now.step) / (1 + np.exp(-odds))
    return chance


def choices(now: Round, chance: Chance) -> Choice:
    """Draw what each customer does: pay in full, a part, on the reminder, by plan, or nothing."""
    who, owed, n = now.who, now.standing.owed, len(now.who)
    full = chance.random(n) < chance_of_full(now)
    part = ~full & (chance.random(n) < np.take(PART_INSTEAD, who.reason))
    hears = np.take(FULL_ON_REMINDER, who.reason) * np.take(STEP_FACTOR, now.step)
    reminded = ~full & ~part & ~now.troubled & ~now.gone & (chance.random(n) < hears)
    only_old = full & (now.old > 0) & (chance.random(n) < 0.2)
    bill = np.where(now.bills.issued, now.bills.amount, owed // 2)
    some = np.minimum(bill * chance.uniform(0.55, 1.25, n), owed * 0.94)
    amount = np.select(
        [only_old, full | reminded, part], [now.old, owed, _in_fives(some)], default=0
    )
    amount, by_plan = _with_plan(now, amount, chance=chance)
    amount, bounced = _with_autopay(now, amount, chance=chance)
    reminded = reminded & ~by_plan & ~who.autopay
    day = _days(now, reminded, chance=chance)
    return Choice(np.where(owed > 0, np.minimum(amount, owed), 0), day, bounced, reminded)


def _in_fives(minor: Floats) -> Ints:
    return (minor // 500).astype(np.int64) * 500


def _with_plan(now: Round, amount: Ints, *, chance: Chance) -> tuple[Ints, Bools]:
    """Those with a plan pay the bill and an instalment, or nothing."""
    standing = now.standing
    on_plan = (standing.plan_left > 0) & ~now.gone
    keeps = chance.random(len(on_plan)) < np.where(now.troubled, 0.5, 0.9)
    asked = now.bills.amount * now.bills.issued + standing.plan_share
    return np.where(on_plan, np.where(keeps, asked, 0), amount), on_plan


def _with_autopay(now: Round, amount: Ints, *, chance: Chance) -> tuple[Ints, Bools]:
    """A direct debit takes all that is owed, unless the bank sends it back."""
    who, owed = now.who, now.standing.owed
    bounce = np.where(who.reason == STRETCHED, BOUNCE_STRETCHED, BOUNCE)
    bounce = np.where(now.troubled & (who.reason == CRISIS), BOUNCE_IN_CRISIS, bounce)
    drawn = who.autopay & ~now.gone & (owed > 0)
    back = drawn & (chance.random(len(who)) < bounce)
    return np.where(drawn, np.where(back, 0, owed), amount), back


def _days(now: Round, reminded: Bools, *, chance: Chance) -> Ints:
    """Return when each would pay: on payday where that is in time, or where nothing else counts."""
    who, n = now.who, len(now.who)
    payday = np.clip((who.payday - who.issue_day) % 30, 1, LAST_DAY_OF_CYCLE)
    in_time = np.where(payday <= who.term, payday, chance.integers(2, who.term - 1))
    by_payday = (who.reason == PAYDAY) | (who.reason == STRETCHED) | (now.old > 0)
    after = np.where(by_payday & (who.reason != FORGOT), payday, in_time)
    soon = chance.integers(1, 4, n)
    after = np.where(reminded, who.term + REMINDER_AFTER + soon, after)
    after = np.where(who.autopay & ~now.gone, who.term, after)
    day = now.cycle.issue + after
    return np.where(now.noticed & (who.reason == AVOIDING), now.notice_on + 1 + 2 * soon, day)

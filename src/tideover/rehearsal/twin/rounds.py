"""The twin's life, one round of bills after the other."""

from __future__ import annotations

import numpy as np

from tideover.rehearsal.twin.behaviour import (
    LAST_DAY_OF_CYCLE,
    REMINDER_AFTER,
    Choice,
    Round,
    Standing,
    choices,
)
from tideover.rehearsal.twin.billing import Cycle, bills, cycles
from tideover.rehearsal.twin.ledger import AID, DEBIT, OWN, Ledger
from tideover.rehearsal.twin.oregon import OREGON
from tideover.rehearsal.twin.people import (
    CRISIS,
    DISPUTING,
    NEVER,
    STRETCHED,
    Bools,
    Chance,
    Floats,
    People,
    Span,
)
from tideover.rehearsal.twin.place import Place
from tideover.rehearsal.twin.texts import Ints

NOTICE_FROM = 5000  # minor units of older debt
NOTICE_CHANCE = 0.30
CUT_CHANCE = 0.23  # of those with a notice, far behind, who pay nothing
WRITE_OFF_AFTER = 180  # days after supply ended


def live(who: People, span: Span, *, place: Place, weather: Floats, chance: Chance) -> Ledger:
    """Let a block of accounts live through the span; return all that happened."""
    ledger, standing = Ledger(span.last), Standing.clear(len(who))
    for cycle in cycles(who, span, weather=weather):
        now = _begin(who, standing, place=place, cycle=cycle, chance=chance)
        _note_bills(ledger, now)
        relieve(ledger, now, chance=chance)
        _agree_plans(ledger, now, chance=chance)
        choice = choices(now, chance)
        _write_to(ledger, now, choice=choice)
        _promise(ledger, now, choice=choice, chance=chance)
        _pay(ledger, now, choice=choice, chance=chance)
        follow_plans(ledger, now, choice=choice, chance=chance)
        _cut_off(ledger, now, chance=chance)
    ledger.standing = standing
    return ledger


def _begin(who: People, standing: Standing, *, place: Place, cycle: Cycle, chance: Chance) -> Round:
    billed = bills(who, cycle, cut_off=standing.cut_off, chance=chance)
    old = standing.owed.copy()
    step = np.where(old > 0, 1 + sum((old > at).astype(int) for at in who.steps), 0)
    standing.owed = old + billed.amount * billed.issued
    troubled, gone = who.troubled(cycle.issue), who.closed < cycle.issue
    told = chance.random(len(who)) < NOTICE_CHANCE
    disputing = troubled & (who.reason == DISPUTING)
    noticed = (
        told & (old > NOTICE_FROM) & cycle.within & ~disputing & ~gone & (standing.plan_left == 0)
    )
    notice_on = cycle.issue + chance.integers(3, 8, len(who))
    return Round(who, standing, place, cycle, billed, old, step, gone, troubled, noticed, notice_on)


def _note_bills(ledger: Ledger, now: Round) -> None:
    billed, cycle = now.bills, now.cycle
    ledger.note("bills", billed.issued, day=cycle.issue, cycle=cycle.number,
                due=cycle.issue + now.who.term, amount=billed.amount, used=billed.used,
                final=billed.final, start=billed.start, end=billed.end)  # fmt: skip


def relieve(ledger: Ledger, now: Round, *, chance: Chance) -> None:
    """Assistance for the poor, a credit when a dispute ends, a rebate, the end of old debt."""
    who, standing, cycle, n = now.who, now.standing, now.cycle, len(now.who)
    poor = (who.band == 0) & ~who.business & ~now.gone & (now.old > 0)
    helped = poor & (chance.random(n) < 0.05)
    grant = np.minimum(now.old, chance.integers(10, 31, n) * 1000)
    by_state = chance.random(n) < 0.5
    settled = (who.reason == DISPUTING) & ~now.gone & (now.old > 0)
    settled &= (cycle.before < who.trouble[1]) & (who.trouble[1] <= cycle.issue)
    settled &= chance.random(n) < 0.4
    rebate = now.bills.issued & ~settled & (chance.random(n) < 0.002)
    lost = now.gone & (now.old > 0) & (who.closed < cycle.issue - WRITE_OFF_AFTER)
    ledger.note("payments", helped & by_state, day=cycle.issue + 1, cycle=cycle.number, nth=0,
                amount=grant, kind=AID, reversed=NEVER, reminded=False)  # fmt: skip
    for who_gets, kind, amount in (
        (helped & ~by_state, "assistance_grant", grant),
        (settled, "credit", now.old // 2),
        (rebate, "rebate", chance.integers(2, 9, n) * 500),
        (lost, "write_off", standing.owed),
    ):
        who_gets = who_gets & (amount > 0)
        ledger.note("adjustments", who_gets, day=cycle.issue + 1, cycle=cycle.number,
                    kind=kind, amount=-amount)  # fmt: skip
        standing.owed = standing.owed - who_gets * amount
    standing.owed = standing.owed - (helped & by_state) * grant
    ledger.note("assistance_asked", helped, day=cycle.issue - 20, until=cycle.issue + 1,
                cycle=cycle.number)  # fmt: skip


def _agree_plans(ledger: Ledger, now: Round, *, chance: Chance) -> None:
    who, standing, cycle, n = now.who, now.standing, now.cycle, len(now.who)
    ready = np.where(who.reason == CRISIS, 0.35 * ~now.troubled, 0.05)
    ready = np.where(who.reason == STRETCHED, 0.14, ready)
    able = (now.step >= 2) & (standing.plan_left == 0) & (standing.owed > now.old)
    able &= ~now.gone & ~standing.cut_off & cycle.within & ~who.autopay & (now.old >= NOTICE_FROM)
    offered = able & (chance.random(n) < 0.25)
    agreed = able & (chance.random(n) < ready * np.where(offered, 1.6, 0.8))
    parts = chance.integers(3, 11, n)
    day = cycle.issue + chance.integers(8, 13, n)
    first_due = cycle.issue + 31 + (who.payday - who.issue_day) % 28
    ledger.note("plan_offers", offered, day=cycle.issue + 6, cycle=cycle.number)
    ledger.note("plans", agreed, day=day, cycle=cycle.number, total=now.old, parts=parts,
                first_due=first_due)  # fmt: skip
    standing.plan_left = np.where(agreed, parts, standing.plan_left)
    standing.plan_share = np.where(agreed, -(-now.old // parts), standing.plan_share)
    standing.plan_cycle = np.where(agreed, cycle.number, standing.plan_cycle)


def _write_to(ledger: Ledger, now: Round, *, choice: Choice) -> None:
    who, standing, cycle = now.who, now.standing, now.cycle
    due = cycle.issue + who.term
    unpaid = standing.owed - choice.amount * (choice.day <= due + REMINDER_AFTER) > 500
    on_plan = standing.plan_left > 0
    disputing = now.troubled & (who.reason == DISPUTING)
    reminded = unpaid & (now.bills.issued | now.gone) & ~on_plan & ~disputing
    ledger.note("reminders", reminded, day=due + REMINDER_AFTER, cycle=cycle.number,
                again=now.old > 0)  # fmt: skip
    ledger.note("steps", now.noticed, day=now.notice_on, cycle=cycle.number, step="notice_issued")


def _promise(ledger: Ledger, now: Round, *, choice: Choice, chance: Chance) -> None:
    """Some who got a notice say when they will pay; those who mean to pay say so more often."""
    standing, n = now.standing, len(now.who)
    made_on = now.notice_on + 1
    will = (choice.amount >= standing.owed) & (choice.day > made_on)
    says = now.noticed & (chance.random(n) < np.where(will, 0.25, 0.10))
    by = np.where(will, choice.day + chance.integers(-1, 5, n), made_on)
    by = np.maximum(by, made_on + chance.integers(3, 15, n))
    ledger.note("promises", says & (standing.owed > 0), day=made_on, cycle=now.cycle.number,
                amount=standing.owed, due=by)  # fmt: skip


def _pay(ledger: Ledger, now: Round, *, choice: Choice, chance: Chance) -> None:
    who, standing, cycle, n = now.who, now.standing, now.cycle, len(now.who)
    kind = np.where(who.autopay & ~now.gone, DEBIT, OWN)
    ledger.note("payments", choice.amount > 0, day=choice.day, cycle=cycle.number, nth=1,
                amount=choice.amount, kind=kind, reversed=NEVER,
                reminded=choice.reminded)  # fmt: skip
    back = choice.bounced & (standing.owed > 0)
    ledger.note("payments", back, day=choice.day, cycle=cycle.number, nth=1,
                amount=standing.owed, kind=kind, reversed=choice.day + chance.integers(1, 6, n),
                reminded=False)  # fmt: skip
    reconnected = standing.cut_off & (choice.amount >= standing.owed)
    ledger.note("steps", reconnected, day=choice.day + 1, cycle=cycle.number, step="reconnected")
    standing.cut_off = standing.cut_off & ~reconnected
    standing.owed = standing.owed - choice.amount


def follow_plans(ledger: Ledger, now: Round, *, choice: Choice, chance: Chance) -> None:
    standing = now.standing
    due = (standing.plan_left > 0) & (standing.plan_cycle < now.cycle.number)
    missed = due & (choice.amount < standing.plan_share) & (standing.owed > 0)
    broken = due & (now.gone | (missed & (chance.random(len(due)) < 0.6)))
    standing.plan_left = np.where(due & ~missed, standing.plan_left - 1, standing.plan_left)
    kept = due & ~broken & (standing.plan_left == 0)
    for ended, status in ((broken, "broken"), (kept, "kept")):
        ledger.note("plan_ends", ended, day=now.cycle.issue + LAST_DAY_OF_CYCLE,
                    cycle=standing.plan_cycle, status=status)  # fmt: skip
    standing.plan_left = np.where(broken, 0, standing.plan_left)


def _cut_off(ledger: Ledger, now: Round, *, chance: Chance) -> None:
    """A few of those with a notice who pay nothing are disconnected; half of them pay at once."""
    who, standing, cycle, n = now.who, now.standing, now.cycle, len(now.who)
    season = OREGON.disconnection_season[cycle.month - 1]
    far = now.noticed & (now.step >= 2) & ~standing.cut_off & (standing.owed > now.old)
    day: Ints = cycle.issue + LAST_DAY_OF_CYCLE - 1
    cut: Bools = far & (chance.random(n) < CUT_CHANCE * season) & (day < who.closed)
    quick = cut & (chance.random(n) < 0.5)
    ledger.note("steps", cut, day=day, cycle=cycle.number, step="disconnected")
    ledger.note("payments", quick, day=day + 1, cycle=cycle.number, nth=2, amount=standing.owed,
                kind=OWN, reversed=NEVER, reminded=False)  # fmt: skip
    ledger.note("steps", quick, day=day + 1, cycle=cycle.number, step="reconnected")
    standing.owed = np.where(quick, 0, standing.owed)
    standing.cut_off = standing.cut_off | (cut & ~quick)

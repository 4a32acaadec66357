"""A round of bills in a living twin: as in its past, but nobody writes unless a policy does."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np

from tideover.rehearsal.living.events import Happened
from tideover.rehearsal.living.luck import ROUND, stream
from tideover.rehearsal.living.state import State
from tideover.rehearsal.twin import billing
from tideover.rehearsal.twin.behaviour import Round, Standing, choices
from tideover.rehearsal.twin.billing import Cycle
from tideover.rehearsal.twin.ledger import AID, Ledger
from tideover.rehearsal.twin.people import CRISIS, NEVER, STRETCHED, Chance, Floats, People
from tideover.rehearsal.twin.rounds import NOTICE_FROM, follow_plans, relieve
from tideover.rehearsal.twin.texts import Ints, day_of

UNASKED = 0.8  # of the readiness for a plan, where none is offered
PARTS = (3, 11)  # instalments of a plan, from the first up to but not the second


def bill_today(state: State, weather: Floats, *, happened: Happened, seed: int) -> None:
    """Bill those whose day it is, and let them choose what they will do about it."""
    day = happened.day
    rows = np.flatnonzero(state.base.who.issue_day == day_of(day).day)
    if not len(rows):
        return
    chance = stream(seed, day, ROUND)
    now = _begin(state, rows, day, weather=weather, chance=chance)
    _note_bills(state, rows, now, happened)
    ledger = Ledger(NEVER)
    relieve(ledger, now, chance=chance)
    _ask_for_plans(state, rows, now, happened=happened, chance=chance)
    choice = choices(now, chance)
    amount = np.where(choice.reminded, 0, choice.amount)
    back = choice.bounced & (now.standing.owed > 0)
    intent = state.own
    intent.amount[rows] = np.where(back, now.standing.owed, amount)
    intent.day[rows] = np.where(intent.amount[rows] > 0, choice.day, NEVER)
    intent.back[rows] = back
    intent.because[rows] = -1
    follow_plans(ledger, now, choice=replace(choice, amount=amount), chance=chance)
    _keep(state, rows, now, ledger=ledger)


def _begin(state: State, rows: Ints, day: int, *, weather: Floats, chance: Chance) -> Round:
    plans, base = state.plans, state.base
    who = _taken(base.who, rows)
    who = replace(who, habit=who.habit - state.soured[rows],
                  trouble=(state.trouble[0][rows], state.trouble[1][rows]))  # fmt: skip
    standing = Standing(state.books.owed[rows], state.cut_off[rows], plans.left[rows],
                        plans.share[rows], plans.cycle[rows])  # fmt: skip
    cycle = _cycle(state, day, len(rows), weather=weather)
    billed = billing.bills(who, cycle, cut_off=standing.cut_off, chance=chance)
    old = standing.owed.copy()
    step = np.where(old > 0, 1 + sum((old > at).astype(int) for at in who.steps), 0)
    standing.owed = old + billed.amount * billed.issued
    nobody = np.zeros(len(rows), bool)
    return Round(who, standing, base.place, cycle, billed, old, step, who.closed < day,
                 who.troubled(cycle.issue), nobody, np.full(len(rows), NEVER))  # fmt: skip


def _taken(who: People, rows: Ints) -> People:
    def of(value: Any) -> Any:
        return tuple(part[rows] for part in value) if isinstance(value, tuple) else value[rows]

    return People(**{field.name: of(getattr(who, field.name)) for field in fields(People)})


def _cycle(state: State, day: int, n: int, *, weather: Floats) -> Cycle:
    today, first = day_of(day), day_of(state.plan.span.first)
    number = (today.year - first.year) * 12 + today.month - first.month
    end_of_last = day - today.day
    before = end_of_last - day_of(end_of_last).day + today.day
    return Cycle(number, today.month, np.full(n, day), np.full(n, before), np.ones(n, bool),
                 weather[number])  # fmt: skip


def _note_bills(state: State, rows: Ints, now: Round, happened: Happened) -> None:
    billed, issued = now.bills, now.bills.issued
    at = rows[issued]
    due = now.cycle.issue[issued] + now.who.term[issued]
    state.books.bill(at, billed.amount[issued], due)
    state.cycle[rows] = now.cycle.number
    happened.note("bills", at, cycle=now.cycle.number, due=due, amount=billed.amount[issued],
                  used=billed.used[issued], final=billed.final[issued],
                  start=billed.start[issued], end=billed.end[issued])  # fmt: skip


def _ask_for_plans(
    state: State, rows: Ints, now: Round, *, happened: Happened, chance: Chance
) -> None:
    """A few ask for a plan of themselves, as in the twin where none is offered."""
    who, standing, n = now.who, now.standing, len(rows)
    ready = np.where(who.reason == CRISIS, 0.35 * ~now.troubled, 0.05)
    ready = np.where(who.reason == STRETCHED, 0.14, ready)
    able = (now.step >= 2) & (standing.plan_left == 0) & (standing.owed > now.old)
    able &= ~now.gone & ~standing.cut_off & ~who.autopay & (now.old >= NOTICE_FROM)
    agreed = able & (chance.random(n) < ready * UNASKED)
    parts = chance.integers(*PARTS, n)
    agree(state, rows[agreed], now.old[agreed], parts[agreed], happened)
    standing.plan_left[agreed] = parts[agreed]
    standing.plan_share[agreed] = state.plans.share[rows[agreed]]
    standing.plan_cycle[agreed] = now.cycle.number


def agree(state: State, rows: Ints, total: Ints, parts: Ints, happened: Happened) -> None:
    """Agree a plan with some accounts: the total in equal monthly parts beside the bills."""
    who, plans, day = state.base.who, state.plans, happened.day
    first_due = day + 31 + (who.payday[rows] - day_of(day).day) % 28
    for column, value in (
        (plans.left, parts), (plans.share, -(-total // parts)), (plans.cycle, state.cycle[rows]),
        (plans.day, day), (plans.total, total), (plans.parts, parts), (plans.first_due, first_due),
    ):  # fmt: skip
        column[rows] = value
    note_plans(state, rows, "active", happened)


def note_plans(state: State, rows: Ints, status: str, happened: Happened) -> None:
    """Note plans as they stand now, with their status."""
    plans = state.plans
    happened.note("arrangements", rows, cycle=plans.cycle[rows], agreed=plans.day[rows],
                  total=plans.total[rows], parts=plans.parts[rows],
                  first_due=plans.first_due[rows], status=status)  # fmt: skip


def _keep(state: State, rows: Ints, now: Round, *, ledger: Ledger) -> None:
    """Write back how plans stand, and keep what the round brings on later days."""
    plans, standing = state.plans, now.standing
    plans.left[rows], plans.cycle[rows] = standing.plan_left, standing.plan_cycle
    plans.share[rows] = standing.plan_share
    for table in ("adjustments", "payments", "plan_ends"):
        noted = ledger.rows(table)
        if table == "payments":
            assert (noted["kind"] == AID).all()
        noted["row"] = rows[noted["row"]]
        for later in np.unique(noted["day"]).tolist():
            at = noted["day"] == later
            state.coming[later].append(
                (table, {name: values[at] for name, values in noted.items()})
            )

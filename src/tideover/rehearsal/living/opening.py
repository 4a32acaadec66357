"""The twin's last day as the eve of a living one: the same people, debts, plans and intents."""

from __future__ import annotations

import numpy as np

from tideover.rehearsal.living.state import FAR, LATELY, Books, Intent, Plans, State
from tideover.rehearsal.twin import BLOCK, Plan, billing, chance_of, lived
from tideover.rehearsal.twin.ledger import AID, DEBIT, OWN, Ledger
from tideover.rehearsal.twin.lives import Lives
from tideover.rehearsal.twin.people import CRISIS, DISPUTING, NEVER
from tideover.rehearsal.twin.texts import Ints
from tideover.terms.faults import Usage

SPARE_BILLS = 12


def opening(plan: Plan, nights: int) -> State:
    """Return the state at the end of the twin's last day, made up as its export was.

    Args:
        nights: How many days it will live; crises begin on these as they did before.
    """
    if plan.accounts > BLOCK:
        raise Usage(f"A living twin of {plan.accounts:,} accounts", mend=f"Take {BLOCK:,} at most")
    weather = billing.weather(plan.span, chance_of(plan, 0))
    base = lived(plan, block=(0, plan.accounts), weather=weather, chance=chance_of(plan, 1))
    n, last, standing = plan.accounts, plan.span.last, base.ledger.standing
    state = State(
        plan, base, _books(base, last), _intents(base.ledger, n), Intent.none(n), _plans(base),
        _trouble(base, plan, nights), base.how.has.copy(), base.how.consent.copy(),
        standing.cut_off.copy(), np.zeros(n), np.zeros((n, LATELY), bool), np.full(n, last),
        _cycles(base, last),
    )  # fmt: skip
    _remember_messages(state, last)
    _expect(state)
    return state


def _books(base: Lives, last: int) -> Books:
    n, bills = len(base.who), base.ledger.rows("bills")
    order = np.lexsort((bills["due"], bills["row"]))
    row, due, amount = (bills[name][order] for name in ("row", "due", "amount"))
    counts = np.bincount(row, minlength=n)
    nth = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
    width = int(counts.max(initial=0)) + SPARE_BILLS
    dues, totals = np.full((n, width), NEVER), np.zeros((n, width), np.int64)
    dues[row, nth], totals[row, nth] = due, amount
    totals = np.where(dues < NEVER, np.cumsum(totals, axis=1), FAR)
    paid, posted = base.ledger.rows("payments"), base.ledger.rows("adjustments")
    stands = paid["reversed"] > last
    credits = np.zeros(n, np.int64)
    np.add.at(credits, paid["row"][stands], paid["amount"][stands])
    np.add.at(credits, posted["row"], -posted["amount"])
    return Books(dues, totals, counts, credits)


def _intents(ledger: Ledger, n: int) -> Intent:
    """Return what each meant to pay after the last day, but for what messages would bring."""
    rows, notices = ledger.coming("payments"), ledger.coming("steps")
    warned = np.zeros(n, bool)
    warned[notices["row"][notices["step"] == "notice_issued"]] = True
    own = (rows["nth"] == 1) & ~rows["reminded"] & np.isin(rows["kind"], (OWN, DEBIT))
    own &= ~warned[rows["row"]]
    intent, at = Intent.none(n), rows["row"][own]
    intent.amount[at], intent.day[at] = rows["amount"][own], rows["day"][own]
    intent.back[at] = rows["reversed"][own] < NEVER
    return intent


def _plans(base: Lives) -> Plans:
    n, standing, made = len(base.who), base.ledger.standing, base.ledger.rows("plans")
    columns = [np.zeros(n, np.int64) for _ in range(4)]
    for column, name in zip(columns, ("day", "total", "parts", "first_due"), strict=True):
        column[made["row"]] = made[name]  # in the order they were made: the last one stands
    left = np.where(columns[0] > 0, standing.plan_left, 0)
    coming = base.ledger.coming("plans")
    left[coming["row"]] = 0  # agreed after the last day: it was for the legacy way to offer
    return Plans(left, standing.plan_share.copy(), standing.plan_cycle.copy(), *columns)


def _trouble(base: Lives, plan: Plan, nights: int) -> tuple[Ints, Ints]:
    """Let crises and disputes begin as often as before, for those who are through with theirs."""
    who, last = base.who, plan.span.last
    chance = chance_of(plan, 1_000_000)
    n = len(who)
    prone = np.isin(who.reason, (CRISIS, DISPUTING)) & (who.trouble[1] <= last)
    again = prone & (chance.random(n) < nights / (plan.days + 60))
    start = last + 1 + chance.integers(0, max(nights, 1), n)
    weeks = np.where(who.reason == CRISIS, chance.integers(6, 27, n), chance.integers(8, 31, n))
    lead = np.arange(n) - ~who.leads
    again, start, weeks = again[lead], start[lead], weeks[lead]
    return (
        np.where(again, start, who.trouble[0]),
        np.where(again, start + 7 * weeks, who.trouble[1]),
    )


def _cycles(base: Lives, last: int) -> Ints:
    cycle = np.zeros(len(base.who), np.int64)
    bills = base.ledger.rows("bills")
    np.maximum.at(cycle, bills["row"], bills["cycle"])
    return cycle


def _remember_messages(state: State, last: int) -> None:
    reminders = state.base.ledger.rows("reminders")
    late = reminders["day"] > last - LATELY + 1
    state.sent[reminders["row"][late], reminders["day"][late] % LATELY] = True


def _expect(state: State) -> None:
    """Keep what was settled by the last day and happens after it."""
    ledger = state.base.ledger
    for table in ("adjustments", "payments", "plan_ends"):
        rows = ledger.coming(table)
        kept = rows["kind"] == AID if table == "payments" else np.ones(len(rows["row"]), bool)
        if table == "plan_ends":
            kept &= state.plans.day[rows["row"]] > 0
        for day in np.unique(rows["day"][kept]).tolist():
            at = kept & (rows["day"] == day)
            state.coming[day].append((table, {name: values[at] for name, values in rows.items()}))

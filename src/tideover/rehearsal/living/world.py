"""A living twin: a utility that goes on day by day, whose customers answer what is said."""

from __future__ import annotations

import numpy as np

from tideover.rehearsal.living import answers, luck
from tideover.rehearsal.living.answers import Hearers
from tideover.rehearsal.living.events import Happened
from tideover.rehearsal.living.messages import HELP, PLAN, TIME, Messages
from tideover.rehearsal.living.opening import opening
from tideover.rehearsal.living.rounds import PARTS, agree, bill_today, note_plans
from tideover.rehearsal.living.state import LATELY, Intent
from tideover.rehearsal.twin import Plan, billing
from tideover.rehearsal.twin.behaviour import STEP_FACTOR
from tideover.rehearsal.twin.ledger import AID, DEBIT, OWN
from tideover.rehearsal.twin.people import CRISIS, NEVER, PAYDAY, Bools, Floats, Span
from tideover.rehearsal.twin.reach import CHANNELS, CONSENTS, LETTER
from tideover.rehearsal.twin.texts import Ints

WEATHER = 1_000_001
SHARE_OF_A_PART = (0.25, 0.60)
GRANT = (100_00, 300_00)  # minor units
GRANTED, GRANT_DAYS = 0.6, 12
EASED_DAYS = 28  # a crisis that help was found for lasts at most so long
COMPLAINT_DAYS = 28
SPOKEN = 0.5  # of those who will pay later than the day after next say so
WITHDRAWN = CONSENTS.index("withdrawn")


class World:
    """One living twin under one policy.

    Args:
        plan: The twin it goes on from.
        nights: How many days it will live.
        seed: Of the luck of the days to come; the twin's own where none is given.
    """

    def __init__(self, plan: Plan, nights: int, *, seed: int | None = None) -> None:
        self.plan, self.nights, self.state = plan, nights, opening(plan, nights)
        self.seed = plan.seed if seed is None else seed
        self.today = plan.span.last
        self.happened = Happened(self.today)
        span = Span(plan.span.first, plan.span.last + nights + 31)
        self._weather = billing.weather(span, luck.stream(plan.seed, 0, WEATHER))

    @property
    def arrears(self) -> Ints:
        """Return what is past due at the end of today, by account."""
        return self.state.books.arrears(self.today)

    def live(self, said: Messages) -> Happened:
        """Live the next day, on which these messages leave; return what happened."""
        self.today += 1
        self.happened = Happened(self.today)
        self.state.sent[:, self.today % LATELY] = False
        self._come_to_pass()
        bill_today(self.state, self._weather, happened=self.happened, seed=self.seed)
        self._hear(said)
        for intent in (self.state.own, self.state.prompted):
            self._pay(intent)
        self._reconnect()
        return self.happened

    def _numbers(self, use: int) -> Floats:
        return luck.numbers(self.seed, self.today, use, len(self.state))

    def _come_to_pass(self) -> None:
        """Let happen what was settled before: money of others, ends of plans, reversals."""
        state, books = self.state, self.state.books
        for table, rows in state.coming.pop(self.today, []):
            at = rows["row"]
            if table == "adjustments":
                books.credits[at] -= rows["amount"]
                self.happened.note(table, at, amount=rows["amount"], kind=rows["kind"])
            elif table == "payments":
                books.credits[at] += rows["amount"]
                self.happened.note(table, at, amount=rows["amount"], kind=AID, because=-1, nth=0)
            elif table == "reversals":
                books.credits[at] -= rows["amount"]
                self.happened.note(table, at, **{k: v for k, v in rows.items() if k != "row"})
            else:
                for status in ("broken", "kept"):
                    note_plans(state, at[rows["status"] == status], status, self.happened)

    def _hear(self, said: Messages) -> None:
        """Let messages leave, and people answer them."""
        state, row = self.state, said.row
        hearers = self.hearers(row)
        state.sent[row, self.today % LATELY] = True
        noticed = self._numbers(luck.NOTICED)[row] < answers.chance_noticed(said, hearers)
        drawn, pays = self._numbers(luck.ANSWERED)[row], answers.chance_pays(said, hearers)
        takes = noticed & (drawn >= pays) & (drawn < pays + answers.chance_takes(said, hearers))
        complains = self._numbers(luck.COMPLAINS)[row] < answers.chance_complaint(said, hearers)
        opts_out = self._numbers(luck.OPTS_OUT)[row] < answers.chance_opt_out(said, hearers)
        opts_out &= said.channel != LETTER
        state.soured[row] = np.minimum(state.soured[row] + answers.soured(said, hearers), 1.5)
        self.happened.note("messages", row, place=np.arange(len(row)), offer=said.offer,
                           tone=said.tone, channel=said.channel, minute=said.minute,
                           noticed=noticed)  # fmt: skip
        self._pay_soon(said, hearers, noticed & (drawn < pays))
        self._take(said, takes)
        self._complain(row[complains], said.channel[complains])
        self._opt_out(row[opts_out], said.channel[opts_out])

    def hearers(self, row: Ints) -> Hearers:
        """Return those who would hear a message today."""
        state = self.state
        return Hearers(state.mood(self.today)[row], state.lately()[row],
                       state.base.how.preferred[row], state.to_payday(self.today)[row])  # fmt: skip

    def _pay_soon(self, said: Messages, hearers: Hearers, pays: Bools) -> None:
        owed, late = np.maximum(self.state.books.owed[said.row], 0), self.arrears[said.row]
        pays = pays & (owed > 0) & (self.state.plans.left[said.row] == 0)
        asked = np.where(late > 0, late, owed)[pays]
        on_payday = hearers.mood == PAYDAY
        self._mean_to_pay(said.only(pays), asked, on_payday[pays])

    def _take(self, said: Messages, takes: Bools) -> None:
        """Some take what is held out: more time, a plan, help."""
        late = self.arrears[said.row]
        takes = takes & (late > 0) & (self.state.plans.left[said.row] == 0)
        waits, agrees = (takes & (said.gist == gist) for gist in (TIME, PLAN))
        self._mean_to_pay(said.only(waits), late[waits], np.ones(int(waits.sum()), bool))
        parts = PARTS[0] + (self._numbers(luck.SIZE)[said.row] * (PARTS[1] - PARTS[0])).astype(int)
        agree(self.state, said.row[agrees], late[agrees], parts[agrees], self.happened)
        self._say(said.row[agrees], said.channel[agrees], "plan_request")
        self._find_help(said.row[takes & (said.gist == HELP)])

    def _mean_to_pay(self, said: Messages, asked: Ints, on_payday: Bools) -> None:
        """Those who answer with money pay all that was asked, or a part, on a day that suits."""
        state, row = self.state, said.row
        owed = state.books.owed[row]
        step = np.where(owed > 0, 1 + sum((owed > at[row]).astype(int)
                                          for at in state.base.who.steps), 0)  # fmt: skip
        whole = self._numbers(luck.ALL_OF_IT)[row] < np.take(STEP_FACTOR, step)
        low, high = SHARE_OF_A_PART
        part = asked * (low + (high - low) * self._numbers(luck.SIZE)[row])
        amount = np.where(whole, asked, np.maximum(part // 500 * 500, np.minimum(asked, 500)))
        soon = 1 + (3 * self._numbers(luck.DELAY)[row]).astype(np.int64)
        soon += answers.LETTER_DAYS * (said.channel == LETTER)
        payday = np.maximum(state.to_payday(self.today)[row], 1)
        day = self.today + np.where(on_payday, payday, soon)
        better = (state.prompted.day[row] == NEVER) | (amount >= state.prompted.amount[row])
        at = row[better]
        state.prompted.amount[at] = amount[better].astype(np.int64)
        state.prompted.day[at] = day[better]
        state.prompted.because[at] = self.today
        speaks = better & (day > self.today + 2) & (self._numbers(luck.SPEAKS)[row] < SPOKEN)
        self.happened.note("promises", row[speaks], amount=amount[speaks].astype(np.int64),
                           due=day[speaks] + 2)  # fmt: skip
        self._say(row[speaks], said.channel[speaks], "promise")

    def _find_help(self, row: Ints) -> None:
        """Help that was asked for: money for some, and a way out of a crisis for those in one."""
        state, late = self.state, self.arrears[row]
        low, high = GRANT
        size = low + (self._numbers(luck.SIZE)[row] * (high - low)).astype(np.int64) // 1000 * 1000
        granted = self._numbers(luck.ALL_OF_IT)[row] < GRANTED
        rows = {"row": row[granted], "kind": np.full(int(granted.sum()), "assistance_grant"),
                "amount": -np.minimum(size, late)[granted]}  # fmt: skip
        state.coming[self.today + GRANT_DAYS].append(("adjustments", rows))
        eased = row[state.base.who.reason[row] == CRISIS]
        state.trouble[1][eased] = np.minimum(state.trouble[1][eased], self.today + EASED_DAYS)

    def _complain(self, row: Ints, channel: Ints) -> None:
        fresh = self.state.complained_until[row] < self.today
        self.state.complained_until[row] = self.today + COMPLAINT_DAYS
        self._say(row, channel, "complaint")
        self.happened.note("complaints", row[fresh], until=self.today + COMPLAINT_DAYS)

    def _say(self, row: Ints, channel: Ints, purpose: str) -> None:
        by = np.where(channel == LETTER, CHANNELS.index("email"), channel)
        self.happened.note("said", row, channel=by, purpose=purpose)

    def _opt_out(self, row: Ints, channel: Ints) -> None:
        """Withdraw consent of the customer, so for all their accounts."""
        customer = self.state.base.who.customer
        lead = np.searchsorted(customer, customer[row])
        self.state.consent[lead, channel] = WITHDRAWN
        second = np.minimum(lead + 1, len(customer) - 1)
        theirs = customer[second] == customer[lead]
        self.state.consent[second[theirs], channel[theirs]] = WITHDRAWN
        self.happened.note("opt_outs", lead, channel=channel)

    def _pay(self, intent: Intent) -> None:
        state, today = self.state, self.today
        due = np.flatnonzero(intent.day == today)
        amount = np.minimum(intent.amount[due], np.maximum(state.books.owed[due], 0))
        because, back = intent.because[due], intent.back[due]
        intent.day[due], intent.amount[due], intent.because[due] = NEVER, 0, -1
        intent.back[due] = False
        pays = amount > 0
        at, amount, because, back = due[pays], amount[pays], because[pays], back[pays]
        state.books.credits[at] += amount
        who = state.base.who
        drawn = who.autopay[at] & (who.closed[at] >= today) & (because < 0)
        nth = 1 + (intent is state.prompted)
        self.happened.note("payments", at, amount=amount, kind=np.where(drawn, DEBIT, OWN),
                           because=because, nth=nth)  # fmt: skip
        if back.any():
            rows = {"row": at[back], "amount": amount[back], "paid": np.full(back.sum(), today),
                    "nth": np.full(back.sum(), nth)}  # fmt: skip
            state.coming[today + 3].append(("reversals", rows))

    def _reconnect(self) -> None:
        again = np.flatnonzero(self.state.cut_off & (self.state.books.owed <= 0))
        self.state.cut_off[again] = False
        self.happened.note("steps", again, step="reconnected")

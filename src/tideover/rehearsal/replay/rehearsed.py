"""Past days through two strategies, and what came out otherwise."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from tideover.portfolio.decisions.withheld import FULL, Rows, too_many, withheld
from tideover.portfolio.workspace import SETTINGS_FILE, ContactSettings, CostSettings, Settings
from tideover.rehearsal.replay.beside import AFTER, BEFORE, OF_THE_CASE, beside
from tideover.rehearsal.replay.ledger import Ledger, proposed
from tideover.rehearsal.replay.pressure import pressure
from tideover.rehearsal.replay.tally import Tally
from tideover.rules.contact import CHANNELS
from tideover.terms.faults import Usage
from tideover.terms.money import rounded

Decide = Callable[[pa.Table, date, Ledger], pa.Table]
_COST = re.compile(r"\d{1,7}(\.\d{1,6})?", re.ASCII)


@dataclass(frozen=True)
class Side:
    """One of the strategies: its name, and how it decides on cases of a day, after its contacts.

    Args:
        required: Its rows that send notices which the law requires, each by its label.
    """

    name: str
    decide: Decide
    required: Rows = frozenset()


@dataclass(frozen=True)
class PastDay:
    """A day that is replayed.

    Args:
        facts_of: Where its facts come from: the run of a night, or none when computed anew.
        models: The zones and scores they were made with.
        foresight: Whether these were learnt only later, for want of earlier ones.
        cases: As the night has them, in pieces; with `area`, the third of areas it lies in.
    """

    as_of: date
    facts_of: str | None
    models: str
    foresight: bool
    cases: Iterable[pa.Table]

    @property
    def listing(self) -> dict[str, Any]:
        """Return where its facts come from."""
        return {"as_of": self.as_of.isoformat(), "night": self.facts_of, "models": self.models,
                "models_learnt_later": self.foresight}  # fmt: skip


def rehearse(
    days: Iterable[PastDay], sides: Mapping[str, Side], ledger: Ledger, settings: Settings
) -> dict[str, Any]:
    """Replay days through two strategies and return what differs, as data.

    What a strategy would have sent counts on the days after, for it alone: towards the cap, which
    is a customer's, and as steps of ladders that were taken. Nobody's behaviour is made up: what
    was billed and paid stays as it was under both.

    Args:
        days: In their order, at least one.
        sides: By `BEFORE` and `AFTER`.
        ledger: The contacts that took place, without those the night itself had proposed.

    Raises:
        Usage: A cost in the settings is no amount.
    """
    costs = unit_costs(settings.costs)
    ledgers = dict.fromkeys(sides, ledger)
    tally, told = Tally(), []
    for day in days:
        cases, decided = _replayed(day, sides, ledgers, settings.contact)
        for side, table in decided.items():
            ledgers[side] = ledgers[side].plus(_contacts(cases, table))
        known, pairs = beside(cases, decided)
        tally.add(day.as_of, known, pairs)
        told.append(day.listing)
    return _listing(tally, told, sides, ledgers) | {
        "cost": _cost(tally, costs, settings.utility.currency)
    }


def _replayed(
    day: PastDay, sides: Mapping[str, Side], ledgers: Mapping[str, Ledger], contact: ContactSettings
) -> tuple[pa.Table, dict[str, pa.Table]]:
    """Return the accounts of a day, as `beside` asks for them, and each side's decisions on them.

    As at night, nobody is written to on more accounts than the cap of a customer leaves.
    """
    accounts: list[pa.Table] = []
    found: dict[str, list[pa.Table]] = {side: [] for side in sides}
    for cases in day.cases:
        for side, one in sides.items():
            seen = ledgers[side].shown(cases, contact, as_of=day.as_of)
            found[side].append(one.decide(seen, day.as_of, ledgers[side]))
        accounts.append(cases.select(OF_THE_CASE))
    decided = {}
    for side, tables in found.items():
        whole, sharing = pa.concat_tables(tables), ledgers[side].shared(contact, as_of=day.as_of)
        left = (too_many(whole, sharing, contact.cap, required=sides[side].required)
                if sharing.num_rows else ())  # fmt: skip
        decided[side] = withheld(whole, left, FULL, anew=True) if left else whole
    return pa.concat_tables(accounts), decided


def _contacts(cases: pa.Table, decided: pa.Table) -> pa.Table:
    sent = decided.filter(pc.is_valid(decided["send_at"]))
    place = pc.index_in(sent["account_id"], cases["account_id"].combine_chunks())
    nos = cases["account_no"].take(place).to_pylist()
    return proposed(nos, sent["send_at"].to_pylist(), by=sent)


def _listing(
    tally: Tally, told: list[dict[str, Any]], sides: Mapping[str, Side],
    ledgers: Mapping[str, Ledger],
) -> dict[str, Any]:  # fmt: skip
    first, last = (date.fromisoformat(told[at]["as_of"]) + timedelta(days=1) for at in (0, -1))
    pressed = {side: pressure(ledgers[side].contacts, tally.customers, first, last)
               for side in sides}  # fmt: skip
    return {
        "strategies": {side: one.name for side, one in sides.items()},
        "days": told,
        "accounts": len(tally.customers), "accounts_different": len(tally.differing),
        "totals": dict(sorted(tally.totals.items())),
        "cases_for_a_person": {side: len(found) for side, found in tally.persons.items()},
        "groups": tally.listed_groups(),
        "treatments": _treatments(tally),
        "ways": tally.listed_ways(),
        "blocks": _blocks(tally),
        "pressure": pressed,
    }  # fmt: skip


def _treatments(tally: Tally) -> list[dict[str, Any]]:
    """Return how often each treatment was proposed and how often a message goes out with it."""
    names = sorted({treatment for _, treatment, _ in tally.treatments})
    found = []
    for name in names:
        row: dict[str, Any] = {"treatment": name}
        for side in (BEFORE, AFTER):
            of = {out: n for (s, t, out), n in tally.treatments.items() if (s, t) == (side, name)}
            row |= {f"proposed_{side}": sum(of.values()), f"contact_{side}": of.get("contact", 0)}
        found.append(row)
    return found


def _blocks(tally: Tally) -> list[dict[str, Any]]:
    return [{"code": code, **{side: tally.blocks.get((side, code), 0) for side in (BEFORE, AFTER)}}
            for code in sorted({code for _, code in tally.blocks})]  # fmt: skip


def _cost(tally: Tally, costs: Mapping[str, Decimal], currency: str) -> dict[str, Any]:
    channels = []
    whole = dict.fromkeys((BEFORE, AFTER), Decimal(0))
    for channel, unit in costs.items():
        counts = {side: tally.channels.get((side, channel), 0) for side in whole}
        for side, count in counts.items():
            whole[side] += count * unit
        channels.append({"channel": channel, "each": str(unit), **counts})
    sums = {f"{side}_minor": rounded(spent, currency) for side, spent in whole.items()}
    return {"currency": currency, "channels": channels, **sums}


def unit_costs(costs: CostSettings) -> dict[str, Decimal]:
    """Return what one contact costs by each channel, in the utility's currency.

    Raises:
        Usage: One is no amount.

    Examples:
        >>> unit_costs(CostSettings(sms="0.085"))["sms"]
        Decimal('0.085')
    """
    found = {}
    for channel in CHANNELS:
        stated = getattr(costs, channel)
        if not _COST.fullmatch(stated):
            raise Usage(f"{stated!r} is no cost of one contact by {channel}",
                        where=f"{SETTINGS_FILE} [costs]",
                        mend='Write it as "0.085", in the currency of [utility]')  # fmt: skip
        found[channel] = Decimal(stated)
    return found

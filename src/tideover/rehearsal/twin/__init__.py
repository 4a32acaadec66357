"""A whole utility made up, in contract form, whose customers pay late for reasons that are known.

The reasons are written to `truth/` beside the export, and nothing else reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np

from tideover.rehearsal.twin import billing, events, register, surroundings
from tideover.rehearsal.twin.circumstances import circumstances
from tideover.rehearsal.twin.contacts import contacts
from tideover.rehearsal.twin.export import Export
from tideover.rehearsal.twin.lives import Lives
from tideover.rehearsal.twin.people import Chance, Floats, Span, people
from tideover.rehearsal.twin.place import NETHERLANDS, Place
from tideover.rehearsal.twin.reach import reach
from tideover.rehearsal.twin.rounds import live
from tideover.rehearsal.twin.texts import day_of, instants, number
from tideover.terms.faults import Usage

BLOCK = 50_000  # accounts made up at a time; memory is bounded by it
CSV_UP_TO = 50_000  # accounts; a larger twin is written as Parquet
MOST_ACCOUNTS, MOST_DAYS = 100_000_000, 3650
LAST_DAY = date(2026, 6, 30)

OF_ACCOUNTS = (
    register.customers, register.accounts, register.contact_points, register.facts, circumstances,
    events.bills, events.payments, events.adjustments, events.arrangements, events.promises,
    events.service_steps,
)  # fmt: skip

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """What kind of utility to make up.

    Args:
        accounts: How many, more than zero.
        days: Length of its history, ending on `last_day`.
        seed: The same plan with the same seed gives the same bytes.
        form: `csv`, `parquet`, or `auto`: CSV for up to 50,000 accounts.
    """

    accounts: int
    days: int
    seed: int
    last_day: date = LAST_DAY
    place: Place = field(default=NETHERLANDS)
    form: str = "auto"

    @property
    def span(self) -> Span:
        """Return the days it covers."""
        return Span(number(self.last_day) - self.days + 1, number(self.last_day))

    @property
    def parquet(self) -> bool:
        """Say whether it is written as Parquet."""
        return self.form == "parquet" or (self.form == "auto" and self.accounts > CSV_UP_TO)

    def check(self) -> None:
        """Refuse what cannot be made up."""
        for name, value, most in (
            ("accounts", self.accounts, MOST_ACCOUNTS), ("days", self.days, MOST_DAYS),
        ):  # fmt: skip
            if not 1 <= value <= most:
                raise Usage(f"{name} is {value}", mend=f"Choose 1 to {most:,}")
        if self.seed < 0:
            raise Usage(f"seed is {self.seed}", mend="Choose zero or more")


@dataclass(frozen=True)
class TwinReport:
    """What was made up: rows and exact sums of amounts by table, and where the truth lies."""

    first_day: date
    last_day: date
    rows: Mapping[str, int]
    amounts: Mapping[str, str]
    truth: Path


def make_twin(
    out_dir: Path, *, accounts: int, days: int, seed: int, progress: Progress = lambda _: None
) -> TwinReport:
    """Make up a Dutch utility and write it as an export; see `write_twin` for other kinds."""
    return write_twin(out_dir, Plan(accounts, days, seed), progress=progress)


def write_twin(out_dir: Path, plan: Plan, *, progress: Progress = lambda _: None) -> TwinReport:
    """Make up a utility and write it as an export of the contract.

    `export.json` is written last: without it the work was cut short.

    Raises:
        Usage: The plan cannot be, or the folder holds something already.
    """
    plan.check()
    if out_dir.exists() and any(out_dir.iterdir()):
        raise Usage(f"{out_dir.name} is not empty", mend="Name a new folder, or empty this one")
    export, span = Export(out_dir, parquet=plan.parquet), plan.span
    chance = chance_of(plan, 0)
    weather = billing.weather(span, chance)
    _write_surroundings(export, plan, chance=chance)
    for first in range(0, plan.accounts, BLOCK):
        block = (first, min(BLOCK, plan.accounts - first))
        own = chance_of(plan, 1 + first // BLOCK)
        _write_block(export, plan, block=block, weather=weather, chance=own)
        progress(f"{sum(block):,} of {plan.accounts:,} accounts")
    end = instants(np.array([span.last]), np.array([1439]), zone=plan.place.timezone)[0].as_py()
    export.declare(end.replace("T23:59:00", "T23:59:59"))
    amounts = {name: str(total) for name, total in export.amounts.items()}
    truth = out_dir / "truth/truth.csv"
    return TwinReport(day_of(span.first), plan.last_day, export.rows, amounts, truth)


def chance_of(plan: Plan, stream: int) -> Chance:
    """Return the plan's own stream of chance of a number: 0 is the weather, then block by block."""
    return np.random.Generator(np.random.Philox(np.random.SeedSequence((plan.seed, stream))))


def _write_surroundings(export: Export, plan: Plan, *, chance: Chance) -> None:
    span, place = plan.span, plan.place
    figures = surroundings.area_indicators(span, place=place, chance=chance)
    export.add("area_indicators", figures)
    export.add("service_events", surroundings.service_events(span, place=place, chance=chance))
    export.add("holidays", surroundings.holidays(span, place=place))


def lived(plan: Plan, *, block: tuple[int, int], weather: Floats, chance: Chance) -> Lives:
    """Return a block of accounts with all that happened to them by the plan's last day."""
    span, place = plan.span, plan.place
    who = people(*block, span=span, place=place, chance=chance)
    how = reach(who, place=place, chance=chance)
    ledger = live(who, span, place=place, weather=weather, chance=chance)
    return Lives(who, how, ledger, span, place, chance)


def _write_block(
    export: Export, plan: Plan, *, block: tuple[int, int], weather: Floats, chance: Chance
) -> None:
    lives = lived(plan, block=block, weather=weather, chance=chance)
    for table in OF_ACCOUNTS:
        export.add(table.__name__, table(lives))
    for kind in contacts(lives):
        export.add("contacts", kind)
    export.write_csv("truth/truth", register.truth(lives))

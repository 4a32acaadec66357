"""Counts over the days of a rehearsal: who is treated differently, in which group, and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pyarrow as pa

from tideover.rehearsal.replay.beside import AFTER, BEFORE, CHANGES, OUTCOMES, Pair, Said

SAMPLES = 5  # accounts named for each way in which decisions differ
MOST_WAYS = 200
FEW_ACCOUNT_DAYS = 100  # of a group; with fewer nothing is said of a shift
UNEVEN_POINTS = 3.0  # contacts a hundred account-days by which a group shifts unlike everyone
NONE_KNOWN = "none_known"
DIMENSIONS = ("zone", "stage", "segment", "area", "circumstance")


@dataclass
class Tally:
    """What has been counted so far.

    Args:
        groups: By dimension and its value: account-days, those that differ, and by side how many
            had each outcome.
        ways: By what was decided under each: how often, and the first accounts it happened to.
        customers: Whose each account is.
    """

    groups: defaultdict[tuple[str, str], Counter[str]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    totals: Counter[str] = field(default_factory=Counter)
    ways: dict[tuple[Any, ...], Way] = field(default_factory=dict)
    treatments: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    channels: Counter[tuple[str, str]] = field(default_factory=Counter)
    blocks: Counter[tuple[str, str]] = field(default_factory=Counter)
    persons: dict[str, set[int]] = field(default_factory=lambda: {BEFORE: set(), AFTER: set()})
    differing: set[int] = field(default_factory=set)
    customers: dict[int, str] = field(default_factory=dict)

    def add(self, as_of: date, cases: pa.Table, pairs: list[Pair]) -> None:
        """Count one day's decisions.

        Table in: cases, as `beside` gives them
        """
        for row, pair in zip(cases.to_pylist(), pairs, strict=True):
            change = pair.change
            counted = _counted(pair, change)
            self.totals.update(counted)
            for place in _places(row, pair):
                self.groups[place].update(counted)
            self.customers[row["account_no"]] = row["customer_id"]
            for side, said in ((BEFORE, pair.before), (AFTER, pair.after)):
                self._said(side, said, row["account_no"])
            if change != "same":
                self.differing.add(row["account_no"])
                self._way(as_of, row, pair, change)

    def _said(self, side: str, said: Said, account_no: int) -> None:
        if said.outcome == "person":
            self.persons[side].add(account_no)
        self.treatments[side, said.treatment, said.outcome] += 1
        if said.channel:
            self.channels[side, said.channel] += 1
        self.blocks.update((side, code) for code in (said.blocked_by or "").split(";") if code)

    def _way(self, as_of: date, row: dict[str, Any], pair: Pair, change: str) -> None:
        one, other = pair
        key = (change, *_named(one), *_named(other))
        way = self.ways.setdefault(key, Way(change, one, other))
        way.count += 1
        if len(way.samples) < SAMPLES and row["account_id"] not in way.samples:
            way.samples[row["account_id"]] = _sample(as_of, row, pair)

    def listed_ways(self) -> list[dict[str, Any]]:
        """Return in what decisions differ, the most frequent first, with the rows that decided."""
        order = sorted(self.ways.items(), key=lambda pair: (-pair[1].count, pair[0]))
        return [way.listing() for _, way in order[:MOST_WAYS]]

    def listed_groups(self) -> dict[str, list[dict[str, Any]]]:
        """Return the counts of each dimension's values, and how evenly contacts shift."""
        everyone = _a_hundred(self.totals, AFTER) - _a_hundred(self.totals, BEFORE)
        return {name: [{"value": value} | _numbers(self.groups[dimension, value])
                       | _shift(self.groups[dimension, value], everyone)
                       for dimension, value in sorted(self.groups) if dimension == name]
                for name in DIMENSIONS}  # fmt: skip


@dataclass
class Way:
    """One way in which decisions differ, with the first accounts it happened to."""

    change: str
    before: Said
    after: Said
    count: int = 0
    samples: dict[str, dict[str, Any]] = field(default_factory=dict)

    def listing(self) -> dict[str, Any]:
        """Return it as it is printed."""
        sides = {side: {"rule": said.rule, "because": said.because, "outcome": said.outcome,
                        "treatment": said.treatment}
                 for side, said in ((BEFORE, self.before), (AFTER, self.after))}  # fmt: skip
        return {"change": self.change, "account_days": self.count, **sides,
                "samples": list(self.samples.values())}  # fmt: skip


def _named(said: Said) -> tuple[str, str, str]:
    return said.rule, said.outcome, said.treatment


def _numbers(counts: Counter[str]) -> dict[str, int]:
    names = [f"{outcome}_{side}" for outcome in OUTCOMES for side in (BEFORE, AFTER)]
    return {name: counts.get(name, 0) for name in ("account_days", "different", *names)}


def _a_hundred(counts: Counter[str], side: str) -> float:
    """Return contacts a hundred account-days."""
    whole = counts["account_days"]
    return 100 * counts[f"contact_{side}"] / whole if whole else 0.0


def _shift(counts: Counter[str], everyone: float) -> dict[str, Any]:
    """Return how contacts shift in a group, and whether far more or less than for everyone.

    Args:
        everyone: By how many contacts a hundred account-days they shift over all groups.
    """
    rates = {f"contacts_a_hundred_{side}": _a_hundred(counts, side) for side in (BEFORE, AFTER)}
    shift = rates[f"contacts_a_hundred_{AFTER}"] - rates[f"contacts_a_hundred_{BEFORE}"]
    few = counts["account_days"] < FEW_ACCOUNT_DAYS
    uneven = not few and abs(shift - everyone) >= UNEVEN_POINTS
    return {name: round(rate, 2) for name, rate in rates.items()} | {
        "shift": round(shift, 2), "few": few, "uneven": uneven}  # fmt: skip


def _counted(pair: Pair, change: str) -> tuple[str, ...]:
    counted = ("account_days", f"{pair.before.outcome}_{BEFORE}", f"{pair.after.outcome}_{AFTER}")
    return counted if change == CHANGES[0] else (*counted, "different", f"different_{change}")


def _places(row: dict[str, Any], pair: Pair) -> Iterator[tuple[str, str]]:
    """Yield the groups that an account stands in; it may have several circumstances, or none."""
    yield "zone", row["zone"]
    yield "stage", pair.before.stage or pair.after.stage or "-"
    yield "segment", row["segment"] or "-"
    yield "area", row["area"]
    for kind in (row["holds"] or NONE_KNOWN).split(";"):
        yield "circumstance", kind


def _sample(as_of: date, row: dict[str, Any], pair: Pair) -> dict[str, Any]:
    named = ("treatment", "channel", "tone", "offer", "part", "blocked_by")
    sides = {side: {name: getattr(said, name) for name in named}
             for side, said in ((BEFORE, pair.before), (AFTER, pair.after))}  # fmt: skip
    return {"account_id": row["account_id"], "as_of": as_of.isoformat(), "zone": row["zone"],
            "arrears_minor": row["arrears_minor"], "currency": row["currency"],
            **sides}  # fmt: skip

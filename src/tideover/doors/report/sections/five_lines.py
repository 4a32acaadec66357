"""The morning in five lines: how many are behind, how much, who moves, what is proposed, doubts."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from tideover.doors.report.markup import Html, el, joined
from tideover.doors.report.morning import Morning
from tideover.doors.report.words import amount, change, change_of, count, listed, of_all
from tideover.portfolio.zones import Snapshot
from tideover.rules.zone import ZONES

RANKS = ("clear", *ZONES)


def inside(morning: Morning) -> Html:
    """Return the five lines."""
    lines = (_behind, _owed, _moving, _proposed, _in_doubt)
    return el("ol", (el("li", el("span", *line(morning))) for line in lines), class_="five")


def _behind(morning: Morning) -> Iterator[str]:
    tally = morning.tally
    behind, accounts = tally.total("behind"), tally.total("accounts")
    by_zone = people_by_zone(tally.snapshot)
    yield el("strong", count(behind, "account"), " behind")
    yield (
        f" at the end of {morning.day}, of {count(len(tally.people), 'person', 'people')}: "
        f"{of_all(behind, accounts)} of all {count(accounts, 'account')}, "
        f"{change_of(behind - tally.total('arrears_7d_ago_accounts'))} a week before. In the "
        f"zones: {listed([f'{count(by_zone.get(zone, 0))} {zone}' for zone in ZONES])}."
    )


def _owed(morning: Morning) -> Iterator[str]:
    tally = morning.tally
    for place, (currency, sums) in enumerate(tally.by_currency.items()):
        arrears = sums["arrears_minor"]
        red = _zone_money(tally.snapshot, currency, "red")
        yield "; " if place else ""
        yield el("strong", amount(arrears, currency), " past due")
        yield (
            f", {change(arrears - sums['arrears_7d_ago_minor'], currency)} a week before; "
            f"{of_all(red, arrears)} of it in the red zone"
        )
    yield "."


def _moving(morning: Morning) -> Iterator[str]:
    snapshot = morning.tally.snapshot
    worse, better = moved(snapshot, "week")
    fast = total(snapshot.zones, "entering_yellow_fast")
    yield el("strong", count(fast, "account"), " entering yellow fast")
    yield (
        f", {count(total(snapshot.zones, 'first_time'))} behind for the "
        f"first time in a year. Since last week {count(worse)} moved to a worse zone and "
        f"{count(better)} to a better one."
    )


def _proposed(morning: Morning) -> Iterator[str]:
    decided = morning.tally.decided
    arms = {arm: total(decided.filter(pc.equal(decided["arm"], arm)), "accounts")
            for arm in ("treated", "holdout", "none")}  # fmt: skip
    yield el("strong", count(arms["treated"], "contact"), " proposed")
    yield (
        f" for {morning.next_day}; {count(arms['holdout'], 'account')} held out to learn from, "
        f"{count(arms['none'])} left alone, each for a stated reason."
    )


def _in_doubt(morning: Morning) -> Iterator[str]:
    rows = sum(morning.quarantine.values())
    yield el("strong", count(morning.in_doubt, "account"), " in doubt")
    yield (
        f", and nobody is chased on them; {count(rows, 'row')} in quarantine. "
        if rows
        else "; every row was taken in. "
    )
    feeds = morning.feeds
    if feeds.is_stale or feeds.is_thin:
        yield joined(
            "Payments may be missing: see ",
            el("a", "how fresh the data are", href="#freshness"),
            " before sending.",
        )
    else:
        yield "Payments are up to date."


def total(table: pa.Table, column: str) -> int:
    """Return the sum of a column; 0 of nothing."""
    return int(pc.sum(table[column]).as_py() or 0)


def people_by_zone(snapshot: Snapshot) -> dict[str, int]:
    """Return how many accounts stand in each zone, and clear of arrears."""
    found: dict[str, int] = {}
    for row in snapshot.zones.to_pylist():
        found[row["zone"]] = found.get(row["zone"], 0) + row["people"]
    return found


def moved(snapshot: Snapshot, since: str) -> tuple[int, int]:
    """Return how many accounts moved to a worse and to a better zone; new accounts are neither."""
    worse = better = 0
    for row in snapshot.moves.to_pylist():
        if row["since"] == since and row["from"] in RANKS:
            step = RANKS.index(row["to"]) - RANKS.index(row["from"])
            worse += row["people"] if step > 0 else 0
            better += row["people"] if step < 0 else 0
    return worse, better


def _zone_money(snapshot: Snapshot, currency: str, zone: str) -> int:
    return sum(row["arrears_minor"] for row in snapshot.zones.to_pylist()
               if row["currency"] == currency and row["zone"] == zone)  # fmt: skip

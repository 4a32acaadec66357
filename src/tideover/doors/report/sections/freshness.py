"""How fresh the data are, and which run, lake and models the page rests on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from tideover.doors.report import blocks
from tideover.doors.report.feeds import STALE_DAYS, Feeds
from tideover.doors.report.markup import Html, el, joined
from tideover.doors.report.morning import Morning
from tideover.doors.report.pictures import Bar, columns_picture
from tideover.doors.report.pictures.drawing import Told
from tideover.doors.report.words import count, day, moment, short_month

LOADS_SHOWN = 10


def inside(morning: Morning) -> Html:
    """Return the section's inside."""
    return joined(
        [blocks.note(words) for words in warnings(morning)],
        _dates(morning), _payments(morning.feeds, morning.day), _loads(morning),
    )  # fmt: skip


def warnings(morning: Morning) -> Iterator[str]:
    """Yield what a manager must know before anybody is reminded of money they may have paid."""
    feeds, night = morning.feeds, morning.results.done.lake_version
    if feeds.payment is None:
        yield "No payment has come in at all. Check the payment feed before sending anything."
    elif feeds.is_stale:
        yield (
            f"The newest payment is of {day(feeds.payment)}, "
            f"{count((feeds.as_of - feeds.payment).days, 'day')} before {day(feeds.as_of)}; "
            f"more than {STALE_DAYS} without any is unusual. Check the payment feed before "
            "reminding people of bills they may have paid."
        )
    elif feeds.is_thin:
        yield (
            f"Only {count(feeds.weekly[-1], 'payment')} came in over the last 7 days, less "
            f"than half of the lowest of the {len(feeds.weekly) - 1} weeks before. A part of "
            "the payment feed may be missing."
        )
    exported = morning.manifest.last_exported_at
    if exported and exported[:10] < feeds.as_of.isoformat():
        yield (
            f"The last export was made on {moment(exported)}, before the end of "
            f"{day(feeds.as_of)}: what happened since is not in it."
        )
    if morning.manifest.version != night:
        yield (
            f"The lake has changed since: this night saw version {night}, it now stands at "
            f"{morning.manifest.version}. Run the night again to take that in."
        )


def _dates(morning: Morning) -> Html:
    feeds, done, manifest = morning.feeds, morning.results.done, morning.manifest
    facts = {
        "As of": f"the end of {morning.day}",
        "Newest payment": day(feeds.payment) if feeds.payment else "none",
        "Newest bill": day(feeds.bill) if feeds.bill else "none",
        "Last export made": moment(manifest.last_exported_at),
        "Lake version of this night": count(done.lake_version),
        "Scores and zones learnt on": day(morning.models.as_of),
        "Run": done.run_id,
        "Models": done.models,
    }
    return el("dl", [joined(el("dt", name), el("dd", fact)) for name, fact in facts.items()])


def _payments(feeds: Feeds, on: str) -> Html:
    ends = [feeds.as_of - timedelta(days=7 * back) for back in range(len(feeds.weekly))][::-1]
    pairs = list(zip(ends, feeds.weekly, strict=True))
    bars = [Bar(f"{end.day} {short_month(end)}", n, count(n)) for end, n in pairs]
    told = Told("payments", "Payments that came in, by week",
                "; ".join(f"week to {day(end)}: {count(n)}" for end, n in pairs))  # fmt: skip
    numbers = blocks.table(f"Payments by week, up to {on}", ("Week that ended on", "Payments"),
                           [(day(end), count(n)) for end, n in pairs])  # fmt: skip
    caption = "Payments in each of the last weeks. A sudden low week can mean a missing feed."
    return blocks.figure(columns_picture(bars, told), caption, numbers)


def _loads(morning: Morning) -> Html:
    loads = morning.manifest.loads
    rows = [(count(load["load_no"]), load["kind"], moment(load["time"]), _rows(load, "read"),
             _rows(load, "quarantined")) for load in loads[-LOADS_SHOWN:][::-1]]  # fmt: skip
    listing = blocks.table(
        f"The last loads, the newest first, as the lake stands for {morning.day}",
        ("Load", "Kind", "Export of", "Rows read", "Quarantined"), rows, words=3,
    )  # fmt: skip
    return blocks.folded(f"{count(len(loads), 'load')} so far", listing)


def _rows(load: dict[str, Any], name: str) -> str:
    return count(sum(counts[name] for counts in load["tables"].values()))

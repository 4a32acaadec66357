"""Measure verdicts a second: the vectors many times over, and customers with long histories."""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bench.measured import REPO, cpu_s
from tideover.doors.checking import check_lines, judging
from tideover.doors.rulebooks import guard_of
from tideover.rules.guard.vectors import facts_of, parsed
from tideover.rules.guard.verdict import Guard

RESULTS = REPO / "bench" / "GUARD.md"
VECTORS = (
    Path(os.environ.get("TIDEOVER_SHARED", REPO.parent / "shared")) / "compliance/vectors.jsonl"
)
AS_OF = datetime(2025, 6, 10, 15, 0, tzinfo=UTC)
ROUNDS = 12
ACTIONS = [
    {"type": "contact", "channel": channel, "automated": automated,
     "content": ["opt_out_instructions"]}
    for channel in ("phone", "sms", "email", "letter") for automated in (False, True)
]  # fmt: skip
CHANNELS = ("phone", "email", "sms", "letter", "voicemail")
PLACES = (("US-PA", "America/New_York"), ("NL", "Europe/Amsterdam"), ("US-NY", "America/New_York"))


def customer(number: int, events: int) -> dict[str, Any]:
    """Return a proposal to contact a customer of whom so many events are known."""
    place, zone = PLACES[number % len(PLACES)]
    local = AS_OF.astimezone(ZoneInfo(zone))
    history = [_event(number, index, local - timedelta(hours=30 * (events - index)))
               for index in range(events)]  # fmt: skip
    channel = ("phone", "sms", "email", "letter")[number % 4]
    return {
        "jurisdiction": place, "timezone": zone, "as_of": local.isoformat(), "service": "gas",
        "actor": "collector" if number % 2 else "utility", "history": history,
        "customer": {"phone": {"line_type": "wireless", "number_provided_by_customer": True}},
        "debt": {"amount": Decimal("240.10")},
        "action": {"type": "contact", "channel": channel, "automated": number % 3 == 0,
                   "content": ["opt_out_instructions"]},
    }  # fmt: skip


def _event(number: int, index: int, at: datetime) -> dict[str, Any]:
    kind = index % 10
    if kind == 7:
        return {"type": "notice", "at": at.isoformat(), "kind": "reminder", "delivery": "mail"}
    if kind == 8:
        return {"type": "consent", "at": at.isoformat(), "kind": "express"}
    if kind == 9:
        return {"type": "inbound_message", "at": at.isoformat(), "channel": "sms", "text": "paid"}
    return {"type": "contact", "at": at.isoformat(), "channel": CHANNELS[(number + index) % 5],
            "reached": index % 4 == 0, "by": "collector" if index % 2 else "utility"}  # fmt: skip


def per_second(work: Callable[[Any], Any], over: Iterable[Any]) -> float:
    """Return how many pieces of work a CPU second does, in the best of a few rounds."""
    pieces, spent = list(over), []
    gc.freeze()  # a night does not hold them all; let the collector not walk them
    for _ in range(ROUNDS):
        start = cpu_s()
        for piece in pieces:
            work(piece)
        spent.append(cpu_s() - start)
    return len(pieces) / min(spent)


def rows() -> Iterable[str]:
    """Yield the rows of the table."""
    guard = guard_of()
    yield f"| yardstick: a million additions in a plain loop | | {_yardstick():,.0f} | |"
    for events, count in ((30, 400), (300, 80), (3_000, 16)):
        facts = [customer(number, events) for number in range(count)]
        rate = per_second(guard.verdict, facts)
        each = 1e6 / rate
        yield (f"| plain facts to verdict, {events:,} events | {rate:,.0f} | {each:,.0f} | "
               f"{each / events:.2f} |")  # fmt: skip
        known = [guard.reading.scenario(one) for one in facts[: count // 4]]
        many = [(one, action) for one in known for action in ACTIONS]

        def judge(asked: Any) -> None:
            guard.judge(guard.reading.proposing(*asked))

        rate = per_second(judge, many)
        each = 1e6 / rate
        yield (f"| one more way to contact a known customer, {events:,} events | {rate:,.0f} | "
               f"{each:,.0f} | {each / events:.2f} |")  # fmt: skip
    if VECTORS.is_file():
        yield _contacts(guard)
        yield _checked()


def _yardstick() -> float:
    """Return the microseconds of a million additions: what the other rows are read against."""
    start, total = cpu_s(), 0
    for number in range(1_000_000):
        total += number
    return (cpu_s() - start) * 1e6


def _contacts(guard: Guard, wanted: int = 100_000) -> str:
    vectors = map(parsed, VECTORS.read_bytes().splitlines())
    asked = [facts_of(one) for one in vectors if one["action"]["type"] == "contact"]
    many = [asked[n % len(asked)] for n in range(wanted)]
    start = cpu_s()
    for facts in many:
        guard.verdict(facts)
    rate = wanted / (cpu_s() - start)
    return (f"| the {len(asked)} vectors about contact, plain facts to verdict, {wanted:,} times | "
            f"{rate:,.0f} | {1e6 / rate:,.0f} | |")  # fmt: skip


def _checked(lines_wanted: int = 100_000) -> str:
    lines = VECTORS.read_bytes().splitlines(keepends=True)
    with tempfile.TemporaryDirectory(prefix="tideover-bench-") as folder:
        many = Path(folder) / "vectors.jsonl"
        many.write_bytes(b"".join(lines[n % len(lines)] for n in range(lines_wanted)))
        start = cpu_s()
        done = sum(1 for _ in check_lines(many, judging()))
        rate = done / (cpu_s() - start)
    return f"| the vectors, file to verdicts, {done:,} lines | {rate:,.0f} | {1e6 / rate:,.0f} | |"


def main() -> None:
    """Measure, and write the table."""
    options = argparse.ArgumentParser(prog="python -m bench.guard", description=__doc__)
    options.add_argument("--out", type=Path, default=RESULTS)
    asked = options.parse_args()
    lines = []
    for line in rows():
        print(line, flush=True)
        lines.append(line)
    asked.out.write_text(
        "# What a verdict costs\n\nVerdicts a CPU second on one core, Python "
        f"{sys.version.split()[0]}; contact actions of three places, half by a\n"
        "collector; the best of twelve rounds, on a machine that others used too.\n"
        "The last row reads every line as JSON and against the schema too.\n\n"
        "`python -m bench.guard`\n\n"
        "| work | verdicts a second | microseconds each | a microsecond an event |\n"
        "|---|---|---|---|\n" + "\n".join(lines) + "\n",
        encoding="utf-8",
    )
    print(json.dumps({"written": asked.out.name}))


if __name__ == "__main__":
    main()

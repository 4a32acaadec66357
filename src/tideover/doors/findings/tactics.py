"""What each variant of a text brought, beside the plain one: an account has its own by lot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tideover.doors.findings.followed import followed_of
from tideover.doors.findings.told import Told, told_by_the_journal
from tideover.doors.night.desk import open_lake
from tideover.portfolio.lake import Lake, bucket_of
from tideover.portfolio.workspace import Workspace
from tideover.rules.lift import Group, Lift
from tideover.rules.looking import Ratio, lift_at_any_look, sample_ratio
from tideover.terms.calendar import days

WINDOW_DAYS = 30
PLAIN = "plain"  # as the texts call the one that tries nothing besides; casework is not needed here
DID = {"paid_anything": "paid something", "cured": "caught up",
       "opted_out": "asked for silence"}  # fmt: skip
_SENT = pa.schema([
    ("decision_id", pa.string()), ("account_id", pa.string()), ("as_of", pa.date32()),
    ("purpose", pa.string()), ("drawn_of", pa.string()), ("variant", pa.string()),
])  # fmt: skip
_NUMBERED = pa.schema([("account_id", pa.string()), ("account_no", pa.int64())])
_DRAW = ("purpose", "drawn_of")


@dataclass(frozen=True)
class Tried:
    """One variant of a draw: how many accounts it was sent to, and how many did what.

    Args:
        did: By outcome, of those of whom it is known.
        beside: By outcome the difference to the plain text, with an interval that holds however
            often it is looked at; none of too few, and none of the plain text itself.
        ratio: Whether as many got it as the plain text, as the lot should have it.
    """

    variant: str
    people: int
    did: dict[str, Group]
    beside: dict[str, Lift | None]
    ratio: Ratio | None


@dataclass(frozen=True)
class Draw:
    """Variants that were drawn from for a purpose; the first is what is compared with."""

    purpose: str
    tried: tuple[Tried, ...]


def tactics(workspace: Workspace, as_of: date) -> list[Draw]:
    """Return what followed the variants that casework drew, as known at the end of a day.

    Payments come with exports, so nothing is said of days after the last one.

    An account counts once a draw, with the first message that left, where the thirty days after it
    are over. Which variant it got hangs on its id alone, so channel, tone and language are alike in
    all of a draw, and what differs is the words. Accounts that got other variants to draw from, as
    where one was not approved yet, are another draw.
    """
    lake = open_lake(workspace)
    known = min(as_of, date.fromisoformat(lake.manifest.last_export["day"]))
    sent = _first_sent(told_by_the_journal(lake, "contacted"), known - days(WINDOW_DAYS))
    rows = followed_of(workspace, lake, list(_in_buckets(lake, sent)), until=known,
                       windows=(WINDOW_DAYS,))  # fmt: skip
    draws = sorted({tuple(row[name] for name in _DRAW) for row in sent})
    return [_draw(rows, *draw) for draw in draws]


def _first_sent(told: Iterable[Told], until: date) -> list[dict[str, Any]]:
    """Return the first message of each account and draw, as decided on the day before it left."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for event in sorted(told, key=lambda one: one.at):
        facts, as_of = event.facts, event.at.date() - days(1)
        if facts.get("drawn_of") and as_of <= until:
            row = {"decision_id": f"message-{facts['message_id']}", "as_of": as_of,
                   "account_id": event.account_id,
                   **{name: facts[name] for name in (*_DRAW, "variant")}}  # fmt: skip
            found.setdefault((event.account_id, *(row[name] for name in _DRAW)), row)
    return list(found.values())


def _in_buckets(lake: Lake, sent: list[dict[str, Any]]) -> Iterator[pa.Table]:
    """Yield messages by the buckets of their accounts, with the numbers of those."""
    buckets = lake.manifest.buckets
    for bucket in range(buckets):
        mine = [row for row in sent if bucket_of(row["account_id"], buckets) == bucket]
        rows = pa.Table.from_pylist(mine, _SENT)
        parts = [pq.ParquetFile(part).read(columns=_NUMBERED.names)
                 for part in lake.parts("accounts", bucket)]  # fmt: skip
        known = pa.concat_tables([_NUMBERED.empty_table(), *(one.cast(_NUMBERED) for one in parts)])
        place = pc.index_in(rows["account_id"], known["account_id"].combine_chunks())
        yield rows.append_column("account_no", known["account_no"].take(place)).filter(
            pc.is_valid(place)
        )


def _draw(rows: pa.Table, purpose: str, drawn_of: str) -> Draw:
    mine = rows.filter(pc.and_(pc.equal(rows["purpose"], purpose),
                               pc.equal(rows["drawn_of"], drawn_of)))  # fmt: skip
    names = sorted(drawn_of.split(";"), key=lambda name: (name != PLAIN, name))
    groups = {name: mine.filter(pc.equal(mine["variant"], name)) for name in names}
    return Draw(purpose, tuple(_tried(name, groups, names[0]) for name in names))


def _tried(name: str, groups: dict[str, pa.Table], base: str) -> Tried:
    people = {each: rows.num_rows for each, rows in groups.items()}
    did = {each: {outcome: _group(rows[outcome]) for outcome in DID}
           for each, rows in groups.items()}  # fmt: skip
    if name == base:
        return Tried(name, people[name], did[name], {}, None)
    lifts = {outcome: lift_at_any_look(did[name][outcome], did[base][outcome]) for outcome in DID}
    ratio = sample_ratio(people[name], people[base], held_share=0.5)
    return Tried(name, people[name], did[name], lifts, ratio)


def _group(column: pa.ChunkedArray) -> Group:
    known = column.drop_null()
    return Group(pc.sum(known).as_py() or 0, len(known))


def as_json(draws: Sequence[Draw]) -> list[dict[str, Any]]:
    """Return draws as they are told to machines."""
    return [
        {"purpose": draw.purpose, "variant": one.variant, "accounts": one.people,
         "uneven": bool(one.ratio and one.ratio.alarm),
         **{outcome: {"did": group.did, "of": group.of, **_ends(one.beside.get(outcome))}
            for outcome, group in one.did.items()}}
        for draw in draws for one in draw.tried
    ]  # fmt: skip


def _ends(found: Lift | None) -> dict[str, float | None]:
    at, low, high = (round(value, 6) for value in found) if found else (None, None, None)
    return {"more": at, "low": low, "high": high}


def tactic_lines(draws: Sequence[Draw]) -> Iterator[str]:
    """Yield draws in plain words."""
    if not draws:
        yield (f"Nothing to compare yet: no message that was drawn by lot left {WINDOW_DAYS} days "
               "ago, or the journal did not bring it.")  # fmt: skip
    for draw in draws:
        base = draw.tried[0].variant
        yield f"{draw.purpose}, {' or '.join(one.variant for one in draw.tried)}:"
        for one in draw.tried:
            yield f"  {one.variant} ({one.people:,} accounts): {_shares(one)}"
            yield from (f"    {line}" for line in _beside(one, base))


def _shares(one: Tried) -> str:
    return "; ".join(f"{100 * group.share:.0f} of 100 {DID[outcome]}"
                     for outcome, group in one.did.items()
                     if group.share is not None) or "nothing is known yet"  # fmt: skip


def _beside(one: Tried, base: str) -> Iterator[str]:
    if one.ratio and one.ratio.alarm:
        yield "Not to be believed: the lot gave as many to each, and as many did not get it."
    for outcome, found in one.beside.items():
        if found is None:
            yield f"{DID[outcome]}: too few accounts to tell a difference from chance"
        else:
            sure = "could be chance" if found.may_be_chance else "more than chance"
            yield (f"{DID[outcome]}: {100 * found.at:+.1f} of 100 beside {base}, between "
                   f"{100 * found.low:+.1f} and {100 * found.high:+.1f}: {sure}")  # fmt: skip

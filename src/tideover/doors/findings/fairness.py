"""Whether groups of people are treated alike: what a night decided, and what outreach added."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from tideover.doors.findings.standing import (
    OF_THE_DRAW,
    Compared,
    Standing,
    as_drawn,
    by_group,
    by_lot,
)
from tideover.doors.findings.traits import NO_CIRCUMSTANCE, circumstances, deprivation
from tideover.doors.night.results import Results
from tideover.doors.rulebooks import guard_for
from tideover.portfolio.lake import Lake
from tideover.portfolio.measures import SMALL
from tideover.rules.lift import Group

KINDS = ("deprivation", "circumstance")
# What of a decision is compared, and of whom: everyone in arrears, or those contacted.
SHARES = ("red zone", "contact proposed", "with an offer", "held out", "denied by a rule")


@dataclass(frozen=True)
class Fair:
    """One group: how many, the share of each of `SHARES`, and what outreach added."""

    kind: str
    name: str
    behind: int
    shares: dict[str, Group]
    lift: Compared | None


def fairness(results: Results, lake: Lake, standing: Standing) -> list[Fair]:
    """Return groups of accounts in arrears by their area's deprivation and their circumstance.

    Groups of fewer than ten are left out, and with a single one the next smallest: the others
    would tell it.
    """
    who = _groups(results, lake)
    rows = _decided(results, who)
    rules = {rule.id for rule in guard_for(results.workspace).rules}
    denied = _denied(rows["blocked_by"], rules)
    lifts = _lifts(who, standing)
    found = []
    for kind in KINDS:
        for name in sorted(pc.unique(rows[kind]).drop_null().to_pylist()):
            mine = pc.equal(rows[kind], name).fill_null(False)
            found.append(_fair(kind, name, rows.filter(mine), denied=_count(pc.and_(mine, denied)),
                               lift=lifts.get((kind, name))))  # fmt: skip
    return [one for kind in KINDS for one in _large([each for each in found if each.kind == kind])]


def _large(groups: list[Fair]) -> list[Fair]:
    by_size = sorted(groups, key=lambda one: one.behind)
    small = sum(one.behind < SMALL for one in by_size)
    left_out = by_size[: max(small, 2) if small else 0]
    return [one for one in groups if one not in left_out]


def _groups(results: Results, lake: Lake) -> pa.Table:
    """Return every account of a night with its groups: account_id, deprivation, circumstance."""
    fifths, care = deprivation(lake, results.as_of), circumstances(lake, results.as_of)
    who = results.table("features", ["account_id", "customer_id", "area_code"])
    groups = [care.get(one, NO_CIRCUMSTANCE) for one in who["customer_id"].to_pylist()]
    areas = [fifths.get(one) for one in who["area_code"].to_pylist()]
    return pa.table({"account_id": who["account_id"], "deprivation": pa.array(areas, pa.string()),
                     "circumstance": pa.array(groups, pa.string())})  # fmt: skip


def _beside(rows: pa.Table, who: pa.Table) -> pa.Table:
    place = pc.index_in(rows["account_id"], who["account_id"].combine_chunks())
    for kind in KINDS:
        rows = rows.append_column(kind, who[kind].take(place))
    return rows


def _decided(results: Results, who: pa.Table) -> pa.Table:
    """Return a night's decisions, with the groups of each account."""
    columns = ["decision_id", "account_id", "zone", "arm", "offer", "arrears_minor", *OF_THE_DRAW]
    rows = results.table("decisions", columns)
    lot = by_lot(rows, results.parts("ladders"))
    return _beside(rows.append_column("by_lot", lot), who)


def _denied(blocked_by: pa.ChunkedArray, rules: set[str]) -> pa.ChunkedArray:
    """Say of each decision whether a rule stood in its way, of law or the utility's own."""
    told = [code for code in pc.unique(blocked_by).drop_null().to_pylist()
            if rules & set(code.split(";"))]  # fmt: skip
    return pc.is_in(blocked_by, pa.array(told, pa.string()))


def _fair(
    kind: str, name: str, rows: pa.Table, *, denied: int, lift: Compared | None
) -> Fair:  # fmt: skip
    behind = rows.filter(pc.greater(rows["arrears_minor"], 0))
    treated = rows.filter(pc.equal(rows["arm"], "treated"))
    drawn = as_drawn(rows.filter(rows["by_lot"]))
    held, put = (_count(pc.equal(drawn, arm)) for arm in ("holdout", "treated"))
    shares = (
        Group(_count(pc.equal(behind["zone"], "red")), behind.num_rows),
        Group(treated.num_rows, rows.num_rows),
        Group(_count(pc.not_equal(treated["offer"], "none")), treated.num_rows),
        Group(held, held + put),
        Group(denied, rows.num_rows),
    )  # fmt: skip
    return Fair(kind, name, behind.num_rows, dict(zip(SHARES, shares, strict=True)), lift)


def _count(true: pa.ChunkedArray) -> int:
    return int(pc.sum(true).as_py() or 0)


def _lifts(who: pa.Table, standing: Standing) -> dict[tuple[str, str], Compared]:
    if standing.first is None:
        return {}
    return dict(_of_kinds(standing.first, _beside(standing.first.select(["account_id"]), who)))


def _of_kinds(first: pa.Table, rows: pa.Table) -> Iterator[tuple[tuple[str, str], Compared]]:
    for kind in KINDS:
        for name, found in by_group(first, rows[kind].combine_chunks(), "paid_in_full"):
            yield (kind, name), found

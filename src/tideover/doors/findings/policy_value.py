"""What a strategy would have been worth on past nights, from the propensities they logged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tideover.doors.findings.elsewhere import told as told_of
from tideover.doors.findings.followed import followed
from tideover.doors.findings.standing import as_drawn
from tideover.doors.night.afterwards import finished
from tideover.doors.night.climbing import nights_before, steps_of, with_places
from tideover.doors.night.desk import Desk, Progress, open_engine, open_lake
from tideover.doors.night.inquiry import Inquiry
from tideover.doors.night.results import Results
from tideover.doors.night.shares import decided_by
from tideover.doors.rehearsals.past import Past
from tideover.doors.rulebooks import guard_for
from tideover.doors.strategies.shelf import InForce, in_force
from tideover.portfolio.decisions import Permissions
from tideover.portfolio.workspace import Settings, Workspace
from tideover.portfolio.worth.expected import Logged
from tideover.portfolio.worth.value import NO_OVERLAP, OK, Value, weighted
from tideover.rules.contact import PARTS_OF_DAY
from tideover.rules.strategy.proposal import Proposal
from tideover.terms.faults import StepMissing, Usage

BEST, WINDOW_DAYS = "cured_or_plan_kept", 30
OUTCOMES = (BEST, "paid_anything", "paid_in_full", "cured", "plan_agreed", "opted_out",
            "complained", "called_in")  # fmt: skip
PARTLY_UNSEEN = "partly_unseen"
TREATED, HOLDOUT, SILENT = "treated", "holdout", "none"
_MOST_UNSEEN = 0.5  # of the rows; with more the value would be that of other people


@dataclass(frozen=True)
class Asked:
    """Which strategy is judged, on which nights, by what."""

    policy: InForce
    first: date
    last: date
    outcome: str = BEST


class Row(NamedTuple):
    """One decision as it was logged, and how likely each side was to make it.

    Args:
        wanted: What the judged strategy asks for: a treatment, or silence.
        weight: Its probability of what was done over the log's; none where the log could not
            have done what it asks for.
    """

    decision_id: str
    done: str
    wanted: str
    weight: float | None


def policy_value(workspace: Workspace, asked: Asked, progress: Progress) -> dict[str, Any]:
    """Return what a strategy would have been worth, one decision at a time, as data.

    Raises:
        Usage: There is no such outcome.
        StepMissing: No night is finished in these days, or no window of theirs is over.
    """
    if asked.outcome not in OUTCOMES:
        raise Usage(f"There is no outcome {asked.outcome!r}", where="--outcome",
                    mend=f"Known are {', '.join(OUTCOMES)}")  # fmt: skip
    seen = _seen(workspace, asked)
    rows = {row.decision_id: row for row in _rows(workspace, asked, progress)}
    both = seen.filter(pc.is_in(seen["decision_id"], pa.array(list(rows), pa.string())))
    mine = [rows[decision] for decision in both["decision_id"].to_pylist()]
    covered = np.array([row.weight is not None for row in mine], bool)
    unseen = len(mine) - int(covered.sum())
    found = Value(None, None, None, None, 0.0, 0.0, len(mine), NO_OVERLAP)
    if unseen <= _MOST_UNSEEN * len(mine):
        kept = [row for row in mine if row.weight is not None]
        found = _judged(both.filter(pa.array(covered)), kept)
        found = _warned(found, unseen)
    return told_of(found, " and ".join(asked.policy.strategies), asked.outcome) | {
        "unseen": unseen, "from": asked.first.isoformat(), "to": asked.last.isoformat(),
    }  # fmt: skip


def _warned(found: Value, unseen: int) -> Value:
    """Return a value that says what was left out, where nothing worse is to be said of it."""
    partly = unseen and found.dr is not None and found.status == OK
    return found._replace(status=PARTLY_UNSEEN) if partly else found


def _seen(workspace: Workspace, asked: Asked) -> pa.Table:
    """Return decisions whose window is over, with the outcome they are judged by."""
    table = followed(workspace, asked.first, asked.last, arms=(TREATED, HOLDOUT, SILENT))
    table = table.filter(pc.equal(table["window_days"], WINDOW_DAYS))
    if asked.outcome == BEST:
        cured, kept = table["cured"], pc.fill_null(table["plan_kept"], 0)
        table = table.append_column(BEST, pc.max_element_wise(cured, kept, skip_nulls=False))
    known = table.filter(pc.is_valid(table[asked.outcome]))
    if not known.num_rows:
        raise StepMissing(f"No window of {WINDOW_DAYS} days is over for these nights",
                          where=f"{asked.first} to {asked.last}",
                          mend="Load a later export, or give earlier days")  # fmt: skip
    outcome = known[asked.outcome].cast(pa.float64())
    return known.append_column("judged_by", outcome)


def _judged(rows: pa.Table, mine: list[Row]) -> Value:
    names = sorted({row.done for row in mine} | {row.wanted for row in mine})
    place = {name: at for at, name in enumerate(names)}
    done, wanted = (np.array([place[getattr(row, side)] for row in mine])
                    for side in ("done", "wanted"))  # fmt: skip
    units = np.unique(rows["account_id"].to_numpy(zero_copy_only=False), return_inverse=True)[1]
    traits = pd.DataFrame({"arrears_minor": rows["arrears_minor"].to_numpy(),
                           "zone": rows["zone"].to_numpy(zero_copy_only=False)})  # fmt: skip
    logged = Logged(rows["judged_by"].to_numpy(), done, len(names), traits, units)
    return weighted(logged, np.array([row.weight for row in mine], float), wanted)


def _rows(workspace: Workspace, asked: Asked, progress: Progress) -> Iterator[Row]:
    """Yield every decision of the nights with what the judged strategy would have decided."""
    nights = [day for day in finished(workspace) if asked.first <= day <= asked.last]
    judged, engine = asked.policy, open_engine(workspace)
    # everyone is drawn for, so that what it would do with the hold-out is known too
    settings = workspace.settings
    for_all = replace(settings, choice=replace(settings.choice, holdout_share=0.0))
    try:
        desk = Desk(workspace, open_lake(workspace), engine, asked.first, progress)
        past, inquiry = Past.of(desk), Inquiry(engine, Permissions(guard_for(workspace)))
        for day in past.days(nights):
            results, before = Results.of(workspace, day.as_of), nights_before(workspace, day.as_of)
            parts = zip(day.cases, results.parts("ladders"), results.parts("decisions"),
                        strict=True)  # fmt: skip
            for bucket, (cases, ladders, decisions) in enumerate(parts):
                inquiry.found.clear()
                engine.view_arrow("former_steps", steps_of(before.values(), bucket))
                placed = with_places(cases, pq.ParquetFile(ladders).read(), judged)
                mine = decided_by(judged, placed, settings=for_all, as_of=day.as_of,
                                  guarding=inquiry.guarding)  # fmt: skip
                logged = pq.ParquetFile(decisions).read()
                yield from _beside(logged, mine, (in_force(workspace, day.as_of), judged), settings)
    finally:
        engine.close()


def _beside(
    logged: pa.Table, mine: pa.Table, sides: tuple[InForce, InForce], settings: Settings
) -> Iterator[Row]:
    theirs, ours = (_proposals(side) for side in sides)
    wanted = {row["account_id"]: row for row in mine.to_pylist()}
    for row, drawn in zip(logged.to_pylist(), as_drawn(logged).to_pylist(), strict=True):
        want = wanted.get(row["account_id"], {"arm": SILENT})
        was = theirs.get((row["strategy"], row["rule"]))
        would = ours.get((want.get("strategy"), want.get("rule")))
        contacts = want["arm"] == TREATED
        done = row["treatment"] if row["arm"] == TREATED else SILENT
        asks = want["treatment"] if contacts else SILENT
        weight = _weight(row | {"drawn": drawn}, want, (was, would),
                         settings.choice.holdout_share)  # fmt: skip
        yield Row(row["decision_id"], done, asks, weight)


def _proposals(side: InForce) -> Mapping[tuple[str | None, str | None], Proposal]:
    return {(label, row.id): row.then for label, policy in side.policies.items()
            for row in policy.rows}  # fmt: skip


def _weight(
    row: Mapping[str, Any], want: Mapping[str, Any],
    proposals: tuple[Proposal | None, Proposal | None], held_share: float,
) -> float | None:  # fmt: skip
    """Return the strategy's probability of what was done over the log's.

    What silence brings is told by the hold-out alone, by one over its share: how likely a draw was
    to leave alone whom it contacted, or who was held out, is not known of them. So of silence that
    was drawn nothing counts, and weights average 1.

    Args:
        row: A decision, with the arm where chance put it as `drawn`.

    Returns:
        None where the log could not have done what the strategy asks for: it was silent there for
        certain, or proposed something else.
    """
    was, would = proposals
    held = 0.0 if was is not None and was.is_notice else held_share
    if want["arm"] != TREATED:
        silent = {SILENT: 1.0, HOLDOUT: 1 / held if held else None}  # nothing stood to be drawn
        return silent.get(row["drawn"], 0.0 if held else None)
    certain = row["arm"] == SILENT and row["propensity"] is None
    if certain or was is None or would is None or not _covers(was, would):
        return None
    if row["arm"] != TREATED or not _has(would, row):
        return 0.0
    return float(want["propensity"] / (row["propensity"] * (1 - held)))


def _covers(was: Proposal, would: Proposal) -> bool:
    """Say whether everything a proposal may come to could have come of another."""
    return was.treatment == would.treatment and all(
        set(getattr(would, way)) <= set(getattr(was, way))
        for way in ("channels", "tones", "offers", "parts")
    )


def _has(would: Proposal, row: Mapping[str, Any]) -> bool:
    """Say whether what was done is one of the ways of a proposal."""
    at = datetime.fromisoformat(row["send_at"]).time()
    parts = (PARTS_OF_DAY[part] for part in would.parts)
    return (row["channel"] in would.channels and row["tone"] in would.tones
            and row["offer"] in would.offers
            and any(part.opens <= at < part.closes for part in parts))  # fmt: skip

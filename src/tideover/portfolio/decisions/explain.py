"""The way from an account's facts to its decision, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pyarrow as pa

from tideover.portfolio.decisions.arms import (
    DOUBTFUL,
    HOLDOUT,
    NONE,
    Case,
    Night,
    Open,
    Verdict,
    asking_about,
    evenly,
    reachable,
    standing,
    verdict,
)
from tideover.portfolio.decisions.cases import facts, known_of, situated
from tideover.portfolio.decisions.drawing import Drawing
from tideover.portfolio.decisions.permission import Guarding, Permissions
from tideover.portfolio.workspace import Settings
from tideover.rules.choice import THOMPSON, UNIFORM
from tideover.rules.strategy import Policy, Proposal


def explain(
    case: pa.Table, *, policy: Policy, settings: Settings, as_of: date,
    guarding: Guarding | None = None,
) -> list[str]:  # fmt: skip
    """Tell, line by line, how the policy came to the decision on one account.

    Args:
        case: The account's row of the cases that `decide` takes.

    Returns:
        The rows looked at and what ruled each out, the row that decided, what stood in the way,
        what was permitted, and what was drawn.
    """
    permissions = guarding.permissions if guarding else None
    asked = {name: values[0] for name, values in facts(case, policy).items()}
    inputs = {i.name: i for i in policy.inputs}
    known, night = known_of(case)[0], Night.of(as_of, settings)
    if known.in_doubt:
        return ["In doubt, so the policy is not asked", *_end(verdict(known, DOUBTFUL, night))]
    lines = []
    for row, failing in policy.walk(asked):
        if failing:
            wanted, found = row.when[failing], inputs[failing].say(asked[failing])
            lines.append(f"Row {row.id}: no, {failing} is {found} and must be {wanted}")
        elif row.goes_on:
            lines.append(f"Row {row.id} leaves it to the next table: {row.then.because}")
        else:
            lines.append(f"Row {row.id} decides: {row.then.because}")
            if guarding and not row.then.is_silence:
                known = known._replace(situation=next(situated(case, [0], guarding)))
            opened = standing(known, row.then, night, permissions)
            drawing = guarding.drawing if guarding and isinstance(opened, Open) else None
            (reached,) = (drawing.verdicts([opened], case, night) if drawing
                          else [evenly(opened, night)])  # fmt: skip
            lines += _ways(known, row.then, night, permissions)
            if isinstance(opened, Open):
                learns = settings.choice.method == THOMPSON
                lines += _chosen(opened, drawing, learns=learns)
            lines += _end(reached, by_a_person=row.then.is_for_a_person)
    return lines


def _ways(
    known: Case, proposal: Proposal, night: Night, permissions: Permissions | None
) -> Iterator[str]:
    if proposal.is_silence:
        return
    ways = reachable(known, proposal, night)
    yield f"Proposed: {proposal.treatment}, offering {' or '.join(proposal.offers)}"
    yield f"Permitted channels: {', '.join(proposal.channels)}"
    usable = dict.fromkeys(option.channel for option in ways.options)
    yield f"Of these can be used: {', '.join(usable) or 'none'}"
    yield from (f"{words[0].upper()}{words[1:]}" for words in ways.words)
    if asking := asking_about(known, proposal, night, permissions):
        ways, _ = asking.permitted(ways)
        left = dict.fromkeys(f"{o.channel} in the {o.part}" for o in ways.options)
        yield f"The guard permits: {', '.join(left) or 'none'}"


def _chosen(found: Open, drawing: Drawing | None, *, learns: bool) -> Iterator[str]:
    """Yield how one of the ways was chosen."""
    ways = len(found.ways.options)
    weighed = drawing.table.to_pylist()[0] if drawing else None
    if weighed is None or weighed["method"] == UNIFORM:
        yield f"Ways to choose from, each as likely: {ways}"
        if learns:
            yield "Each is as likely because there is no evidence yet of which helps more"
        return
    leaves = ", and leaving alone" if weighed["ways"] > ways else ""
    yield (f"Ways to choose from: {ways}{leaves}; each as likely as it is to be the best by what "
           "followed earlier decisions, and none without a chance")  # fmt: skip
    if leaves:
        yield f"Leaving alone had the probability {weighed['left_share']:.4g}"
    yield (f"The way that was drawn is expected to bring {weighed['gain']:+.3f} cures over leaving "
           f"alone, the best of those permitted {weighed['best_gain']:+.3f}")  # fmt: skip


def _end(reached: Verdict, *, by_a_person: bool = False) -> Iterator[str]:
    if reached.blocked_by:
        yield f"Blocked by: {reached.blocked_by.replace(';', ', ')}"
    if reached.defer_until:
        yield f"Possible from: {reached.defer_until}"
    if reached.arm == HOLDOUT:
        yield "Decision: no contact, the account stands in the hold-out"
    elif reached.arm == NONE and reached.propensity is not None:
        yield f"Decision: left alone, with probability {reached.propensity:.4g}"
    elif reached.arm == NONE:
        yield f"Decision: {'a person takes it up' if by_a_person else 'no contact'}"
    else:
        yield (f"Drawn: {reached.channel}, {reached.tone}, offer {reached.offer}, "
               f"at {reached.send_at}, with probability {reached.propensity:.4g}")  # fmt: skip
    yield f"Reasons: {reached.reasons.replace(';', '; ')}"

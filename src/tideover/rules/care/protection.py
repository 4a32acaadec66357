"""What a circumstance protects from, as the guard says: asked with it and without it.

Nothing here knows a law. What is shown to a person is what would be refused to us today because of
what they told, and would not be refused without it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tideover.rules.guard.primitives.clause import NEVER
from tideover.rules.guard.verdict import Finding, Guard
from tideover.terms.faults import Refused

# What may be done to somebody who owes: by a name of ours, as the guard is asked of it.
STEPS: Mapping[str, Mapping[str, Any]] = {
    "disconnect": {"type": "disconnect"},
    "reminders": {"type": "contact", "channel": "sms", "automated": True, "purpose": "collection"},
    "prepayment": {"type": "install_prepayment"},
    "court": {"type": "legal_action", "kind": "sue"},
    "credit_file": {"type": "report_credit"},
}


@dataclass(frozen=True)
class Protection:
    """One step that may not be taken.

    Args:
        step: Of `STEPS`.
        rule_id, kind: The rule of the guard, and its type.
        until: The last day; none where it holds as long as the circumstance does.
    """

    step: str
    rule_id: str
    kind: str
    title: str
    citation: str
    until: date | None = None


def protections(
    guard: Guard, facts: Mapping[str, Any], holding: Mapping[str, Any]
) -> tuple[Protection, ...]:
    """Return what a circumstance protects from on a moment, by the rules of the place.

    Args:
        facts: A proposal without its action, as the guard is asked.
        holding: What is true of the customer while the circumstance holds.
    """
    customer = facts.get("customer") or {}
    without = _without(customer, holding)
    bare = {**facts, "customer": without}
    held = {**facts, "customer": _with(without, holding)}
    zone = ZoneInfo(str(facts["timezone"]))
    return tuple(
        found
        for step, action in STEPS.items()
        for found in _of_step(guard, step, [one | {"action": action} for one in (bare, held)], zone)
    )


def _without(known: Mapping[str, Any], holding: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts without those of a circumstance; of a household the others stay."""
    kept = {name: value for name, value in known.items() if name not in holding}
    for name, value in holding.items():
        if isinstance(value, Mapping) and isinstance(known.get(name), Mapping):
            kept[name] = {inner: v for inner, v in known[name].items() if inner not in value}
    return kept


def _with(known: Mapping[str, Any], holding: Mapping[str, Any]) -> dict[str, Any]:
    inner = {name: {**known.get(name, {}), **value} for name, value in holding.items()
             if isinstance(value, Mapping)}  # fmt: skip
    return {**known, **holding, **inner}


def _of_step(
    guard: Guard, step: str, asked: Sequence[Mapping[str, Any]], zone: ZoneInfo
) -> Iterator[Protection]:
    try:
        without, with_it = (guard.verdict(one).findings for one in asked)
    except Refused:  # what is known of the account does not suffice to ask
        return
    known = {one.rule.id: one.until for one in without}
    for one in with_it:
        if known.get(one.rule.id, -1) < one.until:
            yield Protection(step, one.rule.id, one.rule.stated.type, one.rule.stated.title,
                             one.rule.stated.citation, _last_day(one, zone))  # fmt: skip


def _last_day(found: Finding, zone: ZoneInfo) -> date | None:
    """Return the last day on which a rule still blocks."""
    if found.until == NEVER:
        return None
    return (datetime.fromtimestamp(found.until, zone) - timedelta(seconds=1)).date()

"""A decision of the night taken anew within the day, after something happened.

The strategy is asked again on what the night knew of the account, brought up to date: the same
tables, so that nobody is promised at noon what the night would not have.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tideover.rules.condition import Fact, Input
from tideover.rules.strategy import Policy
from tideover.rules.strategy.table import Row

MONEY = ("arrears_minor", "balance_minor", "open_to_come_minor")


@dataclass(frozen=True)
class Since:
    """What happened since the night.

    Args:
        paid_minor: Money that came in, less what went back; minor units.
        promised, planned: A promise or a payment plan is open.
        circumstances: Kinds that became known.
        contacts: Messages and calls that went out.
    """

    paid_minor: int = 0
    promised: bool = False
    planned: bool = False
    circumstances: frozenset[str] = frozenset()
    contacts: int = 0


def decided_anew(policy: Policy, known: Mapping[str, Fact], since: Since) -> Row:
    """Return the row of the strategy that decides now.

    Args:
        known: What the night knew: the values of the policy's inputs, and `arrears_minor`.
    """
    return policy.judge(brought_up(policy.inputs, known, since))


def brought_up(inputs: Iterable[Input], known: Mapping[str, Fact], since: Since) -> dict[str, Fact]:
    """Return the values of inputs after what happened since."""
    owed = float(known.get("arrears_minor") or 0)
    left = max(0.0, owed - since.paid_minor)
    share = left / owed if owed else 1.0
    now = {one.name: _value(one, known.get(one.name), since, share) for one in inputs}
    if owed and not left:
        now |= {name: 0.0 for name in ("days_past_due", "debt_months") if name in now}
        now |= {"zone": "green"} if "zone" in now else {}
    return now


def _value(asked: Input, was: Fact, since: Since, share: float) -> Fact:
    if asked.circumstances:
        return bool(was) or not since.circumstances.isdisjoint(asked.circumstances)
    if asked.column in (*MONEY, "debt_months"):
        return float(was) * share if isinstance(was, int | float) else float("nan")
    if asked.name == "promise_open":
        return bool(was) or since.promised
    if asked.name == "plan_active":
        return bool(was) or since.planned
    if asked.name == "contacts_7d" and isinstance(was, int | float):
        return float(was) + since.contacts
    if was is None and asked.is_number:
        return float("nan")
    return bool(was) if asked.kind == "yes_no" else was

"""The types of rules: each one small pure evaluator, made from a clause's parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tideover.rules.guard.primitives.caps import contact_cap
from tideover.rules.guard.primitives.certificates import certificate_hold
from tideover.rules.guard.primitives.clause import Evaluate, Terms
from tideover.rules.guard.primitives.content import required_content
from tideover.rules.guard.primitives.efforts import contact_effort
from tideover.rules.guard.primitives.fees import fee_cap
from tideover.rules.guard.primitives.holds import hold, min_notice
from tideover.rules.guard.primitives.seasons import season_ban
from tideover.rules.guard.primitives.steps import step_sequence
from tideover.rules.guard.primitives.windows import day_ban, time_window


class Primitive(NamedTuple):
    """A type of rule: what makes its evaluator, and the parameters it takes."""

    make: Callable[[Terms], Evaluate]
    accepts: frozenset[str] = frozenset()


_HOLD = frozenset(("deny", "until"))
_DAYS = frozenset(("days", "no_holidays", "no_eves", "closed"))
_HOLDS = (
    "status_hold", "prohibited_recipient", "approval", "plan_first", "plan_terms", "min_debt",
    "consent", "opt_out", "delivery_form", "weather_ban", "credit_reporting", "data_sharing",
    "human_review", "retention", "portfolio_cap",
)  # fmt: skip
PRIMITIVES: dict[str, Primitive] = {
    **{name: Primitive(hold, _HOLD) for name in _HOLDS},
    "min_notice": Primitive(min_notice, _HOLD | {"notice"}),
    "required_content": Primitive(required_content, _HOLD | {"required", "allowed"}),
    "time_window": Primitive(time_window, _DAYS | {"zones", "stated"}),
    "day_ban": Primitive(day_ban, _DAYS),
    "contact_cap": Primitive(contact_cap, _HOLD | {"counted", "exempt", "also"}),
    "contact_effort": Primitive(contact_effort, _HOLD | {"ways"}),
    "season_ban": Primitive(season_ban, _HOLD | {"extended"}),
    "certificate_hold": Primitive(certificate_hold, frozenset(("counts", "until"))),
    "step_sequence": Primitive(step_sequence, _HOLD | {"reminders"}),
    "fee_cap": Primitive(fee_cap, _HOLD | {"bands", "of", "factor_if", "charged"}),
}
ACCEPTS = {name: primitive.accepts for name, primitive in PRIMITIVES.items()}

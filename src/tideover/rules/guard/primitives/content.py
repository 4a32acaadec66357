"""required_content: what a message or a notice must say, and what it may say besides."""

from __future__ import annotations

from tideover.rules.guard.meaning import Unclear
from tideover.rules.guard.primitives.clause import NEVER, Evaluate, Outcome, Terms
from tideover.rules.guard.primitives.holds import hold
from tideover.rules.guard.scenario import Moment


def required_content(terms: Terms) -> Evaluate:
    """Deny where `action.content` lacks a `required` token, or holds one that is not `allowed`.

    Without `allowed`, further tokens mean nothing.
    """
    if terms.has("deny"):
        return hold(terms)
    required = frozenset(terms.words("required"))
    allowed = frozenset(terms.words("allowed")) | required if terms.has("allowed") else None
    if not required:
        raise Unclear("required names at least one token")
    terms.asks("action.content")

    def evaluate(moment: Moment) -> Outcome:
        content = moment.flat.get("action.content", ())
        if not required.issubset(content):
            return NEVER
        return NEVER if allowed is not None and not allowed.issuperset(content) else None

    return evaluate

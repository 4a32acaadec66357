"""Content: what is said to a person who is behind, in their language, checked before it is said.

    template = chosen("day_after_due", "long", language="nl", tone="friendly")
    message = rendered(template, values)

Nothing here reads a clock or a database: the day, the case and the approval are handed in.
"""

from tideover.casework.outreach.content.answers import Answers, answers
from tideover.casework.outreach.content.approval import to_approve, unapproved
from tideover.casework.outreach.content.events import EVENTS, under_event
from tideover.casework.outreach.content.lint import Finding, findings
from tideover.casework.outreach.content.offers import OFFERS, with_offer
from tideover.casework.outreach.content.personas import previews
from tideover.casework.outreach.content.rendering import Rendered, rendered
from tideover.casework.outreach.content.shelf import chosen, missing, shipped
from tideover.casework.outreach.content.speaking import spoken_by
from tideover.casework.outreach.content.template import (
    FORMS,
    LANGUAGES,
    PURPOSES,
    TACTICS,
    Template,
)
from tideover.casework.outreach.content.values import Money, Utility, Values

__all__ = [
    "EVENTS", "FORMS", "LANGUAGES", "OFFERS", "PURPOSES", "TACTICS", "Answers", "Finding", "Money",
    "Rendered", "Template", "Utility", "Values", "answers", "chosen", "findings", "missing",
    "previews", "rendered", "shipped", "spoken_by", "to_approve", "unapproved", "under_event",
    "with_offer",
]  # fmt: skip

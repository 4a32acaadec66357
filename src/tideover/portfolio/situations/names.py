"""What the contract calls things, in the words of the rulebooks; where it does not say, cautiously.

The whole mapping of purposes, outcomes, steps and circumstances stands here; that of channels and
supplies, which proposals need too, in `rules/guard/contract.py`.
"""

from __future__ import annotations

from datetime import date
from typing import Any

Plain = dict[str, Any]

# a purpose nobody wrote down here counts as collection, which most rules are about
PURPOSES = {
    "reminder": "collection", "notice": "collection", "plan_offer": "collection",
    "bill_ready": "service_information", "service": "service_information",
    "survey": "service_information", "assistance": "service_information",
    "welfare": "welfare_visit", "emergency": "emergency", "marketing": "marketing",
    "opt_out_confirmation": "opt_out_confirmation",
}  # fmt: skip
OTHER_PURPOSE = "collection"

# what an outcome says of a contact; a person was reached only where one answered
OUTCOMES: dict[str, Plain] = {
    "answered": {"reached": True}, "replied": {"reached": True},
    "bounced": {"undeliverable": True}, "failed": {"connected": False, "undeliverable": True},
}  # fmt: skip

# A step has a day and no hour: it is put at noon. It does not say how a notice was delivered or
# what it contained: it counts as mailed, and as containing nothing.
STEPS: dict[str, Plain] = {
    "notice_issued": {"type": "notice", "kind": "termination"},
    "visit_attempted": {"type": "contact", "channel": "in_person"},
}

# A refusal stops the channel and, on these, automated contact as a whole (47 CFR 64.1200(a)(10)).
REFUSALS = {
    "email": "email", "sms": "sms", "push": "sms", "whatsapp": "whatsapp", "voice": "phone",
}  # fmt: skip
# Only these say that calls and texts are welcome: rules ask for consent without naming a channel.
CONSENTS = ("voice", "sms", "push")

# Who is met by trained people alone. Age or hardship by itself does not keep a friendly offer of
# help away; a utility that sees it otherwise states the fact `vulnerable`.
VULNERABLE = frozenset(
    ("life_support", "medical_certificate", "disability", "bereavement", "domestic_abuse")
)

# Values of the facts table that a utility writes in its own way.
VALUES = {
    "customer.heating_source": {"electric": "electricity", "heat_pump": "electricity",
                                "district": "heat"},
    "customer.cooling_source": {"electric": "electricity", "heat_pump": "electricity",
                                "district": "heat"},
}  # fmt: skip

# What is true while a circumstance holds.
HOLDING: dict[str, Plain] = {
    "life_support": {"life_support": True, "critical_care": True},
    "medical_certificate": {"medical_vulnerable": True},
    "complaint": {"complaint_open": True},
    "deceased": {"deceased": True},
    "representative": {"attorney_represented": True},
    "assistance_pending": {"assistance_pledge_pending": True},
    "low_income": {"low_income": True},
    "debt_respite": {"debt_help": "active"},
    "elderly": {"household": {"has_pensioner": True}},
    "disability": {"household": {"has_disabled_or_chronically_sick": True}},
    "young_child": {"household": {"youngest_age": 0}},
}


def since(kind: str, day: str, ends_on: str | None) -> Plain:
    """Return what a circumstance that holds says with its days, read cautiously.

    - bankruptcy: the chapter is unknown; 11 protects longest (30 days, not 21).
    - dispute: counts as in writing, for only such a one stops a collector.
    - debt respite: counts as a mental health crisis, which has no end but that of the row.
    - military: counts as notified on the day it began.
    - medical certificate: received when it began, for as long as it holds, given in writing.

    Args:
        day: On which it began.
    """
    if kind == "bankruptcy":
        return {"bankruptcy": {"chapter": 11, "filed_on": day, "status": "active"}}
    if kind == "dispute":
        return {"dispute": {"received_on": day, "in_writing": True}}
    if kind == "debt_respite":
        return {"breathing_space": {"kind": "mental_health", "start_on": day}}
    if kind == "active_military":
        return {"military": {"active_from": day, "written_notice_on": day}}
    if kind == "medical_certificate":
        certificate: Plain = {"received_on": day}
        if ends_on is not None:
            days = date.fromisoformat(ends_on) - date.fromisoformat(day)
            certificate["duration_days"] = days.days + 1
        return {"medical_certificates": [certificate]}
    return {}

"""What the contract calls things, in the words of the rulebooks; where it does not say, cautiously.

The whole mapping of purposes, outcomes, steps and circumstances stands here; that of channels and
supplies, which proposals need too, in `rules/guard/contract.py`.
"""

from __future__ import annotations

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

# Values of the facts table that a utility writes in its own way.
VALUES = {
    "customer.heating_source": {"electric": "electricity", "heat_pump": "electricity",
                                "district": "heat"},
    "customer.cooling_source": {"electric": "electricity", "heat_pump": "electricity",
                                "district": "heat"},
}  # fmt: skip

"""Content items: for each that a text says it carries, the sentence or the variable behind it.

Source: compliance catalogue, 5.4 (the items) and the rulebooks' required content.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tideover.casework.outreach.content.shelf import wording
from tideover.casework.outreach.content.template import VARIABLE, WITHOUT_SUBJECT, Template

# An item that is a value of the case shows by its variable; any of them will do.
BY_VARIABLE = {
    "business_name": ("utility_name",), "phone_number": ("phone",), "salutation": ("address_as",),
    "postal_address": ("postal_address",), "debt_amount": ("amount", "instalment"),
    "payment_link": ("pay_link",), "debt_help_info": ("debt_help",), "exact_costs": ("costs",),
    "opt_out_instructions": ("stop_word",),
}  # fmt: skip
# Every message says who writes, what it is about, and how to stop.
_EVERY = ("business_name", "phone_number", "debt_amount", "opt_out_instructions")
_NOT_OF = {"care_ends": ("debt_amount",)}  # it is about no bill
_NOTICE = ("debt_help_info", "data_sharing_offer", "medical_exception", "payment_plan_option",
           "postal_address", "consequences")  # fmt: skip
# What would turn a message about a bill into another thing, and is therefore looked for everywhere.
TELLING = ("debt_amount", "payment_link", "payment_request", "marketing")

# To offer help with paying is no demand; only what a text asks for can be one.
ASKED = ("payment_request",)


def required(purpose: str, form: str) -> tuple[str, ...]:
    """Return the content items that a purpose must carry in a form.

    A notice in the short form, or said, only says that a letter is on its way: neither a text
    message nor a call is a notice.

    Examples:
        >>> "medical_exception" in required("statutory_notice", "letter")
        True
    """
    every = tuple(item for item in _EVERY if item not in _NOT_OF.get(purpose, ()))
    if form in WITHOUT_SUBJECT:
        return every
    return (*every, "postal_address", *(_NOTICE if purpose == "statutory_notice" else ()))


def shown(item: str, template: Template) -> str:
    """Return the variable or the sentence that shows an item, or nothing where none does."""
    for name in BY_VARIABLE.get(item, ()):
        if name in template.variables:
            return f"{{{name}}}"
    groups = wording(template.key.language, "items").get(item, ())
    if groups:
        for sentence in sentences(_asked(template) if item in ASKED else template.text):
            if all(_has_one(sentence, stems) for stems in groups):
                return sentence
    return ""


def sentences(text: str) -> Iterator[str]:
    """Yield a text's sentences; a variable's point does not end one."""
    for found in re.split(r"(?<=[.?!])\s+|\n+", VARIABLE.sub(r"{\1}", text)):
        if found.strip():
            yield found.strip()


def _asked(template: Template) -> str:
    return "\n".join(part.text for part in template.paragraphs if part.role == "ask")


def _has_one(sentence: str, stems: list[str]) -> bool:
    return any(re.search(rf"(?<!\w){re.escape(stem)}", sentence, re.I) for stem in stems)

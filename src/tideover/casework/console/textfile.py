"""A text as whoever approves it sees it: for made-up people, with its cost, and what is checked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple

from babel.numbers import format_currency
from django.db.models import Q

from tideover.casework.console.words import plain
from tideover.casework.outreach.content import TACTICS, Rendered, Template, findings, rendered
from tideover.casework.outreach.content.answers import answers
from tideover.casework.outreach.content.approval import shown_in
from tideover.casework.outreach.content.lint import CHECKS
from tideover.casework.outreach.content.personas import made_up
from tideover.casework.outreach.content.template import FORMS
from tideover.casework.outreach.house import Price, house, part_price
from tideover.casework.outreach.models import TextVersion
from tideover.terms.faults import Refused

UNKNOWN = "unknown"


class Look(NamedTuple):
    """A message as one made-up customer would get it, and what it costs as a text message."""

    who: str
    message: Rendered
    cost: str


class Check(NamedTuple):
    """One thing that is checked, and what was found wrong with it."""

    kind: str
    about: str
    found: tuple[str, ...]


def text_page(version: TextVersion) -> dict[str, Any]:
    """Return all that the page of a text shows of its words; little where they are not in use."""
    template = shown_in(version.name)
    if template is None:
        return {"template": None}
    return {
        "template": template, "looks": looked_at(template), "checks": checked(template),
        "carries": [plain(item) for item in template.carries],
        "tactics": [(plain(one), TACTICS.get(one, "")) for one in template.tactics],
        "beside": beside(version, template), "taps": taps(version, template),
    }  # fmt: skip


def looked_at(template: Template) -> list[Look]:
    """Return a text as made-up people get it from this utility; none where it cannot be written."""
    who_writes, price = house().utilities[template.key.language], part_price()
    try:
        said = {who: rendered(template, replace(values, utility=who_writes))
                for who, values in made_up(template.key.language).items()}  # fmt: skip
    except Refused:  # a variable that there is not: the checks say which
        return []
    return [Look(who, message, _cost(message, price)) for who, message in said.items()]


def _cost(message: Rendered, price: Price) -> str:
    if message.parts is None:
        return ""
    each: Decimal = price.each * message.parts.count
    return format_currency(each, price.currency, locale="en", decimal_quantization=False)


def taps(version: TextVersion, template: Template) -> tuple[str, ...]:
    """Return the answers to tap under a text, where it is they that are to be approved."""
    stop_word = house().utilities[template.key.language].stop_word
    return answers(template, stop_word).labels if version.text.startswith("answers/") else ()


def checked(template: Template) -> list[Check]:
    """Return everything that is checked of a text, with what was found."""
    found = findings(template)
    strange = any(one.kind == UNKNOWN for one in found)  # then nothing more can be said of it
    return [Check(kind, about, tuple(one.what for one in found if one.kind == kind))
            for kind, about in CHECKS.items() if strange == (kind == UNKNOWN)]  # fmt: skip


def beside(version: TextVersion, template: Template) -> Iterable[TextVersion]:
    """Return the newest version of the same text in each of the other forms."""
    key, found = template.key, {}
    if key.name != version.text:  # an offer, or words for an event
        return ()
    others = Q()
    for form in (form for form in FORMS if form != key.form):
        others |= Q(name__startswith=f"{replace(key, form=form).name}@")
    for one in TextVersion.objects.filter(others).order_by("number"):
        found[one.text] = one
    return found.values()

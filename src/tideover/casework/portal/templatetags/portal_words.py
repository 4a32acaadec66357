"""Words and amounts in the portal's templates."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_time
from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def say(context: Any, name: str, **values: Any) -> str:
    """Say a text; a name that begins with a point is of the page's own topic."""
    full = f"{context['topic']}{name}" if name.startswith(".") else name
    return str(context["speaker"].say(full, **values))


@register.simple_tag(takes_context=True)
def lines(context: Any, name: str, **values: Any) -> list[str]:
    """Return the lines of a text."""
    full = f"{context['topic']}{name}" if name.startswith(".") else name
    return list(context["speaker"].lines(full, **values))


@register.simple_tag(takes_context=True)
def written(context: Any, value: Any) -> str:
    """Write an amount, a day or a number."""
    return str(context["speaker"].written(value))


@register.simple_tag(takes_context=True)
def moment(context: Any, at: datetime, zone: str) -> str:
    """Write a day and an hour at the customer's place."""
    local = at.astimezone(ZoneInfo(zone or "UTC"))
    speaker = context["speaker"]
    hour = format_time(local, "short", locale=speaker.language)
    return str(speaker.say("frame.moment", day=local.date(), hour=hour))

"""What the readable export asks of a value."""

from __future__ import annotations

from typing import Any

from django import template

register = template.Library()


@register.filter
def kind(value: Any) -> str:
    """Say whether a value is a mapping, a list or a plain one."""
    if isinstance(value, dict):
        return "mapping"
    return "list" if isinstance(value, list) else "plain"


@register.filter
def spaced(name: Any) -> str:
    """Return a name with spaces."""
    return str(name).replace("_", " ")

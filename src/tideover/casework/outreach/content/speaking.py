"""A call's words: a person asks who it is and whether it suits; a machine says that it is one."""

from __future__ import annotations

from dataclasses import replace

from tideover.casework.outreach.content.template import SPOKEN, Template

OF_A_PERSON, OF_A_MACHINE = ("moment", "aside"), ("recorded",)


def spoken_by(template: Template, *, machine: bool) -> Template:
    """Return a spoken text as a person reads it, or as a machine plays it; others as they are.

    It is approved with the whole text, so it needs no approval of its own.
    """
    if template.key.form != SPOKEN:
        return template
    left_out = OF_A_PERSON if machine else OF_A_MACHINE
    return replace(template.without(*left_out), put_together=template.pieces)

"""What is looked at before anything starts: keys that open, and a production that is one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError, connection

from tideover.casework.cases.keys import keys_open
from tideover.casework.cases.models import SealKey
from tideover.terms.faults import Fault


def strange_keys() -> str:
    """Return why the keys at hand are not those of this database; empty where they are.

    A database that does not answer, or has no tables yet, says nothing about keys.
    """
    try:
        if SealKey._meta.db_table not in connection.introspection.table_names():
            return ""
        keys_open()
    except DatabaseError:
        return ""
    except Fault as fault:
        return str(fault)
    return ""


@register(Tags.database)
def keys_open_what_is_here(
    app_configs: Any, *, databases: Sequence[str] | None = None, **unused: Any
) -> list[CheckMessage]:
    """Refuse keys that do not open what is sealed here."""
    said = strange_keys() if databases else ""
    return [Error(said, id="tideover.E001")] if said else []


@register(Tags.security, deploy=True)
def production_is_one(app_configs: Any, **unused: Any) -> list[CheckMessage]:
    """Warn of what may do for trying it out, and not for customers."""
    found: list[CheckMessage] = []
    if not settings.MARK_KEY_IS_STATED:
        hint = "Set TIDEOVER_MARK_KEY to the key in use, the last of TIDEOVER_SEAL_KEYS"
        found.append(Warning("Marks have no key of their own", hint=hint, id="tideover.W001"))
    if not settings.SECOND_FACTOR:
        hint = "Take away TIDEOVER_SECOND_FACTOR"
        found.append(Warning("Staff may do without a second factor", hint=hint,
                             id="tideover.W002"))  # fmt: skip
    return found

"""The console's menu: the pages that somebody's role lets them see."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from tideover.casework.access.permissions import may
from tideover.casework.access.roles import roles_of

ENTRIES = (
    ("console:worklist", "Worklist"), ("console:calls", "Calls"), ("console:outbox", "Outbox"),
    ("console:bank", "Bank"), ("console:settlements", "Settlements"),
    ("console:texts", "Texts"), ("console:strategies", "Strategies"),
    ("console:reports", "Reports"), ("console:mailbox", "Mailbox"),
    ("console:looks", "Who looked"),
)  # fmt: skip


def menu(request: HttpRequest) -> dict[str, Any]:
    """Return the menu, and what else of the visitor's permissions pages ask for."""
    user = getattr(request, "user", None)
    roles = roles_of(user) if user is not None else frozenset()
    here = request.resolver_match.view_name if request.resolver_match else ""
    return {
        "menu": [
            {"page": page, "label": label, "here": here.startswith(page.removesuffix("s"))}
            for page, label in ENTRIES
            if may(page, roles)
        ],
        "may": Permitted(roles),
        "here": here,
    }


class Permitted:
    """Asks, in a template, whether the visitor may: `{% if may.hold %}`."""

    def __init__(self, roles: frozenset[str]) -> None:
        self._roles = roles

    def __getitem__(self, page: str) -> bool:
        return may(f"console:{page}", self._roles)

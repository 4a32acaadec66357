"""The doorkeeper: asks the table of permissions before any view; what it does not list is shut.

Staff have a second factor, or set one up before they see anything else.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation

from tideover.casework.access.permissions import ANYONE, OWN_PROOF, SIGNED_IN, permits, rule_of
from tideover.casework.access.roles import roles_of

log = logging.getLogger("tideover.access")
SECOND_FACTOR = "mfa_activate_totp"
HEADERS = {
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), "
                          "interest-cohort=(), browsing-topics=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}  # fmt: skip

Handler = Callable[[HttpRequest], HttpResponseBase]


class Doorkeeper:
    """Middleware: lets through whom the table lets through, and nobody else."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, with headers that keep pages out of caches and other people's frames."""
        response = self._handler(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Refuse, send to the login, or let the view answer."""
        match = request.resolver_match
        page = match.view_name if match else ""
        rule = rule_of(page)
        if rule in (ANYONE, OWN_PROOF):
            return None
        translation.activate(settings.LANGUAGE_CODE)  # the console speaks one language
        if rule is None:
            return refuse(request, page, "the page is in no table")
        if not request.user.is_authenticated:
            return _to_login(request)
        if rule != SIGNED_IN and lacks_second_factor(request.user):
            return redirect(SECOND_FACTOR)
        if not permits(rule, roles_of(request.user)):
            return refuse(request, page, "the role does not see it")
        return None


def refuse(request: HttpRequest, page: str, why: str) -> HttpResponse:
    """Return the refusal of a page, and say so in the log."""
    log.warning("refused page=%s user=%s: %s", page or "?", request.user.pk or "-", why)
    return render(request, "access/refused.html", status=403)


def lacks_second_factor(user: Any) -> bool:
    """Say whether somebody must set up a second factor first."""
    from allauth.mfa.utils import is_mfa_enabled

    if isinstance(user, AnonymousUser) or not settings.SECOND_FACTOR:
        return False
    return not is_mfa_enabled(user)


def _to_login(request: HttpRequest) -> HttpResponse:
    """Send to the login and back; a form that was sent is not sent again by that."""
    back = {"next": request.get_full_path()} if request.method == "GET" else {}
    return redirect(f"{reverse('account_login')}?{urlencode(back)}" if back else "account_login")

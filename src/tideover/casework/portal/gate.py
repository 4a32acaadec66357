"""The portal's doorkeeper: asks the table of proofs before any page, and sets the headers."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import ResolverMatch, reverse
from django.utils import translation

from tideover.casework.portal import languages, visits
from tideover.casework.portal.proofs import CODE, FACT, LINK, OPEN, proof_of
from tideover.casework.sealed import seal

log = logging.getLogger("tideover.portal")
NAMESPACE = "portal"
ON_EVERY_HOST = ("webhooks", "payments")  # providers and mail programs call where they were sent
# A browser takes the last one it knows. From a page that says no-referrer alone, browsers do not
# say where a form comes from, and the check against forged forms would refuse it.
REFERRER, REFERRER_OF_FORMS = "no-referrer", "no-referrer, same-origin"
TOKEN_PAGES = ("pay_link", "help_link", "ask_link")
MOST_KEPT = 20_000
Handler = Callable[[HttpRequest], HttpResponseBase]


class Gate:
    """Middleware: lets a visitor through to what they proved, and keeps pages out of caches."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer; on pages of the portal the browser keeps nothing and tells nobody."""
        if request.path_info == "/" and _host(request) in settings.PORTAL_HOSTS:
            return redirect("portal:start")  # somebody typed the name alone
        response = self._handler(request)
        match = request.resolver_match
        if match is None or match.namespace != NAMESPACE:
            return response
        tokens = match.url_name in TOKEN_PAGES
        response.headers["Referrer-Policy"] = REFERRER if tokens else REFERRER_OF_FORMS
        response.headers["Cache-Control"] = "no-store"
        languages.remember(request, response)
        if getattr(request, "here", None) is not None and visits.VISIT_COOKIE not in _set(response):
            visits.seen(request, response)
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Refuse, ask for what is lacking, or let the page answer."""
        match = request.resolver_match
        on_portal = match is not None and match.namespace == NAMESPACE
        here_alone = settings.PORTAL_HOSTS and match and not _everywhere(match)
        if here_alone and on_portal != (_host(request) in settings.PORTAL_HOSTS):
            raise Http404  # each on a name of its own: a fault of one page is none of the other's
        if not on_portal or match is None:
            return None
        found = visits.here(request)
        request.here = found  # type: ignore[attr-defined]
        translation.activate(languages.spoken(request, found))
        proof = proof_of(match.url_name or "", str(match.kwargs.get("step", "")))
        if proof is None:
            log.warning("refused page=%s: it is in no table", match.url_name)
            raise Http404
        return self._lacking(request, proof, found)

    def _lacking(
        self, request: HttpRequest, proof: str, found: visits.Here | None
    ) -> HttpResponseBase | None:
        if proof == OPEN or (proof == LINK and (found or visits.pointed(request))):
            return None
        if found is None or proof == LINK:
            return _to_welcome(request)
        if proof == CODE and not found.proved:
            return redirect(f"{reverse('portal:code')}?{urlencode({'to': request.path})}")
        assert proof in (FACT, CODE)
        return None


def _everywhere(match: ResolverMatch) -> bool:
    """Say whether an address is served under every name: what machines call, and the health."""
    return match.namespace in ON_EVERY_HOST or match.view_name == "health"


def _set(response: HttpResponseBase) -> Any:
    return response.cookies


def _host(request: HttpRequest) -> str:
    return request.get_host().partition(":")[0]


def _to_welcome(request: HttpRequest) -> HttpResponseBase:
    """Send to the question of the link; a form that was sent is kept and not lost."""
    if request.method == "POST" and visits.pointed(request):
        from tideover.casework.portal.pages.coming_in import asked_again

        return asked_again(request, kept(request))
    asked = {"to": request.path} if request.method in ("GET", "HEAD") else {}
    where = reverse("portal:welcome")
    return redirect(f"{where}?{urlencode(asked)}" if asked else where)


def kept(request: HttpRequest) -> str:
    """Return a form that was sent too late, sealed, to be carried by the page that asks again."""
    typed = {name: request.POST.getlist(name) for name in request.POST
             if name not in ("csrfmiddlewaretoken",)}  # fmt: skip
    text = json.dumps({"path": request.path, "typed": typed}, ensure_ascii=False)
    return seal(text) if len(text) <= MOST_KEPT else ""


def no_page(request: HttpRequest) -> HttpResponse:
    """Return the one answer to a link that never was, is over, was revoked or guessed at."""
    from tideover.casework.portal.frame import page

    return page(request, "portal/no_link.html", "no_link", status=404)

"""The step up: a code to an address on file, before what could harm if it were not them."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from tideover.casework import limits
from tideover.casework.portal import codes
from tideover.casework.portal.frame import inside, page, say, setting, visitor


@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponseBase:
    """Ask where to send a code, and then for the code."""
    here = visitor(request)
    to = inside(request, request.POST.get("to") or request.GET.get("to", ""))
    if here.proved:
        return redirect(to)
    if request.method == "POST":
        return _typed(request, to)
    return _page(request, to)


def _typed(request: HttpRequest, to: str) -> HttpResponseBase:
    here, typed = visitor(request), request.POST.get("code", "").strip()
    if not typed:
        return _page(request, to, wrong=say(request, "code.empty"))
    if limits.too_many(request) or not codes.typed_right(here.visit, typed, here.now):
        limits.missed(request)
        return _page(request, to, wrong=say(request, "code.wrong"))
    return redirect(to)


def _page(request: HttpRequest, to: str, wrong: str = "") -> HttpResponse:
    here = visitor(request)
    points = [(point.pk, codes.masked(point), say(request, f"channels.{point.channel}"))
              for point in codes.addresses(here)]  # fmt: skip
    return page(
        request, "portal/code.html", "code", points=points, to=to,
        sent=here.visit.codes.exists(), wrong={"code": wrong} if wrong else None,
        status=422 if wrong else 200, back=reverse("portal:start"),
    )  # fmt: skip


@require_POST
def code_send(request: HttpRequest) -> HttpResponseBase:
    """Send a code to an address on file, chosen by its place in our list and never typed."""
    here = visitor(request)
    to = inside(request, request.POST.get("to", ""))
    chosen = {str(point.pk): point for point in codes.addresses(here)}.get(
        request.POST.get("point", "")
    )
    if chosen is None or not codes.send_code(here, chosen, setting(request).language):
        return page(request, "portal/plain.html", "no_code", status=409,
                    said=setting(request).speaker.lines("no_code.said"))  # fmt: skip
    return redirect(f"{reverse('portal:code')}?{urlencode({'to': to})}")

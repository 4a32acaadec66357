"""More people at once than we can serve: some are told so politely, and the others are served well.

Counted in this process: how many portal pages are being made. Past a number a page would only come
late, so whoever comes then hears at once that it is busy, and when to come again. Whoever is inside
already goes first: a form that was filled in matters more than a link just opened.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.html import escape
from django.utils.translation import get_language_from_request

RETRY_S = 20
PAGES = ("/my/", "/p/", "/h/", "/ask/", "/check")
_PORTAL = re.compile(rb"[A-Z]+ (?:" + "|".join(PAGES).encode() + rb")")
_SPOKEN = re.compile(rb"\r\nAccept-Language: *([^\r]{1,100})", re.IGNORECASE)
Handler = Callable[[HttpRequest], HttpResponseBase]


class Crowding:
    """Middleware, the first of all: what it turns away costs next to nothing."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._lock = threading.Lock()
        self._now = 0

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, or say that it is busy."""
        if not request.path_info.startswith(PAGES):
            return self._handler(request)
        most = settings.MOST_AT_ONCE if _inside(request) else max(settings.MOST_AT_ONCE // 2, 1)
        with self._lock:
            if self._now >= most:
                return busy(request)
            self._now += 1
        try:
            return self._handler(request)
        finally:
            with self._lock:
                self._now -= 1


def _inside(request: HttpRequest) -> bool:
    from tideover.casework.portal.visits import VISIT_COOKIE

    return VISIT_COOKIE in request.COOKIES


def turned_away(head: bytes) -> bytes:
    """Return what somebody hears for whom not even a thread is free; nothing for whoever is inside.

    Args:
        head: The lines of a request.
    """
    from tideover.casework.portal.visits import VISIT_COOKIE

    if not _PORTAL.match(head) or VISIT_COOKIE.encode() in head:
        return b""
    spoken = _SPOKEN.search(head)
    return _turned_away(spoken[1].decode("latin-1") if spoken else "")


@lru_cache(maxsize=64)
def _turned_away(spoken: str) -> bytes:
    request = HttpRequest()
    request.META["HTTP_ACCEPT_LANGUAGE"] = spoken
    response = busy(request)
    response["Connection"] = "close"
    response["Content-Length"] = str(len(response.content))
    return b"HTTP/1.1 503 Service Unavailable\r\n" + response.serialize()


def busy(request: HttpRequest) -> HttpResponse:
    """Return 503 with a sentence, in the language of the browser, and when to come again."""
    from tideover.casework.outreach.content import LANGUAGES
    from tideover.casework.portal.words import words

    spoken = get_language_from_request(request).split("-")[0]
    language = spoken if spoken in LANGUAGES else "en"
    said = words(language)
    title, text = escape(str(said["busy.title"])), escape(str(said["busy.said"]))
    response = HttpResponse(
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width"><title>{title}</title><main><h1>{title}</h1><p>{text}</p>'
        "</main></html>", status=503,
    )  # fmt: skip
    response["Retry-After"] = str(RETRY_S)
    response["Cache-Control"] = "no-store"
    return response

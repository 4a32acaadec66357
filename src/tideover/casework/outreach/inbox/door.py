"""Where providers knock: the signature is checked on the raw body, the events stored, 2xx said.

A call that is forged or malformed is answered 4xx and changes nothing. Only our own database being
away gives a 5xx, so that the provider comes again.
"""

from __future__ import annotations

import hmac

from django.http import HttpRequest, HttpResponse, RawPostDataException
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from tideover.casework.outreach.channels.contract import Channel
from tideover.casework.outreach.channels.registry import listeners
from tideover.casework.outreach.inbox.storing import store, store_payments, told_strictly
from tideover.casework.payments.contract import Provider
from tideover.casework.payments.registry import providers

MOST_BYTES = 1_000_000
Listener = Channel | Provider


@csrf_exempt  # signed by the provider instead. nosemgrep: a-form-without-its-token
@require_http_methods(["POST", "GET", "HEAD"])
def hook(request: HttpRequest, provider: str) -> HttpResponse:
    """Take what a provider tells."""
    listener = listeners().get(provider) or providers().get(provider)
    if listener is None:
        return _said(404, "nobody listens to this provider")
    if request.method == "HEAD":  # some providers ask first whether anybody is there
        return HttpResponse()
    if request.method != "POST":
        return _greeted(request, listener)
    body = _body(request)
    if body is None:
        return _said(413, "too large")
    headers, url = dict(request.headers), request.build_absolute_uri()
    if not _verified(listener, body, headers, url):
        return _said(403, "the signature is not right")
    try:
        _take(listener, body, headers, url)
    except (ValueError, RecursionError):
        return _said(400, "this cannot be read")
    return HttpResponse(status=200)


def _take(listener: Listener, body: bytes, headers: dict[str, str], url: str) -> None:
    """Store what a call tells, of messages or of payments."""
    if isinstance(listener, Provider):
        store_payments(listener.name, told_strictly(listener, body, headers, url))
    elif events := listener.heard(body, headers, url):
        store(listener.name, listener.channel, events)


def _body(request: HttpRequest) -> bytes | None:
    """Return the raw body, or nothing where it is larger than any webhook; it is not read then."""
    declared = request.META.get("CONTENT_LENGTH") or "0"
    if not (declared.isascii() and declared.isdigit()) or len(declared) > 9:
        return None
    if int(declared) > MOST_BYTES:
        return None
    try:
        return request.body
    except (UnreadablePostError, RawPostDataException):
        return None


def _verified(listener: Listener, body: bytes, headers: dict[str, str], url: str) -> bool:
    try:
        return listener.verified(body, headers, url)
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError):
        return False  # the vendors' validators stumble over what no vendor sends


def _greeted(request: HttpRequest, listener: Listener) -> HttpResponse:
    """Answer a provider that asks whether we are who it was told (Meta's hub.challenge)."""
    expected = str(getattr(listener, "verify_token", ""))
    given = request.GET.get("hub.verify_token", "")
    challenge = request.GET.get("hub.challenge", "")
    known = bool(expected) and hmac.compare_digest(expected.encode(), given.encode())
    if not known or not challenge.isascii() or len(challenge) > 200:
        return _said(403, "unknown")
    return HttpResponse(challenge, content_type="text/plain")


def _said(status: int, words: str) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain")

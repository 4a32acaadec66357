"""Where somebody asks from: the proxy in front is on this machine, and all would be one place.

What a proxy adds to X-Forwarded-For is its last part; what stands before it anybody can have
written. It is believed of a neighbour on this machine alone, and only where a proxy with TLS is in
front, as X-Forwarded-Proto is.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

HEADER = "HTTP_X_FORWARDED_FOR"
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Handler = Callable[[HttpRequest], HttpResponseBase]


class Whence:
    """Middleware that puts the address of whoever asks where all limits look for it."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, with the address known."""
        stated = _address(request.META.get(HEADER, "").rpartition(",")[2].strip())
        if settings.SECURE and stated and _is_here(request.META.get("REMOTE_ADDR", "")):
            request.META["REMOTE_ADDR"] = str(stated)
        return self._handler(request)


def _is_here(peer: str) -> bool:
    """Say whether somebody who knocks stands on this machine."""
    address = _address(peer)
    return address is not None and address.is_loopback


def _address(stated: str) -> Address | None:
    try:
        return ipaddress.ip_address(stated)
    except ValueError:
        return None

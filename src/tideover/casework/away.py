"""What is said while our own database is away: 503 and when to come again, no stack of calls."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.defaults import server_error

RETRY_S = 30
WORDS = "We cannot answer just now. Nothing is lost; please try again in a minute.\n"


def failed(request: HttpRequest) -> HttpResponseBase:
    """Answer a request that failed: a database that is away is no fault of the page."""
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        said = HttpResponse(WORDS, status=503, content_type="text/plain; charset=utf-8")
        said["Retry-After"] = str(RETRY_S)
        return said
    return server_error(request)

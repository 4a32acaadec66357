"""What goes wrong, as `application/problem+json` (RFC 9457): what, where, and how to mend it."""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from tideover.terms.faults import Refused

MEDIA_TYPE = "application/problem+json"
MENDS = {
    400: "Send the body as the page of the API shows it",
    401: "Send the header Authorization: Bearer TOKEN with a token that holds",
    404: "See docs/openapi.json for the addresses there are",
    405: "The header Allow names what this address takes",
    413: "Send it in parts",
    415: "Send the body with Content-Type: application/json",
}


class Problem(Exception):
    """A request that cannot be done, in words a person can act on.

    Args:
        what: What is wrong, one sentence; it never repeats what was sent.
        where: The field, header or address; empty when nowhere in particular.
        mend: How to put it right.
    """

    def __init__(
        self, status: int, what: str, *, where: str = "", mend: str = "", retry_after_s: float = 0
    ) -> None:
        super().__init__(what)
        self.status, self.what, self.where = status, what, where
        self.mend, self.retry_after_s = mend, retry_after_s


KINDS = (
    Problem, Refused, ValidationError, AuthenticationError, HttpError, Http404, RequestDataTooBig,
)  # fmt: skip


def unknown(what: str, where: str) -> Problem:
    """Return that something is not here; whether it ever was is not told."""
    return Problem(404, f"There is no such {what}", where=where, mend="See that the id is right")


def answer(problem: Problem, errors: Sequence[Mapping[str, str]] = ()) -> HttpResponse:
    """Return a problem as a response."""
    body: dict[str, Any] = {
        "type": "about:blank", "title": HTTPStatus(problem.status).phrase,
        "status": problem.status, "detail": problem.what, "where": problem.where,
        "mend": problem.mend or MENDS.get(problem.status, ""),
    }  # fmt: skip
    if errors:
        body["errors"] = list(errors)
    response = HttpResponse(json.dumps(body), status=problem.status, content_type=MEDIA_TYPE)
    if problem.retry_after_s:
        response["Retry-After"] = str(math.ceil(problem.retry_after_s))
    if problem.status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = "Bearer"
    return response


def told_by(api: NinjaAPI) -> None:
    """Have an interface answer with problems."""
    for kind in KINDS:
        api.add_exception_handler(kind, lambda request, error: _told(error))


def in_words(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Return a view whose bare refusals, such as of a method, are problems too."""

    @functools.wraps(view)
    def spoken(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if _wrong_type(request):
            return answer(_plain(HTTPStatus.UNSUPPORTED_MEDIA_TYPE))
        response = view(request, *args, **kwargs)
        if response.status_code < 400 or response.get("Content-Type") == MEDIA_TYPE:
            return response
        told = answer(_plain(response.status_code))
        if response.has_header("Allow"):
            told["Allow"] = response["Allow"]
        return told

    return spoken


def _told(error: Any) -> HttpResponse:
    match error:
        case Problem():
            return answer(error)
        case Refused():
            return answer(_refused(error))
        case ValidationError():
            return _invalid(error)
        case AuthenticationError():
            return answer(_no_token())
        case HttpError():
            return answer(_plain(error.status_code))
        case RequestDataTooBig():
            return answer(_plain(413))
    return answer(_plain(404))


def _wrong_type(request: HttpRequest) -> bool:
    """Say whether a body is neither JSON nor, where files are taken, a form with files."""
    if request.method != "POST" or request.headers.get("Content-Length", "0") in ("", "0"):
        return False
    takes = "multipart/form-data" if request.path.endswith("/files") else "application/json"
    return request.content_type != takes


def _plain(status: int) -> Problem:
    return Problem(status, f"{HTTPStatus(status).phrase}: this cannot be answered")


def _no_token() -> Problem:
    return Problem(401, "No token that holds was sent", where="Authorization")


def _refused(error: Refused) -> Problem:
    return Problem(409, error.what, where=error.where, mend=error.mend or "Read it again first")


def _invalid(error: ValidationError) -> HttpResponse:
    found = [
        {"where": ".".join(str(part) for part in one["loc"]), "what": str(one["msg"])}
        for one in error.errors
    ]
    wheres = ", ".join(one["where"] for one in found)
    told = Problem(422, "The request is not as described", where=wheres,
                   mend="Put right what `errors` names")  # fmt: skip
    return answer(told, found)

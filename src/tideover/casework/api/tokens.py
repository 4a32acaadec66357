"""Tokens: made once, known by their hash, good for a time and for some scopes."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import F
from django.http import HttpRequest
from ninja.security import HttpBearer

from tideover.casework import limits
from tideover.casework.api.bounds import bounds
from tideover.casework.api.models import Token
from tideover.casework.api.problems import Problem
from tideover.terms.faults import Usage

SCOPES = {
    "read:cases": "Cases, their timeline, promises, holds, opt-outs",
    "write:cases": "Promises, holds and opt-outs: make them, take them back",
    "read:circumstances": "What calls for care, and what it is",
    "write:circumstances": "Note that something calls for care, or is over",
    "read:messages": "Messages, without address or text",
    "read:decisions": "Decisions, with their reasons",
    "read:deltas": "What came in by the API",
    "write:deltas": "Hand over rows of the export between two exports",
    "read:webhooks": "Receivers of webhooks and what was delivered to them",
    "write:webhooks": "Make, end and replay receivers of webhooks",
}
MARK = "tide_"  # so that a leaked one can be told by scanners
HELD_S = 3600  # for so long after a use nobody else's wrong tokens stand in a token's way


def make(name: str, scopes: Sequence[str], *, holds: timedelta, now: datetime) -> str:
    """Make a token and return it, for the only time.

    Raises:
        Usage: A scope is none of `SCOPES`, or the name is taken.
    """
    odd = sorted(set(scopes) - SCOPES.keys())
    if odd or not scopes:
        raise Usage(f"No scope is called {', '.join(odd)}" if odd else "A token needs a scope",
                    where="--scopes", mend=f"Take some of {', '.join(SCOPES)}")  # fmt: skip
    if Token.objects.filter(name=name).exists():
        raise Usage(f"A token {name!r} is there already", mend="Take another name")
    secret = MARK + secrets.token_urlsafe(32)
    Token.objects.create(
        name=name, digest=digest(secret), scopes=sorted(set(scopes)), expires_at=now + holds
    )
    return secret


def digest(secret: str) -> str:
    """Return what is kept of a token; it is too long to be guessed, so a plain hash will do."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


class Bearer(HttpBearer):
    """Asks for a token that holds, with a scope; without a scope any token will do."""

    openapi_description = "A token of `manage.py make_token`, with the scope the operation names."

    def __init__(self, scope: str = "") -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """Return the token; none where it does not hold.

        Raises:
            Problem: It lacks the scope, or asked too often, or too many wrong ones came from there.
        """
        now, kept = datetime.now(UTC), digest(token)
        _brake(request, kept)
        found = Token.objects.filter(digest=kept, revoked_at=None, expires_at__gt=now).first()
        if found is None:
            limits.missed(request)
            return None
        cache.set(_held(kept), True, HELD_S)
        _count(found, now)
        if self.scope and self.scope not in found.scopes:
            raise Problem(403, f"This token lacks the scope {self.scope}", where="Authorization",
                          mend=f"Make one with --scopes {self.scope}")  # fmt: skip
        return found


def may(scope: str) -> Bearer:
    """Return what asks for a scope.

    Examples:
        >>> may("read:cases").scope
        'read:cases'
    """
    if scope not in SCOPES:
        raise ValueError(f"No scope is called {scope!r}")
    return Bearer(scope)


def token_of(request: HttpRequest) -> Token:
    """Return the token that a request came with."""
    found: Token = request.auth  # type: ignore[attr-defined]
    return found


def sees_care(request: HttpRequest) -> bool:
    """Say whether whoever asks may know what a circumstance is."""
    return "read:circumstances" in token_of(request).scopes


def _brake(request: HttpRequest, kept: str) -> None:
    """Turn away a token nobody knows from where too many were wrong, before it is looked for.

    Raises:
        Problem: There were too many.
    """
    if limits.too_many(request) and not cache.get(_held(kept)):
        raise Problem(429, "Too many wrong tokens came from this address", where="Authorization",
                      mend="Wait as long as Retry-After says, and send a token that holds",
                      retry_after_s=limits.MINUTE_S)  # fmt: skip


def _held(kept: str) -> str:
    return f"token-held:{kept}"


def _count(token: Token, now: datetime) -> None:
    """Count a request within its minute.

    Raises:
        Problem: There were too many.
    """
    minute, most = int(now.timestamp() // 60), bounds().requests_a_minute
    mine = Token.objects.filter(pk=token.pk)
    counted = mine.filter(minute__gte=minute, requests__lt=most)  # another's may be a later one
    if counted.update(requests=F("requests") + 1):
        return
    if mine.filter(minute__lt=minute).update(minute=minute, requests=1, used_at=now):
        return
    if counted.update(requests=F("requests") + 1):  # another request began the minute just now
        return
    raise Problem(429, "This token asked too often within a minute", where="Authorization",
                  mend="Wait as long as Retry-After says",
                  retry_after_s=60 - now.timestamp() % 60)  # fmt: skip

"""How often one place may miss: who guesses at links, codes and facts gets no answers soon.

Counted in this process's memory: it is a brake before the locks on links, and no lock itself.
"""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpRequest

from tideover.casework.sealed import mark

MISSES_A_MINUTE, SENT_AN_HOUR = 20, 10


def missed(request: HttpRequest) -> None:
    """Note that somebody opened what does not exist, or answered wrongly."""
    _count(f"portal-miss:{_place(request)}", 60)


def too_many(request: HttpRequest) -> bool:
    """Say whether somebody missed too often within a minute."""
    return int(cache.get(f"portal-miss:{_place(request)}") or 0) >= MISSES_A_MINUTE


def may_ask(request: HttpRequest) -> bool:
    """Count that somebody asks for a new link, and say whether they still may."""
    return _count(f"portal-sent:{_place(request)}", 3600) <= SENT_AN_HOUR


def _count(key: str, seconds: int) -> int:
    cache.add(key, 0, seconds)
    try:
        return int(cache.incr(key))
    except ValueError:  # it ran out between the two
        return 1


def _place(request: HttpRequest) -> str:
    return mark(request.META.get("REMOTE_ADDR", ""))

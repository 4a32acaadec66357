"""How often one place may miss: who guesses at links, codes, facts and tokens gets no answers soon.

Whatever is guessed at, it counts alike. Counted in this process's memory: it is a brake before the
locks on links and tokens, and no lock itself.
"""

from __future__ import annotations

import ipaddress

from django.core.cache import cache
from django.http import HttpRequest

from tideover.casework.sealed import mark

MISSES_A_MINUTE, SENT_AN_HOUR = 20, 10
MINUTE_S, HOUR_S = 60, 3600
HOME = 64  # bits of an IPv6 address that one line has; it makes up the others as it likes


def missed(request: HttpRequest) -> None:
    """Note that somebody opened what does not exist, or answered wrongly."""
    _count(f"missed:{_place(request)}", MINUTE_S)


def too_many(request: HttpRequest) -> bool:
    """Say whether somebody missed too often within a minute."""
    return int(cache.get(f"missed:{_place(request)}") or 0) >= MISSES_A_MINUTE


def may_ask(request: HttpRequest) -> bool:
    """Count that somebody asks for a new link, and say whether they still may."""
    return _count(f"portal-sent:{_place(request)}", HOUR_S) <= SENT_AN_HOUR


def _count(key: str, seconds: int) -> int:
    cache.add(key, 0, seconds)
    try:
        return int(cache.incr(key))
    except ValueError:  # it ran out between the two
        return 1


def _place(request: HttpRequest) -> str:
    """Return the mark of where somebody asks from; of an IPv6 address the line alone."""
    stated = request.META.get("REMOTE_ADDR", "")
    try:
        line = ipaddress.IPv6Address(stated)
    except ValueError:
        return mark(stated)
    if line.ipv4_mapped:  # written so by a proxy that listens to both
        return mark(str(line.ipv4_mapped))
    return mark(str(ipaddress.IPv6Network((line, HOME), strict=False)))

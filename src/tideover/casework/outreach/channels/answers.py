"""What an answer means, or its absence: refused, or nobody knows. Only the adapter says `Sent`.

What was surely not handed over may be tried again: no connection came about, or the provider said
that it takes nothing now. Anything else after the request left is `Lost`: also a 500, which may
come after the message was taken.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from tideover.casework.outreach.channels.contract import Lost, Refused
from tideover.casework.outreach.channels.reading import header

NOT_NOW = frozenset({408, 425, 429, 503, 529})
# By name, so that no vendor's library need be there to tell.
_NEVER_LEFT = frozenset({
    "ConnectTimeout", "ConnectTimeoutError", "NewConnectionError", "NameResolutionError",
    "ConnectError", "ConnectionRefusedError", "gaierror", "SSLCertVerificationError",
    "ProxyError", "PoolTimeout", "InvalidURL", "MissingSchema", "EndpointConnectionError",
    "NoCredentialsError", "PartialCredentialsError",
})  # fmt: skip
_HANDSHAKE = ("VERIFY", "VERSION", "HANDSHAKE", "PROTOCOL", "ALERT")
_LONGEST_WAIT = timedelta(days=1)
_MOST_WORDS = 200


def judged(
    key: str, status: int, *, headers: Mapping[str, str], why: str = "", doubted: bool = True
) -> Refused | Lost:
    """Return what an answer other than success means for a message.

    Args:
        status: The HTTP status.
        doubted: A 5xx leaves open whether the message was taken.
    """
    said = f"{status} {why}".strip()[:_MOST_WORDS]
    if status in NOT_NOW:
        return Refused(key, said, permanent=False, retry_after=wait(header(headers, "Retry-After")))
    if 400 <= status < 500:
        # a wrong key or an unpaid bill of ours is no fault of this message
        return Refused(key, said, permanent=status not in (401, 402, 403, 404, 405, 409, 423))
    if status >= 500 and not doubted:
        return Refused(key, said, permanent=False)
    return Lost(key, said)


def unanswered(key: str, error: BaseException) -> Refused | Lost:
    """Return what an error on the way to a provider means for a message."""
    why = type(error).__name__
    for one in _causes(error):
        shook = isinstance(one, ssl.SSLError) and any(w in str(one).upper() for w in _HANDSHAKE)
        if shook or type(one).__name__ in _NEVER_LEFT:
            return Refused(key, f"not reached: {why}", permanent=False)
    return Lost(key, f"no answer: {why}")


def wait(text: str) -> timedelta | None:
    """Return how long a `Retry-After` asks for, at most a day.

    >>> wait("120")
    datetime.timedelta(seconds=120)
    """
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:9])), _LONGEST_WAIT)
    try:
        asked = parsedate_to_datetime(text)
    except (ValueError, IndexError):
        return None
    asked = asked if asked.tzinfo else asked.replace(tzinfo=UTC)
    return max(timedelta(0), min(asked - datetime.now(UTC), _LONGEST_WAIT))


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what it came of; urllib3 keeps that in `reason`, requests in `args`."""
    waiting, seen = [error], set()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        kin = (one.__cause__, one.__context__, getattr(one, "reason", None), *one.args)
        waiting += [k for k in kin if isinstance(k, BaseException)]

"""What a provider says is read strictly: whatever is not its own is a ValueError, never a crash."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import wraps
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from tideover.casework.outreach.channels.contract import Heard

MOST_ID = 200
MOST_TEXT = 100_000  # characters of a reply that are kept
_EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
_WRONG = (LookupError, TypeError, AttributeError, OverflowError, RecursionError, OSError,
          csv.Error)  # fmt: skip

Reader = Callable[..., Sequence[Heard]]


def strictly(read: Reader) -> Reader:
    """Have a reader raise ValueError for whatever is not the provider's, and check what it read."""

    @wraps(read)
    def reading(*arguments: Any, **named: Any) -> Sequence[Heard]:
        try:
            return [fitting(event) for event in read(*arguments, **named)]
        except _WRONG as error:
            raise ValueError(f"This is no event that can be read: {type(error).__name__}") from None

    return reading


def fitting(event: Heard) -> Heard:
    """Return an event that fits our tables.

    Raises:
        ValueError: An id is empty, too long, or holds what no id holds.
    """
    for name in ("provider_id", "address", "key", "reply_token", "answers"):
        value = getattr(event, name)
        if not isinstance(value, str) or len(value) > MOST_ID or not value.isprintable():
            raise ValueError(f"The {name} of this event is none")
    if not event.event_id:
        raise ValueError("This event has no id")
    text = event.text.replace("\0", "\N{REPLACEMENT CHARACTER}")[:MOST_TEXT]
    return replace(event, event_id=made_id(event.event_id), text=text)


def made_id(*parts: object) -> str:
    """Return the id of an event: what it is made of, or its hash where that is long or odd."""
    whole = ":".join(str(part) for part in parts)
    if len(whole) <= MOST_ID and whole.isprintable():
        return whole
    return hashlib.sha256(whole.encode("utf-8", "replace")).hexdigest()


def read_json(body: bytes) -> Any:
    """Return what a body of JSON says.

    Raises:
        ValueError: It is none, is nested too deeply, or holds NUL.
    """
    if b"\0" in body:
        raise ValueError("The body holds NUL")
    try:
        return json.loads(body.decode("utf-8"))
    except RecursionError:
        raise ValueError("The body is nested too deeply") from None


def read_form(body: bytes) -> dict[str, str]:
    """Return the fields of a form, the last of each name.

    Raises:
        ValueError: It is no form.
    """
    try:
        fields = parse_qsl(body.decode("utf-8"), keep_blank_values=True, strict_parsing=True,
                           max_num_fields=200, errors="strict")  # fmt: skip
    except ValueError:  # its own words repeat what the customer wrote
        raise ValueError("The body is no form") from None
    return dict(fields)


def query(url: str, name: str) -> str:
    """Return a value of the query of an address, or nothing."""
    return parse_qs(urlsplit(url).query).get(name, [""])[-1]


def moment(value: object) -> datetime:
    """Return when something happened, of seconds since 1970 or ISO text.

    Raises:
        ValueError: It is no time between 2000 and 2200.
    """
    text = str(value).strip()
    if len(text) > 40:
        raise ValueError("That is no time")
    try:
        at = datetime.fromtimestamp(float(text), tz=UTC)
    except ValueError:
        at = datetime.fromisoformat(text)
    except (OverflowError, OSError):
        raise ValueError(f"{text!r} is no time") from None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    if not _EARLIEST <= at < _LATEST:
        raise ValueError(f"{text!r} is no time of ours")
    return at


def now() -> datetime:
    """Return the time of hearing, for what a provider tells without a time."""
    return datetime.now(UTC)


def header(headers: Mapping[str, str], name: str) -> str:
    """Return a header, however it is written."""
    wanted = name.lower()
    return next((value for key, value in headers.items() if key.lower() == wanted), "")


def plain(value: object) -> str:
    """Return a value as JSON that can be kept."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def at_most(events: Iterable[Heard], most: int = 1_000) -> list[Heard]:
    """Return the events of one call.

    Raises:
        ValueError: There are more than any provider sends.
    """
    found = list(events)
    if len(found) > most:
        raise ValueError(f"More than {most} events in one call")
    return found

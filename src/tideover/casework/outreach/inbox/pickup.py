"""Status files that lie somewhere: taken into the inbox like any webhook."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tideover.casework.outreach.channels.contract import Channel
from tideover.casework.outreach.inbox.storing import store


def pick_up(channels: Iterable[Channel]) -> int:
    """Take in what lies ready for us, and put it aside; return how many files that were.

    A file is stored before it is put aside, so that one that is met again changes nothing. One
    that cannot be read is put with the refused, for a person.
    """
    taken = 0
    for channel in channels:
        source: Any = channel
        if not hasattr(source, "collect"):
            continue
        try:
            waiting = list(source.collect())
        except Exception:  # a drop that is away now is asked again in the next round
            continue
        for name, body in waiting:
            source.settle(name, taken=_stored(channel, body))
            taken += 1
    return taken


def _stored(channel: Channel, body: bytes) -> bool:
    try:
        events = channel.heard(body, {})
    except ValueError:
        return False
    store(channel.name, channel.channel, events)
    return True

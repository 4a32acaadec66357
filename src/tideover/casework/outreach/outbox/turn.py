"""One turn of a worker: claim, intent, call, finish, with a commit between them.

It stops after each commit, for whoever drives it: a worker goes on at once, a test lets others in
between, or never comes back.
"""

from __future__ import annotations

from collections.abc import Iterator

from tideover.casework.outreach.outbox.calling import call
from tideover.casework.outreach.outbox.claiming import claim
from tideover.casework.outreach.outbox.finishing import finish
from tideover.casework.outreach.outbox.intent import intend
from tideover.casework.outreach.outbox.sender import Sender


def turn(sender: Sender) -> Iterator[str]:
    """Yield what was just committed, until nothing that is due is left of one claim."""
    taken = claim(sender)
    yield "claimed"
    if taken is None:
        return
    size = max(1, sender.channel.terms.max_batch)
    for first in range(0, len(taken.messages), size):
        ready = intend(sender, taken, taken.messages[first : first + size])
        yield "intended"
        if not ready:
            continue
        outcomes = call(sender, taken, ready)
        yield "called"
        finish(sender, taken, ready, outcomes)
        yield "finished"

"""The call: the one place where a provider is handed messages. No transaction is open here."""

from __future__ import annotations

from collections.abc import Sequence

from tideover.casework.outreach.channels.contract import Lost, Outcome, Outgoing, Refused
from tideover.casework.outreach.outbox.claiming import Claim, held_long
from tideover.casework.outreach.outbox.intent import Ready
from tideover.casework.outreach.outbox.sender import Sender


def call(sender: Sender, claim: Claim, ready: Sequence[Ready]) -> dict[str, Outcome] | None:
    """Hand messages over and return what became of each, by key; none where nothing was called.

    Nothing is called where it could not be noted outside the database, as on a full disk.

    Whatever goes wrong in the call, nobody knows what the provider has: that is `Lost`, never an
    exception. What it does not speak of is lost too.
    """
    whole, unmade = _made(ready)
    if held_long(sender, claim):
        return None
    keys = [one.key for one in whole]
    if not keys:
        return unmade
    try:
        sender.handing_over(keys)
    except OSError:
        return None
    try:
        outcomes = {one.key: one for one in sender.channel.send(whole)}
    except Exception as error:  # the provider's client may raise anything
        return unmade | {key: Lost(key, type(error).__name__) for key in keys}
    silent = "the provider said nothing of it"
    return unmade | {key: outcomes.get(key) or Lost(key, silent) for key in keys}


def _made(ready: Sequence[Ready]) -> tuple[list[Outgoing], dict[str, Outcome]]:
    """Return messages with what goes with them, and what became of those it could not be made for.

    A letter that cannot be printed holds up no other one.
    """
    whole: list[Outgoing] = []
    unmade: dict[str, Outcome] = {}
    for one in ready:
        key = one.outgoing.key
        try:
            whole.append(one.whole)
        except Exception as error:  # a press may fail in ways of its own
            unmade[key] = Refused(key, f"not made: {type(error).__name__}", permanent=True)
    return whole, unmade

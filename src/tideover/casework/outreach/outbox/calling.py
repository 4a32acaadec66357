"""The call: the one place where a provider is handed messages. No transaction is open here."""

from __future__ import annotations

from collections.abc import Sequence

from tideover.casework.outreach.channels.contract import Lost, Outcome
from tideover.casework.outreach.outbox.claiming import Claim, held_long
from tideover.casework.outreach.outbox.intent import Ready
from tideover.casework.outreach.outbox.sender import Sender


def call(sender: Sender, claim: Claim, ready: Sequence[Ready]) -> dict[str, Outcome] | None:
    """Hand messages over and return what became of each, by key; none where nothing was called.

    Nothing is called where it could not be noted outside the database, as on a full disk.

    Whatever goes wrong in the call, nobody knows what the provider has: that is `Lost`, never an
    exception. What it does not speak of is lost too.
    """
    if held_long(sender, claim):
        return None
    keys = [one.outgoing.key for one in ready]
    try:
        sender.handing_over(keys)
    except OSError:
        return None
    try:
        outcomes = {one.key: one for one in sender.channel.send([r.outgoing for r in ready])}
    except Exception as error:  # the provider's client may raise anything
        return {key: Lost(key, type(error).__name__) for key in keys}
    return {key: outcomes.get(key) or Lost(key, "the provider said nothing of it") for key in keys}

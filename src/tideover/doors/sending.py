"""Puts the sender together: channels, the guard, the words, and what the day decides by."""

from __future__ import annotations

import os
import signal
from datetime import date
from functools import lru_cache
from typing import Any

from tideover.casework.api.hooks.delivering import dispatch
from tideover.casework.cases import chain
from tideover.casework.cases.checks import strange_keys
from tideover.casework.outreach.approving import lay_out
from tideover.casework.outreach.authoring import ContentAuthor
from tideover.casework.outreach.channels.registry import channels_for
from tideover.casework.outreach.inbox.hearing import Hearing
from tideover.casework.outreach.inbox.pickup import pick_up
from tideover.casework.outreach.inbox.processing import process
from tideover.casework.outreach.outbox import handed
from tideover.casework.outreach.outbox.anew import Decider, decide_waiting
from tideover.casework.outreach.outbox.clock import AsIf, Clock, DatabaseClock
from tideover.casework.outreach.outbox.law import GuardLaw
from tideover.casework.outreach.outbox.sender import Sender
from tideover.casework.outreach.outbox.worker import Worker
from tideover.casework.outreach.reminding import Reminding
from tideover.casework.outreach.understood import understood
from tideover.casework.payments.sandbox.telling import tell_late
from tideover.doors.rulebooks import guard_for
from tideover.doors.settlements import Reconciling
from tideover.doors.strategies.shelf import in_force
from tideover.portfolio.workspace import Workspace
from tideover.rules.contact import Hours
from tideover.rules.strategy import Policy
from tideover.terms.faults import StepMissing, Usage

EMBEDDED = ("sink", "person")  # nothing leaves the house by these


def senders(workspace: Workspace, clock: Clock) -> list[Sender]:
    """Return a sender for every channel of a workspace.

    Raises:
        Usage: Another time than now is asked for where messages really leave.
    """
    law, worker = GuardLaw(guard_for(workspace)), f"{os.uname().nodename}-{os.getpid()}"
    channels = channels_for(workspace.root).values()
    live = [channel.name for channel in channels if channel.name not in EMBEDDED]
    if live and isinstance(clock, AsIf):
        raise Usage(f"Messages really leave by {live[0]}", where="--as-if",
                    mend="Try another time with the local mailbox alone")  # fmt: skip
    return [
        Sender(
            worker,
            channel,
            law,
            ContentAuthor(live=channel.name in live),
            clock=clock,
            handing_over=handed.note,
        )
        for channel in channels
    ]


def decider(workspace: Workspace) -> Decider:
    """Return what the night decides by, for the day."""
    settings = workspace.settings
    choice, contact = settings.choice, settings.contact

    @lru_cache(maxsize=8)
    def policies(on: date) -> dict[str, Policy]:
        return in_force(workspace, on).policies

    def policy(name: str) -> Policy | None:
        return policies(DatabaseClock().now().date()).get(name)

    return Decider(policy, choice.seed, choice.holdout_share, choice.holdout,
                   contact.consent_needed, Hours(contact.opens, contact.closes))  # fmt: skip


def worker(workspace: Workspace, tell: Any, clock: Clock | None = None) -> Worker:
    """Return a worker of a workspace, that stops between two commits when it is asked to.

    Raises:
        StepMissing: The keys at hand are not those of this database.
    """
    if said := strange_keys():
        raise StepMissing(str(said), where="TIDEOVER_SEAL_KEYS")
    lay_out()
    deciding, hearing, time = decider(workspace), Hearing(understood), clock or DatabaseClock()
    sending = senders(workspace, time)
    adapters = [sender.channel for sender in sending]
    made = Worker(
        sending, tell=tell,
        chores=[lambda: process(hearing=hearing), lambda: pick_up(adapters),
                lambda: decide_waiting(deciding), dispatch, tell_late,
                Reminding(time.now, deciding.consent_needed).look,
                Reconciling(workspace.root, time.now).look,
                lambda: 0 * chain.seal(DatabaseClock().now())],
    )  # fmt: skip
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: made.stopping.set())
    return made

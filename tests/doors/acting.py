"""What people and workers do in casework, for tests: run as `python -m tests.doors.acting WS ACT`.

It runs in a process of its own, on the workspace's database or on TIDEOVER_DATABASE_URL.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tideover.doors.operations import open_casework
from tideover.portfolio.workspace import Workspace


def live(workspace: Workspace) -> Any:
    """Let something happen to the accounts of some messages; return which, by what happened."""
    from tideover.casework.outreach.models import Message

    # people with one account each, so that what is said of one is not said of another
    found = Message.objects.filter(channel="email").order_by("send_after", "key")
    alone = [m for m in found if m.account.person.accounts.count() == 1]
    named = dict(zip(_HAPPENINGS, alone, strict=False))
    for what, message in named.items():
        _HAPPENINGS[what](message)
    return {what: {"account": m.account_id, "decision": m.decision_id, "key": m.key.hex}
            for what, m in named.items()}  # fmt: skip


def _record(message: Any, kind: str, **facts: Any) -> None:
    from tideover.casework.cases.ledger import record

    record(message.account_id, kind, at=message.send_after, by="customer", facts=facts)


def _sent(message: Any) -> None:
    message.status = "sent"
    message.save()
    _record(message, "receipt", message_id=message.pk, channel="email", outcome="delivered")
    _record(message, "contacted", message_id=message.pk, decision_id=message.decision_id,
            channel="email", purpose=message.purpose, tone=message.tone, offer=message.offer,
            sure=True)  # fmt: skip
    _record(message, "called", direction="outbound", outcome="no_answer", note="rang out")


def _listed(message: Any) -> None:
    """Have a call stand on the list, and be made: two events, one contact."""
    message.status = "sent"
    message.save()
    named = {"message_id": message.pk, "decision_id": message.decision_id}
    _record(message, "contacted", channel="voice", automated=False, sure=True, **named)
    _record(message, "called", direction="outbound", outcome="spoke", reached=True,
            listed_at=message.send_after.isoformat(), **named)  # fmt: skip


def _day(message: Any, ahead: int) -> str:
    return (message.send_after.date() + timedelta(days=ahead)).isoformat()


def _erased(message: Any) -> None:
    from tideover.casework.access.erasure import erase

    erase(message.account.person_id, by="an officer", at=message.send_after)


_HAPPENINGS: dict[str, Callable[[Any], None]] = {
    "sent": _sent,
    "unsent": lambda m: None,
    "listed": _listed,
    "erased": _erased,
    "opted_out": lambda m: _record(m, "opted_out", scope="channel", channel="email", via="email"),
    "promised": lambda m: _record(m, "promised", promise_id="p1", amount_minor=5_000,
                                  due_on=_day(m, 9), confirmed=True),
    "paid": lambda m: _record(m, "paid", payment_id="psp1", amount_minor=1_000_00, method="card",
                              status="settled"),
    "plan": lambda m: _record(m, "plan_agreed", arrangement_id="r1", total_minor=12_000,
                              instalments=3, first_due_on=_day(m, 20)),
    "disputed": lambda m: _record(m, "disputed", circumstance_id="d1", in_writing=True),
    "replied": lambda m: _record(m, "replied", inbound_id=7, channel="email", intent="other"),
}  # fmt: skip


def state(workspace: Workspace) -> Any:
    """Return everything that a switch changes, in a stable order."""
    from tideover.casework.cases.models import Case, Event, Night, OpenDebit, Standing
    from tideover.casework.outreach.models import Message

    asked = (
        (Night.objects.filter(published_at__isnull=False), ("run_id", "accounts", "messages")),
        (Standing.objects, ("pk", "night_id", "arrears_minor", "situation")),
        (OpenDebit.objects, ("account_id", "debit_id", "unpaid_minor")),
        (Case.objects, ("account_id", "opened_on", "closed_on")),
        (Message.objects, ("key", "night_id", "status", "reason", "send_after")),
        (Event.objects, ("kind", "account_id", "facts")),
    )
    return [sorted(map(repr, found.values_list(*names))) for found, names in asked]


def points(workspace: Workspace) -> Any:
    """Return the consent of every contact point, by account and channel."""
    from tideover.casework.cases.models import ContactPoint

    found = ContactPoint.objects.values_list("person__accounts", "channel", "consent", "address")
    return sorted(found)


def publish(workspace: Workspace, as_of: str, kill_at: str = "0") -> Any:
    """Publish a night, killed just before so manyth statement; return how many there were."""
    from django.db import connection

    from tideover.doors import publication

    count = 0

    def counting(execute: Any, *call: Any) -> Any:
        nonlocal count
        count += 1
        if count == int(kill_at):
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*call)

    with connection.execute_wrapper(counting):
        publication.publish(workspace, date.fromisoformat(as_of), lambda words: None)
    return count


def horizon(workspace: Workspace) -> Any:
    """Return how far the journal may read."""
    from tideover.doors.journal.events import horizon as found

    return found(lambda words: None)


def migrate(workspace: Workspace) -> Any:
    """Make the tables."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


_ACTS = {act.__name__: act for act in (live, state, points, publish, horizon, migrate)}

if __name__ == "__main__":
    opened = Workspace.open(Path(sys.argv[1]))
    if sys.argv[2] == "migrate":
        import django

        os.environ["TIDEOVER_WORKSPACE"] = str(opened.root)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tideover.casework.settings")
        django.setup()
    else:
        open_casework(opened)
    told = _ACTS[sys.argv[2]](opened, *sys.argv[3:])  # type: ignore[operator]
    sys.stdout.write(json.dumps(told, default=str))
    sys.stdout.flush()
    os._exit(0)  # DuckDB prints lines about leaked functions when the interpreter winds down

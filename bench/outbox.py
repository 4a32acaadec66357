"""How many messages a second leave, end to end with fsync: `python -m bench.outbox`.

Claim, intent with the real guard and the real words, a provider that answers in 5 ms, finish; and
beside it a bare queue: the same claim and finish with no facts, no guard and no words. On SQLite
with one worker and on a PostgreSQL that is made for it with two, each a process of its own.
`--memory 1000000` prints how much memory the workers have after each `--lot` of so many instead.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil

from bench.casework import databases

ANSWER_S, AT_ONCE = 0.005, 100
AGAIN = [sys.executable, "-m", "bench.outbox"]
KINDS = ("bare", "plain", "whole")
NOON = datetime(2026, 3, 31, 10, tzinfo=UTC)  # in the Netherlands a Tuesday, at noon


def fill(messages: int, first: int = 0) -> None:
    """Make accounts with a standing and a bill each, and a message that waits for each.

    Args:
        first: The number of the first account; those before it are there already.
    """
    import uuid

    from django.db import connection, transaction

    from tests.casework import people
    from tideover.casework.cases.models import Account, ContactPoint, OpenDebit, Person, Standing
    from tideover.casework.outreach.models import Message
    from tideover.casework.sealed import mark

    shown, night = people.account(f"shown{first}"), people.night()
    standing, point = shown.standing, shown.person.points.get()
    names = [f"A{number}" for number in range(first, first + messages)]
    with transaction.atomic():
        Person.objects.bulk_create([Person(pk=f"C{n}", name=f"Resident {n}", language="nl")
                                    for n in names], batch_size=2_000)  # fmt: skip
        ContactPoint.objects.bulk_create(
            [ContactPoint(pk=f"P{n}", person_id=f"C{n}", channel="sms", address=point.address,
                          address_mark=mark(n), consent="granted") for n in names],
            batch_size=2_000)  # fmt: skip
        Account.objects.bulk_create(
            [Account(pk=n, person_id=f"C{n}", currency="EUR", jurisdiction="NL",
                     timezone="Europe/Amsterdam", commodity="electricity") for n in names],
            batch_size=2_000)  # fmt: skip
        Standing.objects.bulk_create(
            [Standing(account_id=n, night=night, as_of=night.as_of, balance_minor=_owes(n),
                      arrears_minor=_owes(n), days_past_due=20, situation=standing.situation)
             for n in names], batch_size=2_000)  # fmt: skip
        OpenDebit.objects.bulk_create(
            [OpenDebit(account_id=n, debit_id="B1", issued_on=night.as_of, due_on=night.as_of,
                       amount_minor=_owes(n), unpaid_minor=_owes(n)) for n in names],
            batch_size=2_000)  # fmt: skip
        Message.objects.bulk_create(
            [Message(key=uuid.uuid4(), account_id=n, point_id=f"P{n}", night=night,
                     journey_step="step", cycle="c", channel="sms", purpose="day_after_due",
                     form="short", tone="friendly", language="nl", send_after=NOON,
                     expires_at=NOON + timedelta(hours=8)) for n in names],
            batch_size=2_000)  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _owes(name: str) -> int:
    """Return the minor units an account owes: no two neighbours the same."""
    return 2_000 + int(name[1:]) * 7_919 % 90_000


class Answers:
    """A provider that takes what it is handed, in 5 ms a call."""

    name, channel = "bench", "sms"

    def __init__(self, batch: int) -> None:
        from tideover.casework.outreach.channels.contract import FOREVER, Terms

        self.terms = Terms("key", 1_000_000, key_ttl=FOREVER, max_batch=batch)

    def send(self, messages: Sequence[Any]) -> list[Any]:
        """Take messages."""
        from tideover.casework.outreach.channels.contract import Sent

        time.sleep(ANSWER_S)
        return [Sent(message.key, message.key) for message in messages]

    def find(self, key: str) -> None:
        """Know nothing."""

    def verified(self, body: bytes, headers: Mapping[str, str], url: str) -> bool:
        """Believe nobody."""
        return False

    def heard(self, body: bytes, headers: Mapping[str, str], url: str = "") -> list[Any]:
        """Hear nothing."""
        return []


def sender(kind: str, batch: int = AT_ONCE) -> Any:
    """Return a worker's sender: `whole` with guard and words, `plain` with neither."""
    from tests.casework.outbox.pretend import Plain, real_law
    from tideover.casework.outreach.authoring import ContentAuthor
    from tideover.casework.outreach.outbox import handed
    from tideover.casework.outreach.outbox.clock import AsIf
    from tideover.casework.outreach.outbox.policy import SendPolicy
    from tideover.casework.outreach.outbox.sender import Sender

    plain = Plain()
    law, author = (real_law(), ContentAuthor(live=False)) if kind == "whole" else (plain, plain)
    return Sender(f"w{os.getpid()}", Answers(batch), law, author, clock=AsIf.at(NOON),
                  handing_over=handed.note, policy=SendPolicy(claim_at_once=batch))  # fmt: skip


def bare(one: Any) -> int:
    """Send one batch as a bare queue would: claim, commit, call, finish, commit."""
    from django.db import transaction

    from tideover.casework.outreach.models import Message
    from tideover.casework.outreach.outbox.claiming import claim

    taken = claim(one)
    if taken is None:
        return 0
    with transaction.atomic():
        found = Message.objects.filter(pk__in=taken.messages, claim_token=taken.token)
        found.update(status="sending")
    one.channel.send(found)
    with transaction.atomic():
        found.update(status="sent", ended_at=one.clock.now(), claim_token=None)
    return len(taken.messages)


def work(kind: str, batch: int) -> None:
    """Send until nothing is left, each time it is told to; print the CPU seconds and the memory."""
    from tideover.casework.outreach.outbox.turn import turn

    one = sender(kind, batch)
    print("ready", flush=True)
    step: Callable[[], Any] = (lambda: bare(one)) if kind == "bare" else (
        lambda: sum(step == "finished" for step in turn(one)))  # fmt: skip
    for _ in sys.stdin:
        idle, before = 0, time.process_time()
        while idle < 3:  # a worker may find all that is left claimed by the other
            idle = 0 if step() else idle + 1
        print(time.process_time() - before, psutil.Process().memory_info().rss, flush=True)


def measured(kind: str, wanted: str, messages: int, batch: int) -> tuple[float, float]:
    """Return messages a second on one kind of database, and CPU milliseconds of workers for one."""
    with tempfile.TemporaryDirectory() as folder, databases(wanted) as url:
        environment = place(folder, url)
        subprocess.run([*AGAIN, "--fill", str(messages)], env=environment, check=True)
        with workers(kind, environment, 1 if wanted == "sqlite" else 2, batch) as running:
            start = time.monotonic()
            spent_s = sum(seconds for seconds, _ in sent(running))
            took = time.monotonic() - start
        said = subprocess.run([*AGAIN, "--count"], env=environment, check=True,
                              capture_output=True, text=True)  # fmt: skip
        assert said.stdout.split() == ["sent", str(messages)], said.stdout
        assert kind == "bare" or any((Path(folder) / "casework" / "handed").iterdir())
    return messages / took, spent_s * 1_000 / messages


def place(folder: str, url: str) -> dict[str, str]:
    """Return the environment of a workspace and its database."""
    return os.environ | {"TIDEOVER_WORKSPACE": folder, "TIDEOVER_DATABASE_URL": url,
                         "DJANGO_SETTINGS_MODULE": "tests.settings"}  # fmt: skip


@contextmanager
def workers(
    kind: str, environment: Mapping[str, str], many: int, batch: int = AT_ONCE
) -> Iterator[list[subprocess.Popen[str]]]:
    """Give workers that are ready to send."""
    running = [subprocess.Popen([*AGAIN, "--work", kind, "--batch", str(batch)],
                                env=dict(environment), text=True, stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE)
               for _ in range(many)]  # fmt: skip
    for one in running:
        assert one.stdout is not None
        one.stdout.readline()
    yield running
    for one in running:
        assert one.stdin is not None
        one.stdin.close()
    assert [one.wait() for one in running] == [0] * many


def sent(running: Sequence[subprocess.Popen[str]]) -> list[tuple[float, int]]:
    """Have workers send all that waits; return each one's CPU seconds and bytes of memory."""
    for one in running:
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()
    told = [one.stdout.readline().split() for one in running if one.stdout is not None]
    return [(float(seconds), int(memory)) for seconds, memory in told]


def memory(wanted: str, messages: int, lot: int) -> None:
    """Print the workers' memory after each lot of so many messages."""
    with tempfile.TemporaryDirectory() as folder, databases(wanted) as url:
        environment = place(folder, url)
        with workers("whole", environment, 1 if wanted == "sqlite" else 2) as running:
            for first in range(0, messages, lot):
                more = [*AGAIN, "--fill", str(min(lot, messages - first)), "--first", str(first)]
                subprocess.run(more, env=environment, check=True)
                most = max(memory for _, memory in sent(running)) / 2**20
                print(f"| {wanted} | {first + lot:,} | {most:.0f} |", flush=True)


def _django() -> None:
    import django

    django.setup()


def _count() -> None:
    from django.db.models import Count

    from tideover.casework.outreach.models import Message

    for row in Message.objects.values("status").annotate(messages=Count("id")):
        print(row["status"], row["messages"])


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--messages", type=int, default=20_000)
    asked.add_argument("--on", choices=("sqlite", "postgres"), nargs="*",
                       default=("sqlite", "postgres"))  # fmt: skip
    asked.add_argument("--batch", type=int, default=AT_ONCE, help="messages a call of the provider")
    asked.add_argument("--kinds", choices=KINDS, nargs="*", default=KINDS)
    asked.add_argument("--memory", type=int, help="messages; prints the workers' memory meanwhile")
    asked.add_argument("--lot", type=int, default=20_000, help="messages between two looks")
    for inner in ("--fill", "--first"):
        asked.add_argument(inner, type=int, default=0, help=argparse.SUPPRESS)
    asked.add_argument("--work", choices=KINDS, help=argparse.SUPPRESS)
    asked.add_argument("--count", action="store_true", help=argparse.SUPPRESS)
    said = asked.parse_args()
    if said.fill or said.work or said.count:
        _django()
    if said.fill:
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        fill(said.fill, said.first)
    elif said.memory:
        for on in said.on:
            memory(on, said.memory, said.lot)
    elif said.work:
        work(said.work, said.batch)
    elif said.count:
        _count()
    else:
        for on in said.on:
            for kind in said.kinds:
                rate, each_ms = measured(kind, on, said.messages, said.batch)
                print(f"| {on} | {kind} | {said.messages:,} | {rate:,.0f} | {each_ms:.2f} "
                      f"| {os.getloadavg()[0]:.1f} |", flush=True)  # fmt: skip

"""A backlog and a mass cancel (F26): `python -m bench.backlog --messages 2000000`.

So many messages wait on a PostgreSQL that is made for it. A worker claims, a batch at a time, first
with nobody else, then while a newer night takes back all that an older one queued, in the one
statement in which a publication does, and while that is not committed yet, since a publication goes
on for some time. Printed is how long claims took. Figures go to
bench/CASEWORK.md by hand.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from statistics import quantiles
from typing import Any

from bench.casework import databases
from bench.outbox import sender

ACCOUNTS, CLAIMS = 1_000, 400


def fill(messages: int) -> None:
    """Have so many messages wait, a thousand accounts' in turn."""
    from django.db import connection

    from bench.outbox import fill as fill_accounts

    fill_accounts(ACCOUNTS)
    columns = ("account_id, point_id, night_id, cycle, channel, purpose, form, tone, offer, "
               "language, notice, send_after, expires_at, status, reason, claimed_by, attempts, "
               "provider, provider_id, subject, text, html, text_version, check_code")  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO message (key, journey_step, {columns}) SELECT gen_random_uuid(), "  # nosec B608
            f"'s' || n, {columns} FROM message, generate_series(1, %s) AS n",
            [messages // ACCOUNTS - 1])  # fmt: skip
        cursor.execute("ANALYZE message")


def claimed(one: Any, *, until: Callable[[], bool]) -> list[float]:
    """Return how many ms each claim took; a worker claims as long as anybody else is at work."""
    from tideover.casework.outreach.outbox.claiming import claim

    took = []
    while not until() or len(took) < 2:
        start = time.perf_counter()
        claim(one)
        took.append((time.perf_counter() - start) * 1_000)
    return took


def some() -> Callable[[], bool]:
    """Return what says that there were enough claims."""
    left = iter(range(CLAIMS))
    return lambda: next(left, None) is None


def cancel(taken: threading.Event, go_on: threading.Event) -> None:
    """Take back most of what waits, as a publication does; commit it when told to."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE message SET status = 'cancelled', reason = 'withdrawn', ended_at = "
                       "CURRENT_TIMESTAMP WHERE status = 'queued' AND mod(id, 10) > 0")  # fmt: skip
        taken.set()
        go_on.wait()
    connection.close()


def told(what: str, took: list[float]) -> None:
    """Print how long claims took."""
    parts = quantiles(took, n=100)
    print(f"| {what} | {len(took)} | {parts[49]:.0f} | {parts[98]:.0f} | {max(took):.0f} "
          f"| {os.getloadavg()[0]:.1f} |", flush=True)  # fmt: skip


def measure(messages: int) -> None:
    """Measure on the database that the environment names."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    fill(messages)
    one = sender("plain")
    told(f"{messages:,} wait", claimed(one, until=some()))
    taken, go_on = threading.Event(), threading.Event()
    cancelling = threading.Thread(target=cancel, args=(taken, go_on))
    cancelling.start()
    told("while nine in ten are taken back", claimed(one, until=taken.is_set))
    told("while that is not committed yet", claimed(one, until=some()))
    go_on.set()
    cancelling.join()
    told("after that, nothing vacuumed", claimed(one, until=some()))


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--messages", type=int, default=2_000_000)
    asked.add_argument("--measure", action="store_true")
    said = asked.parse_args()
    if said.measure:
        import django

        django.setup()
        measure(said.messages)
    else:
        with tempfile.TemporaryDirectory() as folder, databases("postgres") as url:
            environment = os.environ | {
                "TIDEOVER_WORKSPACE": folder, "TIDEOVER_DATABASE_URL": url,
                "DJANGO_SETTINGS_MODULE": "tests.settings",
            }  # fmt: skip
            subprocess.run([sys.executable, "-m", "bench.backlog", "--measure", "--messages",
                            str(said.messages)], env=environment, check=True)  # fmt: skip

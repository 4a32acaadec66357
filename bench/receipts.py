"""Receipts while messages leave (L4): `python -m bench.receipts --messages 100000`.

Half of the messages leave with nobody about, the other half while three signed receipts come in for
each of the first half, at three times the pace of those that leave; a worker takes them in. Printed
is how fast either half left, and how the receipts fared. Figures go to bench/CASEWORK.md by hand.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import threading
import time
from datetime import timedelta

from bench.inbox import PAGES, partnered, receipts
from bench.loaded import Answer, knocked, quantile, served, statuses
from bench.outbox import NOON, fill, sent, workers

OUTCOMES = ("sent", "delivered", "opened")


def measure(messages: int) -> None:
    """Measure on the database that the environment names, and print a row."""
    from django.core.management import call_command
    from django.db import connection

    from tideover.casework.outreach.models import Message, WebhookEvent

    call_command("migrate", verbosity=0)
    fill(messages)
    half, waiting = messages // 2, Message.objects.filter(status="queued")
    second = list(waiting.order_by("id").values_list("id", flat=True)[half:])
    late = Message.objects.filter(id__gte=second[0])
    late.update(send_after=NOON + timedelta(hours=7))
    on = connection.vendor
    connection.close()
    with workers("whole", os.environ, 1 if on == "sqlite" else 2) as running:
        alone = half / _took(running)
        late.update(send_after=NOON)
        Message.objects.filter(status="sent").update(provider="handover")
        calls, answers = receipts(half, OUTCOMES), list[Answer]()
        inbox = subprocess.Popen([sys.executable, "-m", "tideover", "worker",
                                  os.environ["TIDEOVER_WORKSPACE"]], stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL)  # fmt: skip
        with served(PAGES, os.environ, ready="/health") as web:
            crowd = threading.Thread(
                target=lambda: answers.extend(knocked(web, calls, alone * len(OUTCOMES)))
            )
            crowd.start()
            beside = len(second) / _took(running)
            crowd.join()
            end = time.monotonic()
            while WebhookEvent.objects.filter(processed_at=None).exists():
                time.sleep(0.2)
        inbox.terminate()
        inbox.wait()
    print(f"| {on} | {messages:,} | {alone:,.0f} | {beside:,.0f} | {statuses(answers)} "
          f"| {quantile(answers, 0.5):.0f} | {quantile(answers, 0.99):.0f} "
          f"| {time.monotonic() - end:.1f} | {os.getloadavg()[0]:.1f} |", flush=True)  # fmt: skip


def _took(running: list[subprocess.Popen[str]]) -> float:
    start = time.monotonic()
    sent(running)
    return time.monotonic() - start


if __name__ == "__main__":
    asked = argparse.ArgumentParser(prog="python -m bench.receipts", description=__doc__)
    asked.add_argument("--messages", type=int, default=20_000)
    asked.add_argument("--on", choices=("sqlite", "postgres"), nargs="*",
                       default=("sqlite", "postgres"))  # fmt: skip
    asked.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    said = asked.parse_args()
    if said.measure:
        import django

        django.setup()
        measure(said.measure)
    else:
        print("| database | messages | a second alone | with receipts | receipts | median ms "
              "| p99 ms | the last processed s after | load |")  # fmt: skip
        for database in said.on:
            with partnered(database) as place:
                again = [sys.executable, "-m", "bench.receipts", "--measure", str(said.messages)]
                subprocess.run(again, env=place, check=True)

"""Web process and worker for an hour at a fifth of the load (L9): `python -m bench.soak`.

The portal's start page 10 times a second and 30 signed receipts a second, while messages go into
the outbox and leave; every minute a row tells the memory and open files of both processes, how
large the write-ahead log is and what waits. At the end: by how much memory grew an hour after the
first ten minutes. Figures go to bench/CASEWORK.md by hand.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import linear_regression
from typing import Any

import psutil

from bench.inbox import PARTNER, partnered, receipts
from bench.loaded import Call, Web, knocked, served
from bench.outbox import NOON, fill
from bench.receipts import OUTCOMES

PAGES_A_SECOND, RECEIPTS_A_SECOND, MESSAGES_A_SECOND = 10, 30, 20
MIB = 2**20
BEFORE_ALL = 10**8  # the number of an account that no lot comes to


def measure(minutes: int, every_s: float) -> None:
    """Keep it busy, and print a row now and then."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    root, rows = os.environ["TIDEOVER_WORKSPACE"], list[list[float]]()
    partner = Path(root) / "channels.toml"
    partner.unlink()  # a worker that is told another time sends to the local mailbox alone
    web_words = [sys.executable, "-m", "tideover", "web", root, "--port", "PORT"]
    sending = subprocess.Popen(
        [sys.executable, "-m", "tideover", "worker", root, "--as-if", NOON.isoformat()],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        sends(sending)
        # texts go to the local mailbox, and the partner is there for what it tells
        partner.write_text(PARTNER.replace("[sms]", "[email]"))
        with served(web_words, os.environ, ready="/health") as web:
            for number in range(round(minutes * 60 / every_s)):
                busy(web, number, every_s)
                assert sending.poll() is None, "the worker ended"
                rows.append(looked_at(web, sending.pid))
                told = " | ".join(f"{value:,.0f}" for value in rows[-1])
                print(f"| {(number + 1) * every_s / 60:.1f} | {told} |", flush=True)
    finally:
        sending.terminate()
        sending.wait()
    print(f"an hour adds {slope(rows, 0, every_s):+.1f} MiB to the web process, "
          f"{slope(rows, 1, every_s):+.1f} MiB to the worker")  # fmt: skip


def sends(worker: subprocess.Popen[bytes]) -> None:
    """Wait until a worker sends."""
    from tideover.casework.outreach.models import Message

    fill(1, BEFORE_ALL)
    while not Message.objects.filter(status="sent").exists():
        assert worker.poll() is None, "the worker ended"
        time.sleep(0.5)


def busy(web: Web, number: int, seconds: float) -> None:
    """Have people look and providers tell for so long; put messages into the outbox first."""
    from tideover.casework.outreach.models import Message

    many, left = round(MESSAGES_A_SECOND * seconds), Message.objects.filter(status="sent")
    fill(many, number * many)
    told = receipts(left.count(), OUTCOMES)[-round(RECEIPTS_A_SECOND * seconds) :]
    left.update(provider="handover")
    looks = [Call("/my/check/")] * round(PAGES_A_SECOND * seconds)
    providers = threading.Thread(target=knocked, args=(web, told, RECEIPTS_A_SECOND))
    providers.start()
    knocked(web, looks, PAGES_A_SECOND)
    providers.join()


def looked_at(web: Web, worker: int) -> list[float]:
    """Return MiB of the web processes and of the worker, their files, WAL's MiB, and what waits."""
    from tideover.casework.outreach.models import Message, WebhookEvent

    serving = next(one.pid for one in psutil.net_connections("tcp")
                   if one.laddr[1] == web.port and one.pid)  # fmt: skip
    family = [psutil.Process(serving), *psutil.Process(serving).children()]
    log = next(Path(os.environ["TIDEOVER_WORKSPACE"]).rglob("*-wal"), None)
    return [
        sum(one.memory_info().rss for one in family) / MIB,
        psutil.Process(worker).memory_info().rss / MIB,
        sum(one.num_fds() for one in family), psutil.Process(worker).num_fds(),
        log.stat().st_size / MIB if log else 0, Message.objects.filter(status="queued").count(),
        WebhookEvent.objects.filter(processed_at=None).count(),
    ]  # fmt: skip


def slope(rows: Sequence[Sequence[float]], column: int, every_s: float) -> float:
    """Return by how many MiB an hour a column grew after the first ten minutes."""
    warm = rows[round(600 / every_s) :] if len(rows) * every_s > 1_200 else rows
    hours: list[Any] = [place * every_s / 3_600 for place in range(len(warm))]
    return linear_regression(hours, [row[column] for row in warm]).slope if len(warm) > 1 else 0.0


if __name__ == "__main__":
    asked = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__)
    asked.add_argument("--minutes", type=int, default=60)
    asked.add_argument("--every", type=float, default=60, help="seconds between two rows")
    asked.add_argument("--on", choices=("sqlite", "postgres"), default="sqlite")
    asked.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    said = asked.parse_args()
    if said.measure:
        import django

        django.setup()
        measure(said.minutes, said.every)
    else:
        print("| minutes | web MiB | worker MiB | web files | worker files | WAL MiB | queued "
              "| unread |")  # fmt: skip
        with partnered(said.on) as place:
            subprocess.run([sys.executable, "-m", "bench.soak", "--measure", "--minutes",
                            str(said.minutes), "--every", str(said.every)], env=place,
                           check=True)  # fmt: skip

"""What comes back: signed webhooks at a steady pace, and how soon the day decides anew.

`python -m bench.inbox --seconds 60` knocks 150 times a second at casework's pages with receipts of
messages that left, signed by Standard Webhooks, while a worker processes them; then it has
something happen to 500 accounts, one after another, and takes the time until the next step is
decided. On SQLite and on a PostgreSQL that is made for it. Figures go to bench/CASEWORK.md by hand.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from statistics import quantiles

from bench.casework import databases
from bench.loaded import Answer, Call, knocked, quantile, served, statuses

A_SECOND, ACCOUNTS_ANEW = 150, 500
PAGES = [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:PORT", "--log-level", "warning",
         "--worker-class", "tideover.casework.gathering.Gathering", "--workers", "2",
         "--threads", "16", "tideover.casework.wsgi"]  # fmt: skip
SECRET = "whsec_" + base64.b64encode(b"of a bench, and worth nothing....").decode()
PARTNER = """[sms]
provider = "handover"
url = "https://partner.invalid/messages"
secret_env = "PARTNER_SECRET"
"""


def receipts(count: int, outcomes: Sequence[str] = ("delivered",)) -> list[Call]:
    """Return signed receipts of as many messages, one of each outcome."""
    from standardwebhooks.webhooks import Webhook

    from tideover.casework.outreach.models import Message

    sealed, now, calls = Webhook(SECRET), datetime.now(UTC), []
    keys = Message.objects.filter(status="sent").order_by("id").values_list("key", flat=True)
    for key, outcome in product(keys[:count], outcomes):
        body = json.dumps({"type": f"message.{outcome}", "timestamp": now.isoformat(),
                           "data": {"key": str(key)}})  # fmt: skip
        name = f"evt_{key.hex}_{outcome}"
        calls.append(Call("/hooks/handover", body.encode(), {
            "webhook-id": name, "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": sealed.sign(name, now, body), "Content-Type": "application/json",
        }))  # fmt: skip
    return calls


def knock(environment: Mapping[str, str], count: int) -> tuple[list[Answer], float]:
    """Return how the calls were answered, and after how many seconds the last was processed."""
    from tideover.casework.outreach.models import Message, WebhookEvent

    Message.objects.update(status="sent", provider="handover", first_try_at=datetime.now(UTC))
    calls = receipts(count)
    worker = subprocess.Popen(
        [sys.executable, "-m", "tideover", "worker", environment["TIDEOVER_WORKSPACE"]],
        env=dict(environment), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        with served(PAGES, environment, ready="/health") as web:
            answered = knocked(web, calls, A_SECOND)
            end = time.monotonic()
            while WebhookEvent.objects.filter(processed_at=None).exists():
                time.sleep(0.2)
    finally:
        worker.terminate()
        worker.wait()
    assert WebhookEvent.objects.count() == sum(one.status == 200 for one in answered) > 0
    return answered, time.monotonic() - end


def anew(workspace: Path) -> list[float]:
    """Return how many ms it took, from before the deed, until an account was decided on anew."""
    from tideover.casework.cases import deeds
    from tideover.casework.cases.models import Account, Decision
    from tideover.casework.outreach.outbox import anew
    from tideover.doors.sending import decider
    from tideover.portfolio.workspace import Workspace

    anew.use(decider(Workspace.open(workspace)))
    took_ms = []
    for account in Account.objects.values_list("pk", flat=True)[1 : ACCOUNTS_ANEW + 1]:
        doing = deeds.Doing(account, by="bench", at=datetime.now(UTC))
        start = time.perf_counter()
        deeds.promise(doing, amount_minor=1_000, due_on=doing.at.date() + timedelta(days=7))
        took_ms.append((time.perf_counter() - start) * 1_000)
        assert Decision.objects.filter(account=account).exists()
    return took_ms


def measure(seconds: int) -> None:
    """Measure on the database that the environment names, and print a row for each."""
    from django.core.management import call_command

    from bench.outbox import fill

    call_command("migrate", verbosity=0)
    fill(A_SECOND * seconds)
    answered, behind_s = knock(os.environ, A_SECOND * seconds)
    on = "postgres" if os.environ.get("TIDEOVER_DATABASE_URL") else "sqlite"
    print(f"| {on} | {A_SECOND} signed receipts a second, {seconds} s "
          f"| {quantile(answered, 0.5):.0f} | {quantile(answered, 0.99):.0f} "
          f"| {statuses(answered)}; the last processed {behind_s:.1f} s after the end "
          f"| {os.getloadavg()[0]:.1f} |", flush=True)  # fmt: skip
    parts = quantiles(anew(Path(os.environ["TIDEOVER_WORKSPACE"])), n=100)
    print(f"| {on} | a promise, until the next step is decided | {parts[49]:.0f} | {parts[98]:.0f} "
          f"| {ACCOUNTS_ANEW} accounts | {os.getloadavg()[0]:.1f} |", flush=True)  # fmt: skip


@contextmanager
def partnered(on: str) -> Iterator[dict[str, str]]:
    """Give the environment of a workspace whose texts another system sends."""
    with tempfile.TemporaryDirectory() as folder, databases(on) as url:
        root = str(Path(folder) / "ws")
        environment = os.environ | {
            "TIDEOVER_WORKSPACE": root, "TIDEOVER_DATABASE_URL": url, "PARTNER_SECRET": SECRET,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
        }  # fmt: skip
        subprocess.run([sys.executable, "-m", "tideover", "init", root], env=environment,
                       check=True, stdout=subprocess.DEVNULL)  # fmt: skip
        (Path(root) / "casework").mkdir()
        (Path(root) / "channels.toml").write_text(PARTNER)
        yield environment


if __name__ == "__main__":
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--seconds", type=int, default=60)
    wanted.add_argument("--on", choices=("sqlite", "postgres"), nargs="*",
                        default=("sqlite", "postgres"))  # fmt: skip
    wanted.add_argument("--measure", type=int)
    said = wanted.parse_args()
    if said.measure:
        import django

        django.setup()
        measure(said.measure)
    else:
        for database in said.on:
            with partnered(database) as place:
                again = [sys.executable, "-m", "bench.inbox", "--measure", str(said.seconds)]
                subprocess.run(again, env=place, check=True)

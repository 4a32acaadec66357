"""How the portal bears many people at once: `python -m bench.portal`.

The web process as it is shipped (one, with its threads), filled with made-up customers, and asked
by another process that begins each request at its own time whatever became of those before (open
loop). On SQLite and on a PostgreSQL that is made for it. Figures go to bench/PORTAL.md by hand,
with the machine they are of.

landing   a link from a message, and the page it leads to; each a request
check     the right answer to the link's question, and the start page with what is owed: one
blast     from nothing to many links a second, then few: what is turned away, and how it recovers
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.casework import databases
from bench.loaded import (
    Answer,
    Deed,
    Web,
    open_loop,
    quantile,
    ramp,
    served,
    statuses,
    steady,
)

CUSTOMERS, LINKS = 2_000, "links.json"
POSTCODE = "9711ZZ"
WARM_S = 5.0  # before anything is measured: pages are read and connections made
RECOVERS_S, SLOW_S = 30, 0.25


def fill(file: Path, customers: int) -> None:
    """Make customers with a bill and a link each; write the links' tokens to a file."""
    import uuid
    from datetime import UTC, datetime, timedelta

    from django.core.management import call_command
    from django.db import transaction

    from tests.casework import people
    from tideover.casework.cases.models import Account, OpenDebit, Person, Standing
    from tideover.casework.outreach.links import lay_links, token_of
    from tideover.casework.outreach.models import Message

    call_command("migrate", verbosity=0)
    now, night = datetime.now(UTC), people.night()
    names = [f"A{number}" for number in range(customers)]
    sent = [Message(key=uuid.uuid4(), account_id=n, night=night, journey_step="s", cycle=n,
                    channel="sms", purpose="day_after_due", form="short", tone="friendly",
                    language="nl", send_after=now, expires_at=now + timedelta(days=1),
                    status="sent") for n in names]  # fmt: skip
    with transaction.atomic():
        Person.objects.bulk_create(
            [Person(pk=f"C{n}", name="Made Up", postcode=POSTCODE, language="nl") for n in names],
            batch_size=500)  # fmt: skip
        Account.objects.bulk_create(
            [Account(pk=n, person_id=f"C{n}", currency="EUR", jurisdiction="NL",
                     timezone="Europe/Amsterdam", commodity="water") for n in names],
            batch_size=500)  # fmt: skip
        Standing.objects.bulk_create(
            [Standing(account_id=n, night=night, as_of=night.as_of, balance_minor=12_050,
                      arrears_minor=12_050, days_past_due=20) for n in names],
            batch_size=500)  # fmt: skip
        OpenDebit.objects.bulk_create(
            [OpenDebit(account_id=n, debit_id="B1", issued_on=night.as_of, due_on=night.as_of,
                       amount_minor=12_050, unpaid_minor=12_050) for n in names],
            batch_size=500)  # fmt: skip
        Message.objects.bulk_create(sent, batch_size=500)
        lay_links(sent, now)
    file.write_text(json.dumps([token_of(message) for message in sent]))


def landing(web: Web, tokens: list[str]) -> Deed:
    """Return what opens a link, every other time the page that it leads to."""

    async def deed(number: int) -> list[Answer]:
        first = await web.ask(f"/p/{tokens[number % len(tokens)]}")
        if number % 2 or first.status != 302:
            return [first]
        return [await web.ask("/my/welcome/?to=/my/", cookies=first.cookies)]

    return deed


async def check(web: Web, tokens: list[str], rate: float, seconds: float) -> list[Answer]:
    """Answer links' questions, after their pages were opened; each with its start page is one."""
    ready: list[tuple[str, str]] = []
    for token in tokens[: int(rate * seconds)]:
        first = await web.ask(f"/p/{token}")
        shown = await web.ask("/my/welcome/?to=/my/", cookies=first.cookies)
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', shown.body)
        assert found, shown.status
        ready.append(("; ".join(filter(None, (first.cookies, shown.cookies))), found[1]))

    async def deed(number: int) -> list[Answer]:
        cookies, secret = ready[number]
        form = {"csrfmiddlewaretoken": secret, "by": "postcode", "answer": POSTCODE, "to": "/my/"}
        sent = await web.ask("/my/welcome/", cookies=cookies, form=form)
        if sent.status != 302:
            return [sent]
        page = await web.ask("/my/", cookies=f"{cookies}; {sent.cookies}")
        right = page.status if page.status != 200 or "120,50" in page.body else 0
        return [Answer(right, sent.began, sent.seconds + page.seconds)]

    return await open_loop(deed, steady(rate, seconds))


def told(what: str, wanted: str, answers: list[Answer]) -> str:
    """Return a line of the table."""
    odd = statuses([one for one in answers if one.status not in (200, 302)]) or "none"
    return (f"| {wanted} | {what} | {len(answers):,} | {quantile(answers, 0.5):.0f} "
            f"| {quantile(answers, 0.99):.0f} | {odd} |")  # fmt: skip


def recovered(answers: list[Answer], after: float) -> str:
    """Return after how many seconds from the end of a blast all is served and quick."""
    bad = [one.began - after for one in answers if one.began > after
           and (one.status not in (200, 302) or one.seconds > SLOW_S)]  # fmt: skip
    return f"{max(bad, default=0):.0f} s after it ended"


@contextmanager
def filled(wanted: str, folder: Path, customers: int) -> Iterator[tuple[Web, list[str]]]:
    """Serve a workspace with made-up customers by the shipped command."""
    root = folder / "ws"
    with databases(wanted) as url:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("TIDEOVER_")}
        environment |= {"TIDEOVER_WORKSPACE": str(root), "TIDEOVER_PLAIN_HTTP": "1",
                        "DJANGO_SETTINGS_MODULE": "tideover.casework.settings"}  # fmt: skip
        environment |= {"TIDEOVER_DATABASE_URL": url} if url else {}
        subprocess.run([sys.executable, "-m", "tideover", "init", str(root)], check=True,
                       env=environment, capture_output=True)  # fmt: skip
        (root / "casework").mkdir(exist_ok=True)
        subprocess.run([sys.executable, "-m", "bench.portal", "--fill", str(folder / LINKS),
                        "--customers", str(customers)], check=True, env=environment)  # fmt: skip
        words = [sys.executable, "-m", "tideover", "web", str(root), "--port", "PORT"]
        with served(words, environment, ready="/my/check/") as web:
            yield web, json.loads((folder / LINKS).read_text())


def measure(wanted: str, asked: argparse.Namespace) -> None:
    """Measure on one database, and print its lines."""
    with (tempfile.TemporaryDirectory() as folder,
          filled(wanted, Path(folder), asked.customers) as (web, tokens)):  # fmt: skip
        asyncio.run(open_loop(landing(web, tokens), steady(20, WARM_S)))
        one = asyncio.run(open_loop(landing(web, tokens), steady(50, asked.seconds)))
        print(told("landing, 50 a second", wanted, one), flush=True)
        some = min(asked.seconds, len(tokens) / 30)
        two = asyncio.run(check(web, tokens, 30, some))
        print(told("link check, 30 a second", wanted, two), flush=True)
        up, hold = asked.seconds, asked.hold
        start = time.monotonic()
        three = asyncio.run(open_loop(landing(web, tokens), ramp(300, up, hold, 20, RECOVERS_S)))
        print(told("blast, up to 300 a second", wanted, three))
        polite = all("retry-after" in one.headers.lower() for one in three if one.status == 503)
        print(f"  turned away with when to come again: {polite}; "
              f"recovered {recovered(three, start + up + hold)}", flush=True)  # fmt: skip


def main() -> None:
    """Measure on both databases."""
    options = argparse.ArgumentParser(prog="python -m bench.portal", description=__doc__)
    options.add_argument("--seconds", type=float, default=60, help="of each, and of the ramp up")
    options.add_argument("--hold", type=float, default=60, help="how long the blast is held")
    options.add_argument("--customers", type=int, default=CUSTOMERS)
    options.add_argument("--on", nargs="+", default=["sqlite", "postgresql"])
    options.add_argument("--fill", type=Path, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.fill:
        import django

        django.setup()
        fill(asked.fill, asked.customers)
        return
    print("| database | what | answers | median ms | p99 ms | others |\n|---|---|---|---|---|---|")
    for wanted in asked.on:
        measure(wanted, asked)


if __name__ == "__main__":
    main()

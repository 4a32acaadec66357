"""The same request from many sides at once, on a database in a file; run as a program.

It writes what was answered, and how many promises and events there were afterwards.
"""

from __future__ import annotations

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor

import django

SIDES, REQUESTS = 8, 24


def main() -> None:
    """Make the database, ask, and count."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from tests.casework import people
    from tests.casework.api.client import system
    from tideover.casework.cases.models import Event, Promise

    call_command("migrate", verbosity=0)
    people.account("A-1")
    ours = system("write:cases")
    body = {"account_id": "A-1", "amount": "1.00", "due_on": "2199-12-24"}

    def ask(_: int) -> int:
        try:
            return ours.post("/promises", body, key="k-1").status
        finally:
            connection.close()

    with ThreadPoolExecutor(SIDES) as sides:
        statuses = list(sides.map(ask, range(REQUESTS)))
    counts = [sorted(set(statuses)), Promise.objects.count(), Event.objects.count()]
    sys.stdout.write(json.dumps(counts))


if __name__ == "__main__":
    main()

"""So many messages that wait: python -m tests.faults.outbox.fill 60 [migrate|more]"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from tests.casework import people  # noqa: E402

if __name__ == "__main__":
    if "migrate" in sys.argv:
        call_command("migrate", verbosity=0)
    if connection.vendor == "postgresql" and "more" not in sys.argv:  # SQLite's file is new
        call_command("flush", verbosity=0, interactive=False)
    now = datetime.now(UTC)
    with transaction.atomic():
        for number in range(int(sys.argv[1])):
            people.message(
                people.account(f"A{number}"), send_after=now, expires_at=now + timedelta(hours=1)
            )

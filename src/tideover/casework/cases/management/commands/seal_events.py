"""Seals the ledger: once, or every few seconds until it is stopped."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from tideover.casework.cases import chain


class Command(BaseCommand):
    """manage.py seal_events [--every SECONDS]"""

    help = "Chain the events of the ledger, so that a change to any of them can be found."

    def add_arguments(self, parser: CommandParser) -> None:
        """Say what may be asked."""
        parser.add_argument("--every", type=float, metavar="SECONDS", help="go on, so often")

    def handle(self, *args: Any, **options: Any) -> None:
        """Seal, and print the head."""
        while True:
            count = chain.seal(timezone.now())
            head = chain.head()
            if count or not options["every"]:
                through, digest = (head.through_id, head.digest) if head else (0, "-")
                self.stdout.write(f"{count} events sealed, through {through}; head {digest}")
            if not options["every"]:
                return
            time.sleep(options["every"])
